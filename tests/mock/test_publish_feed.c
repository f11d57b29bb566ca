// SPDX-License-Identifier: Apache-2.0
// publish and feed as programs, on the embedded broker. The test plays the hub: it carries what was published to a
// feed, and answers with receipts.
#include "connectors/sdk/keys.h"
#include "hub/cli/frame/run.h"
#include "hub/kafka/broker.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signalbox/v1/receipt.pb-c.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct broker *broker;
static struct kafka_settings kafka;
static struct arena arena;
static json_t *kept[32]; // released at the end
static size_t n_kept;
static char folder[64], key_path[96], lines_path[96];
static struct error error;

struct topic {
    const char *name;
    int32_t partitions;
};

static const struct topic topics[] = {{"ctl.registry", 1}, {"ctl.policy", 1}, {"ctl.subscriptions", 1},
    {"in.metropolitan", 4}, {"feed.kent", 1}, {"receipt.metropolitan", 1}};

static void write_record(const char *topic, struct slice key, struct slice value)
{
    struct writer_settings settings = {0};
    struct writer *writer = writer_new(&kafka, &settings, &error);
    cr_assert(writer, "%s", error.text);
    cr_assert(writer_send(writer, topic, -1, key, value, NULL, 0, NULL), "%s", writer_error(writer)->text);
    cr_assert(writer_flush(writer, 10000));
    writer_free(writer);
}

static struct slice packed(const ProtobufCMessage *message)
{
    uint8_t *bytes = arena_alloc(&arena, protobuf_c_message_get_packed_size(message));
    return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void begin(void)
{
    arena_init(&arena, 0);
    snprintf(folder, sizeof folder, "/tmp/signalbox-path-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(key_path, sizeof key_path, "%s/metropolitan.key", folder);
    snprintf(lines_path, sizeof lines_path, "%s/lines.jsonl", folder);
    cr_assert(keys_save(kit_key("metropolitan")->key, key_path, &error), "%s", error.text);
    broker = broker_new(&error);
    cr_assert(broker, "%s", error.text);
    kafka = (struct kafka_settings){
        .bootstrap = broker_bootstrap(broker), .prefix = "", .embedded = true, .broker = broker};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        cr_assert(broker_create_topic(broker, topics[i].name, topics[i].partitions, &error), "%s", error.text);
    write_record("ctl.registry", slice_text("0000000001"), packed(&kit_registry(&arena)->base));
    write_record("ctl.policy", slice_text("0000000001"), packed(&kit_policy(&arena)->base));
}

static json_t *keep(json_t *value)
{
    cr_assert(value && n_kept < sizeof kept / sizeof *kept);
    return kept[n_kept++] = value;
}

static void end(void)
{
    while (n_kept > 0)
        json_decref(kept[--n_kept]);
    broker_free(broker);
    unlink(key_path);
    unlink(lines_path);
    rmdir(folder);
    arena_deinit(&arena);
}

TestSuite(publish_feed, .init = begin, .fini = end, .timeout = 120);

struct result {
    int status;
    const char *out, *err;
};

// Runs a command line; words end with NULL. What it wrote is in the arena.
static struct result run(const char *const *words)
{
    struct result result;
    char *out_text, *err_text;
    size_t out_len, err_len;
    char *arguments[32] = {"signalbox"};
    int n = 1;
    for (; *words; words++)
        arguments[n++] = (char *)(uintptr_t)*words;
    arguments[n++] = "--bootstrap";
    arguments[n++] = (char *)(uintptr_t)kafka.bootstrap;
    FILE *out = open_memstream(&out_text, &out_len), *err = open_memstream(&err_text, &err_len);
    result.status = cli_run(n, arguments, out, err);
    fclose(out);
    fclose(err);
    result.out = arena_text(&arena, slice_of(out_text, out_len));
    result.err = arena_text(&arena, slice_of(err_text, err_len));
    free(out_text);
    free(err_text);
    return result;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

// The row of each line of JSON, and how many there are.
static size_t rows_of(const char *text, json_t **rows, size_t max)
{
    size_t n = 0;
    while (*text && n < max) {
        const char *feed = strchr(text, '\n');
        cr_assert(feed, "%s", text);
        rows[n++] = keep(json_loadb(text, (size_t)(feed - text), 0, NULL));
        text = feed + 1;
    }
    return n;
}

static const char *text_of(const json_t *row, const char *member)
{
    const char *text = json_string_value(json_object_get(row, member));
    return text ? text : "";
}

static const char *line(const char *subject, const char *more)
{
    return arena_printf(&arena,
        "{\"header\":{\"subject\":\"%s\",\"strands\":[\"PURSUE\"],\"themes\":[\"drugs\"],\"product\":\"line-update\","
        "\"exporterForce\":\"metropolitan\",\"importerForces\":[\"kent\"],\"priority\":\"ROUTINE\",\"mopiGroup\":2,"
        "\"reviewUnixMs\":\"4000000000000\",\"sharingBasis\":\"policing-purpose\"%s},\"parts\":[{\"info\":{"
        "\"classification\":\"OFFICIAL\"},\"report\":{\"title\":\"A line\",\"statements\":[{\"text\":\"Said of %s.\","
        "\"sourceEvaluation\":1,\"intelligenceAssessment\":2,\"handling\":1}]}}]}\n",
        subject, more, subject);
}

// Reads everything on the agency's topic, calls each.
static size_t each_published(void (*each)(const struct kafka_record *record))
{
    struct reader_source source = {.topic = "in.metropolitan", .partition = -1};
    struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(&kafka, &settings, &error);
    struct kafka_record record;
    enum reader_status status;
    size_t n = 0;
    cr_assert(reader, "%s", error.text);
    while ((status = reader_next(reader, 1000, &record)) == READER_RECORD || status == READER_NOTHING) {
        if (status == READER_RECORD) {
            n++;
            each(&record);
        }
    }
    cr_assert_eq(status, READER_AT_END, "%s", reader_error(reader)->text);
    reader_free(reader);
    return n;
}

static void carry(const struct kafka_record *record)
{
    cr_expect_eq((uint32_t)record->partition, murmur2_positive(record->key) % 4);
    write_record("feed.kent", record->key, record->value);
}

static void carry_changed(const struct kafka_record *record)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, record->value).data;
    bytes[20] ^= 1;
    write_record("feed.kent", record->key, slice_of(bytes, record->value.len));
}

Test(publish_feed, an_item_goes_from_an_agencys_file_to_a_force_and_a_bad_line_costs_its_neighbours_nothing)
{
    json_t *rows[8];
    const char *text = arena_printf(
        &arena, "%s%s{\"header\"\n\n%s", line("line-1", ""), line("line-2", ",\"place\":7"), line("line-3", ""));
    write_file(lines_path, text);
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, "-o", "jsonl", lines_path);
    cr_expect_eq(sent.status, 3, "%d %s", sent.status, sent.err);
    cr_expect(strstr(sent.err, "line 2: ITEM_FORMAT at header.place: must be a text in quotes"), "%s", sent.err);
    cr_expect(strstr(sent.err, "line 3: LINE_JSON: "), "%s", sent.err);
    cr_expect(strstr(sent.err, "4 lines: 2 sent, 2 refused before sending, 0 not sent."), "%s", sent.err);
    cr_assert_eq(rows_of(sent.out, rows, 8), 4, "%s", sent.out);
    cr_expect_str_eq(text_of(rows[0], "code"), "ITEM_FORMAT");
    cr_expect_str_eq(text_of(rows[2], "state"), "sent");
    cr_assert_eq(each_published(carry), 2);
    cr_assert_eq(each_published(carry_changed), 2);

