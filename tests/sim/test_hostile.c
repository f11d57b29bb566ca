// SPDX-License-Identifier: Apache-2.0
// Every hostile value in one stream through the whole loop, with a good item behind each: the value is decided once, as
// its row says, the good item is delivered, and nothing that must not be kept is found anywhere.
#include "tests/kit/core/hostile.h"
#include "tests/kit/core/ledger_blocks.h"
#include "hub/contract/outcome.h"
#include "tests/kit/loop/world.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES       4
#define SUBSCRIBERS 4
#define ROWS_MAX    512

struct sent {
    struct hostile hostile; // without a name: a good item
    const char *topic;
    int64_t offset;
    const Signalbox__V1__LedgerEntry *entry;
};

struct stream {
    struct world world;
    struct snapshot *snapshot;
    struct sent rows[ROWS_MAX];
    size_t n;
    uint64_t good_seed;
};

static int64_t append(struct world *world, const struct record *record)
{
    struct arena *arena = &world->arena;
    const char *topic = arena_text(arena, record->topic);
    if (strcmp(topic, "relane") != 0)
        return model_append(world->model, topic, record->lane, record->key, record->value);
    struct bus_header *headers = arena_alloc(arena, 4 * sizeof *headers);
    headers[0] = (struct bus_header){"signalbox-origin-topic", record->origin_topic};
    headers[1] = (struct bus_header){
        "signalbox-origin-partition", slice_text(arena_printf(arena, "%d", record->origin_partition))};
    headers[2] = (struct bus_header){
        "signalbox-origin-appended", slice_text(arena_printf(arena, "%lld", (long long)record->origin_appended_ms))};
    headers[3] = (struct bus_header){
        "signalbox-origin-offset", slice_text(arena_printf(arena, "%lld", (long long)record->origin_offset))};
    return model_append_headers(
        world->model, topic, record->lane, record->key, record->value, headers, record->origin_offset >= 0 ? 4 : 3);
}

static void send(struct stream *stream, const struct hostile *hostile)
{
    if (stream->n == ROWS_MAX)
        abort();
    stream->rows[stream->n++] = (struct sent){.hostile = *hostile,
        .topic = arena_text(&stream->world.arena, hostile->record.topic),
        .offset = append(&stream->world, &hostile->record)};
}

static void send_good(struct stream *stream, const struct record *record, enum outcome outcome)
{
    struct hostile good = {.record = *record, .outcome = outcome, .path = ""};
    send(stream, &good);
}

// A good item for this lane.
static void send_good_on(struct stream *stream, uint32_t lane)
{
    struct arena *arena = &stream->world.arena;
    for (;;) {
        struct kit_item *item = kit_report(arena, "essex", stream->good_seed++);
        struct record record = kit_record(arena, item, (struct slice){0}, LANES);
        if (record.lane != lane)
            continue;
        record.value = kit_envelope(arena, item);
        send_good(stream, &record, OUTCOME_ACCEPTED);
        return;
    }
}

static void stream_init(struct stream *stream)
{
    stream->n = 0;
    stream->good_seed = 100000;
    stream->snapshot = hostile_snapshot(SUBSCRIBERS);
    world_init(&stream->world, LANES, stream->snapshot);
    model_topic(stream->world.model, "in.atlantis", LANES);
    model_topic(stream->world.model, "receipt.atlantis", 1);
    for (size_t i = 0; i < hostile_count(); i++) {
        struct hostile hostile;
        hostile_make(&stream->world.arena, i, LANES, &hostile);
        if (hostile.before.value.len)
            send_good(stream, &hostile.before, hostile.before_outcome);
        send(stream, &hostile);
        send_good_on(stream, hostile.record.lane);
    }
}

static void stream_deinit(struct stream *stream)
{
    world_deinit(&stream->world);
    snapshot_free(stream->snapshot);
}

static struct sent *sent_at(struct stream *stream, uint32_t lane, const Signalbox__V1__LedgerEntry *entry)
{
    for (size_t i = 0; i < stream->n; i++) {
        struct sent *sent = &stream->rows[i];
        if (sent->offset == entry->offset && sent->hostile.record.lane == lane &&
            kit_entry_on(stream->snapshot, entry, sent->topic))
            return sent;
    }
    return NULL;
}

