// SPDX-License-Identifier: Apache-2.0
// The loop. Records of all the worker's lanes gather in one batch of a transaction each; the batch ends as soon as
// nothing waits, or when it has grown enough, and only then may the control snapshot change.
#include "hub/run/worker.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include "hub/rules/control_source.h"
#include "hub/run/batch.h"
#include "hub/run/crashes.h"
#include "hub/run/owned_lanes.h"
#include "hub/run/lane.h"
#include "hub/run/lane_facts.h"
#include "hub/run/shared.h"
#include <stdlib.h>
#include <time.h>

#define STOP_CHECK_MS      100
#define CLOCK_EVERY        16                 // records between two looks at the clock
#define BATCH_MEMORY_BYTES ((size_t)64 << 20) // of a batch, whatever its records make of themselves
#define BATCH_KEPT_BYTES                                                                                               \
    ((size_t)32 << 20) // of that, not given back after a batch: the system would clear it again for the next

struct worker {
    struct bus *bus;
    struct control_source *control;
    struct worker_settings settings;
    struct shared shared;
    struct owned_lanes owned;
    int64_t batch_began_ms;
    uint32_t since_clock;
    bool started; // control data and all topics have been found once
    struct bus_event event;
};

static int64_t machine_clock_ms(void *context)
{
    (void)context;
    return clock_steady_ms();
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
    worker->shared.worker = number;
    worker->bus = bus;
    worker->control = control;
    worker->settings = *settings;
    set_defaults(&worker->settings);
    worker->shared.bus = bus;
    worker->shared.settings = &worker->settings;
    worker->shared.counters = counters;
    arena_init(&worker->shared.arena, 0);
    worker->shared.arena.keep_bytes = BATCH_KEPT_BYTES;
    worker->shared.board = lane_board_new(settings->lanes);
    bool routed = routes_init(&worker->shared.routes, bus);
    bool holds = owned_lanes_init(&worker->owned, &worker->shared);
    return routed && holds && worker->shared.board ? worker : worker_free(worker);
}

struct worker *worker_free(struct worker *worker)
{
    if (!worker)
        return NULL;
    owned_lanes_deinit(&worker->owned);
    routes_deinit(&worker->shared.routes);
    packs_deinit(&worker->shared.packs);
    arena_deinit(&worker->shared.arena);
    lane_board_free(worker->shared.board);
    free(worker);
    return NULL;
}

const struct error *worker_error(const struct worker *worker)
{
    return &worker->owned.error;
}

struct lane_board *worker_board(const struct worker *worker)
{
    return worker->shared.board;
}

// A topic that is missing stops a start. Later, only a record that needs it waits for it: control data may well name an
// organisation some time before its topics are made.
static bool find_topics(struct worker *worker, const struct snapshot *snapshot)
{
    struct routes *routes = &worker->shared.routes;
    if (routes_refresh(routes, snapshot))
        worker->started = true;
    else if (worker->started)
        log_error("TOPIC-MISSING", "why=\"%s\"", routes->error.text);
    else
        owned_lanes_break(&worker->owned, &routes->error);
    return worker->started;
}

// Moves on to the newest control snapshot, between transactions only.
static void refresh_control(struct worker *worker)
{
    struct shared *shared = &worker->shared;
    if (worker->owned.n_open)
        return;
    const struct snapshot *newest = worker->control->take(worker->control, shared->worker);
    if (newest == shared->snapshot || (newest && !find_topics(worker, newest)))
        return;
    if (newest && shared->snapshot)
        counter_add(&shared->counters->control_changes_total, 1);
    shared->snapshot = newest;
}

static bool is_full(struct worker *worker, const struct lane *lane)
{
    const struct worker_settings *settings = &worker->settings;
    if (lane->records >= settings->batch_records || lane->bytes >= settings->batch_bytes ||
        worker->shared.arena.used_bytes >= BATCH_MEMORY_BYTES)
        return true;
    if (++worker->since_clock < CLOCK_EVERY)
        return false;
    worker->since_clock = 0;
    return now_ms(worker) - worker->batch_began_ms >= settings->batch_ms;
}

static void take_record(struct worker *worker, const struct record *record)
{
    struct owned_lanes *owned = &worker->owned;
    struct lane *lane = owned_lanes_running(owned, record->lane);
    if (!lane)
        return; // fetched before the lane was let go; it will come again
    if (owned->n_open == 0)
        worker->batch_began_ms = now_ms(worker);
    bool was_open = lane->open;
    enum bus_status status = batch_take(lane, &worker->shared, record);
    owned->n_open += (uint32_t)lane->open - (uint32_t)was_open;
    owned_lanes_settle(owned, lane, status);
    if (lane->open && is_full(worker, lane))
        owned_lanes_flush(owned);
}

static void handle_event(struct worker *worker, const struct bus_event *event)
{
    switch (event->kind) {
    case BUS_RECORD:
        take_record(worker, &event->record);
        break;
    case BUS_NOTHING:
        owned_lanes_flush(&worker->owned);
        break;
    case BUS_ASSIGNED:
        owned_lanes_assign(&worker->owned, event->lanes, event->n_lanes);
        break;
    case BUS_REVOKED: // never a commit while partitions are taken away (R9)
        owned_lanes_drop(&worker->owned);
        break;
    case BUS_FAILED:
        owned_lanes_break(&worker->owned, worker->bus->ops->error(worker->bus));
        break;
    }
}

bool worker_turn(struct worker *worker, int timeout_ms)
{
    refresh_control(worker);
    owned_lanes_tend(&worker->owned);
    if (worker->owned.broken)
        return false;
    worker->bus->ops->poll(worker->bus, owned_lanes_wait_ms(&worker->owned, timeout_ms), &worker->event);
    handle_event(worker, &worker->event);
    lane_board_beat(worker->shared.board);
    return !worker->owned.broken;
}

int worker_run(struct worker *worker, const atomic_bool *stop)
{
    crashes_join(worker->settings.crashes, worker->shared.worker);
    while (!atomic_load_explicit(stop, memory_order_relaxed) && worker_turn(worker, STOP_CHECK_MS))
        ;
    if (!worker->owned.broken)
        owned_lanes_flush(&worker->owned);
    owned_lanes_drop(&worker->owned);
    return worker->owned.broken ? -1 : 0;
}
