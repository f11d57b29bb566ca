// SPDX-License-Identifier: Apache-2.0
// Field by field from tables: where each number of the wire goes in the struct.
#include "hub/state/ledger_read.h"
#include "hub/contract/merkle.h"
#include "hub/contract/wire.h"
#include <signalbox/v1/ledger.pb-c.h>

enum shape { SHAPE_NUMBER, SHAPE_SIGNED, SHAPE_ZIGZAG, SHAPE_BOOL, SHAPE_BYTES, SHAPE_OTHER };

struct place { // of a field of the wire
    enum shape shape;
    size_t at;
    bool wide; // 64 bits
};

#define NUMBER(type, member)                                                                                           \
    {                                                                                                                  \
        SHAPE_NUMBER, offsetof(struct type, member), sizeof(((struct type *)0)->member) == 8                           \
    }
#define SHAPED(shape, type, member)                                                                                    \
    {                                                                                                                  \
        SHAPE_##shape, offsetof(struct type, member), true                                                             \
    }

struct front {
    uint32_t lane, entries, forces_below;
    uint64_t first_sequence, registry_version, policy_version, subscriptions_version, closed_after_ms;
    int64_t opened_ms;
    struct slice previous, root, without_feed;
};

static const struct place front_places[] = {
    [1] = NUMBER(front, lane),
    [2] = SHAPED(BYTES, front, previous),
    [3] = NUMBER(front, first_sequence),
    [4] = NUMBER(front, registry_version),
    [5] = NUMBER(front, policy_version),
    [6] = NUMBER(front, subscriptions_version),
    [7] = SHAPED(SIGNED, front, opened_ms),
    [8] = NUMBER(front, closed_after_ms),
    [9] = NUMBER(front, entries),
    [10] = SHAPED(BYTES, front, root),
    [11] = NUMBER(front, forces_below),
    [12] = SHAPED(BYTES, front, without_feed),
};

struct raw { // an entry as it stands on the wire
    uint32_t agency, kind, verdict, revision, rest, status, n_parts, standing, about_agency, origin_partition,
        incarnation;
    int64_t offset, appended_after_ms, made_before_ms, origin_offset;
    uint64_t byte_place, first_sequence;
    bool relayed;
    struct slice subject, nonce, leaf, delivered, audience, revisions, parts, code, field_path, value_sha256, item_id,
        about_item, agency_name, held;
};

static const struct place entry_places[] = {
    [1] = NUMBER(raw, agency),
    [2] = SHAPED(SIGNED, raw, offset),
    [3] = SHAPED(ZIGZAG, raw, appended_after_ms),
    [4] = SHAPED(BYTES, raw, subject),
    [5] = SHAPED(BYTES, raw, nonce),
    [6] = SHAPED(BYTES, raw, leaf),
    [7] = NUMBER(raw, kind),
    [8] = NUMBER(raw, verdict),
    [9] = NUMBER(raw, revision),
    [10] = SHAPED(ZIGZAG, raw, made_before_ms),
    [11] = SHAPED(BYTES, raw, delivered),
    [12] = SHAPED(BYTES, raw, audience),
    [13] = SHAPED(BYTES, raw, revisions),
    [14] = NUMBER(raw, rest),
    [15] = {SHAPE_OTHER, 0, false}, // by ledger_gate
    [16] = NUMBER(raw, status),
    [17] = NUMBER(raw, n_parts),
    [18] = SHAPED(BYTES, raw, parts),
    [19] = SHAPED(BYTES, raw, code),
    [20] = SHAPED(BYTES, raw, field_path),
    [21] = NUMBER(raw, byte_place),
    [22] = SHAPED(BYTES, raw, value_sha256),
    [23] = SHAPED(BYTES, raw, item_id),
    [24] = NUMBER(raw, first_sequence),
    [25] = NUMBER(raw, standing),
    [26] = SHAPED(BYTES, raw, about_item),
    [27] = NUMBER(raw, about_agency),
    [28] = SHAPED(BYTES, raw, agency_name),
    [29] = SHAPED(BOOL, raw, relayed),
    [30] = NUMBER(raw, origin_partition),
    [31] = SHAPED(SIGNED, raw, origin_offset),
    [32] = SHAPED(BYTES, raw, held),
    [33] = NUMBER(raw, incarnation),
};

