// SPDX-License-Identifier: Apache-2.0
// The bus on the embedded broker: a record's way from an inbound topic through a transaction to a feed, and what a
// start on a wrong deployment says. What a committed reader sees is proven on a real broker only
// (tests/kafka/check_bus).
#include "embedded.h"

static void first_record(struct embedded *e)
{
    int n_state = 0;
    embedded_wait(e, BUS_ASSIGNED);
    cr_assert_eq(e->event.n_lanes, LANES);
    for (uint32_t lane = 0; lane < LANES; lane++)
        embedded_start(e, lane, &n_state);
    embedded_wait(e, BUS_RECORD);
}

Test(bus, a_record_comes_without_prefix_and_with_its_place)
{
    struct embedded e;
    embedded_init(&e);
    embedded_publish(&e, 1, "hello", 1);
    embedded_bus(&e);
    first_record(&e);
    cr_expect(slice_equal(e.event.record.topic, slice_text("in.agency-a")));
    cr_expect_eq(e.event.record.lane, 1);
    cr_expect_eq(e.event.record.offset, 0);
    cr_expect(slice_equal(e.event.record.key, slice_text("subject")));
    cr_expect(slice_equal(e.event.record.value, slice_text("hello")));
    cr_expect_gt(e.event.record.appended_ms, 0);
    cr_expect_eq(e.event.record.origin_partition, -1);
    cr_expect_eq(e.event.record.origin_topic.len, 0);
    embedded_deinit(&e);
}

Test(bus, two_producers_take_turns_and_both_reach_the_feed)
{
    struct embedded e;
    embedded_init(&e);
    embedded_publish(&e, 0, "hello", 4);
    embedded_bus(&e);
    first_record(&e);
    for (int i = 0; i < 4; i++) {
        unsigned turn = embedded_inside(&e)->pairs[0].turn;
        cr_assert_eq(embedded_fill(&e, 0, "delivered"), BUS_OK, "%s", e.bus->ops->error(e.bus)->text);
        cr_assert_eq(embedded_commit(&e, 0, i + 1), BUS_OK, "%s", e.bus->ops->error(e.bus)->text);
        cr_expect_neq(embedded_inside(&e)->pairs[0].turn, turn);
    }
    const struct reader_source consumer = {.topic = "feed.force-a", .partition = -1};
    const struct reader_settings settings = {.sources = &consumer, .n_sources = 1, .stop_at_end = true};
    struct reader *reader = reader_new(&e.settings, &settings, &e.error);
    cr_assert(reader, "%s", e.error.text);
    struct kafka_record record;
    int n = 0;
    enum reader_status status;
    while ((status = reader_next(reader, 5000, &record)) == READER_RECORD)
        n += slice_equal(record.value, slice_text("delivered"));
    cr_expect_eq(status, READER_AT_END);
    cr_expect_eq(n, 4);
    reader_free(reader);
    embedded_deinit(&e);
}

Test(bus, a_lane_that_is_not_started_gives_no_records)
{
    struct embedded e;
    int n_state = 0;
    embedded_init(&e);
    embedded_publish(&e, 0, "of lane 0", 3);
    embedded_publish(&e, 1, "of lane 1", 3);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 1, &n_state);
    for (int i = 0; i < 3; i++) {
        embedded_wait(&e, BUS_RECORD);
        cr_expect_eq(e.event.record.lane, 1);
        cr_expect_eq(e.event.record.offset, i);
    }
    e.bus->ops->poll(e.bus, 700, &e.event);
    cr_expect_eq(e.event.kind, BUS_NOTHING);
    embedded_deinit(&e);
}

Test(bus, a_closed_lane_starts_again_where_it_is_told)
{
    struct embedded e;
    int n_state = 0;
    embedded_init(&e);
    embedded_publish(&e, 0, "again", 3);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    for (int round = 0; round < 3; round++) {
        embedded_start(&e, 0, &n_state);
        for (int i = 0; i < 3; i++) {
            embedded_wait(&e, BUS_RECORD);
            cr_assert_eq(e.event.record.offset, i);
        }
        e.bus->ops->close(e.bus, 0);
        e.bus->ops->poll(e.bus, 100, &e.event);
        cr_assert_eq(e.event.kind, BUS_NOTHING);
    }
    embedded_deinit(&e);
}

