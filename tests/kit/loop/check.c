// SPDX-License-Identifier: Apache-2.0
// Reads the whole cluster with protobuf-c, which shares no code with the packers, and holds everything against the
// ledger.
#include "tests/kit/loop/check.h"
#include "hub/rules/registry.h"
#include "hub/state/restore.h"
#include "tests/kit/core/ledger_blocks.h"
#include <signalbox/v1/envelope.pb-c.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct row { // an entry of the ledger
    const Signalbox__V1__LedgerEntry *entry;
    struct slice value; // of the record that it is about
    uint32_t receipts, quarantined, delivered;
};

struct books {        // of one lane
    struct row *rows; // by sequence - 1
    size_t n, capacity;
    const Signalbox__V1__LedgerFront *front; // the last one
    struct digest head;
};

struct audit {
    const struct world *world;
    struct check *check;
    struct arena arena;
    struct books lanes[64];
};

static bool say_wrong(struct audit *audit, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool say_wrong(struct audit *audit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(audit->check->error, sizeof audit->check->error, format, arguments);
    va_end(arguments);
    return false;
}

static void *row_room(void *rows, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return rows;
    *capacity = *capacity ? *capacity * 2 : 64;
    rows = realloc(rows, *capacity * size);
    if (!rows)
        abort();
    return rows;
}

static struct slice binary_slice(ProtobufCBinaryData data)
{
    return slice_of(data.data, data.len);
}

static void count_entry(struct check *check, const Signalbox__V1__LedgerEntry *entry)
{
    check->entries++;
    check->deliveries += entry->n_delivered;
    check->accepted += entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    check->duplicates += entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE;
    check->refused += entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
    check->forwarded += entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED;
}

static bool same_or_newer(const Signalbox__V1__LedgerFront *front, const Signalbox__V1__LedgerFront *before)
{
    return !before ||
           (front->registry_version >= before->registry_version && front->policy_version >= before->policy_version &&
               front->subscriptions_version >= before->subscriptions_version);
}

static bool add_block(struct audit *audit, uint32_t lane, struct slice value)
{
    struct books *books = &audit->lanes[lane];
    struct kit_block block = kit_block_read(&audit->arena, value);
    const Signalbox__V1__LedgerFront *front = block.front;
    if (!block.whole)
        return say_wrong(audit, "ledger %" PRIu32 ": a front was made over other entries", lane);
    if (front->lane != lane || !slice_equal(binary_slice(front->previous_sha256), digest_slice(&books->head)))
        return say_wrong(audit, "ledger %" PRIu32 ": the block of entry %zu breaks the chain", lane, books->n + 1);
    if (front->first_sequence != books->n + 1 || !same_or_newer(front, books->front))
        return say_wrong(audit, "ledger %" PRIu32 ": before entry %zu there is a gap or a step back in versions", lane,
            books->n + 1);
    for (size_t i = 0; i < block.n; i++) {
        books->rows = row_room(books->rows, books->n, &books->capacity, sizeof *books->rows);
        books->rows[books->n++] = (struct row){.entry = block.entries[i]};
        count_entry(audit->check, block.entries[i]);
    }
    books->front = front;
    books->head = block.head;
    return true;
}

static bool read_ledger(struct audit *audit)
{
    struct model_record record;
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        for (int64_t at = 0; model_read(audit->world->model, "ledger", lane, true, &at, &record);)
            if (!add_block(audit, lane, record.value))
                return false;
    return true;
}

static const Signalbox__V1__Envelope *envelope_of(struct audit *audit, struct slice value)
{
    return signalbox__v1__envelope__unpack(arena_allocator(&audit->arena), value.len, value.data);
}

// By the leaf of its header where it was taken in as signed, by its digest elsewhere.
static bool names_value(struct audit *audit, const Signalbox__V1__LedgerEntry *entry, struct slice value)
{
    struct digest digest = digest_of(value);
    if (entry->leaf.len == 0)
        return slice_equal(binary_slice(entry->value_sha256), digest_slice(&digest));
    const Signalbox__V1__Envelope *envelope = envelope_of(audit, value);
    struct slice header = envelope ? binary_slice(envelope->header) : (struct slice){0};
    digest = kit_merkle_root(&header, 1);
    return envelope && slice_equal(binary_slice(entry->leaf), digest_slice(&digest));
}

// Entries of a topic must name its records one by one, in order.
static bool covers_lane(struct audit *audit, const char *topic, uint32_t lane)
{
    const struct books *books = &audit->lanes[lane];
    struct model_record record;
    int64_t at = 0;
    for (size_t i = 0; i < books->n; i++) {
        const Signalbox__V1__LedgerEntry *entry = books->rows[i].entry;
        if (!kit_entry_on(audit->world->snapshot, entry, topic))
            continue;
        if (!model_read(audit->world->model, topic, lane, true, &at, &record) || record.offset != entry->offset)
            return say_wrong(audit, "%s/%" PRIu32 ": entry %zu names offset %" PRId64 ", which is not the next record",
                topic, lane, i + 1, entry->offset);
        if (!names_value(audit, entry, record.value))
            return say_wrong(audit, "%s/%" PRIu32 ": entry %zu has another digest than its record", topic, lane, i + 1);
        books->rows[i].value = record.value;
    }
    if (model_read(audit->world->model, topic, lane, true, &at, &record))
        return say_wrong(audit, "%s/%" PRIu32 ": offset %" PRId64 " was never decided", topic, lane, record.offset);
    return true;
}

static const char *org_id(const struct audit *audit, unsigned org)
{
    return registry_row(audit->world->snapshot->registry, org)->id;
}

static unsigned n_orgs(const struct audit *audit)
{
    return registry_size(audit->world->snapshot->registry);
}

// An anchor must name a record as it lies there, below what comes next.
static bool anchor_holds(
    struct audit *audit, const char *topic, uint32_t lane, const struct mark_anchor *anchor, int64_t next)
{
    struct model_record record;
    int64_t at = anchor->offset;
    if (at < 0)
        return true;
    bool there = at < next && model_read(audit->world->model, topic, lane, true, &at, &record) &&
                 record.offset == anchor->offset;
    struct digest digest = digest_of(there ? record.value : (struct slice){0});
    return there && record.appended_ms == anchor->appended_ms && memcmp(&digest, &anchor->value, sizeof digest) == 0;
}

// Offset of the last record, or -1.
static int64_t last_record(struct audit *audit, const char *topic, uint32_t lane)
{
    struct model_record record = {.offset = -1};
    for (int64_t at = 0; model_read(audit->world->model, topic, lane, true, &at, &record);)
        continue;
    return record.offset;
}

static bool anchors_hold(struct audit *audit, const char *topic, uint32_t lane, const struct mark_position *row)
{
    if (row->newest.offset == last_record(audit, topic, lane) && row->older.offset <= row->newest.offset &&
        anchor_holds(audit, topic, lane, &row->newest, row->next) &&
        anchor_holds(audit, topic, lane, &row->older, row->newest.offset))
        return true;
    return say_wrong(audit, "%s/%" PRIu32 ": the mark's anchors %" PRId64 " and %" PRId64 " are not what was decided",
        topic, lane, row->older.offset, row->newest.offset);
}

// Both witnesses must agree and stand at the last record decided.
static bool witnesses_agree(struct audit *audit, const char *topic, uint32_t lane, const struct mark *mark)
{
    const struct mark_position *row = mark_find(mark, topic);
    int64_t offset = model_offset(audit->world->model, topic, lane), at = offset;
    struct model_record record;
    if ((row ? row->next : BUS_NO_OFFSET) != offset)
        return say_wrong(audit, "%s/%" PRIu32 ": the group says %" PRId64 ", the mark %" PRId64, topic, lane, offset,
            row ? row->next : -1);
    if (at >= 0 && model_read(audit->world->model, topic, lane, true, &at, &record))
        return say_wrong(audit, "%s/%" PRIu32 ": records are left above the offset", topic, lane);
    return !row || anchors_hold(audit, topic, lane, row);
}

static bool each_inbound(struct audit *audit, uint32_t lane, const struct mark *mark)
{
    char topic[64] = "relane";
    for (unsigned i = 0; i <= n_orgs(audit); i++) {
        if (!covers_lane(audit, topic, lane) || !witnesses_agree(audit, topic, lane, mark))
            return false;
        if (i < n_orgs(audit))
            snprintf(topic, sizeof topic, "in.%s", org_id(audit, i));
    }
    return true;
}

static uint64_t count_remembered(const struct books *books)
{
    uint64_t n = 0;
    for (size_t i = 0; i < books->n; i++)
        n += books->rows[i].entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED ? 3 : 0;
    return n;
}

static bool state_holds(struct audit *audit, uint32_t lane, struct restore *restore, struct memory *memory)
{
    const struct books *books = &audit->lanes[lane];
    struct model_record record;
    restore_begin(restore, memory, lane, audit->world->lanes);
    for (int64_t at = 0; model_read(audit->world->model, "state", lane, true, &at, &record);)
        if (!restore_record(restore, record.offset, record.value))
            return say_wrong(audit, "%s", restore->error.text);
    if (!restore_finish(restore))
        return say_wrong(audit, "%s", restore->error.text);
    if (restore->mark.ledger_sequence != books->n ||
        (books->n && memcmp(&restore->mark.ledger_head, &books->head, sizeof books->head) != 0))
        return say_wrong(audit, "state %" PRIu32 ": the mark does not name the last ledger block", lane);
    if (memory_count(memory) != count_remembered(books))
        return say_wrong(audit, "state %" PRIu32 ": %zu remembered, %" PRIu64 " accepted by the ledger", lane,
            memory_count(memory), count_remembered(books));
    return true;
}

static bool lane_holds(struct audit *audit, uint32_t lane)
{
    struct restore restore;
    struct memory memory = {.lane = lane};
    bool holds =
        memory_init(&memory) && state_holds(audit, lane, &restore, &memory) && each_inbound(audit, lane, &restore.mark);
    restore_deinit(&restore);
    memory_deinit(&memory);
    return holds;
}

static struct slice header_of(const struct model_record *record, const char *name)
{
    for (size_t i = 0; i < record->n_headers; i++)
        if (strcmp(record->headers[i].name, name) == 0)
            return record->headers[i].value;
    return (struct slice){0};
}

static struct row *row_at(struct audit *audit, uint64_t lane, uint64_t sequence)
{
    if (lane >= audit->world->lanes || sequence == 0 || sequence > audit->lanes[lane].n)
        return NULL;
    return &audit->lanes[lane].rows[sequence - 1];
}

// Place of a force among those that an entry was delivered to, or -1.
static int place_in(const struct audit *audit, const struct row *row, const char *force)
{
    return kit_delivered(row->entry, kit_number(audit->world->snapshot, force));
}

// A copy is the record itself, or its header and proof with those parts that the ledger says.
static bool is_copy(struct audit *audit, const struct row *row, int place, struct slice copy)
{
    if (row->entry->n_parts == 0)
        return slice_equal(copy, row->value);
    const Signalbox__V1__Envelope *sent = envelope_of(audit, row->value), *got = envelope_of(audit, copy);
    if (!sent || !got || !slice_equal(binary_slice(sent->header), binary_slice(got->header)))
        return false;
    uint32_t parts = 0;
    for (size_t i = 0; i < got->n_parts; i++) {
        uint32_t index = got->parts[i]->index;
        if (index >= sent->n_parts ||
            !slice_equal(binary_slice(got->parts[i]->content), binary_slice(sent->parts[index]->content)))
            return false;
        parts |= 1u << index;
    }
    return parts == kit_column(row->entry->n_parts, row->entry->parts, place);
}

static bool delivery_holds(struct audit *audit, const char *force, const struct model_record *record, uint64_t *last)
{
    struct slice position = header_of(record, "signalbox-ledger");
    char text[64];
    uint64_t lane = 0, sequence = 0;
    snprintf(text, sizeof text, "%.*s", (int)position.len, position.len ? (const char *)position.data : "");
    struct row *row =
        sscanf(text, "%" SCNu64 "/%" SCNu64, &lane, &sequence) == 2 ? row_at(audit, lane, sequence) : NULL;
    int place = row ? place_in(audit, row, force) : -1;
    if (place < 0)
        return say_wrong(audit, "feed.%s: offset %" PRId64 " is a delivery that the ledger does not know (%s)", force,
            record->offset, text);
    if (sequence <= last[lane])
        return say_wrong(
            audit, "feed.%s: offset %" PRId64 " comes twice or out of order (%s)", force, record->offset, text);
    if (!is_copy(audit, row, place, record->value))
        return say_wrong(
            audit, "feed.%s: offset %" PRId64 " is not what the ledger says was delivered", force, record->offset);
    last[lane] = sequence;
    row->delivered++;
    return true;
}

static bool may_be_there(struct audit *audit, const char *force, const char *topic)
{
    struct check *check = audit->check;
    struct model_record record;
    for (int64_t at = 0; model_read(audit->world->model, topic, 0, false, &at, &record);) {
        check->aborted_records += !record.committed;
        if (check->allowed && !check->allowed(check->context, force, record.value))
            return say_wrong(audit, "%s: offset %" PRId64 " (%s) is not for this force", topic, record.offset,
                record.committed ? "committed" : "aborted");
    }
    return true;
}

static void digest_record(EVP_MD_CTX *context, const struct model_record *record)
{
    EVP_DigestUpdate(context, record->key.data, record->key.len);
    EVP_DigestUpdate(context, record->value.data, record->value.len);
    for (size_t i = 0; i < record->n_headers; i++) {
        EVP_DigestUpdate(context, record->headers[i].name, strlen(record->headers[i].name) + 1);
        EVP_DigestUpdate(context, record->headers[i].value.data, record->headers[i].value.len);
    }
}

// A feed is whole and in order lane by lane; how lanes interleave is up to the moment.
static void digest_lane(const struct audit *audit, const char *topic, uint32_t lane, EVP_MD_CTX *context)
{
    char front[16];
    int len = snprintf(front, sizeof front, "%" PRIu32 "/", lane);
    struct model_record record;
    EVP_DigestUpdate(context, topic, strlen(topic) + 1);
    EVP_DigestUpdate(context, front, (size_t)len);
    for (int64_t at = 0; model_read(audit->world->model, topic, 0, true, &at, &record);) {
        struct slice position = header_of(&record, "signalbox-ledger");
        if (position.len > (size_t)len && memcmp(position.data, front, (size_t)len) == 0)
            digest_record(context, &record);
    }
}

static bool feed_holds(struct audit *audit, const char *force, EVP_MD_CTX *context)
{
    char topic[64];
    uint64_t last[64] = {0};
    struct model_record record;
    snprintf(topic, sizeof topic, "feed.%s", force);
    for (int64_t at = 0; model_read(audit->world->model, topic, 0, true, &at, &record);)
        if (!delivery_holds(audit, force, &record, last))
            return false;
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        digest_lane(audit, topic, lane, context);
    return may_be_there(audit, force, topic);
}

static bool feeds_hold(struct audit *audit)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    bool hold = true;
    for (unsigned org = 0; hold && org < n_orgs(audit); org++)
        hold = feed_holds(audit, org_id(audit, org), context);
    EVP_DigestFinal_ex(context, audit->check->feeds.bytes, NULL);
    EVP_MD_CTX_free(context);
    return hold;
}

