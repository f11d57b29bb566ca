// SPDX-License-Identifier: Apache-2.0
// What a hub does not start on, and the sentence that it says instead.
#include "tests/lanes/fixture.h"
#include <criterion/criterion.h>

// A hub that has worked, and has stopped.
static void begin_with_two_decided(void)
{
    fixture_prepare(1);
    fixture.world.settings.batch_records = 1;
    world_report(&fixture.world, "kent", 1);
    world_report(&fixture.world, "kent", 2);
    fixture_join();
    world_settle(&fixture.world);
    cr_assert_eq(world_count(&fixture.world, "ledger", 0), 2);
    world_leave(&fixture.world, fixture.worker);
}

TestSuite(refusals, .init = begin_with_two_decided, .fini = fixture_end);

static void lose_all_state(void)
{
    model_cut(fixture.world.model, "state", 0, 0);
}
static void lose_the_last_delta(void)
{
    model_cut(fixture.world.model, "state", 0, 3);
}
static void keep_the_birth_only(void)
{
    model_cut(fixture.world.model, "state", 0, 1);
}
static void lose_the_beginning(void)
{
    model_trim(fixture.world.model, "state", 0, 1);
}
static void add_what_is_foreign(void)
{
    model_append(fixture.world.model, "state", 0, slice_text("0"), slice_text("who wrote this?"));
}
static void add_what_is_newer(void)
{
    static const uint8_t field_15[] = {15 << 3, 1};
    model_append(fixture.world.model, "state", 0, slice_text("0"), slice_of(field_15, sizeof field_15));
}
static void repeat_a_delta(void)
{
    struct model_record record = world_record(&fixture.world, "state", 0, 1);
    model_append(fixture.world.model, "state", 0, record.key, record.value);
}
static void be_born_again(void)
{
    struct model_record record = world_record(&fixture.world, "state", 0, 0);
    model_append(fixture.world.model, "state", 0, record.key, record.value);
}
static void change_the_lanes(void)
{
    fixture.world.settings.lanes = 4;
}
static void move_the_group_on(void)
{
    world_report(&fixture.world, "kent", 3);
    model_set_offset(fixture.world.model, "in.kent", 0, 3);
}
static void forget_the_group(void)
{
    model_set_offset(fixture.world.model, "in.kent", 0, BUS_NO_OFFSET);
}
static void delete_unread_records(void)
{
    for (uint64_t seed = 3; seed < 6; seed++)
        world_report(&fixture.world, "kent", seed);
    model_trim(fixture.world.model, "in.kent", 0, 4);
}
static void delete_one_unread_record(void)
{
    world_report(&fixture.world, "kent", 3);
    world_report(&fixture.world, "kent", 4);
    model_trim(fixture.world.model, "in.kent", 0, 3);
}
static void lose_the_last_record(void)
{
    model_cut(fixture.world.model, "in.kent", 0, 1);
}
static void make_the_topic_anew(void)
{
    model_cut(fixture.world.model, "in.kent", 0, 0);
}

static const struct {
    const char *name;
    void (*damage)(void);
    const char *says, *remedy;
} cases[] = {
    {"lose_all_state", lose_all_state, "state topic is empty", "signalbox topics apply"},
    {"lose_the_last_delta", lose_the_last_delta, "stands at 2 in topic in.kent", "set the offset back to 1"},
    {"keep_the_birth_only", keep_the_birth_only, "does not remember it: the state topic was lost", "Bring it back"},
    {"lose_the_beginning", lose_the_beginning, "neither the lane's birth nor a whole snapshot", "from a copy"},
    {"add_what_is_foreign", add_what_is_foreign, "is no state record", "from a copy"},
    {"add_what_is_newer", add_what_is_newer, "does not know", "Start a version at least as new"},
    {"repeat_a_delta", repeat_a_delta, "does not follow the one before it", "from a copy"},
    {"be_born_again", be_born_again, "born a second time", "from a copy"},
    {"change_the_lanes", change_the_lanes, "was made with 1 lanes, but the hub is set to 4", "--lanes 1"},
    {"move_the_group_on", move_the_group_on, "stands at 3 in topic in.kent", "set the offset back to 2"},
    {"forget_the_group", forget_the_group, "has no offset for topic in.kent", "--to-offset"},
    {"delete_unread_records", delete_unread_records, "Records 2 to 3 of topic in.kent", "send them again"},
    {"delete_one_unread_record", delete_one_unread_record, "Records 2 to 2 of topic in.kent", "send them again"},
    {"lose_the_last_record", lose_the_last_record, "ends at 1, but the hub has read up to 2", "Bring it back"},
    {"make_the_topic_anew", make_the_topic_anew, "ends at 0, but the hub has read up to 2", "Bring it back"},
};