Test(bus, a_new_inbound_topic_is_noticed)
{
    struct embedded e;
    int n_state = 0;
    embedded_init(&e);
    const struct kafka_bus_settings settings = {.lanes = LANES, .refresh_ms = 300};
    e.bus = kafka_bus_new(&e.settings, &settings, &e.error);
    cr_assert(e.bus, "%s", e.error.text);
    embedded_wait(&e, BUS_ASSIGNED);
    cr_assert(broker_create_topic(e.broker, "t.in.agency-b", LANES, &e.error), "%s", e.error.text);
    embedded_wait(&e, BUS_REVOKED);
    embedded_wait(&e, BUS_ASSIGNED);
    cr_expect_eq(e.event.n_lanes, LANES);
    embedded_start(&e, 0, &n_state);
    rd_kafka_topic_partition_list_t *list = consumer_lane(&embedded_inside(&e)->consumer, 0);
    cr_expect_eq(list->cnt, 3);
    rd_kafka_topic_partition_list_destroy(list);
    embedded_deinit(&e);
}

Test(bus, state_is_read_back_to_its_end)
{
    struct embedded e;
    int n_state = 0;
    int64_t low = -1, high = -1;
    embedded_init(&e);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    cr_assert_eq(n_state, 0);
    const struct bus_message message = {
        .topic = e.bus->ops->topic(e.bus, BUS_STATE, NULL), .key = slice_text("0"), .value = slice_text("delta")};
    cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
    for (int i = 0; i < 500; i++)
        cr_assert_eq(e.bus->ops->produce(e.bus, 0, &message), BUS_OK);
    cr_assert_eq(embedded_commit(&e, 0, 1), BUS_OK);
    cr_assert_eq(e.bus->ops->state_range(e.bus, 0, &low, &high), BUS_OK);
    cr_expect_eq(low, 0);
    cr_expect_geq(high, 500);
    embedded_start(&e, 0, &n_state);
    cr_expect_eq(n_state, 500);
    embedded_deinit(&e);
}

// A start that cannot end well says what to do.
static const struct {
    const char *settings_prefix;
    struct kafka_bus_settings bus;
    const char *says;
} refusals[] = {
    {"t.", {.lanes = 3}, "has 2 partitions, but the hub was started for 3 lanes"},
    {"other.", {.lanes = LANES}, "Topic other.relane does not exist"},
    {"t.", {.lanes = 0}, "from 1 to 1024"},
    {"t.", {.lanes = LANES, .session_ms = 8000, .transaction_ms = 9000}, "must be longer than the transaction timeout"},
    {"t t.", {.lanes = LANES}, "The prefix may have"},
};

Test(bus, a_start_on_a_wrong_deployment_says_what_to_do)
{
    struct embedded e;
    embedded_init(&e);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct kafka_settings settings = e.settings;
        settings.prefix = refusals[i].settings_prefix;
        struct bus *bus = kafka_bus_new(&settings, &refusals[i].bus, &e.error);
        cr_expect_null(bus);
        cr_expect(strstr(e.error.text, refusals[i].says), "%s", e.error.text);
        kafka_bus_free(bus);
    }
    embedded_deinit(&e);
}

Test(bus, a_topic_whose_name_only_looks_like_the_prefix_is_somebody_else_s)
{
    struct embedded e;
    embedded_init(&e);
    cr_assert(broker_create_topic(e.broker, "txin.kent", LANES, &e.error), "%s", e.error.text);
    cr_assert(broker_create_topic(e.broker, "t.inxkent", LANES, &e.error), "%s", e.error.text);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        rd_kafka_topic_partition_list_t *list = consumer_lane(&embedded_inside(&e)->consumer, lane);
        cr_expect_eq(list->cnt, 2, "in.agency-a and relane");
        for (int i = 0; i < list->cnt; i++)
            cr_expect(
                strcmp(list->elems[i].topic, "t.in.agency-a") == 0 || strcmp(list->elems[i].topic, "t.relane") == 0,
                "%s", list->elems[i].topic);
        rd_kafka_topic_partition_list_destroy(list);
    }
    embedded_deinit(&e);
}