    struct result first = RUN("feed", "--force", "kent", "--exit-at-end", "-o", "jsonl");
    cr_expect_eq(first.status, 3, "%s", first.err);
    cr_assert_eq(rows_of(first.out, rows, 8), 2, "%s", first.out);
    cr_expect(strstr(first.err, "feed.kent, offset 2: "), "%s", first.err);
    cr_expect(strstr(first.err, "2 items for kent, 2 refused."), "%s", first.err);
    cr_expect_str_eq(text_of(json_object_get(rows[0], "header"), "agency"), "metropolitan");

    struct result again = RUN("feed", "--force", "kent", "--exit-at-end", "-o", "jsonl");
    cr_expect_eq(again.status, 0, "%s", again.err);
    cr_expect_str_eq(again.out, "");

    struct result all = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end");
    cr_expect(strstr(all.out, "[1BP] Said of line-1."), "%s", all.out);
    cr_expect(strstr(all.out, "Why: the line imports into here; "), "%s", all.out);
    struct result array = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end", "-o", "json");
    cr_expect_eq(json_array_size(keep(json_loads(array.out, 0, NULL))), 2, "%s", array.out);
}

// The hub, as far as receipts go: accepts all but the second record.
static void *answer(void *context)
{
    const atomic_bool *stop = context;
    struct reader_source source = {.topic = "in.metropolitan", .partition = -1};
    struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_BEGINNING};
    struct reader *reader = reader_new(&kafka, &settings, &error);
    struct kafka_record record;
    for (size_t n = 0; reader && !atomic_load(stop);) {
        if (reader_next(reader, 50, &record) != READER_RECORD)
            continue;
        Signalbox__V1__Receipt receipts[3], *list[3] = {&receipts[0], &receipts[1], &receipts[2]};
        Signalbox__V1__ReceiptBlock block = SIGNALBOX__V1__RECEIPT_BLOCK__INIT;
        for (size_t i = 0; i < 3; i++) {
            signalbox__v1__receipt__init(&receipts[i]);
            receipts[i].partition = (uint32_t)record.partition;
            receipts[i].offset = record.offset;
        }
        receipts[0].offset += 1000; // another publisher's
        receipts[1].verdict = SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED;
        receipts[1].code = "FORWARDED";
        receipts[2].verdict =
            n == 1 ? SIGNALBOX__V1__VERDICT__VERDICT_REFUSED : SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
        receipts[2].code = n == 1 ? "KEY_REVOKED" : "ACCEPTED";
        receipts[2].delivered = 5;
        receipts[2].ledger_sequence = 40 + n++;
        block.lane = 3;
        block.n_receipts = 3;
        block.receipts = list;
        write_record("receipt.metropolitan", slice_text("3"), packed(&block.base));
    }
    reader_free(reader);
    return NULL;
}

