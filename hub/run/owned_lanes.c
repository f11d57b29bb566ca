// SPDX-License-Identifier: Apache-2.0
// When in doubt, forget and replay: whatever goes wrong with a lane, it is given up as a whole and opened again from
// what is committed, later and later while it goes on failing. Nothing sleeps: what is due bounds the time of the next
// poll.
#include "hub/run/owned_lanes.h"
#include "hub/base/log.h"
#include "hub/contract/proof.h"
#include "hub/run/batch.h"
#include "hub/run/lane_facts.h"
#include "hub/run/counters.h"
#include "hub/run/lane.h"
#include "hub/run/shared.h"
#include "hub/run/worker.h"
#include <inttypes.h>

#define BACKOFF_MS        20    // doubled with each failure in a row
#define BACKOFF_DOUBLINGS 8     // up to five seconds
#define DOUBT_MS          500   // between two looks at witnesses that disagree
#define FENCED_MS         30000 // after which a lane that nobody took from us is taken again

static int64_t now_ms(const struct owned_lanes *owned)
{
    return owned->shared->settings->clock_ms(owned->shared->settings->clock_context);
}

// Lanes beyond the deployment's are never made.
static uint32_t lane_count(const struct owned_lanes *owned)
{
    uint32_t lanes = owned->shared->settings->lanes;
    return lanes < LANES_MAX ? lanes : LANES_MAX;
}

bool owned_lanes_init(struct owned_lanes *owned, struct shared *shared)
{
    owned->shared = shared;
    owned->roots = shared->settings->roots ? shared->settings->roots : proof_cache_new(PROOF_CACHE_BATCHES);
    return owned->roots != NULL;
}

static void forget_lane(struct owned_lanes *owned, struct lane *lane)
{
    if (lane->open) {
        owned->n_open--;
        counter_add(&owned->shared->counters->aborts_total, 1);
    }
    lane_forget(lane);
}

void owned_lanes_deinit(struct owned_lanes *owned)
{
    for (uint32_t i = 0; i < lane_count(owned); i++) {
        struct lane *lane = owned->lanes[i];
        if (lane && lane->state != LANE_CLOSED)
            forget_lane(owned, lane);
        owned->lanes[i] = lane_free(lane);
    }
    if (owned->roots != owned->shared->settings->roots)
        proof_cache_free(owned->roots);
    owned->roots = NULL;
}

void owned_lanes_break(struct owned_lanes *owned, const struct error *why)
{
    if (!owned->broken)
        owned->error = *why;
    owned->broken = true;
}

static int64_t backoff_ms(struct lane *lane)
{
    int64_t wait = BACKOFF_MS << (lane->failures < BACKOFF_DOUBLINGS ? lane->failures : BACKOFF_DOUBLINGS);
    lane->failures++;
    return lane->doubts && wait < DOUBT_MS ? DOUBT_MS : wait;
}

void owned_lanes_settle(struct owned_lanes *owned, struct lane *lane, enum bus_status status)
{
    struct bus *bus = owned->shared->bus;
    bool fenced = status == BUS_FENCED;
    if (status == BUS_OK)
        return;
    const struct error why = lane->error.text[0] ? lane->error : *bus->ops->error(bus);
    if (status == BUS_BROKEN)
        owned_lanes_break(owned, &why);
    else
        log_warning(fenced ? "LANE-FENCED" : "LANE-LOST", "lane=%" PRIu32 " failures=%u why=\"%s\"", lane->number,
            lane->failures + 1, why.text);
    forget_lane(owned, lane);
    lane->error.text[0] = '\0';
    counter_add(&owned->shared->counters->recycles_total, 1);
    lane->due_ms = now_ms(owned) + (fenced ? FENCED_MS : backoff_ms(lane));
    lane_cell_tell(lane->cell, lane, why.text);
}

void owned_lanes_flush(struct owned_lanes *owned)
{
    for (uint32_t i = 0; i < lane_count(owned) && owned->n_open; i++) {
        struct lane *lane = owned->lanes[i];
        if (!lane || !lane->open)
            continue;
        enum bus_status status = batch_commit(lane, owned->shared);
        owned->n_open -= !lane->open;
        owned_lanes_settle(owned, lane, status);
    }
    arena_reset(&owned->shared->arena);
}

