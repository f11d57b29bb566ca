// SPDX-License-Identifier: Apache-2.0
// The loop. Records of all the worker's lanes gather in one batch of a transaction each; the batch ends as soon as nothing
// waits, or when it has grown enough, and only then may the control snapshot change. Nothing here sleeps: what is to happen
// later bounds the time of the next poll.
#include "hub/run/worker.h"
#include "hub/base/log.h"
#include "hub/run/batch.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LANES_MAX 1024
#define ROOTS 4096               // verified batches remembered
#define BACKOFF_MS 20            // doubled with each failure in a row
#define BACKOFF_MAX_MS 5000
#define DOUBT_MS 500             // between two looks at witnesses that disagree
#define FENCED_MS 30000          // after which a lane that nobody took from us is taken again
#define STOP_CHECK_MS 100
#define CLOCK_EVERY 16           // records between two looks at the clock

struct worker {
    unsigned number;
    struct bus *bus;
    struct control_source *control;
    struct worker_settings settings;
    struct shared shared;
    struct root_cache *roots;
    struct lane *lanes[LANES_MAX]; // made when first owned
    uint32_t n_open;               // lanes with an open transaction
    int64_t batch_began_ms;
    uint32_t since_clock;
    bool started;                  // control data and topics have been found once
    bool broken;
    char error[LANE_ERROR_BYTES];
    struct bus_event event;
};

static int64_t machine_clock_ms(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t now_ms(const struct worker *worker)
{
    return worker->settings.clock_ms(worker->settings.clock_context);
}

static void set_defaults(struct worker_settings *settings)
{
    if (settings->batch_records == 0)
        settings->batch_records = 20000;
    if (settings->batch_bytes == 0)
        settings->batch_bytes = 8u << 20;
    if (settings->batch_ms == 0)
        settings->batch_ms = 200;
    if (settings->snapshot_entries == 0)
        settings->snapshot_entries = 250000;
    if (!settings->source)
        settings->source = "/signalbox";
    if (!settings->clock_ms)
        settings->clock_ms = machine_clock_ms;
}

struct worker *worker_new(unsigned number, struct bus *bus, struct control_source *control, struct counters *counters,
                          const struct worker_settings *settings)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return NULL;
    worker->number = number;
    worker->bus = bus;
    worker->control = control;
    worker->settings = *settings;
    set_defaults(&worker->settings);
    worker->shared.bus = bus;
    worker->shared.settings = &worker->settings;
    worker->shared.counters = counters;
    arena_init(&worker->shared.arena, 0);
    worker->roots = root_cache_new(ROOTS);
    bool ready = routes_init(&worker->shared.routes, bus) && worker->roots;
    return ready ? worker : worker_free(worker);
}

static void forget_lane(struct worker *worker, struct lane *lane)
{
    if (lane->open) {
        worker->n_open--;
        counter_add(&worker->shared.counters->aborts_total, 1);
    }
    lane_forget(lane);
}

struct worker *worker_free(struct worker *worker)
{
    if (!worker)
        return NULL;
    for (uint32_t i = 0; i < LANES_MAX; i++)
        if (worker->lanes[i]) {
            if (worker->lanes[i]->state != LANE_CLOSED)
                forget_lane(worker, worker->lanes[i]);
            lane_free(worker->lanes[i]);
        }
    routes_deinit(&worker->shared.routes);
    packs_deinit(&worker->shared.packs);
    arena_deinit(&worker->shared.arena);
    root_cache_free(worker->roots);
    free(worker);
    return NULL;
}

const char *worker_error(const struct worker *worker)
{
    return worker->error;
}

static void broke(struct worker *worker, const char *why)
{
    if (!worker->broken)
        snprintf(worker->error, sizeof worker->error, "%s", why);
    worker->broken = true;
}