Test(refusals, each_damage_is_named_and_nothing_is_written)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture_end();
        begin_with_two_decided();
        cases[i].damage();
        int64_t written = model_end(fixture.world.model, "ledger", 0);
        fixture_join();
        world_settle(&fixture.world);
        const char *sentence = worker_error(fixture.worker->worker)->text;
        cr_expect(strstr(sentence, cases[i].says), "%s: \"%s\"", cases[i].name, sentence);
        cr_expect(strstr(sentence, cases[i].remedy), "%s: \"%s\"", cases[i].name, sentence);
        cr_expect_eq(model_end(fixture.world.model, "ledger", 0), written, "%s", cases[i].name);
    }
}

Test(refusals, without_a_group_that_keeps_offsets_the_lane_goes_by_what_it_remembers)
{
    forget_the_group();
    fixture.world.settings.group_witness = false;
    world_report(&fixture.world, "kent", 3);
    fixture_join();
    world_settle(&fixture.world);
    cr_expect_str_empty(worker_error(fixture.worker->worker)->text);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 3);
}

Test(refusals, a_partition_beyond_the_lanes_is_refused)
{
    fixture_again(2);
    fixture.world.settings.lanes = 1;
    fixture_join();
    world_settle(&fixture.world);
    cr_expect(strstr(worker_error(fixture.worker->worker)->text, "as many partitions as the deployment has lanes"),
        "%s", worker_error(fixture.worker->worker)->text);
}

// A cluster without one topic.
static struct snapshot *with_stranger(void)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    kit_set_text(&arena, &kit_organisation(registry, "catch22")->id, "catch23");
    kit_set_text(&arena, &kit_organisation(registry, "catch23")->name, "Catch23");
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    registry->version++;
    struct snapshot *snapshot =
        snapshot_new(registry, kit_policy(&arena), rows, registry->n_organisations, registry->n_organisations, &error);
    cr_assert_not_null(snapshot, "%s", error.text);
    arena_deinit(&arena);
    return snapshot;
}

Test(refusals, a_missing_topic_stops_a_start)
{
    fixture_again(1);
    fixture.other = with_stranger();
    fixture.world.snapshot = fixture.other;
    fixture_join();
    world_settle(&fixture.world);
    cr_expect(strstr(worker_error(fixture.worker->worker)->text,
                  "Topic feed.catch23 does not exist. Run `signalbox topics apply`"),
        "%s", worker_error(fixture.worker->worker)->text);
}

Test(refusals, a_topic_missing_later_holds_the_lane_until_it_is_made)
{
    fixture_again(1);
    fixture.other = with_stranger();
    fixture_join();
    world_settle(&fixture.world);
    fixture.world.snapshot = fixture.other;
    struct kit_item *item = kit_guidance(&fixture.world.arena, "kent", 5); // to everybody
    world_send_right(
        &fixture.world, "kent", slice_text(item->header->subject), kit_envelope(&fixture.world.arena, item));
    world_settle(&fixture.world);
    cr_expect_str_empty(worker_error(fixture.worker->worker)->text);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 0);
    model_topic(fixture.world.model, "feed.catch23", 1);
    world_settle(&fixture.world);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 1);
    cr_expect_eq(world_count(&fixture.world, "feed.catch23", 0), 1);
}