Test(publish_feed, every_item_gets_its_receipt_when_asked_to_wait)
{
    pthread_t hub;
    atomic_bool stop = false;
    json_t *rows[8];
    write_file(lines_path, arena_printf(&arena, "%s%s%s", line("line-1", ""), line("line-2", ""), line("line-3", "")));
    cr_assert(pthread_create(&hub, NULL, answer, &stop) == 0);
    struct result sent =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--wait", "-o", "jsonl", lines_path);
    atomic_store(&stop, true);
    pthread_join(hub, NULL);
    cr_expect_eq(sent.status, 3, "%d %s", sent.status, sent.err);
    cr_assert_eq(rows_of(sent.out, rows, 8), 3, "%s", sent.out);
    cr_expect_str_eq(text_of(rows[0], "code"), "ACCEPTED");
    cr_expect_str_eq(text_of(rows[0], "ledger"), "3/40");
    cr_expect_eq(json_integer_value(json_object_get(rows[0], "delivered")), 5);
    cr_expect_str_eq(text_of(rows[1], "code"), "KEY_REVOKED");
    cr_expect_str_eq(text_of(rows[1], "remedy"), "Register a new key and sign with it.");
    cr_expect(strstr(sent.err, "The hub: 2 accepted, 0 known already, 1 refused, 0 without receipt."), "%s", sent.err);
}

Test(publish_feed, no_receipt_in_time_is_said_and_is_a_failure)
{
    write_file(lines_path, line("line-1", ""));
    struct result sent =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--wait", "--timeout", "1", lines_path);
    cr_expect_eq(sent.status, 1, "%d %s", sent.status, sent.err);
    cr_expect(strstr(sent.err, "line 1: NO_RECEIPT: "), "%s", sent.err);
}

Test(publish_feed, strict_stops_at_the_first_bad_line_and_a_dry_run_sends_nothing)
{
    write_file(lines_path, arena_printf(&arena, "%s{}\n%s", line("line-1", ""), line("line-2", "")));
    struct result dry = RUN("publish", "--agency", "metropolitan", "--dry-run", lines_path);
    cr_expect_eq(dry.status, 3, "%s", dry.err);
    cr_expect_str_eq(dry.out, "line 1: good, not sent\nline 3: good, not sent\n");
    struct result strict =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--strict", "--batch", "1", lines_path);
    cr_expect_eq(strict.status, 3, "%s", strict.err);
    cr_expect(strstr(strict.err, "2 lines: 1 sent, 1 refused before sending, 0 not sent."), "%s", strict.err);
    cr_expect_eq(each_published(carry), 1);
}

struct wrong {
    const char *words[10];
    int status;
    const char *said;
};

static const struct wrong wrongs[] = {
    {{"publish", "-"}, 2, "--agency ID says who publishes."},
    {{"publish", "--agency", "metropolitan"}, 2, "--key FILE says what to sign with"},
    {{"publish", "--agency", "metropolitan", "--dry-run", "/nowhere/x"}, 4, "/nowhere/x cannot be read: No such file"},
    {{"publish", "--agency", "metropolitan", "--key", "/nowhere/x"}, 1, "/nowhere/x cannot be read: No such file"},
    {{"publish", "--agency", "kent", "--key", key_path}, 1, "KEY_UNKNOWN: The key is not registered for this agency."},
    {{"publish", "--agency", "atlantis", "--key", key_path}, 1, "AGENCY_UNKNOWN: "},
    {{"feed"}, 2, "--force ID says whose feed it is."},
    {{"feed", "--force", "atlantis"}, 4, "atlantis has no feed by the registry"},
    {{"feed", "--force", "kent", "--from", "yesterday"}, 2, "--from takes committed, beginning, end, or a time"},
    {{"feed", "--force", "kent", "--from", "end", "--group", "g"}, 2,
        "--group keeps a place only with --from committed"},
};

Test(publish_feed, what_cannot_work_is_said_with_the_right_exit_status)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct result result = run(wrongs[i].words);
        cr_expect_eq(result.status, wrongs[i].status, "%zu: %d %s", i, result.status, result.err);
        cr_expect(strstr(result.err, wrongs[i].said), "%zu: %s", i, result.err);
    }
}
