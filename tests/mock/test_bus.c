// SPDX-License-Identifier: Apache-2.0
// The bus on the embedded broker: a record's way from an inbound topic through a transaction to a feed, and what a
// start on a wrong deployment says. What a committed reader sees is proven on a real broker only
// (tests/kafka/check_bus).
#include "embedded.h"
#include "hub/base/clock.h"

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

Test(bus, a_topic_made_since_the_start_is_written_to_once_the_broker_may_be_asked_again)
{
    enum { AGAIN_MS = 1000 };
    struct embedded e;
    embedded_init(&e);
    embedded_bus(&e);
    struct catalog *catalog = &embedded_inside(&e)->catalog;
    cr_assert_eq(e.bus->ops->topic(e.bus, BUS_FEED, "force-b"), -1);
    cr_assert(broker_create_topic(e.broker, "t.feed.force-b", 1, &e.error), "%s", e.error.text);
    catalog->asked_ms = INT64_MAX / 2;
    cr_expect_eq(e.bus->ops->topic(e.bus, BUS_FEED, "force-b"), -1);
    catalog->asked_ms = clock_steady_ms() - AGAIN_MS;
    cr_expect_geq(e.bus->ops->topic(e.bus, BUS_FEED, "force-b"), 0, "%s", e.bus->ops->error(e.bus)->text);
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
    {"t.", {.lanes = LANES, .session_ms = 9000, .transaction_ms = 9000}, "must be longer than the transaction timeout"},
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

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// Headers as somebody wrote them, and what of them is believed.
static const struct header_case {
    const char *topic;
    struct {
        const char *name, *value;
    } headers[6];
    const char *origin_topic;
    int32_t partition;
    int64_t offset, appended_ms;
    const char *trace;
} header_cases[] = {
    {"relane",
        {{"signalbox-origin-topic", "in.kent"}, {"signalbox-origin-partition", "0"}, {"signalbox-origin-offset", "0"},
            {"signalbox-origin-appended", "1790000000000"}, {"traceparent", TRACE}},
        "in.kent", 0, 0, 1790000000000, TRACE},
    {"relane", {{"signalbox-origin-offset", "5"}, {"signalbox-origin-offset", "7"}}, "", -1, 7, -1, ""},
    {"relane",
        {{"signalbox-origin-partition", "-1"}, {"signalbox-origin-offset", "+5"}, {"signalbox-origin-appended", "5 "}},
        "", -1, -1, -1, ""},
    {"relane",
        {{"signalbox-origin-partition", "4294967297"}, {"signalbox-origin-offset", "92233720368547758079"},
            {"signalbox-origin-appended", "0x10"}},
        "", -1, -1, -1, ""},
    {"relane", {{"signalbox-origin-partition", ""}, {"signalbox-origin-offset", "1/2"}}, "", -1, -1, -1, ""},
    {"in.agency-a",
        {{"signalbox-origin-topic", "in.kent"}, {"signalbox-origin-partition", "0"}, {"signalbox-origin-offset", "0"},
            {"signalbox-origin-appended", "1790000000000"}, {"traceparent", TRACE}},
        "", -1, -1, -1, TRACE},
    {"in.agency-a", {{"traceparent", "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01"}}, "", -1, -1, -1, ""},
    {"in.agency-a", {{"traceparent", "00+0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}, "", -1, -1, -1, ""},
    {"in.agency-a", {{"traceparent", TRACE "0"}}, "", -1, -1, -1, ""},
};

static void publish_headers(struct embedded *e, const struct header_case *row)
{
    const struct writer_settings settings = {0};
    struct kafka_header headers[6];
    size_t n = 0;
    for (; n < 6 && row->headers[n].name; n++)
        headers[n] = (struct kafka_header){row->headers[n].name, slice_text(row->headers[n].value)};
    struct writer *writer = writer_new(&e->settings, &settings, &e->error);
    cr_assert(writer, "%s", e->error.text);
    cr_assert(writer_send(writer, row->topic, 0, slice_text("k"), slice_text("v"), headers, n, NULL) &&
              writer_flush(writer, 10000));
    writer_free(writer);
}

Test(bus, where_a_record_came_from_is_believed_on_relane_alone_and_only_in_plain_digits)
{
    struct embedded e;
    int n_state = 0;
    embedded_init(&e);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    for (size_t i = 0; i < sizeof header_cases / sizeof *header_cases; i++) {
        const struct header_case *row = &header_cases[i];
        publish_headers(&e, row);
        embedded_wait(&e, BUS_RECORD);
        const struct record *record = &e.event.record;
        cr_expect(slice_equal(record->topic, slice_text(row->topic)), "case %zu", i);
        cr_expect(slice_equal(record->origin_topic, slice_text(row->origin_topic)), "case %zu", i);
        cr_expect(slice_equal(record->traceparent, slice_text(row->trace)), "case %zu", i);
        cr_expect_eq(record->origin_partition, row->partition, "case %zu", i);
        cr_expect_eq(record->origin_offset, row->offset, "case %zu", i);
        cr_expect_eq(record->origin_appended_ms, row->appended_ms, "case %zu", i);
    }
    embedded_deinit(&e);
}

Test(bus, a_lane_has_a_partition_of_every_inbound_topic_and_a_group_without_positions_has_none)
{
    struct embedded e;
    struct bus_position rows[8];
    int64_t low[8], high[8];
    size_t n = 0;
    int n_state = 0;
    embedded_init(&e);
    cr_assert(broker_create_topic(e.broker, "t.in.agency-b", LANES, &e.error), "%s", e.error.text);
    embedded_publish(&e, 0, "hello", 5);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    cr_assert_eq(e.bus->ops->committed(e.bus, 0, rows, low, high, 8, &n), BUS_OK);
    cr_assert_eq(n, 3, "in.agency-a, in.agency-b, relane");
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(rows[i].next, BUS_NO_OFFSET, "%s", rows[i].topic);
        cr_expect_eq(low[i], 0);
        cr_expect_eq(high[i], strcmp(rows[i].topic, "in.agency-a") == 0 ? 5 : 0, "%s", rows[i].topic);
    }
    embedded_deinit(&e);
}

Test(bus, every_topic_with_lanes_must_have_as_many_partitions_as_there_are_lanes)
{
    static const char *const names[] = {"relane", "state", "ledger", "quarantine", "in.agency-b"};
    for (size_t wrong = 0; wrong < 5; wrong++) {
        struct embedded e = {0};
        const struct kafka_bus_settings settings = {.lanes = LANES};
        char name[64];
        cr_assert((e.broker = broker_new(&e.error)), "%s", e.error.text);
        e.settings = (struct kafka_settings){
            .bootstrap = broker_bootstrap(e.broker), .prefix = "t.", .embedded = true, .broker = e.broker};
        for (size_t i = 0; i < 5; i++) {
            snprintf(name, sizeof name, "t.%s", names[i]);
            cr_assert(broker_create_topic(e.broker, name, i == wrong ? 1 : LANES, &e.error), "%s", e.error.text);
        }
        cr_expect_null(kafka_bus_new(&e.settings, &settings, &e.error), "%s", names[wrong]);
        cr_expect(strstr(e.error.text, names[wrong]) && strstr(e.error.text, "has 1 partitions"), "%s", e.error.text);
        embedded_deinit(&e);
    }
}
