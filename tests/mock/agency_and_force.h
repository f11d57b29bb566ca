// SPDX-License-Identifier: Apache-2.0
// One agency and one force on an embedded broker, without a hub: the test plays the hub, carries what was published to
// the feed, and answers with receipts.
#pragma once
#include "connectors/sdk/keys.h"
#include "connectors/sdk/nonce_key.h"
#include "hub/base/murmur2.h"
#include "hub/control/control_value.h"
#include "hub/kafka/broker.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <jansson.h>
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
static char folder[64], key_path[96], nonce_path[96], lines_path[96];
static struct error error;

struct topic {
    const char *name;
    int32_t partitions;
};

static const struct topic topics[] = {{"ctl.registry", 1}, {"ctl.policy", 1}, {"ctl.subscriptions", 1},
    {"in.metropolitan", 4}, {"feed.kent", 1}, {"exercise.kent", 1}, {"receipt.metropolitan", 1}};

static inline void write_with_headers(
    const char *topic, struct slice key, struct slice value, const struct kafka_header *headers, size_t n_headers)
{
    struct writer_settings settings = {0};
    struct writer *writer = writer_new(&kafka, &settings, &error);
    cr_assert(writer, "%s", error.text);
    cr_assert(writer_send(writer, topic, -1, key, value, headers, n_headers, NULL), "%s", writer_error(writer)->text);
    cr_assert(writer_flush(writer, 10000));
    writer_free(writer);
}

static inline void write_record(const char *topic, struct slice key, struct slice value)
{
    write_with_headers(topic, key, value, NULL, 0);
}

static inline struct slice packed(const ProtobufCMessage *message)
{
    uint8_t *bytes = arena_alloc(&arena, protobuf_c_message_get_packed_size(message));
    return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static inline void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static inline void begin(void)
{
    arena_init(&arena, 0);
    snprintf(folder, sizeof folder, "/tmp/signalbox-path-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(key_path, sizeof key_path, "%s/metropolitan.key", folder);
    snprintf(nonce_path, sizeof nonce_path, "%s/metropolitan.nonce", folder);
    snprintf(lines_path, sizeof lines_path, "%s/lines.jsonl", folder);
    cr_assert(keys_save(kit_key("metropolitan")->key, key_path, &error), "%s", error.text);
    cr_assert(nonce_key_save(&(const struct nonce_key){{7}}, nonce_path, &error), "%s", error.text);
    broker = broker_new(&error);
    cr_assert(broker, "%s", error.text);
    kafka = (struct kafka_settings){
        .bootstrap = broker_bootstrap(broker), .prefix = "", .embedded = true, .broker = broker};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        cr_assert(broker_create_topic(broker, topics[i].name, topics[i].partitions, &error), "%s", error.text);
    write_record(
        "ctl.registry", slice_text("0000000001"), control_value_pack(&kit_registry(&arena)->base, NULL, &arena));
    write_record("ctl.policy", slice_text("0000000001"), control_value_pack(&kit_policy(&arena)->base, NULL, &arena));
}

static inline json_t *keep(json_t *value)
{
    cr_assert(value && n_kept < sizeof kept / sizeof *kept);
    return kept[n_kept++] = value;
}

static inline void end(void)
{
    while (n_kept > 0)
        json_decref(kept[--n_kept]);
    broker_free(broker);
    unlink(key_path);
    unlink(nonce_path);
    unlink(lines_path);
    rmdir(folder);
    arena_deinit(&arena);
}

static inline const char *line(const char *subject, const char *more)
{
    return arena_printf(&arena,
        "{\"reference\":\"of "
        "%s\",\"header\":{\"subject\":\"%s\",\"strands\":[\"PURSUE\"],\"themes\":[\"drugs\"],\"product\":\"line-"
        "update\","
        "\"exporterForces\":[\"metropolitan\"],\"importerForces\":[\"kent\"],\"priority\":\"ROUTINE\",\"mopiGroup\":2,"
        "\"reviewUnixMs\":\"4000000000000\",\"sharingBasis\":\"policing-purpose\"%s},\"parts\":[{\"info\":{"
        "\"classification\":\"OFFICIAL\"},\"report\":{\"title\":\"A line\",\"statements\":[{\"text\":\"Said of %s.\","
        "\"sourceEvaluation\":1,\"intelligenceAssessment\":2,\"handling\":1}]}}]}\n",
        subject, subject, more, subject);
}

// Reads everything on the agency's topic, calls each.
static inline size_t each_published(void (*each)(const struct kafka_record *record))
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

// What a feed may have of an item: all but the routing block.
static inline struct slice feed_copy(struct slice value)
{
    struct envelope envelope;
    struct refusal refusal = {.path = ""};
    cr_assert(envelope_open(value, NULL, &envelope, &refusal), "%s", refusal.path);
    return envelope_copy(&envelope, UINT32_MAX, &arena);
}

static inline void carry(const struct kafka_record *record)
{
    cr_expect_eq((uint32_t)record->partition, murmur2_positive(record->key) % 4);
    write_record("feed.kent", record->key, feed_copy(record->value));
}

static inline void carry_to_exercise(const struct kafka_record *record)
{
    write_record("exercise.kent", record->key, feed_copy(record->value));
}

static inline void carry_changed(const struct kafka_record *record)
{
    struct slice copy = arena_copy(&arena, feed_copy(record->value));
    ((uint8_t *)(uintptr_t)copy.data)[20] ^= 1;
    write_record("feed.kent", record->key, copy);
}

// The hub, as far as receipts go: accepts all but the second record.
static inline void *answer(void *context)
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
        receipts[2].reference = "KL-2026-17";
        receipts[2].subject = "line-1";
        receipts[2].revision = 1;
        receipts[2].highest_revision = n++ == 2 ? 4 : 1;
        block.lane = 3;
        block.n_receipts = 3;
        block.receipts = list;
        write_record("receipt.metropolitan", slice_text("3"), packed(&block.base));
    }
    reader_free(reader);
    return NULL;
}
