// SPDX-License-Identifier: Apache-2.0
// Counts of canaries from the board through the pulse to the sum.
#include "hub/observe/canary.h"
#include "hub/contract/lanes.h"
#include <criterion/criterion.h>

static Signalbox__V1__Pulse tell(struct canary_board *board, struct arena *arena)
{
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    canary_board_tell(board, &pulse, arena);
    return pulse;
}

// The sums of these pulses by lane, in the arena, and how many lanes they tell of.
static size_t sums(
    const Signalbox__V1__Pulse *const *pulses, size_t n, struct arena *arena, const struct canary_report **rows)
{
    struct canary_report *all = arena_alloc(arena, LANES_MAX * sizeof *all);
    size_t told = 0;
    for (size_t i = 0; i < n; i++)
        canary_add(all, pulses[i]);
    for (size_t lane = 0; lane < LANES_MAX; lane++)
        told += all[lane].told;
    *rows = all;
    return told;
}

Test(canary, what_is_counted_comes_through_the_pulse_unchanged)
{
    struct arena arena;
    const struct canary_report *rows;
    struct canary_board *board = canary_board_new(2);
    arena_init(&arena, 0);
    for (int i = 0; i < 5; i++)
        canary_board_sent(board, 1);
    canary_board_returned(board, 1, 0);
    canary_board_returned(board, 1, canary_bucket_ms[0]);
    canary_board_returned(board, 1, canary_bucket_ms[0] + 1);
    canary_board_returned(board, 1, canary_bucket_ms[CANARY_BUCKETS - 1] + 1);
    canary_board_lost(board, 1);
    canary_board_sent(board, 2); // there is no such lane
    Signalbox__V1__Pulse pulse = tell(board, &arena);
    const Signalbox__V1__Pulse *const pulses[] = {&pulse};
    cr_assert_eq(sums(pulses, 1, &arena, &rows), 2);
    cr_expect(rows[0].lane == 0 && rows[0].sent == 0 && rows[0].last_ms.state == FIGURE_UNKNOWN);
    cr_expect(rows[1].lane == 1 && rows[1].sent == 5 && rows[1].returned == 4 && rows[1].lost == 1 &&
              rows[1].lost_in_row == 1);
    cr_expect(rows[1].buckets[0] == 2 && rows[1].buckets[1] == 1 && rows[1].slower == 1);
    cr_expect_eq(rows[1].sum_ms, 1 + 2 * canary_bucket_ms[0] + 1 + canary_bucket_ms[CANARY_BUCKETS - 1] + 1);
    cr_expect_eq(rows[1].last_ms.value, canary_bucket_ms[CANARY_BUCKETS - 1] + 1);
    canary_board_returned(board, 1, 30);
    Signalbox__V1__Pulse after = tell(board, &arena);
    cr_expect_eq(after.canaries[1]->lost_in_row, 0, "the last one returned");
    canary_board_free(board);
    arena_deinit(&arena);
}

Test(canary, processes_are_summed_and_the_worst_of_them_tells_the_state)
{
    struct arena arena;
    const struct canary_report *rows;
    struct canary_board *first = canary_board_new(1), *second = canary_board_new(3);
    arena_init(&arena, 0);
    canary_board_sent(first, 0);
    canary_board_returned(first, 0, 70);
    canary_board_sent(second, 0);
    canary_board_returned(second, 0, 40);
    canary_board_lost(second, 0);
    Signalbox__V1__Pulse one = tell(first, &arena), two = tell(second, &arena), none = tell(NULL, &arena);
    const Signalbox__V1__Pulse *const pulses[] = {&none, &one, &two};
    cr_assert_eq(sums(pulses, 3, &arena, &rows), 3);
    cr_expect(rows[0].sent == 2 && rows[0].returned == 2 && rows[0].lost == 1 && rows[0].lost_in_row == 1);
    cr_expect(rows[0].sum_ms == 110 && rows[0].last_ms.value == 70);
    cr_expect(rows[2].lane == 2 && rows[2].sent == 0);
    cr_expect_eq(sums(pulses, 1, &arena, &rows), 0, "nobody sends any");
    canary_board_free(first);
    canary_board_free(second);
    arena_deinit(&arena);
}

Test(canary, a_pulse_from_elsewhere_cannot_lead_astray)
{
    struct arena arena;
    const struct canary_report *rows;
    uint64_t many[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    Signalbox__V1__CanaryPulse far = SIGNALBOX__V1__CANARY_PULSE__INIT, odd = far;
    far.lane = UINT32_MAX;
    odd.buckets = many;
    odd.n_buckets = 32;
    Signalbox__V1__CanaryPulse *list[] = {&far, &odd};
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    pulse.canaries = list;
    pulse.n_canaries = 2;
    const Signalbox__V1__Pulse *const pulses[] = {&pulse};
    arena_init(&arena, 0);
    cr_assert_eq(sums(pulses, 1, &arena, &rows), 1);
    cr_expect(rows[0].lane == 0 && rows[0].slower == 8);
    arena_deinit(&arena);
}
