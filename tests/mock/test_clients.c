// SPDX-License-Identifier: Apache-2.0
// Admin, writer and reader on the embedded broker.
#include "embedded.h"
#include "hub/base/digest.h"
#include "hub/base/murmur2.h"
#include "hub/base/clock.h"
#include "tests/kit/core/cost.h"

struct reports {
    int written, failed, perhaps;
    int64_t last_offset;
    int32_t last_partition;
    void *last_cookie;
};

static void on_report(void *context, const struct writer_report *report)
{
    struct reports *reports = context;
    *(report->error ? &reports->failed : &reports->written) += 1;
    reports->perhaps += report->perhaps;
    reports->last_offset = report->offset;
    reports->last_partition = report->partition;
    reports->last_cookie = report->cookie;
}

static struct writer *new_writer(
    struct embedded *e, struct reports *reports, uint32_t queue_records, uint32_t timeout_ms)
{
    const struct writer_settings settings = {
        .report = on_report, .context = reports, .queue_records = queue_records, .timeout_ms = timeout_ms};
    struct writer *writer = writer_new(&e->settings, &settings, &e->error);
    cr_assert(writer, "%s", e->error.text);
    return writer;
}

static struct reader *new_reader(struct embedded *e, const struct reader_settings *settings)
{
    struct reader *reader = reader_new(&e->settings, settings, &e->error);
    cr_assert(reader, "%s", e->error.text);
    return reader;
}

Test(admin, lists_what_it_created_and_tells_what_exists)
{
    struct embedded e;
    embedded_init(&e);
    struct admin *admin = admin_new(&e.settings, &e.error);
    const char *const names[] = {"retention.ms"};
    cr_assert(admin_reachable(admin, 10000, &e.error), "%s", e.error.text);
    struct kafka_topics *topics = admin_topics(admin, names, 1, &e.error);
    cr_assert(topics, "%s", e.error.text);
    cr_expect_eq(topics->n, DEPLOYED);
    for (size_t i = 1; i < topics->n; i++)
        cr_expect_lt(strcmp(topics->rows[i - 1].name, topics->rows[i].name), 0);
    const struct kafka_topic *topic = admin_topics_find(topics, "in.agency-a");
    cr_assert(topic);
    cr_expect_eq(topic->partitions, LANES);
    cr_expect_null(admin_topics_find(topics, "in.nobody"));
    admin_topics_free(topics);

    const struct kafka_topic_row rows[] = {
        {.name = "relane", .partitions = 2, .replication = -1}, {.name = "in.new", .partitions = 2, .replication = -1}};
    struct kafka_result results[2];
    cr_expect_not(admin_create(admin, rows, 2, results, &e.error));
    cr_expect(!results[0].ok && results[0].existed && results[1].ok);
    admin_free(admin);
    embedded_deinit(&e);
}

Test(admin, an_absent_broker_is_named_with_the_likely_cause)
{
    struct error error;
    const struct kafka_settings settings = {.bootstrap = "127.0.0.1:1"};
    struct admin *admin = admin_new(&settings, &error);
    cr_assert(admin, "%s", error.text);
    cr_expect_not(admin_reachable(admin, 500, &error));
    cr_expect(strstr(error.text, "127.0.0.1:1") && strstr(error.text, "check the address"), "%s", error.text);
    admin_free(admin);
}

Test(writer, the_partition_is_that_of_kafkas_own_clients_and_the_report_tells_the_place)
{
    struct embedded e;
    embedded_init(&e);
    struct reports reports = {0};
    struct writer *writer = new_writer(&e, &reports, 0, 0);
    static const char *const keys[] = {"a", "b", "c", "line-1", "line-2"};
    int cookie = 0;
    cr_expect_eq(writer_partitions(writer, "in.agency-a"), LANES);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        cr_assert(writer_send(writer, "in.agency-a", -1, slice_text(keys[i]), slice_text("v"), NULL, 0, &cookie));
        cr_assert(writer_flush(writer, 10000), "%s", writer_error(writer)->text);
        cr_expect_eq(reports.last_partition, (int32_t)(murmur2_positive(slice_text(keys[i])) % LANES), "%s", keys[i]);
        cr_expect_geq(reports.last_offset, 0);
        cr_expect_eq(reports.last_cookie, &cookie);
    }
    cr_expect_eq(reports.written, 5);
    writer_free(writer);
    embedded_deinit(&e);
}

Test(writer, a_full_queue_is_waited_for_and_every_record_is_reported_once)
{
    struct embedded e;
    embedded_init(&e);
    struct reports reports = {0};
    struct writer *writer = new_writer(&e, &reports, 16, 20000);
    for (int i = 0; i < 1000; i++) {
        cr_assert(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL), "%s",
            writer_error(writer)->text);
        cr_assert_leq(i + 1 - reports.written - reports.failed, 16);
    }
    cr_expect(writer_flush(writer, 20000));
    cr_expect_eq(reports.written, 1000);
    cr_expect_eq(reports.failed, 0);
    writer_free(writer);
    embedded_deinit(&e);
}