static bool receipts_hold(struct audit *audit, const char *agency, struct slice value)
{
    Signalbox__V1__ReceiptBlock *block = signalbox__v1__receipt_block__unpack(NULL, value.len, value.data);
    bool hold = block && block->n_receipts > 0;
    for (size_t i = 0; hold && i < block->n_receipts; i++) {
        const Signalbox__V1__Receipt *receipt = block->receipts[i];
        struct row *row = row_at(audit, block->lane, receipt->ledger_sequence);
        hold = row && strcmp(kit_entry_agency(audit->world->snapshot, row->entry), agency) == 0 &&
               strcmp(kit_entry_code(row->entry), receipt->code) == 0 &&
               row->entry->n_delivered == receipt->delivered && ++row->receipts == 1;
    }
    if (block)
        signalbox__v1__receipt_block__free_unpacked(block, NULL);
    return hold ||
           say_wrong(audit, "receipt.%s: a receipt says another thing than the ledger, or says it twice", agency);
}

static bool all_receipts_hold(struct audit *audit)
{
    struct model_record record;
    for (unsigned org = 0; org < n_orgs(audit); org++) {
        char topic[64];
        snprintf(topic, sizeof topic, "receipt.%s", org_id(audit, org));
        for (int64_t at = 0; model_read(audit->world->model, topic, 0, true, &at, &record);)
            if (!receipts_hold(audit, org_id(audit, org), record.value))
                return false;
    }
    return true;
}

