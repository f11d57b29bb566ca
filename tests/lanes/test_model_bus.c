// SPDX-License-Identifier: Apache-2.0
// The model's own rules. Each is what a real cluster does; tests on a real one hold the two against each other.
#include "tests/kit/loop/model_bus.h"
#include <criterion/criterion.h>
#include <string.h>

struct pair {
    struct model *model;
    struct model_bus *first, *second;
    struct bus *one, *two;
};

static struct pair pair;

static void begin_pair(void)
{
    pair = (struct pair){.model = model_new(2)};
    const char *const topics[] = {"in.kent", "relane", "state", "ledger"};
    for (size_t i = 0; i < 4; i++)
        model_topic(pair.model, topics[i], 2);
    model_topic(pair.model, "feed.kent", 1);
    pair.first = model_join(pair.model);
    pair.second = model_join(pair.model);
    pair.one = model_bus(pair.first);
    pair.two = model_bus(pair.second);
}

static void end_pair(void)
{
    model_part(pair.first);
    model_part(pair.second);
    model_free(pair.model);
}

TestSuite(model, .init = begin_pair, .fini = end_pair);

static void own(struct model_bus *member)
{
    struct bus_event event;
    model_rebalance(pair.model, &member, 1);
    do
        model_bus(member)->ops->poll(model_bus(member), 0, &event);
    while (event.kind != BUS_ASSIGNED);
}

static void write_feed(struct bus *bus, uint32_t lane, const char *text)
{
    struct bus_message message = {.topic = bus->ops->topic(bus, BUS_FEED, "kent"), .value = slice_text(text)};
    cr_assert_eq(bus->ops->produce(bus, lane, &message), BUS_OK);
}

static void begin_one(const char *text)
{
    own(pair.first);
    pair.one->ops->open(pair.one, 0);
    pair.one->ops->begin(pair.one, 0);
    write_feed(pair.one, 0, text);
}

static size_t visible(bool committed)
{
    struct model_record record;
    size_t n = 0;
    for (int64_t at = 0; model_read(pair.model, "feed.kent", 0, committed, &at, &record);)
        n++;
    return n;
}

static enum bus_status commit(struct bus *bus, int64_t next)
{
    struct bus_position position = {.topic = "in.kent", .next = next};
    return bus->ops->commit(bus, 0, &position, 1);
}

Test(model, records_of_an_open_transaction_are_seen_by_uncommitted_readers_only)
{
    begin_one("a");
    model_append(pair.model, "feed.kent", 0, slice_text(""), slice_text("after"));
    cr_expect_eq(visible(false), 2);
    cr_expect_eq(visible(true), 0, "what follows an open transaction is hidden too");
}

Test(model, a_commit_shows_records_and_offset_together_and_takes_an_offset_for_its_marker)
{
    begin_one("a");
    cr_expect_eq(model_offset(pair.model, "in.kent", 0), BUS_NO_OFFSET);
    cr_expect_eq(commit(pair.one, 7), BUS_OK);
    cr_expect_eq(visible(true), 1);
    cr_expect_eq(model_offset(pair.model, "in.kent", 0), 7);
    cr_expect_eq(model_end(pair.model, "feed.kent", 0), 2);
}

Test(model, an_abort_leaves_records_in_the_log_for_uncommitted_readers)
{
    begin_one("a");
    pair.one->ops->abort(pair.one, 0);
    cr_expect_eq(visible(true), 0);
    cr_expect_eq(visible(false), 1);
    cr_expect_eq(model_open_transactions(pair.model), 0);
}

Test(model, opening_a_lane_fences_its_former_owner_and_aborts_what_it_left)
{
    begin_one("a");
    pair.two->ops->open(pair.two, 0);
    cr_expect_eq(model_open_transactions(pair.model), 0);
    write_feed(pair.one, 0, "zombie");
    cr_expect_eq(visible(false), 1, "a fenced producer's records are dropped");
    cr_expect_eq(commit(pair.one, 7), BUS_FENCED);
    cr_expect_eq(model_offset(pair.model, "in.kent", 0), BUS_NO_OFFSET);
}

Test(model, a_member_of_an_old_generation_cannot_commit)
{
    begin_one("a");
    model_rebalance(pair.model, &pair.second, 1);
    cr_expect_eq(commit(pair.one, 7), BUS_FENCED);
    model_check_generation(pair.model, false);
    cr_expect_eq(commit(pair.one, 7), BUS_OK, "the epoch is still its own");
}

static enum model_fault fault_of(void *context, const struct model_moment *moment)
{
    return moment->call == MODEL_CALL_COMMIT ? *(enum model_fault *)context : MODEL_FINE;
}

Test(model, a_lost_commit_has_either_fate_and_its_caller_cannot_tell)
{
    const struct {
        enum model_fault fault;
        size_t visible;
    } fates[] = {{MODEL_LOSE, 0}, {MODEL_LOSE_APPLIED, 1}};
    for (size_t i = 0; i < 2; i++) {
        end_pair();
        begin_pair();
        enum model_fault fault = fates[i].fault;
        begin_one("a");
        model_set_fault(pair.first, fault_of, &fault);
        cr_expect_eq(commit(pair.one, 7), BUS_LOST);
        cr_expect_eq(visible(true), fates[i].visible);
    }
}

