// SPDX-License-Identifier: Apache-2.0
// Reads the whole cluster with protobuf-c, which shares no code with the packers, and holds everything against the
// ledger.
#include "tests/kit/loop/check.h"
#include "hub/rules/registry.h"
#include "hub/state/restore.h"
#include "hub/contract/item_id.h"
#include "hub/contract/lanes.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/loop/model_log.h"
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS 1024 // that organisations may have

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
    struct life *lives; // of the items that it remembers
    size_t n_lives, lives_capacity;
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

// What the ledger says of one item, from the first entry to the last.
struct life {
    struct item_id id;
    uint32_t revision;
    Signalbox__V1__Standing originator, centre;
    uint64_t holders[NUMBERS / 64]; // by Organisation.number
};

static struct life *life_of(struct books *books, struct item_id id)
{
    for (size_t i = 0; i < books->n_lives; i++)
        if (memcmp(&books->lives[i].id, &id, sizeof id) == 0)
            return &books->lives[i];
    books->lives = row_room(books->lives, books->n_lives, &books->lives_capacity, sizeof *books->lives);
    books->lives[books->n_lives] = (struct life){.id = id,
        .originator = SIGNALBOX__V1__STANDING__STANDING_RELEASED,
        .centre = SIGNALBOX__V1__STANDING__STANDING_RELEASED};
    return &books->lives[books->n_lives++];
}

// Whether a lane remembers what came of the entry; others ended at what it remembered already.
static bool is_remembered(const Signalbox__V1__LedgerEntry *entry)
{
    const char *code = kit_entry_code(entry);
    return strcmp(code, "ACCEPTED") == 0 || strcmp(code, "ACCEPTED_NOBODY") == 0 ||
           strcmp(code, "DUPLICATE_CONTENT") == 0 ||
           (strncmp(code, "STANDING_", 9) == 0 && entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED);
}

static void live_on(struct audit *audit, struct books *books, const Signalbox__V1__LedgerEntry *entry)
{
    struct item_id id, about;
    item_id_make(slice_text(kit_entry_agency(audit->world->snapshot, entry)), slice_text(entry->subject),
        binary_slice(entry->nonce), &id);
    struct life *life = life_of(books, id);
    life->revision = entry->revision > life->revision ? entry->revision : life->revision;
    for (size_t i = 0, number = 0; i < entry->n_delivered; i++) {
        number += entry->delivered[i];
        life->holders[number / 64] |= UINT64_C(1) << number % 64;
    }
    if (entry->standing == SIGNALBOX__V1__STANDING__STANDING_UNSPECIFIED)
        return;
    memcpy(about.bytes, entry->about_item_id.data, sizeof about.bytes);
    life = life_of(books, about);
    if (entry->about_agency == entry->agency)
        life->originator = entry->standing;
    else
        life->centre = entry->standing;
}

static bool row_says(const struct memory *memory, const struct life *life)
{
    const uint8_t *packed = memory_find(memory, MEMORY_ITEM, item_key_of(item_id_slice(&life->id)).bytes);
    if (!packed)
        return false;
    struct item_row row = item_row_unpack(packed);
    struct slice holders = holder_sets_bits(memory->holders, row.holders);
    bool same = row.revision == life->revision && row.originator == life->originator && row.centre == life->centre;
    for (size_t i = 0; i < NUMBERS; i++)
        same &= (i / 8 < holders.len && holders.data[i / 8] >> (i % 8) & 1) == (life->holders[i / 64] >> (i % 64) & 1);
    return same;
}