static bool quarantine_holds(struct audit *audit)
{
    struct model_record record;
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        for (int64_t at = 0; model_read(audit->world->model, "quarantine", lane, true, &at, &record);) {
            char text[32] = "";
            struct slice sequence = header_of(&record, "signalbox-sequence");
            memcpy(text, sequence.data, sequence.len < sizeof text ? sequence.len : 0);
            struct row *row = row_at(audit, lane, strtoull(text, NULL, 10));
            if (!row || !slice_equal(header_of(&record, "signalbox-code"), slice_text(kit_entry_code(row->entry))) ||
                row->quarantined++)
                return say_wrong(audit, "quarantine %" PRIu32 ": offset %" PRId64 " is not what the ledger says", lane,
                    record.offset);
        }
    return true;
}

static bool row_holds(struct audit *audit, uint32_t lane, size_t at)
{
    const struct row *row = &audit->lanes[lane].rows[at];
    uint32_t refused = row->entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
    uint32_t owed = *kit_entry_agency(audit->world->snapshot, row->entry) != '\0';
    if (row->delivered == row->entry->n_delivered && row->quarantined == refused && row->receipts == owed)
        return true;
    return say_wrong(audit,
        "ledger %" PRIu32 ", entry %zu (%s): %" PRIu32 " of %zu delivered, %" PRIu32 " receipts, %" PRIu32
        " in quarantine",
        lane, at + 1, kit_entry_code(row->entry), row->delivered, row->entry->n_delivered, row->receipts,
        row->quarantined);
}

static bool rows_hold(struct audit *audit)
{
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        for (size_t i = 0; i < audit->lanes[lane].n; i++)
            if (!row_holds(audit, lane, i))
                return false;
    return true;
}

static bool cluster_holds(struct audit *audit)
{
    if (model_open_transactions(audit->world->model) > 0)
        return say_wrong(audit, "%zu transactions are still open", model_open_transactions(audit->world->model));
    if (!read_ledger(audit))
        return false;
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        if (!lane_holds(audit, lane))
            return false;
    return feeds_hold(audit) && all_receipts_hold(audit) && quarantine_holds(audit) && rows_hold(audit);
}

bool check_world(const struct world *world, struct check *check)
{
    struct audit audit = {.world = world, .check = check};
    *check = (struct check){.allowed = check->allowed, .context = check->context};
    arena_init(&audit.arena, 0);
    bool all = cluster_holds(&audit);
    for (uint32_t lane = 0; lane < world->lanes; lane++)
        free(audit.lanes[lane].rows);
    arena_deinit(&audit.arena);
    return all;
}