static void read_ledger(struct stream *stream)
{
    for (uint32_t lane = 0; lane < LANES; lane++) {
        struct model_record record;
        for (int64_t at = 0; model_read(stream->world.model, "ledger", lane, true, &at, &record);) {
            struct kit_block block = kit_block_read(&stream->world.arena, record.value);
            for (size_t i = 0; i < block.n; i++) {
                struct sent *sent = sent_at(stream, lane, block.entries[i]);
                cr_assert(sent, "an entry without a record");
                cr_expect_null(
                    sent->entry, "%s has two entries", sent->hostile.name ? sent->hostile.name : "a good item");
                sent->entry = block.entries[i];
            }
        }
    }
}

static bool is_refused(const struct sent *sent)
{
    return outcome_row(sent->hostile.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
}

static void expect_entries(const struct stream *stream)
{
    for (size_t i = 0; i < stream->n; i++) {
        const struct sent *sent = &stream->rows[i];
        const char *name = sent->hostile.name ? sent->hostile.name : "a good item";
        cr_assert(sent->entry, "%s, record %zu, has no entry", name, i);
        cr_expect_str_eq(
            kit_entry_code(sent->entry), outcome_row(sent->hostile.outcome)->code, "%s: %s", name, sent->entry->code);
        cr_expect_str_eq(sent->entry->field_path, is_refused(sent) ? sent->hostile.path : "", "%s: %s", name,
            sent->entry->field_path);
    }
}

static const struct sent *sent_with(const struct stream *stream, const struct model_record *kept)
{
    struct slice offset = {0}, topic = {0}, partition = {0};
    for (size_t i = 0; i < kept->n_headers; i++) {
        struct slice value = kept->headers[i].value;
        if (strcmp(kept->headers[i].name, "signalbox-offset") == 0)
            offset = value;
        else if (strcmp(kept->headers[i].name, "signalbox-topic") == 0)
            topic = value;
        else if (strcmp(kept->headers[i].name, "signalbox-partition") == 0)
            partition = value;
    }
    for (size_t i = 0; i < stream->n; i++) {
        char number[24], lane[16];
        snprintf(number, sizeof number, "%lld", (long long)stream->rows[i].offset);
        snprintf(lane, sizeof lane, "%u", stream->rows[i].hostile.record.lane);
        if (slice_equal(topic, slice_text(stream->rows[i].topic)) && slice_equal(offset, slice_text(number)) &&
            slice_equal(partition, slice_text(lane)))
            return &stream->rows[i];
    }
    return NULL;
}

static void expect_quarantine(const struct stream *stream)
{
    size_t expected = 0, found = 0;
    for (size_t i = 0; i < stream->n; i++)
        expected += is_refused(&stream->rows[i]);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        struct model_record kept;
        for (int64_t at = 0; model_read(stream->world.model, "quarantine", lane, true, &at, &kept); found++) {
            const struct sent *sent = sent_with(stream, &kept);
            cr_assert(sent && is_refused(sent), "quarantine holds what was not refused");
            bool keep = !sent->hostile.spilt && sent->hostile.record.value.len <= STEP_KEPT_BYTES;
            cr_expect(slice_equal(kept.value, keep ? sent->hostile.record.value : (struct slice){0}),
                "%s: %zu bytes in quarantine", sent->hostile.name, kept.value.len);
        }
    }
    cr_expect_eq(found, expected, "%zu records in quarantine, of %zu", found, expected);
}

// Whether the value stands on the feed once, untouched.
static bool is_on_feed(const struct stream *stream, const char *feed, struct slice value)
{
    struct model_record record;
    size_t n = 0;
    for (int64_t at = 0; model_read(stream->world.model, feed, 0, true, &at, &record);)
        n += world_copy(record.value, value);
    return n == 1;
}

static void expect_feeds(const struct stream *stream)
{
    for (size_t i = 0; i < stream->n; i++)
        if (!stream->rows[i].hostile.name && stream->rows[i].hostile.outcome == OUTCOME_ACCEPTED)
            cr_expect(is_on_feed(stream, "feed.nclcc", stream->rows[i].hostile.record.value),
                "the good item is missing that is record %zu", i);
}

Test(hostile, each_value_is_decided_as_it_should_be_and_the_lane_goes_on)
{
    static struct stream stream;
    stream_init(&stream);
    struct world_worker *worker = world_join(&stream.world);
    world_share(&stream.world);
    world_settle(&stream.world);
    cr_assert_str_empty(worker_error(worker->worker)->text);
    read_ledger(&stream);
    expect_entries(&stream);
    expect_quarantine(&stream);
    expect_feeds(&stream);
    cr_expect_eq(atomic_load(&worker->counters->records_total), stream.n);
    cr_expect_eq(atomic_load(&worker->counters->aborts_total), 0, "a transaction was given up");
    stream_deinit(&stream);
}
