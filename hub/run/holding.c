// SPDX-License-Identifier: Apache-2.0
// When in doubt, forget and replay: whatever goes wrong with a lane, it is given up as a whole and opened again from
// what is committed, later and later while it goes on failing. Nothing sleeps: what is due bounds the time of the next
// poll.
#include "hub/run/holding.h"
#include "hub/base/log.h"
#include "hub/run/batch.h"
#include "hub/run/lane_facts.h"
#include <inttypes.h>
#include <stdio.h>

#define ROOTS             4096  // verified batches remembered
#define BACKOFF_MS        20    // doubled with each failure in a row
#define BACKOFF_DOUBLINGS 8     // up to five seconds
#define DOUBT_MS          500   // between two looks at witnesses that disagree
#define FENCED_MS         30000 // after which a lane that nobody took from us is taken again

static int64_t now_ms(const struct holding *holding)
{
    return holding->shared->settings->clock_ms(holding->shared->settings->clock_context);
}

// Lanes beyond the deployment's are never made.
static uint32_t count(const struct holding *holding)
{
    uint32_t lanes = holding->shared->settings->lanes;
    return lanes < LANES_MAX ? lanes : LANES_MAX;
}

bool holding_init(struct holding *holding, struct shared *shared)
{
    holding->shared = shared;
    holding->roots = root_cache_new(ROOTS);
    return holding->roots != NULL;
}

static void forget(struct holding *holding, struct lane *lane)
{
    if (lane->open) {
        holding->n_open--;
        counter_add(&holding->shared->counters->aborts_total, 1);
    }
    lane_forget(lane);
}

void holding_deinit(struct holding *holding)
{
    for (uint32_t i = 0; i < count(holding); i++) {
        struct lane *lane = holding->lanes[i];
        if (lane && lane->state != LANE_CLOSED)
            forget(holding, lane);
        holding->lanes[i] = lane_free(lane);
    }
    holding->roots = root_cache_free(holding->roots);
}

void holding_break(struct holding *holding, const char *why)
{
    if (!holding->broken)
        snprintf(holding->error, sizeof holding->error, "%s", why);
    holding->broken = true;
}

static int64_t backoff_ms(struct lane *lane)
{
    int64_t wait = BACKOFF_MS << (lane->failures < BACKOFF_DOUBLINGS ? lane->failures : BACKOFF_DOUBLINGS);
    lane->failures++;
    return lane->doubts && wait < DOUBT_MS ? DOUBT_MS : wait;
}

void holding_settle(struct holding *holding, struct lane *lane, enum bus_status status)
{
    struct bus *bus = holding->shared->bus;
    bool fenced = status == BUS_FENCED;
    char why[LANE_ERROR_BYTES];
    if (status == BUS_OK)
        return;
    snprintf(why, sizeof why, "%s", lane->error[0] ? lane->error : bus->ops->error(bus));
    if (status == BUS_BROKEN)
        holding_break(holding, why);
    else
        log_warning(fenced ? "LANE-FENCED" : "LANE-LOST", "lane=%" PRIu32 " failures=%u why=\"%s\"", lane->number,
            lane->failures + 1, why);
    forget(holding, lane);
    lane->error[0] = '\0';
    counter_add(&holding->shared->counters->recycles_total, 1);
    lane->due_ms = now_ms(holding) + (fenced ? FENCED_MS : backoff_ms(lane));
    lane_cell_tell(lane->cell, lane, why);
}

void holding_flush(struct holding *holding)
{
    for (uint32_t i = 0; i < count(holding) && holding->n_open; i++) {
        struct lane *lane = holding->lanes[i];
        if (!lane || !lane->open)
            continue;
        enum bus_status status = batch_commit(lane, holding->shared);
        holding->n_open -= !lane->open;
        holding_settle(holding, lane, status);
    }
    arena_reset(&holding->shared->arena);
}

void holding_drop(struct holding *holding)
{
    for (uint32_t i = 0; i < count(holding); i++) {
        struct lane *lane = holding->lanes[i];
        if (!lane)
            continue;
        if (lane->state != LANE_CLOSED)
            forget(holding, lane);
        lane->owned = false;
        lane_cell_tell(lane->cell, lane, "");
    }
    arena_reset(&holding->shared->arena);
}

static void own(struct holding *holding, uint32_t number)
{
    const struct worker_settings *settings = holding->shared->settings;
    if (number >= count(holding)) {
        char why[LANE_ERROR_BYTES];
        snprintf(why, sizeof why,
            "Partition %" PRIu32 " of an inbound topic was assigned, but the hub is set to %" PRIu32
            " lanes. Every inbound topic must have as many partitions as the deployment has lanes; see `signalbox "
            "topics diff`.",
            number, settings->lanes);
        holding_break(holding, why);
        return;
    }
    struct lane **lane = &holding->lanes[number];
    if (!*lane)
        *lane = lane_new(holding->shared->bus, number, settings->lanes, settings->group_witness, holding->roots);
    if (!*lane) {
        holding_break(holding, "There is not enough memory for another lane. Give the hub more memory.");
        return;
    }
    (*lane)->cell = lane_board_cell(holding->shared->board, number);
    (*lane)->memory.max_fingerprints = settings->max_fingerprints;
    (*lane)->owned = true;
    (*lane)->failures = (*lane)->doubts = 0;
    (*lane)->due_ms = 0;
    lane_cell_tell((*lane)->cell, *lane, "It is to be opened.");
}

void holding_assign(struct holding *holding, const uint32_t *lanes, size_t n)
{
    holding_drop(holding);
    for (size_t i = 0; i < n && !holding->broken; i++)
        own(holding, lanes[i]);
}

static void open_lane(struct holding *holding, struct lane *lane)
{
    enum bus_status status = lane_open(lane);
    if (status == BUS_OK) {
        counter_add(&holding->shared->counters->lanes_opened_total, 1);
        counter_add(&holding->shared->counters->restored_fingerprints_total, seen_count(lane->memory.seen));
    }
    holding_settle(holding, lane, status);
}

static bool is_due(const struct lane *lane, int64_t now)
{
    return lane && lane->owned && lane->state == LANE_CLOSED && lane->due_ms <= now;
}

void holding_tend(struct holding *holding)
{
    if (holding->n_open)
        return;
    bool opened = false;
    int64_t now = now_ms(holding);
    for (uint32_t i = 0; i < count(holding) && !holding->broken; i++) {
        struct lane *lane = holding->lanes[i];
        if (!opened && is_due(lane, now)) {
            open_lane(holding, lane);
            opened = true;
        }
        if (lane && lane->state == LANE_RESTORED && lane_accepts(lane, holding->shared->snapshot))
            holding_settle(holding, lane, lane_start(lane));
    }
}

struct lane *holding_running(const struct holding *holding, uint32_t number)
{
    struct lane *lane = number < LANES_MAX ? holding->lanes[number] : NULL;
    return lane && lane->state == LANE_RUNNING ? lane : NULL;
}

int holding_wait_ms(const struct holding *holding, int wait_ms)
{
    if (holding->n_open)
        return 0;
    int64_t now = now_ms(holding), wait = wait_ms;
    for (uint32_t i = 0; i < count(holding); i++) {
        const struct lane *lane = holding->lanes[i];
        if (lane && lane->owned && lane->state == LANE_CLOSED && lane->due_ms - now < wait)
            wait = lane->due_ms > now ? lane->due_ms - now : 0;
    }
    return (int)wait;
}