static int64_t backoff_ms(struct lane *lane)
{
    int64_t wait = BACKOFF_MS << (lane->failures < 8 ? lane->failures : 8);
    lane->failures++;
    if (lane->doubts && wait < DOUBT_MS)
        wait = DOUBT_MS;
    return wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS;
}

// When in doubt, forget and replay: the lane is given up as a whole, to be opened again when it is due.
static void settle_failure(struct worker *worker, struct lane *lane, enum bus_status status)
{
    if (status == BUS_OK)
        return;
    if (status == BUS_BROKEN)
        broke(worker, lane->error[0] ? lane->error : worker->bus->ops->error(worker->bus));
    bool fenced = status == BUS_FENCED;
    if (!worker->broken)
        log_warning(fenced ? "LANE-FENCED" : "LANE-LOST", "lane=%" PRIu32 " failures=%u why=\"%s\"", lane->number,
                    lane->failures + 1, worker->bus->ops->error(worker->bus));
    forget_lane(worker, lane);
    counter_add(&worker->shared.counters->recycles_total, 1);
    lane->due_ms = now_ms(worker) + (fenced ? FENCED_MS : backoff_ms(lane));
}

// Ends the batch: commits every open lane. The arena is free for the next batch afterwards.
static void flush(struct worker *worker)
{
    for (uint32_t i = 0; i < worker->settings.lanes && worker->n_open; i++) {
        struct lane *lane = worker->lanes[i];
        if (!lane || !lane->open)
            continue;
        enum bus_status status = batch_commit(lane, &worker->shared);
        if (!lane->open)
            worker->n_open--;
        settle_failure(worker, lane, status);
    }
    arena_reset(&worker->shared.arena);
}

static bool start_topics(struct worker *worker, bool complete)
{
    const char *why = worker->shared.routes.error;
    if (complete)
        worker->started = true;
    else if (worker->started)
        log_error("TOPIC-MISSING", "why=\"%s\"", why);
    else
        broke(worker, why);
    return worker->started;
}

// Moves on to the newest control snapshot, between transactions only.
static void refresh_control(struct worker *worker)
{
    if (worker->n_open)
        return;
    const struct snapshot *newest = worker->control->take(worker->control, worker->number);
    struct shared *shared = &worker->shared;
    if (newest == shared->snapshot)
        return;
    if (newest && !start_topics(worker, routes_refresh(&shared->routes, newest)))
        return;
    if (newest && shared->snapshot)
        counter_add(&shared->counters->control_changes_total, 1);
    shared->snapshot = newest;
}

static void open_lane(struct worker *worker, struct lane *lane)
{
    enum bus_status status = lane_open(lane);
    if (status == BUS_OK) {
        counter_add(&worker->shared.counters->lanes_opened_total, 1);
        counter_add(&worker->shared.counters->restored_fingerprints_total, seen_count(lane->memory.seen));
    }
    settle_failure(worker, lane, status);
}

// Opens at most one lane a turn, so that polls are never far apart.
static void tend_lanes(struct worker *worker)
{
    bool opened = false;
    int64_t now = now_ms(worker);
    for (uint32_t i = 0; i < worker->settings.lanes && !worker->broken; i++) {
        struct lane *lane = worker->lanes[i];
        if (!lane || !lane->owned)
            continue;
        if (lane->state == LANE_CLOSED && lane->due_ms <= now && !opened) {
            open_lane(worker, lane);
            opened = true;
        }
        if (lane->state == LANE_RESTORED && lane_accepts(lane, worker->shared.snapshot))
            settle_failure(worker, lane, lane_start(lane));
    }
}

// Everything is let go, uncommitted work is aborted: never a commit while partitions are taken away (R9).
static void drop_lanes(struct worker *worker)
{
    for (uint32_t i = 0; i < worker->settings.lanes; i++) {
        struct lane *lane = worker->lanes[i];
        if (!lane)
            continue;
        if (lane->state != LANE_CLOSED)
            forget_lane(worker, lane);
        lane->owned = false;
    }
    arena_reset(&worker->shared.arena);
}