static void put_number(void *out, const struct place *place, uint64_t value)
{
    uint8_t *at = (uint8_t *)out + place->at;
    uint64_t zigzag = (value >> 1) ^ (0 - (value & 1));
    if (place->shape == SHAPE_BOOL)
        *(bool *)at = value != 0;
    else if (place->shape == SHAPE_ZIGZAG)
        memcpy(at, &zigzag, sizeof zigzag);
    else if (place->wide)
        memcpy(at, &value, sizeof value);
    else
        memcpy(at, &(uint32_t){(uint32_t)value}, sizeof(uint32_t));
}

// false if bytes are no message, or a field has not the shape that it should.
static bool read_message(struct slice bytes, const struct place *places, size_t n, void *out)
{
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    struct wire_field field;
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return false;
        if (field.number >= n || places[field.number].shape == SHAPE_OTHER)
            continue;
        const struct place *place = &places[field.number];
        if (field.type != (place->shape == SHAPE_BYTES ? WIRE_BYTES : WIRE_VARINT))
            return false;
        if (place->shape == SHAPE_BYTES)
            memcpy((uint8_t *)out + place->at, &field.bytes, sizeof field.bytes);
        else
            put_number(out, place, field.value);
    }
    return true;
}

#define PLACES(places) (places), sizeof(places) / sizeof *(places)

// --- lists ----------------------------------------------------------------------------------------------------------

// The next number of a packed list; false at its end.
static bool next_number(struct slice *list, uint64_t *number)
{
    const uint8_t *at = list->data, *end = list->data + list->len;
    if (at == end || wire_varint(&at, end, number) != OUTCOME_ACCEPTED)
        return false;
    *list = slice_of(at, (size_t)(end - at));
    return true;
}

static bool count_numbers(struct slice list, uint32_t *n)
{
    uint64_t number;
    *n = 0;
    while (next_number(&list, &number))
        ++*n;
    return list.len == 0;
}

static bool read_set(struct slice list, struct org_set *set)
{
    uint64_t number = 0, step;
    while (next_number(&list, &step)) {
        if (step >= ORGANISATION_NUMBERS || (number += step) >= ORGANISATION_NUMBERS)
            return false;
        org_set_add(set, (unsigned)number);
    }
    return list.len == 0;
}

// Of a field that is a Withheld.
static bool read_withheld(struct slice bytes, uint32_t *gate, struct org_set *set)
{
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    struct wire_field field;
    *gate = 0;
    org_set_clear(set);
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return false;
        if (field.number == 1)
            *gate = (uint32_t)field.value;
        else if (field.number == 2 && !read_set(field.bytes, set))
            return false;
    }
    return true;
}

static bool next_withheld(struct slice *rest, uint32_t *gate, struct org_set *set)
{
    const uint8_t *at = rest->data, *end = rest->data + rest->len;
    struct wire_field field;
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return false;
        *rest = slice_of(at, (size_t)(end - at));
        if (field.number == 15)
            return read_withheld(field.bytes, gate, set);
    }
    return false;
}

// --- entries --------------------------------------------------------------------------------------------------------

static bool lists_hold(const struct raw *raw, struct ledger_entry *entry)
{
    struct org_set delivered = {0}, held = {0};
    const struct slice columns[] = {raw->audience, raw->revisions, raw->parts};
    if (!count_numbers(raw->delivered, &entry->n_deliveries) || !read_set(raw->delivered, &delivered) ||
        !read_set(raw->held, &held))
        return false;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        uint32_t n;
        if (!count_numbers(columns[i], &n) || (n > 1 && n != entry->n_deliveries))
            return false;
    }
    return true;
}

