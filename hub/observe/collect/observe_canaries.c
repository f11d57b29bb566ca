// SPDX-License-Identifier: Apache-2.0
// Canaries are what their senders say of them. Counts are summed over all that were ever heard, also those that have
// ended or are forgotten, so that they never fall; the verdict is on those that speak now. That a lane has no canaries
// is known only from those who could send some: of one that is silent nobody knows.
#include "hub/observe/collect/observe_canaries.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_pulse.h"
#include "hub/contract/lanes.h"
#include <stdlib.h>

// By lane, LANES_MAX rows each.
struct tally {
    struct canary_report *speaking, *silent, *all;
    int64_t heard_ms; // when a silent sender was heard last
    bool any;         // somebody ever sent some
};

static void take_process(struct tally *tally, const struct process_seen *seen)
{
    canary_add(tally->all, seen->pulse);
    if (seen->speaks)
        canary_add(tally->speaking, seen->pulse);
    if (seen->speaks || seen->pulse->stopping || !seen->pulse->n_canaries)
        return;
    canary_add(tally->silent, seen->pulse);
    tally->heard_ms = seen->heard_ms > tally->heard_ms ? seen->heard_ms : tally->heard_ms;
}

// false without memory.
static bool tally_all(const struct observe_pulse *pulses, struct arena *arena, struct tally *tally)
{
    struct canary_report *rows = arena_alloc(arena, 3 * LANES_MAX * sizeof *rows);
    if (!rows)
        return false;
    *tally = (struct tally){.speaking = rows, .silent = rows + LANES_MAX, .all = rows + 2 * LANES_MAX};
    memcpy(tally->all, pulses->gone, LANES_MAX * sizeof *tally->all);
    for (size_t i = 0; i < pulses->processes.n; i++)
        take_process(tally, pulses->processes.rows[i].thing);
    for (uint32_t i = 0; i < LANES_MAX; i++)
        tally->any |= tally->all[i].told;
    return true;
}

static struct figure count_figure(uint64_t value)
{
    return figure_of(value < INT64_MAX ? (int64_t)value : INT64_MAX);
}

static void fill_counts(struct canary_health *out, const struct canary_report *all)
{
    out->sent = count_figure(all->sent);
    out->returned = count_figure(all->returned);
    out->lost = count_figure(all->lost);
    out->slower = count_figure(all->slower);
    out->sum_ms = count_figure(all->sum_ms);
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        out->buckets[i] = count_figure(all->buckets[i]);
}

// Whether a time without a broker may have held up the one that came to an end last.
static bool was_disturbed(
    struct observe_pulse *pulses, const struct cycle *cycle, const struct canary_report *speaking, uint32_t lane)
{
    struct canary_result *result = &pulses->results[lane];
    uint64_t n = speaking->returned + speaking->lost;
    if (n != result->n)
        *result = (struct canary_result){n, cycle->now_ms};
    return outages_between(cycle->outages, result->seen_ms - CANARY_LOST_MS, result->seen_ms) > 0;
}

static void report_canary(
    struct observe_pulse *pulses, struct cycle *cycle, const struct tally *tally, uint32_t lane, bool heard)
{
    struct health *health = cycle->health;
    const struct canary_report *speaking = &tally->speaking[lane], *silent = &tally->silent[lane],
                               *all = &tally->all[lane];
    struct canary_health *out = &health->canaries[health->n_canaries++];
    *out = (struct canary_health){.lane = lane};
    if (all->told)
        fill_counts(out, all);
    out->last_ms = (speaking->told ? speaking : silent->told ? silent : all)->last_ms;
    const struct no_canary_signs signs = {.heard = heard || pulses->anybody,
        .silent_sender = silent->told || (pulses->sender_lost && pulses->gone[lane].told),
        .silent_ms = silent->told ? cycle->now_ms - tally->heard_ms : -1};
    if (speaking->told)
        judge_canary(
            &(struct canary_signs){speaking, cycle->settings->slow_ms, was_disturbed(pulses, cycle, speaking, lane)},
            &health->arena, &out->finding);
    else
        judge_no_canary(&signs, &health->arena, &out->finding);
}

void observe_canaries_report(struct observe_pulse *pulses, uint32_t n_lanes, bool heard, struct cycle *cycle)
{
    struct health *health = cycle->health;
    struct tally tally;
    if (!tally_all(pulses, cycle->arena, &tally))
        return;
    health->canaries = arena_alloc(&health->arena, LANES_MAX * sizeof *health->canaries);
    for (uint32_t i = 0; health->canaries && i < LANES_MAX; i++)
        if (tally.all[i].told || (!tally.any && i < n_lanes))
            report_canary(pulses, cycle, &tally, i, heard);
}