static void own_lane(struct worker *worker, uint32_t number)
{
    const struct worker_settings *settings = &worker->settings;
    if (number >= settings->lanes || number >= LANES_MAX) {
        char why[LANE_ERROR_BYTES];
        snprintf(why, sizeof why, "Partition %" PRIu32 " of an inbound topic was assigned, but the hub is set to %" PRIu32
                 " lanes. Every inbound topic must have as many partitions as the deployment has lanes; see `signalbox topics diff`.",
                 number, settings->lanes);
        broke(worker, why);
        return;
    }
    if (!worker->lanes[number])
        worker->lanes[number] = lane_new(worker->bus, number, settings->lanes, settings->group_witness, worker->roots);
    struct lane *lane = worker->lanes[number];
    if (!lane) {
        broke(worker, "There is not enough memory for another lane. Give the hub more memory.");
        return;
    }
    lane->owned = true;
    lane->failures = lane->doubts = 0;
    lane->due_ms = 0;
}

static void assign(struct worker *worker)
{
    drop_lanes(worker);
    for (size_t i = 0; i < worker->event.n_lanes && !worker->broken; i++)
        own_lane(worker, worker->event.lanes[i]);
}

static bool is_full(struct worker *worker, const struct lane *lane)
{
    const struct worker_settings *settings = &worker->settings;
    if (lane->records >= settings->batch_records || lane->bytes >= settings->batch_bytes)
        return true;
    if (++worker->since_clock < CLOCK_EVERY)
        return false;
    worker->since_clock = 0;
    return now_ms(worker) - worker->batch_began_ms >= settings->batch_ms;
}

static void take_record(struct worker *worker, const struct record *record)
{
    struct lane *lane = record->lane < worker->settings.lanes ? worker->lanes[record->lane] : NULL;
    if (!lane || lane->state != LANE_RUNNING)
        return; // fetched before the lane was let go; it will come again
    if (worker->n_open == 0)
        worker->batch_began_ms = now_ms(worker);
    bool was_open = lane->open;
    enum bus_status status = batch_take(lane, &worker->shared, record);
    worker->n_open += (uint32_t)lane->open - (uint32_t)was_open;
    settle_failure(worker, lane, status);
    if (lane->open && is_full(worker, lane))
        flush(worker);
}

static int poll_ms(const struct worker *worker, int timeout_ms)
{
    if (worker->n_open)
        return 0;
    int64_t now = now_ms(worker), wait = timeout_ms;
    for (uint32_t i = 0; i < worker->settings.lanes; i++) {
        const struct lane *lane = worker->lanes[i];
        if (lane && lane->owned && lane->state == LANE_CLOSED && lane->due_ms - now < wait)
            wait = lane->due_ms > now ? lane->due_ms - now : 0;
    }
    return (int)wait;
}

bool worker_turn(struct worker *worker, int timeout_ms)
{
    refresh_control(worker);
    tend_lanes(worker);
    if (worker->broken)
        return false;
    struct bus_event *event = &worker->event;
    worker->bus->ops->poll(worker->bus, poll_ms(worker, timeout_ms), event);
    switch (event->kind) {
    case BUS_RECORD:
        take_record(worker, &event->record);
        break;
    case BUS_NOTHING:
        flush(worker);
        break;
    case BUS_ASSIGNED:
        assign(worker);
        break;
    case BUS_REVOKED:
        drop_lanes(worker);
        break;
    case BUS_FAILED:
        broke(worker, worker->bus->ops->error(worker->bus));
        break;
    }
    return !worker->broken;
}

int worker_run(struct worker *worker, const atomic_bool *stop)
{
    while (!atomic_load_explicit(stop, memory_order_relaxed) && worker_turn(worker, STOP_CHECK_MS))
        ;
    if (!worker->broken)
        flush(worker);
    drop_lanes(worker);
    return worker->broken ? -1 : 0;
}