static bool withheld_holds(struct slice bytes)
{
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    struct wire_field field;
    struct org_set set;
    uint32_t gate;
    while (at < end && wire_next(&at, end, &field) == OUTCOME_ACCEPTED)
        if (field.number == 15 && (field.type != WIRE_BYTES || !read_withheld(field.bytes, &gate, &set)))
            return false;
    return true;
}

static bool is_digest(struct slice bytes, size_t len)
{
    return bytes.len == 0 || bytes.len == len;
}

static int number_of(uint32_t plus_one)
{
    return plus_one > 0 && plus_one <= ORGANISATION_NUMBERS ? (int)plus_one - 1 : LEDGER_NOBODY;
}

static void fill_item(struct ledger_entry *entry, const struct raw *raw)
{
    entry->subject = raw->subject;
    entry->nonce = raw->nonce;
    entry->item_id = raw->item_id;
    entry->leaf = raw->leaf;
    entry->value_sha256 = raw->value_sha256;
    entry->kind = raw->kind;
    entry->status = raw->status;
    entry->standing = raw->standing;
    entry->revision = raw->revision;
    entry->n_parts = raw->n_parts;
    entry->made_ms = raw->kind ? entry->appended_ms - raw->made_before_ms : 0;
    entry->about_item = raw->about_item;
    entry->about_agency = number_of(raw->about_agency);
}

static void fill_decision(struct ledger_entry *entry, const struct raw *raw)
{
    bool accepted = raw->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    entry->verdict = raw->verdict;
    entry->code = raw->code.len == 0 && accepted ? slice_text("ACCEPTED") : raw->code;
    entry->field_path = raw->field_path;
    entry->byte_offset = (int64_t)raw->byte_place - 1;
    entry->first_sequence = raw->first_sequence;
    entry->delivered = raw->delivered;
    entry->audience = raw->audience;
    entry->revisions = raw->revisions;
    entry->parts = raw->parts;
    entry->held = raw->held;
    entry->rest = raw->rest;
}

static bool read_entry(const struct ledger_block *block, struct slice bytes, uint32_t at, struct ledger_entry *entry)
{
    struct raw raw = {0};
    *entry = (struct ledger_entry){.block = block, .sequence = block->first_sequence + at, .bytes = bytes};
    if (!read_message(bytes, PLACES(entry_places), &raw) || !lists_hold(&raw, entry) || !withheld_holds(bytes) ||
        !is_digest(raw.item_id, ITEM_ID_BYTES) || !is_digest(raw.about_item, ITEM_ID_BYTES) ||
        !is_digest(raw.leaf, DIGEST_BYTES) || !is_digest(raw.value_sha256, DIGEST_BYTES))
        return false;
    entry->agency = number_of(raw.agency);
    entry->agency_name = raw.agency_name;
    entry->relayed = raw.relayed;
    entry->origin_partition = raw.origin_partition;
    entry->origin_offset = raw.origin_offset;
    entry->incarnation = raw.incarnation;
    entry->offset = raw.offset;
    entry->appended_ms = block->opened_ms + raw.appended_after_ms;
    fill_item(entry, &raw);
    fill_decision(entry, &raw);
    return true;
}

bool ledger_next(struct ledger_walk *walk, struct ledger_entry *entry)
{
    struct slice entries = walk->block->entries;
    const uint8_t *at = entries.data + walk->at, *end = entries.data + entries.len;
    struct wire_field field;
    while (at < end && wire_next(&at, end, &field) == OUTCOME_ACCEPTED) {
        walk->at = (size_t)(at - entries.data);
        if (field.number == 2 && field.type == WIRE_BYTES)
            return read_entry(walk->block, field.bytes, walk->n++, entry);
    }
    return false;
}

bool ledger_item_id(const struct ledger_entry *entry, struct slice agency, struct item_id *id)
{
    if (entry->item_id.len == ITEM_ID_BYTES) {
        memcpy(id->bytes, entry->item_id.data, ITEM_ID_BYTES);
        return true;
    }
    return entry->nonce.len > 0 && item_id_make(agency, entry->subject, entry->nonce, id);
}