static const struct {
    const char *topic;
    int32_t partition;
    size_t size;
    const char *says;
} refused[] = {
    {"in.nobody", -1, 1, "too long"},
    {"in.agency-a", 7, 1, "has no such partition"},
    {"in.agency-a", 0, 2000000, "too large for topic in.agency-a"},
};

Test(writer, what_is_not_taken_is_told_and_not_reported)
{
    static char large[2000000], long_name[250];
    struct embedded e;
    embedded_init(&e);
    memset(long_name, 'x', sizeof long_name - 1);
    struct reports reports = {0};
    struct writer *writer = new_writer(&e, &reports, 0, 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *topic = i == 0 ? long_name : refused[i].topic;
        cr_expect_not(writer_send(
            writer, topic, refused[i].partition, slice_text("k"), slice_of(large, refused[i].size), NULL, 0, NULL));
        cr_expect(strstr(writer_error(writer)->text, refused[i].says), "%s", writer_error(writer)->text);
    }
    cr_expect_eq(reports.written + reports.failed, 0);
    writer_free(writer);
    embedded_deinit(&e);
}

Test(writer, a_broker_that_went_away_is_reported_for_every_record)
{
    struct embedded e;
    embedded_init(&e);
    struct reports reports = {0};
    struct writer *writer = new_writer(&e, &reports, 0, 1000);
    cr_assert(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL));
    cr_assert(writer_flush(writer, 10000));
    rd_kafka_mock_broker_set_down(broker_cluster(e.broker), 1);
    for (int i = 0; i < 5; i++)
        cr_assert(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL));
    writer_flush(writer, 10000);
    cr_expect_eq(reports.failed, 5);
    cr_expect_eq(reports.last_offset, -1);
    writer_free(writer);
    embedded_deinit(&e);
}

Test(writer, what_is_given_up_on_its_way_may_be_written_and_what_never_left_is_not)
{
    static const struct {
        bool down;
        int perhaps;
    } cases[] = {{true, 0}, {false, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct embedded e;
        embedded_init(&e);
        struct reports reports = {0};
        struct writer *writer = new_writer(&e, &reports, 0, 60000);
        cr_assert(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL));
        cr_assert(writer_flush(writer, 10000));
        if (cases[i].down)
            rd_kafka_mock_broker_set_down(broker_cluster(e.broker), 1);
        else
            rd_kafka_mock_broker_set_rtt(broker_cluster(e.broker), 1, 60000);
        cr_assert(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL));
        cr_expect_not(writer_flush(writer, 1000));
        writer_free(writer);
        cr_expect_eq(reports.failed, 1);
        cr_expect_eq(reports.perhaps, cases[i].perhaps, "down %d", cases[i].down);
        embedded_deinit(&e);
    }
}

Test(clients, wait_no_longer_than_the_settings_have_patience)
{
    struct embedded e;
    embedded_init(&e);
    rd_kafka_mock_broker_set_rtt(broker_cluster(e.broker), 1, 60000);
    e.settings.patience_ms = 500;
    const struct reader_source source = {"in.agency-a", 0, 0};
    const struct reader_settings reading = {.sources = &source, .n_sources = 1, .stop_at_end = true};
    int64_t began_ms = clock_steady_ms();
    cr_expect_null(reader_new(&e.settings, &reading, &e.error));
    struct reports reports = {0};
    struct writer *writer = new_writer(&e, &reports, 0, 0);
    cr_expect_not(writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL));
    writer_free(writer);
    int64_t took_ms = clock_steady_ms() - began_ms;
    cr_expect(took_ms < 9000 || took_ms < cost_slack_ms(9000), "each would wait 10 s and more");
    embedded_deinit(&e);
}

// --- reader: from, then how many of the ten records at each of two partitions come ---------------

static const struct {
    enum reader_from from;
    int32_t partition;
    int64_t offset;
    int records;
} starts[] = {
    {READER_BEGINNING, -1, 0, 20},
    {READER_BEGINNING, 1, 0, 10},
    {READER_END, -1, 0, 0},
    {READER_OFFSET, 0, 7, 3},
    {READER_OFFSET, 0, -1, 10},
    {READER_OFFSET, 0, 10, 0},
};

static int read_all(struct reader *reader)
{
    struct kafka_record record;
    enum reader_status status;
    int n = 0;
    while ((status = reader_next(reader, 10000, &record)) == READER_RECORD)
        n++;
    cr_expect_eq(status, READER_AT_END, "%s", reader_error(reader)->text);
    cr_expect_eq(reader_next(reader, 0, &record), READER_AT_END);
    return n;
}

