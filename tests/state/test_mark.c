// SPDX-License-Identifier: Apache-2.0
// Where a lane stands, packed and read back, and what its tables keep at its edges.
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
    cr_assert(mark_pack(mark, true, &packed));
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
        .floors = {10, 11},
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
    cr_expect(read.floors[0] == 10 && read.floors[1] == 11);
    cr_expect_arr_eq(read.deployment, mark.deployment, sizeof mark.deployment);
    mark_deinit(&read);
}

#define DAY (INT64_C(86400000))

static struct mark_anchor anchor_at(int64_t offset, int64_t appended_ms)
{
    return (struct mark_anchor){
        .offset = offset, .appended_ms = appended_ms, .value = digest_of(slice_of(&offset, sizeof offset))};
}

static void move_to(struct mark_position *position, int64_t offset, int64_t appended_ms)
{
    struct mark_anchor anchor = anchor_at(offset, appended_ms);
    mark_move_anchors(position, &anchor);
}

static void expect_anchor(const struct mark_anchor *anchor, int64_t offset, int64_t appended_ms)
{
    struct mark_anchor expected = anchor_at(offset, appended_ms);
    cr_expect(anchor->offset == offset && anchor->appended_ms == appended_ms &&
                  memcmp(&anchor->value, &expected.value, sizeof expected.value) == 0,
        "%lld at %lld", (long long)anchor->offset, (long long)anchor->appended_ms);
}

Test(mark, an_older_anchor_moves_on_when_it_is_a_minute_behind)
{
    struct mark mark = {0};
    struct mark_position *position = mark_position(&mark, "in.kent");
    cr_expect(position->newest.offset == -1 && position->older.offset == -1);
    move_to(position, 0, 1000);
    cr_expect_eq(position->older.offset, -1, "there was none before");
    move_to(position, 1, 2000);
    expect_anchor(&position->older, 0, 1000);
    move_to(position, 2, 60999);
    move_to(position, 3, 61000);
    expect_anchor(&position->older, 0, 1000);
    move_to(position, 4, 61001);
    expect_anchor(&position->older, 3, 61000);
    expect_anchor(&position->newest, 4, 61001);
    mark_deinit(&mark);
}

// A transaction tells the anchors of what it moved; those of the other topics stay as they were told before.
Test(mark, anchors_that_did_not_move_are_not_told_again_and_not_forgotten)
{
    struct mark mark = {.lanes = 1}, read = {0};
    for (int round = 0; round < 3; round++) {
        const char *const topics[] = {"in.kent", "in.essex", "relane"};
        struct bytes packed = {0};
        for (size_t i = 0; i < 3; i++)
            mark_position(&mark, topics[i])->moved = false;
        mark_position(&mark, "relane")->incarnation = 7;
        move_to(mark_position(&mark, topics[round]), round, 1000 * round);
        cr_assert(mark_pack(&mark, false, &packed));
        Signalbox__V1__LaneMark *message = signalbox__v1__lane_mark__unpack(NULL, packed.len, packed.data);
        for (size_t i = 0; i < 3; i++)
            cr_expect_eq(message->positions[i]->newest != NULL, (int)i == round);
        cr_assert(mark_read(&read, message));
        signalbox__v1__lane_mark__free_unpacked(message, NULL);
        bytes_deinit(&packed);
    }
    struct mark whole = read_back(&read);
    for (const struct mark *each = &read; each; each = each == &read ? &whole : NULL) {
        expect_anchor(&mark_find(each, "in.kent")->newest, 0, 0);
        expect_anchor(&mark_find(each, "in.essex")->newest, 1, 1000);
        expect_anchor(&mark_find(each, "relane")->newest, 2, 2000);
        cr_expect(mark_find(each, "relane")->incarnation == 7 && mark_find(each, "relane")->older.offset == -1);
    }
    mark_deinit(&mark);
    mark_deinit(&read);
    mark_deinit(&whole);
}

static uint64_t floor_of(struct mark *mark, enum memory_table table)
{
    mark_expire(mark, 90, 7);
    return mark->floors[table];
}

Test(mark, what_was_said_within_the_window_of_days_counts)
{
    struct mark mark = {.clock_ms = 30 * DAY};
    cr_expect_eq(floor_of(&mark, MEMORY_CONTENT), 0, "before there was a whole window");
    mark.clock_ms = 190 * DAY + DAY - 1;
    cr_expect_eq(floor_of(&mark, MEMORY_CONTENT), 100, "the ninetieth day before is kept");
    mark.clock_ms = 191 * DAY;
    cr_expect_eq(floor_of(&mark, MEMORY_CONTENT), 101);
    mark.clock_ms = 150 * DAY;
    cr_expect_eq(floor_of(&mark, MEMORY_CONTENT), 101, "a floor never steps back");
    mark_deinit(&mark);
}

// By quarters, so never too early: a quarter counts from its last day.
Test(mark, a_quarter_begins_once_and_counts_until_its_years_are_over)
{
    struct mark mark = {.ledger_sequence = 20};
    const int64_t first = 5 * MARK_QUARTER * DAY, years = 7 * 366 * DAY;
    mark_quarter_begins(&mark, first + 3 * DAY, 1);
    mark_quarter_begins(&mark, first + 90 * DAY, 2);
    mark_quarter_begins(&mark, first + 91 * DAY, 10);
    mark_quarter_begins(&mark, first, 11); // late
    cr_assert_eq(mark.n_quarters, 2);
    mark.clock_ms = first + 90 * DAY + years + DAY - 1;
    cr_expect_eq(floor_of(&mark, MEMORY_ITEM), 1, "the last moment of the last day");
    mark.clock_ms = first + 91 * DAY + years;
    cr_expect_eq(floor_of(&mark, MEMORY_ITEM), 10);
    mark.clock_ms = first + 182 * DAY + years;
    cr_expect_eq(floor_of(&mark, MEMORY_ITEM), 21, "nothing is left, and what comes next counts");
    mark_deinit(&mark);
}

Test(mark, of_more_quarters_than_there_is_room_for_the_oldest_goes)
{
    struct mark mark = {0};
    for (int i = 1; i <= MARK_QUARTERS + 3; i++)
        for (int twice = 0; twice < 2; twice++)
            mark_quarter_begins(&mark, i * MARK_QUARTER * DAY + twice, (uint64_t)i * 10);
    cr_assert_eq(mark.n_quarters, MARK_QUARTERS);
    struct mark read = read_back(&mark);
    cr_expect_eq(read.n_quarters, MARK_QUARTERS);
    for (size_t i = 0; i < MARK_QUARTERS; i++)
        cr_assert(read.quarters[i].quarter == i + 4 && read.quarters[i].sequence == (i + 4) * 10, "quarter %zu", i);
    mark_deinit(&mark);
    mark_deinit(&read);
}
