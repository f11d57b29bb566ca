// SPDX-License-Identifier: Apache-2.0
// Where a lane stands, packed and read back, and the days of its window at their edges.
#include "hub/state/mark.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <signalbox/v1/state.pb-c.h>
#include <stdio.h>

#define TOPICS 100

// Reads what was packed; the caller deinits.
static struct mark read_back(const struct mark *mark)
{
    struct bytes packed = {0};
    struct mark read = {0};
    cr_assert(mark_pack(mark, &packed));
    Signalbox__V1__LaneMark *message = signalbox__v1__lane_mark__unpack(NULL, packed.len, packed.data);
    cr_assert(message && mark_read(&read, message));
    signalbox__v1__lane_mark__free_unpacked(message, NULL);
    bytes_deinit(&packed);
    return read;
}

Test(mark, keeps_the_position_of_every_topic_however_many_there_are)
{
    struct mark mark = {0};
    char topic[32];
    for (int i = 0; i < TOPICS; i++) {
        snprintf(topic, sizeof topic, "in.force-%d", i);
        mark_position(&mark, topic)->next = i * 1000;
    }
    struct mark read = read_back(&mark);
    cr_expect_eq(read.n_positions, TOPICS);
    for (int i = 0; i < TOPICS; i++) {
        snprintf(topic, sizeof topic, "in.force-%d", i);
        cr_assert(mark_find(&read, topic), "%s", topic);
        cr_expect_eq(mark_find(&read, topic)->next, i * 1000);
    }
    mark_deinit(&mark);
    mark_deinit(&read);
}

Test(mark, keeps_each_number_by_itself)
{
    struct mark mark = {.ledger_sequence = 2,
        .ledger_head = digest_of(slice_text("head")),
        .registry_version = 3,
        .policy_version = 4,
        .subscriptions_version = 5,
        .snapshot_offset = 6,
        .clock_ms = 7,
        .transaction = 8,
        .lanes = 9,
        .floors = {[MEMORY_MARK] = 10},

        .deployment = {10, 11}};
    struct mark read = read_back(&mark);
    cr_expect_eq(read.ledger_sequence, 2);
    cr_expect_arr_eq(read.ledger_head.bytes, mark.ledger_head.bytes, DIGEST_BYTES);
    cr_expect_eq(read.registry_version, 3);
    cr_expect_eq(read.policy_version, 4);
    cr_expect_eq(read.subscriptions_version, 5);
    cr_expect_eq(read.snapshot_offset, 6);
    cr_expect_eq(read.clock_ms, 7);
    cr_expect_eq(read.transaction, 8);
    cr_expect_eq(read.lanes, 9);
    cr_expect_eq(read.floors[MEMORY_MARK], 10);
    cr_expect_arr_eq(read.deployment, mark.deployment, sizeof mark.deployment);
    mark_deinit(&read);
}

#define DAY (INT64_C(86400000))

static uint64_t floor_of(struct mark *mark, uint32_t window_days)
{
    mark_expire(mark, window_days);
    return mark->floors[MEMORY_MARK];
}

Test(mark, a_day_begins_once_and_what_came_within_the_window_counts)
{
    struct mark mark = {0};
    mark_day_begins(&mark, 100 * DAY, 1);
    mark_day_begins(&mark, 100 * DAY + 5, 2);
    mark_day_begins(&mark, 101 * DAY, 10);
    mark_day_begins(&mark, 100 * DAY, 11); // late
    cr_assert_eq(mark.n_days, 2);
    mark.ledger_sequence = 20;
    mark.clock_ms = 190 * DAY + DAY - 1;
    cr_expect_eq(floor_of(&mark, 90), 1, "the last moment of the ninetieth day after it");
    mark.clock_ms = 191 * DAY;
    cr_expect_eq(floor_of(&mark, 90), 10);
    mark.clock_ms = 192 * DAY;
    cr_expect_eq(floor_of(&mark, 90), 21, "nothing is left, and what comes next counts");
    mark_deinit(&mark);
}

Test(mark, of_more_days_than_there_is_room_for_the_oldest_goes)
{
    struct mark mark = {0};
    for (int day = 1; day <= MARK_DAYS + 3; day++)
        mark_day_begins(&mark, day * DAY, (uint64_t)day * 10);
    cr_assert_eq(mark.n_days, MARK_DAYS);
    for (size_t i = 0; i < MARK_DAYS; i++)
        cr_assert(mark.days[i].day == i + 4 && mark.days[i].sequence == (i + 4) * 10, "day %zu", i);
    struct mark read = read_back(&mark);
    cr_expect_eq(read.n_days, MARK_DAYS);
    mark_deinit(&mark);
    mark_deinit(&read);
}