Test(reader, begins_where_it_is_told_and_ends_at_the_end)
{
    struct embedded e;
    embedded_init(&e);
    embedded_publish(&e, 0, "v", 10);
    embedded_publish(&e, 1, "v", 10);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        const struct reader_source source = {"in.agency-a", starts[i].partition, starts[i].offset};
        const struct reader_settings settings = {
            .sources = &source, .n_sources = 1, .from = starts[i].from, .stop_at_end = true};
        struct reader *reader = new_reader(&e, &settings);
        cr_expect_eq(read_all(reader), starts[i].records, "row %zu", i);
        reader_free(reader);
    }
    embedded_deinit(&e);
}

Test(reader, a_record_comes_whole)
{
    struct embedded e;
    embedded_init(&e);
    const struct writer_settings defaults = {0};
    struct writer *writer = writer_new(&e.settings, &defaults, &e.error);
    const struct kafka_header headers[] = {{"a", slice_text("1")}, {"b", slice_of("x\0y", 3)}, {"a", slice_text("2")}};
    cr_assert(writer_send(writer, "feed.force-a", 0, slice_text("k"), slice_text("v"), headers, 3, NULL));
    cr_assert(writer_send(writer, "feed.force-a", 0, slice_text("k"), slice_of(NULL, 0), NULL, 0, NULL));
    cr_assert(writer_flush(writer, 10000));
    writer_free(writer);

    const struct reader_source source = {"feed.force-a", -1, 0};
    const struct reader_settings settings = {.sources = &source, .n_sources = 1};
    struct reader *reader = new_reader(&e, &settings);
    struct kafka_record record;
    struct slice value;
    cr_assert_eq(reader_next(reader, 10000, &record), READER_RECORD, "%s", reader_error(reader)->text);
    cr_expect_str_eq(record.topic, "feed.force-a");
    cr_expect(slice_equal(record.key, slice_text("k")) && slice_equal(record.value, slice_text("v")));
    cr_expect_gt(record.timestamp_ms, 0);
    cr_expect_eq(record.n_headers, 3);
    cr_expect(kafka_record_header(&record, "a", &value) && slice_equal(value, slice_text("2")), "the last one counts");
    cr_expect(kafka_record_header(&record, "b", &value) && slice_equal(value, slice_of("x\0y", 3)));
    cr_expect_not(kafka_record_header(&record, "c", &value));
    cr_expect_not(record.tombstone);
    cr_assert_eq(reader_next(reader, 10000, &record), READER_RECORD);
    cr_expect(record.tombstone);
    cr_expect_eq(reader_next(reader, 100, &record), READER_NOTHING);
    reader_free(reader);
    embedded_deinit(&e);
}

static const struct {
    const char *topic;
    int32_t partition;
    enum reader_from from;
    int64_t offset;
    const char *says;
} unreadable[] = {
    {"in.agency-a", 9, READER_BEGINNING, 0, "numbered from 0"},
    {"in.agency-a", 0, READER_OFFSET, 99, "is not held by the broker, which has 0 to 1"},
    {"in.agency-a", 0, READER_GROUP, 0, "needs the group's name"},
};

Test(reader, what_cannot_be_read_is_told_at_the_start)
{
    struct embedded e;
    embedded_init(&e);
    embedded_publish(&e, 0, "v", 1);
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        const struct reader_source source = {unreadable[i].topic, unreadable[i].partition, unreadable[i].offset};
        const struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = unreadable[i].from};
        cr_expect_null(reader_new(&e.settings, &settings, &e.error));
        cr_expect(strstr(e.error.text, unreadable[i].says), "%s", e.error.text);
    }
    embedded_deinit(&e);
}

// The next thing that is not nothing, at most 40 s from now: a group takes its time to form.
static enum reader_status next_of(struct reader *reader, struct kafka_record *record)
{
    enum reader_status status = READER_NOTHING;
    for (int i = 0; i < 40 && status == READER_NOTHING; i++)
        status = reader_next(reader, 1000, record);
    return status;
}

Test(reader, a_group_goes_on_where_it_committed)
{
    struct embedded e;
    embedded_init(&e);
    embedded_publish(&e, 0, "v", 10);
    const struct reader_source source = {"in.agency-a", -1, 0};
    const struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_GROUP, .group = "sink", .stop_at_end = true};
    struct reader *reader = new_reader(&e, &settings);
    struct kafka_record record;
    for (int i = 0; i < 4; i++)
        cr_assert_eq(next_of(reader, &record), READER_RECORD, "%s", reader_error(reader)->text);
    cr_expect_eq(record.offset, 3);
    cr_assert(reader_commit(reader), "%s", reader_error(reader)->text);
    reader_free(reader);

    reader = new_reader(&e, &settings);
    for (int i = 4; i < 10; i++) {
        cr_assert_eq(next_of(reader, &record), READER_RECORD, "%s", reader_error(reader)->text);
        cr_expect_eq(record.offset, i);
    }
    cr_expect_eq(next_of(reader, &record), READER_AT_END, "%s", reader_error(reader)->text);
    reader_free(reader);
    embedded_deinit(&e);
}
