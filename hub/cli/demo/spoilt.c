// SPDX-License-Identifier: Apache-2.0
// Each spoilt record is a sample, sealed like any other, with one thing wrong.
#include "hub/cli/demo/spoilt.h"
#include "connectors/sdk/receipt_wait.h"
#include "connectors/sdk/seal.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/file.h"
#include "hub/control/control.h"
#include "hub/kafka/writer.h"
#include "hub/rules/registry.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct spoil {
    const char *agency, *what, *file, *signer;
    void (*spoil)(struct slice *value, struct slice *key, struct arena *arena);
};

static void leave_as_is(struct slice *value, struct slice *key, struct arena *arena)
{
    (void)value, (void)key, (void)arena;
}

static void change_text(struct slice *value, struct slice *key, struct arena *arena)
{
    (void)key;
    *value = arena_copy(arena, *value);
    uint8_t *line = memmem(value->data, value->len, "line", 4); // the first is in the signed header
    if (line)
        line[0] = 'L';
}

static void no_protobuf(struct slice *value, struct slice *key, struct arena *arena)
{
    (void)key, (void)arena;
    *value = slice_text("<report>this is not what was agreed</report>");
}

static void other_key(struct slice *value, struct slice *key, struct arena *arena)
{
    (void)value, (void)arena;
    *key = slice_text("some other line");
}

static const struct spoil spoils[SPOILT_COUNT] = {
    {"mopac", "the document with its Part 2 marked SECRET, as in the original", "spill.jsonl", "mopac", leave_as_is},
    {"kent", "a report changed after it was signed", "agencies/kent.jsonl", "kent", change_text},
    {"merseyside", "a report signed with another agency's key", "agencies/merseyside.jsonl", "kent", leave_as_is},
    {"btp", "something that is no protobuf at all", "agencies/btp.jsonl", "btp", no_protobuf},
    {"metropolitan", "a report filed under another line than its own", "agencies/metropolitan.jsonl", "metropolitan",
        other_key},
};

static json_t *first_line(const char *samples, const char *file, struct error *error)
{
    char path[4096];
    struct error why;
    size_t len;
    snprintf(path, sizeof path, "%s/%s", samples, file);
    char *text = file_read(path, 16u << 20, &len, &why);
    json_t *value = text ? json_loadb(text, strcspn(text, "\n"), 0, NULL) : NULL;
    if (!value)
        error_say(
            error, CAUSE_OTHER, "%.200s cannot be read as items: %.200s", path, text ? "it is not JSON." : why.text);
    free(text);
    return value;
}

// Where the samples and the keys are, and for which deployment is signed.
struct source {
    const char *samples, *keys;
    struct slice deployment;
};

static bool seal_item(const struct spoil *spoil, const struct source *source, struct arena *arena, struct slice *value,
    struct slice *key, struct error *error)
{
    char path[4096];
    struct problem why;
    struct item item;
    struct item_settings settings = {.agency = spoil->agency, .now_ms = (int64_t)time(NULL) * 1000};
    json_t *line = first_line(source->samples, spoil->file, error);
    if (!line)
        return false;
    json_object_del(json_object_get(line, "header"), "itemId"); // a new item each time
    bool read = item_from_json(line, &settings, arena, &item, &why);
    json_decref(line);
    snprintf(path, sizeof path, "%s/%s.pem", source->keys, spoil->signer);
    EVP_PKEY *signer = read ? keys_load(path, error) : NULL;
    const struct item *items[] = {&item};
    bool sealed =
        signer && seal_items(items, 1, &(struct seal_signer){source->deployment, spoil->agency, signer}, arena, value);
    EVP_PKEY_free(signer);
    if (!read)
        error_say(error, CAUSE_OTHER, "%s: %.400s", spoil->file, why.text);
    if (sealed) {
        *key = slice_text(item.header->subject);
        spoil->spoil(value, key, arena);
    }
    return sealed;
}

struct place {
    int32_t partition;
    int64_t offset;
};

static void note_place(void *context, const struct writer_report *report)
{
    (void)context;
    *(struct place *)report->cookie = (struct place){report->partition, report->error ? -1 : report->offset};
}

static void await_receipt(struct receipt_wait *receipts, struct place place, int timeout_ms, char code[64])
{
    const Signalbox__V1__Receipt *receipt;
    uint64_t line;
    uint32_t lane;
    receipt_wait_expect(receipts, place.partition, place.offset, 1);
    for (int waited = 0; receipt_wait_outstanding(receipts) && waited < timeout_ms; waited += 100)
        if (receipt_wait_next(receipts, 100, &receipt, &line, &lane) == RECEIPT_WAIT_RECEIPT)
            snprintf(code, 64, "%s", receipt->code);
}

static bool send_one(const struct kafka_settings *kafka, struct writer *writer, const struct spoil *spoil,
    struct slice key, struct slice value, int timeout_ms, char code[64], struct error *error)
{
    char topic[SEAL_TOPIC_BYTES];
    struct place place = {.offset = -1};
    struct receipt_wait *receipts = receipt_wait_new(kafka, spoil->agency, error);
    if (!receipts)
        return false;
    seal_topic(spoil->agency, topic);
    bool sent = writer_send(writer, topic, -1, key, value, NULL, 0, &place) && writer_flush(writer, timeout_ms) &&
                place.offset >= 0;
    if (sent)
        await_receipt(receipts, place, timeout_ms, code);
    else
        *error = *writer_error(writer);
    receipt_wait_free(receipts);
    return sent;
}

bool spoilt_send(const struct kafka_settings *kafka, const char *samples, const char *keys, int timeout_ms,
    struct spoilt_result results[SPOILT_COUNT], struct error *error)
{
    struct writer_settings settings = {.report = note_place};
    struct snapshot *snapshot = control_load(kafka, error);
    struct writer *writer = snapshot ? writer_new(kafka, &settings, error) : NULL;
    struct source source = {samples, keys, snapshot ? registry_deployment(snapshot->registry) : (struct slice){0}};
    struct arena arena;
    bool sent = writer != NULL;
    arena_init(&arena, 0);
    for (size_t i = 0; sent && i < SPOILT_COUNT; i++) {
        struct slice value, key;
        results[i] = (struct spoilt_result){.agency = spoils[i].agency, .what = spoils[i].what};
        sent = seal_item(&spoils[i], &source, &arena, &value, &key, error) &&
               send_one(kafka, writer, &spoils[i], key, value, timeout_ms, results[i].code, error);
    }
    arena_deinit(&arena);
    if (writer)
        writer_free(writer);
    snapshot_free(snapshot);
    return sent;
}