struct ledger_deliveries ledger_deliveries(const struct ledger_entry *entry)
{
    struct ledger_deliveries deliveries = {.delivered = entry->delivered,
        .audience = entry->audience,
        .revisions = entry->revisions,
        .parts = entry->parts};
    deliveries.last.parts = (UINT32_C(1) << (entry->n_parts < 32 ? entry->n_parts : 0)) - 1;
    return deliveries;
}

// What a column says next; when it has said all, that stands for the rest.
static uint64_t next_said(struct slice *column, uint64_t before)
{
    uint64_t number;
    return next_number(column, &number) ? number : before;
}

bool ledger_delivery_next(struct ledger_deliveries *deliveries, struct ledger_delivery *delivery)
{
    struct ledger_delivery *last = &deliveries->last;
    uint64_t step;
    if (!next_number(&deliveries->delivered, &step))
        return false;
    last->number += (unsigned)step;
    last->audience = (uint32_t)next_said(&deliveries->audience, last->audience);
    last->subscription_revision = next_said(&deliveries->revisions, last->subscription_revision);
    last->parts = (uint32_t)next_said(&deliveries->parts, last->parts);
    *delivery = *last;
    return true;
}

struct org_set ledger_gate(const struct ledger_entry *entry, uint32_t gate)
{
    struct org_set named = {0}, set, rest;
    struct slice bytes = entry->bytes;
    uint32_t next;
    read_set(entry->delivered, &named);
    org_set_copy(&rest, &entry->block->forces);
    org_set_exclude(&rest, &named);
    while (next_withheld(&bytes, &next, &set)) {
        if (next == gate)
            return set;
        org_set_exclude(&rest, &set);
    }
    return gate && gate == entry->rest ? rest : (struct org_set){0};
}

// --- blocks ---------------------------------------------------------------------------------------------------------

static bool read_front(struct ledger_block *block, struct slice bytes, struct digest *root)
{
    struct front front = {0};
    if (!read_message(bytes, PLACES(front_places), &front) || front.previous.len != DIGEST_BYTES ||
        front.root.len != DIGEST_BYTES || front.entries == 0 || front.forces_below > ORGANISATION_NUMBERS)
        return false;
    *block = (struct ledger_block){.lane = front.lane,
        .n = front.entries,
        .first_sequence = front.first_sequence,
        .registry_version = front.registry_version,
        .policy_version = front.policy_version,
        .subscriptions_version = front.subscriptions_version,
        .opened_ms = front.opened_ms,
        .closed_ms = front.opened_ms + (int64_t)front.closed_after_ms,
        .head = digest_of(bytes)};
    memcpy(block->previous.bytes, front.previous.data, DIGEST_BYTES);
    memcpy(root->bytes, front.root.data, DIGEST_BYTES);
    struct org_set without = {0};
    for (unsigned number = 0; number < front.forces_below; number++)
        org_set_add(&block->forces, number);
    if (!read_set(front.without_feed, &without))
        return false;
    org_set_exclude(&block->forces, &without);
    return true;
}

static bool entries_hold(const struct ledger_block *block, const struct digest *root)
{
    struct ledger_walk walk = {.block = block};
    struct ledger_entry entry;
    struct merkle merkle = {0};
    while (ledger_next(&walk, &entry))
        merkle_add(&merkle, merkle_leaf(entry.bytes));
    if (merkle.n != block->n)
        return false;
    struct digest found = merkle_root(&merkle);
    return memcmp(found.bytes, root->bytes, DIGEST_BYTES) == 0;
}

enum ledger_fault ledger_open(struct ledger_block *block, struct slice value)
{
    const uint8_t *at = value.data, *end = value.data + value.len;
    struct wire_field field;
    struct digest root;
    if (at == end || wire_next(&at, end, &field) != OUTCOME_ACCEPTED || field.number != 1 || field.type != WIRE_BYTES ||
        !read_front(block, field.bytes, &root))
        return LEDGER_NO_BLOCK;
    block->entries = slice_of(at, (size_t)(end - at));
    return entries_hold(block, &root) ? LEDGER_WHOLE : LEDGER_CHANGED;
}