Test(model, a_late_commit_lands_unless_the_lane_is_opened_before)
{
    for (int fenced = 0; fenced < 2; fenced++) {
        end_pair();
        begin_pair();
        enum model_fault late = MODEL_LOSE_DELAYED;
        struct bus_event event;
        begin_one("a");
        model_set_fault(pair.first, fault_of, &late);
        cr_expect_eq(commit(pair.one, 7), BUS_LOST);
        pair.one->ops->abort(pair.one, 0);
        cr_expect_eq(visible(true), 0);
        if (fenced)
            pair.two->ops->open(pair.two, 0);
        for (int i = 0; i < 40; i++)
            pair.one->ops->poll(pair.one, 0, &event);
        cr_expect_eq(visible(true), fenced ? 0 : 1);
    }
}

static bool keep_going(void *context, int64_t offset, struct slice value)
{
    (void)offset;
    (void)value;
    ++*(size_t *)context;
    return true;
}

Test(model, a_restore_does_not_end_before_the_true_end)
{
    size_t n = 0;
    model_append(pair.model, "state", 1, slice_text(""), slice_text("birth"));
    begin_one("a");
    struct bus_message message = {
        .topic = pair.one->ops->topic(pair.one, BUS_STATE, NULL), .partition = 1, .value = slice_text("x")};
    pair.one->ops->produce(pair.one, 0, &message);
    cr_expect_eq(
        pair.two->ops->restore(pair.two, 1, -1, keep_going, &n), BUS_LOST, "an open transaction hides the end");
    pair.one->ops->abort(pair.one, 0);
    n = 0;
    cr_expect_eq(pair.two->ops->restore(pair.two, 1, -1, keep_going, &n), BUS_OK);
    cr_expect_eq(n, 1);
}

Test(model, a_crash_ends_every_effect)
{
    struct bus_event event;
    begin_one("a");
    model_crash(pair.first);
    cr_expect_eq(commit(pair.one, 7), BUS_BROKEN);
    pair.one->ops->abort(pair.one, 0);
    pair.one->ops->poll(pair.one, 0, &event);
    cr_expect_eq(event.kind, BUS_FAILED);
    cr_expect_eq(model_open_transactions(pair.model), 1, "nobody aborted it");
}

Test(model, an_expelled_member_is_told_late_and_a_shared_out_one_in_order)
{
    struct bus_event event;
    own(pair.first);
    model_expel(pair.first, 2);
    const enum bus_event_kind told[] = {BUS_NOTHING, BUS_NOTHING, BUS_REVOKED, BUS_NOTHING};
    for (size_t i = 0; i < 4; i++) {
        pair.one->ops->poll(pair.one, 0, &event);
        cr_expect_eq(event.kind, told[i]);
    }
    struct model_bus *both[] = {pair.first, pair.second};
    model_rebalance(pair.model, both, 2);
    pair.two->ops->poll(pair.two, 0, &event);
    cr_expect(event.kind == BUS_ASSIGNED && event.n_lanes == 1 && event.lanes[0] == 1);
}

Test(model, records_come_in_the_order_in_which_the_cluster_took_them)
{
    struct bus_event event;
    const struct bus_position from[] = {{.topic = "in.kent", .next = 1}, {.topic = "relane", .next = 0}};
    const char *const values[] = {"one", "two", "three"};
    model_append(pair.model, "in.kent", 0, slice_text(""), slice_text("zero"));
    model_append(pair.model, "relane", 0, slice_text(""), slice_text(values[0]));
    model_append(pair.model, "in.kent", 0, slice_text(""), slice_text(values[1]));
    model_append(pair.model, "relane", 0, slice_text(""), slice_text(values[2]));
    own(pair.first);
    pair.one->ops->open(pair.one, 0);
    pair.one->ops->start(pair.one, 0, from, 2);
    for (size_t i = 0; i < 3; i++) {
        pair.one->ops->poll(pair.one, 0, &event);
        cr_assert_eq(event.kind, BUS_RECORD);
        cr_expect(slice_equal(event.record.value, slice_text(values[i])));
    }
}

Test(model, retention_and_a_topic_made_anew_show_in_the_ends)
{
    struct bus_position rows[8];
    int64_t low[8], high[8];
    size_t n;
    for (int i = 0; i < 3; i++)
        model_append(pair.model, "in.kent", 0, slice_text(""), slice_text("x"));
    model_trim(pair.model, "in.kent", 0, 2);
    pair.one->ops->committed(pair.one, 0, rows, low, high, 8, &n);
    cr_expect(n == 2 && low[0] == 2 && high[0] == 3 && rows[0].next == BUS_NO_OFFSET);
    model_cut(pair.model, "in.kent", 0, 0);
    pair.one->ops->committed(pair.one, 0, rows, low, high, 8, &n);
    cr_expect(low[0] == 0 && high[0] == 0);
}

Test(model, a_poll_that_finds_nothing_lets_time_pass)
{
    struct bus_event event;
    int64_t before = *model_clock(pair.model);
    pair.one->ops->poll(pair.one, 250, &event);
    cr_expect_eq(*model_clock(pair.model), before + 250);
}