// Rows can be made again from the ledger alone.
static bool rows_follow(struct audit *audit, uint32_t lane, const struct memory *memory)
{
    struct books *books = &audit->lanes[lane];
    for (size_t i = 0; i < books->n; i++)
        if (is_remembered(books->rows[i].entry))
            live_on(audit, books, books->rows[i].entry);
    for (size_t i = 0; i < books->n_lives; i++)
        if (!row_says(memory, &books->lives[i]))
            return say_wrong(audit, "state %" PRIu32 ": the row of an item is not what the ledger says of it", lane);
    size_t rows = remembered_count(memory->table[MEMORY_ITEM]);
    return rows == books->n_lives ||
           say_wrong(audit, "state %" PRIu32 ": %zu items remembered, %zu by the ledger", lane, rows, books->n_lives);
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
    return rows_follow(audit, lane, memory);
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

static uint32_t number_of_part(struct audit *audit, const Signalbox__V1__Part *part)
{
    const Signalbox__V1__PartInfo *info =
        signalbox__v1__part_info__unpack(arena_allocator(&audit->arena), part->info.len, part->info.data);
    return info ? info->number : 0;
}

// Bit i for the i-th by number of those sent.
static uint32_t bit_of_part(struct audit *audit, const Signalbox__V1__Envelope *sent, const Signalbox__V1__Part *part)
{
    uint32_t before = 0, number = number_of_part(audit, part);
    for (size_t i = 0; i < sent->n_parts; i++)
        before += number_of_part(audit, sent->parts[i]) < number;
    return UINT32_C(1) << before;
}

static const Signalbox__V1__Part *part_in(const Signalbox__V1__Envelope *sent, uint32_t slot)
{
    for (size_t i = 0; i < sent->n_parts; i++)
        if (sent->parts[i]->slot == slot)
            return sent->parts[i];
    return NULL;
}

static bool same_part(const Signalbox__V1__Part *a, const Signalbox__V1__Part *b)
{
    return a && slice_equal(binary_slice(a->salt), binary_slice(b->salt)) &&
           slice_equal(binary_slice(a->info), binary_slice(b->info)) &&
           slice_equal(binary_slice(a->content), binary_slice(b->content));
}

// A copy is header and proof with those parts that the ledger says, and never the routing block.
static bool is_copy(struct audit *audit, const struct row *row, int place, struct slice copy)
{
    const Signalbox__V1__Envelope *sent = envelope_of(audit, row->value), *got = envelope_of(audit, copy);
    if (!sent || !got || got->routing.len || !slice_equal(binary_slice(sent->header), binary_slice(got->header)) ||
        !slice_equal(binary_slice(sent->proof->signature), binary_slice(got->proof->signature)))
        return false;
    uint32_t parts = 0, all = (UINT32_C(1) << sent->n_parts) - 1;
    for (size_t i = 0; i < got->n_parts; i++) {
        if (!same_part(part_in(sent, got->parts[i]->slot), got->parts[i]))
            return false;
        parts |= bit_of_part(audit, sent, got->parts[i]);
    }
    return parts == (row->entry->n_parts ? kit_column(row->entry->n_parts, row->entry->parts, place) : all);
}

// A feed, or the topic of exercises of a force.
struct outlet {
    const char *force;
    char topic[80];
    bool exercise;
    uint64_t last[64]; // sequence by lane
};

static uint32_t lane_of(const struct audit *audit, const struct model_record *record)
{
    return lanes_place(record->key, audit->world->lanes);
}

// The next row of the lane that was delivered here: the ledger's order is the feed's.
static struct row *next_row(struct audit *audit, struct outlet *outlet, uint32_t lane, int *place)
{
    for (;;) {
        struct row *row = row_at(audit, lane, ++outlet->last[lane]);
        bool exercise = row && row->entry->status == SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
        if (!row || (exercise == outlet->exercise && (*place = place_in(audit, row, outlet->force)) >= 0))
            return row;
    }
}

// Nothing on a feed tells where it stands in the ledger; that it is the next one of its lane does.
static bool delivery_holds(struct audit *audit, struct outlet *outlet, const struct model_record *record)
{
    int place = -1;
    struct row *row = next_row(audit, outlet, lane_of(audit, record), &place);
    if (!row || !is_copy(audit, row, place, record->value))
        return say_wrong(
            audit, "%s: offset %" PRId64 " is not what the ledger says comes next", outlet->topic, record->offset);
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
    struct model_record record;
    EVP_DigestUpdate(context, topic, strlen(topic) + 1);
    EVP_DigestUpdate(context, &lane, sizeof lane);
    for (int64_t at = 0; model_read(audit->world->model, topic, 0, true, &at, &record);)
        if (lane_of(audit, &record) == lane)
            digest_record(context, &record);
}

static bool outlet_holds(struct audit *audit, const char *force, bool exercise, EVP_MD_CTX *context)
{
    struct outlet outlet = {.force = force, .exercise = exercise};
    struct model_record record;
    snprintf(outlet.topic, sizeof outlet.topic, "%s.%s", exercise ? "exercise" : "feed", force);
    if (!model_find(audit->world->model, outlet.topic))
        return true; // what the ledger says was delivered there is missed later
    for (int64_t at = 0; model_read(audit->world->model, outlet.topic, 0, true, &at, &record);)
        if (!delivery_holds(audit, &outlet, &record))
            return false;
    for (uint32_t lane = 0; lane < audit->world->lanes; lane++)
        digest_lane(audit, outlet.topic, lane, context);
    return may_be_there(audit, force, outlet.topic);
}

static bool feeds_hold(struct audit *audit)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    bool hold = true;
    for (unsigned org = 0; hold && org < n_orgs(audit); org++)
        hold = outlet_holds(audit, org_id(audit, org), false, context) &&
               outlet_holds(audit, org_id(audit, org), true, context);
    EVP_DigestFinal_ex(context, audit->check->feeds.bytes, NULL);
    EVP_MD_CTX_free(context);
    return hold;
}

// The row that has no receipt yet and speaks of the same record.
static struct row *row_of_receipt(
    struct audit *audit, uint32_t lane, const char *agency, const Signalbox__V1__Receipt *receipt)
{
    for (size_t i = 0; lane < audit->world->lanes && i < audit->lanes[lane].n; i++) {
        struct row *row = &audit->lanes[lane].rows[i];
        const Signalbox__V1__LedgerEntry *entry = row->entry;
        if (row->receipts == 0 && receipt->partition == (entry->relayed ? entry->origin_partition : lane) &&
            receipt->offset == (entry->relayed ? entry->origin_offset : entry->offset) &&
            strcmp(kit_entry_agency(audit->world->snapshot, entry), agency) == 0)
            return row;
    }
    return NULL;
}

static bool receipts_hold(struct audit *audit, const char *agency, struct slice value)
{
    Signalbox__V1__ReceiptBlock *block = signalbox__v1__receipt_block__unpack(NULL, value.len, value.data);
    bool hold = block && block->n_receipts > 0;
    for (size_t i = 0; hold && i < block->n_receipts; i++) {
        const Signalbox__V1__Receipt *receipt = block->receipts[i];
        struct row *row = row_of_receipt(audit, block->lane, agency, receipt);
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
        free(audit.lanes[lane].lives), free(audit.lanes[lane].rows);
    arena_deinit(&audit.arena);
    return all;
}