void owned_lanes_drop(struct owned_lanes *owned)
{
    for (uint32_t i = 0; i < lane_count(owned); i++) {
        struct lane *lane = owned->lanes[i];
        if (!lane)
            continue;
        if (lane->state != LANE_CLOSED)
            forget_lane(owned, lane);
        lane->owned = false;
        lane_cell_tell(lane->cell, lane, "");
    }
    arena_reset(&owned->shared->arena);
}

static void own_lane(struct owned_lanes *owned, uint32_t number)
{
    const struct worker_settings *settings = owned->shared->settings;
    if (number >= lane_count(owned)) {
        struct error why;
        error_say(&why, CAUSE_OTHER,
            "Partition %" PRIu32 " of an inbound topic was assigned, but the hub is set to %" PRIu32
            " lanes. Every inbound topic must have as many partitions as the deployment has lanes; see `signalbox "
            "topics diff`.",
            number, settings->lanes);
        owned_lanes_break(owned, &why);
        return;
    }
    struct lane **lane = &owned->lanes[number];
    if (!*lane)
        *lane = lane_new(owned->shared->bus, number, settings->lanes, settings->group_witness, owned->roots);
    if (!*lane) {
        struct error why;
        error_no_memory(&why, "another lane");
        owned_lanes_break(owned, &why);
        return;
    }
    (*lane)->cell = lane_board_cell(owned->shared->board, number);
    (*lane)->memory.max_bytes = settings->max_memory;
    (*lane)->memory.secret = settings->secret;
    (*lane)->owned = true;
    (*lane)->failures = (*lane)->doubts = 0;
    (*lane)->due_ms = 0;
    lane_cell_tell((*lane)->cell, *lane, "It is to be opened.");
}

void owned_lanes_assign(struct owned_lanes *owned, const uint32_t *lanes, size_t n)
{
    owned_lanes_drop(owned);
    for (size_t i = 0; i < n && !owned->broken; i++)
        own_lane(owned, lanes[i]);
}

static void open_lane(struct owned_lanes *owned, struct lane *lane)
{
    enum bus_status status = lane_open(lane);
    if (status == BUS_OK) {
        counter_add(&owned->shared->counters->lanes_opened_total, 1);
        counter_add(&owned->shared->counters->restored_fingerprints_total, memory_count(&lane->memory));
    }
    owned_lanes_settle(owned, lane, status);
}

// While control data are older than what it last decided with, it waits.
static void start_lane(struct owned_lanes *owned, struct lane *lane)
{
    enum bus_status status = lane_accepts(lane, owned->shared->snapshot);
    if (status != BUS_LOST)
        owned_lanes_settle(owned, lane, status == BUS_OK ? lane_start(lane) : status);
}

static bool is_due(const struct lane *lane, int64_t now)
{
    return lane && lane->owned && lane->state == LANE_CLOSED && lane->due_ms <= now;
}

void owned_lanes_tend(struct owned_lanes *owned)
{
    if (owned->n_open)
        return;
    bool opened = false;
    int64_t now = now_ms(owned);
    for (uint32_t i = 0; i < lane_count(owned) && !owned->broken; i++) {
        struct lane *lane = owned->lanes[i];
        if (!opened && is_due(lane, now)) {
            open_lane(owned, lane);
            opened = true;
        }
        if (lane && lane->state == LANE_RESTORED)
            start_lane(owned, lane);
    }
}

struct lane *owned_lanes_running(const struct owned_lanes *owned, uint32_t number)
{
    struct lane *lane = number < LANES_MAX ? owned->lanes[number] : NULL;
    return lane && lane->state == LANE_RUNNING ? lane : NULL;
}

int owned_lanes_wait_ms(const struct owned_lanes *owned, int wait_ms)
{
    if (owned->n_open)
        return 0;
    int64_t now = now_ms(owned), wait = wait_ms;
    for (uint32_t i = 0; i < lane_count(owned); i++) {
        const struct lane *lane = owned->lanes[i];
        if (lane && lane->owned && lane->state == LANE_CLOSED && lane->due_ms - now < wait)
            wait = lane->due_ms > now ? lane->due_ms - now : 0;
    }
    return (int)wait;
}
