// SPDX-License-Identifier: Apache-2.0
// Entries are written by hand into one growing run of bytes, and the block's front is put before them when it closes: a
// tree of protobuf-c messages would cost ten times as much (tests hold the two against each other). Organisations are
// numbered per block in order of mention, so that a block can be read without the registry that it was made with.
#include "hub/state/ledger.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
#include "hub/state/bytes.h"
#include <stdlib.h>
#include <signalbox/v1/ledger.pb-c.h>

#define UNNAMED        UINT16_MAX
#define SET_BYTES      (ORGANISATIONS_MAX / 8)
#define DELIVERY_BYTES 96  // more than the longest Delivery with its tag
#define FRONT_BYTES    160 // more than the longest front of a block
#define ORIGIN_BYTES   320 // of the text that says where a forwarded record came from

struct mapped { // an organisation set of the registry, as the block writes it
    struct org_set set;
    uint8_t bits[SET_BYTES];
    size_t len; // 0: not there yet
};

struct ledger {
    const struct snapshot *snapshot;
    uint32_t lane;
    struct digest head;
    struct bytes organisations, entries, entry;
    uint16_t numbers[ORGANISATIONS_MAX]; // in this block, by place in the registry
    uint16_t named;
    struct mapped last[GATE_COUNT]; // neighbours are often withheld from the same forces
    uint64_t first_sequence;
    int64_t closed_ms;
};

struct ledger *ledger_new(uint32_t lane)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger)
        ledger->lane = lane;
    return ledger;
}

struct ledger *ledger_free(struct ledger *ledger)
{
    if (ledger) {
        bytes_deinit(&ledger->organisations);
        bytes_deinit(&ledger->entries);
        bytes_deinit(&ledger->entry);
    }
    free(ledger);
    return NULL;
}

static void clear_block(struct ledger *ledger)
{
    ledger->organisations.len = ledger->entries.len = 0;
    ledger->named = 0;
    ledger->closed_ms = 0;
    memset(ledger->numbers, 0xff, registry_size(ledger->snapshot->registry) * sizeof *ledger->numbers);
    for (size_t i = 0; i < GATE_COUNT; i++)
        ledger->last[i].len = 0;
}

void ledger_begin(struct ledger *ledger, const struct snapshot *snapshot, struct digest head)
{
    ledger->snapshot = snapshot;
    ledger->head = head;
    clear_block(ledger);
}

struct digest ledger_head(const struct ledger *ledger)
{
    return ledger->head;
}

// The number of an organisation in this block; it is written into the block's table when it is first named.
static uint16_t number_of(struct ledger *ledger, unsigned org)
{
    if (ledger->numbers[org] == UNNAMED) {
        bytes_field(&ledger->organisations, 7, slice_text(registry_row(ledger->snapshot->registry, org)->id));
        ledger->numbers[org] = ledger->named++;
    }
    return ledger->numbers[org];
}

static void map_word(struct ledger *ledger, struct mapped *mapped, unsigned base, uint64_t word)
{
    for (; word; word &= word - 1) {
        uint16_t number = number_of(ledger, base + (unsigned)__builtin_ctzll(word));
        mapped->bits[number / 8] |= (uint8_t)(1u << number % 8);
        if (mapped->len <= number / 8u)
            mapped->len = number / 8u + 1;
    }
}

static const struct mapped *map_set(struct ledger *ledger, size_t gate, const struct org_set *set)
{
    struct mapped *mapped = &ledger->last[gate];
    if (mapped->len && org_set_equal(&mapped->set, set))
        return mapped;
    mapped->len = 0;
    memset(mapped->bits, 0, sizeof mapped->bits);
    org_set_copy(&mapped->set, set);
    for (uint32_t rest = set->used; rest; rest &= rest - 1) {
        unsigned i = org_set_first_word(rest);
        map_word(ledger, mapped, i * 64, set->bits[i]);
    }
    return mapped;
}

static void write_withheld(struct ledger *ledger, const struct decision *decision)
{
    for (size_t gate = 1; gate < GATE_COUNT; gate++) {
        if (org_set_empty(&decision->withheld[gate]))
            continue;
        const struct mapped *mapped = map_set(ledger, gate, &decision->withheld[gate]);
        size_t before = mapped->len < 128 ? 2 : 3; // tag and length of the set
        bytes_open(&ledger->entry, 15, 2 + before + mapped->len);
        bytes_number(&ledger->entry, 1, gate);
        bytes_field(&ledger->entry, 2, slice_of(mapped->bits, mapped->len));
    }
}

// In place: a delivery is shorter than 128 bytes, so its length is one byte, put in when it is known.
static void write_delivery(struct ledger *ledger, const struct delivery *delivery, const struct digest *copy)
{
    struct bytes *entry = &ledger->entry;
    bytes_open(entry, 14, 0);
    size_t from = entry->len;
    bytes_number(entry, 1, number_of(ledger, delivery->org));
    bytes_number(entry, 2, delivery->parts);
    bytes_number(entry, 3, delivery->audience);
    bytes_number(entry, 4, delivery->subscription_revision);
    if (!delivery->whole)
        bytes_field(entry, 5, digest_slice(copy));
    entry->data[from - 1] = (uint8_t)(entry->len - from);
}

static void write_deliveries(struct ledger *ledger, const struct decision *decision)
{
    const uint8_t *digested = NULL; // forces with the same parts share one copy: it is digested once
    struct digest copy = {{0}};
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        const struct delivery *delivery = &decision->deliveries[i];
        if (!delivery->whole && delivery->value.data != digested) {
            copy = digest_of(delivery->value);
            digested = delivery->value.data;
        }
        write_delivery(ledger, delivery, &copy);
    }
}

static void write_origin(struct bytes *entry, const struct record *record)
{
    uint8_t text[ORIGIN_BYTES];
    if (record->origin_topic.len == 0 || record->origin_topic.len > sizeof text - 48)
        return;
    struct bytes origin = {.data = text, .capacity = sizeof text};
    bytes_raw(&origin, record->origin_topic);
    text[origin.len++] = '/';
    bytes_digits(&origin, (uint64_t)(record->origin_partition > 0 ? record->origin_partition : 0));
    text[origin.len++] = '/';
    bytes_digits(&origin, (uint64_t)(record->origin_offset > 0 ? record->origin_offset : 0));
    bytes_field(entry, 16, bytes_slice(&origin));
}

static void write_where(struct bytes *entry, const struct record *record, const struct decision *decision)
{
    bytes_field(entry, 1, record->topic);
    bytes_number(entry, 2, record->lane);
    bytes_signed(entry, 3, record->offset);
    bytes_signed(entry, 4, decision->appended_ms);
    bytes_field(entry, 5, decision->agency);
}

static void write_what(struct bytes *entry, const struct decision *decision)
{
    const struct outcome_row *row = outcome_row(decision->outcome);
    if (decision->header) {
        bytes_field(entry, 6, slice_of(decision->header->item_id.data, decision->header->item_id.len));
        bytes_number(entry, 7, decision->header->revision);
    }
    bytes_number(entry, 8, row->verdict);
    bytes_field(entry, 9, slice_text(row->code));
    bytes_field(entry, 10, slice_text(decision->refusal.path));
    bytes_signed(entry, 11, decision->refusal.offset);
    bytes_field(entry, 12, digest_slice(&decision->value_digest));
    bytes_number(entry, 13, decision->first_sequence);
}

static size_t entry_bound(const struct record *record, const struct decision *decision)
{
    size_t texts = record->topic.len + decision->agency.len + REFUSAL_PATH_BYTES + ORIGIN_BYTES +
                   (decision->header ? decision->header->item_id.len : 0);
    return texts + 17 * FIELD_BYTES + 128 + decision->n_deliveries * DELIVERY_BYTES + GATE_COUNT * (SET_BYTES + 16);
}

static bool write_entry(struct ledger *ledger, const struct record *record, const struct decision *decision)
{
    ledger->entry.len = 0;
    if (!bytes_reserve(&ledger->entry, entry_bound(record, decision)) ||
        !bytes_reserve(&ledger->organisations, ORGANISATIONS_MAX * 80))
        return false;
    write_where(&ledger->entry, record, decision);
    write_what(&ledger->entry, decision);
    write_deliveries(ledger, decision);
    write_withheld(ledger, decision);
    write_origin(&ledger->entry, record);
    if (decision->header)
        bytes_signed(&ledger->entry, 17, decision->header->made_unix_ms);
    return true;
}

static bool block_fits(const struct ledger *ledger)
{
    return ledger->entries.len + ledger->organisations.len + ledger->entry.len + FRONT_BYTES + FIELD_BYTES <=
           PACK_BYTES;
}

bool ledger_add(struct ledger *ledger, const struct record *record, const struct decision *decision,
    struct arena *arena, struct packs *packs)
{
    size_t named_bytes = ledger->organisations.len;
    if (!write_entry(ledger, record, decision))
        return false;
    if (ledger->entries.len && !block_fits(ledger)) {
        ledger->organisations.len = named_bytes; // what only this entry names belongs to the next block
        if (!ledger_finish(ledger, arena, packs) || !write_entry(ledger, record, decision))
            return false;
    }
    if (!bytes_reserve(&ledger->entries, ledger->entry.len + FIELD_BYTES))
        return false;
    if (ledger->entries.len == 0)
        ledger->first_sequence = decision->sequence;
    if (ledger->closed_ms < record->appended_ms)
        ledger->closed_ms = record->appended_ms;
    bytes_open(&ledger->entries, 8, ledger->entry.len);
    bytes_raw(&ledger->entries, bytes_slice(&ledger->entry));
    return true;
}

static void write_front(struct ledger *ledger, struct bytes *block)
{
    bytes_number(block, 1, ledger->lane);
    bytes_field(block, 2, digest_slice(&ledger->head));
    bytes_number(block, 3, ledger->first_sequence);
    bytes_number(block, 4, ledger->snapshot->registry_version);
    bytes_number(block, 5, ledger->snapshot->policy_version);
    bytes_number(block, 6, ledger->snapshot->subscriptions_version);
}

bool ledger_finish(struct ledger *ledger, struct arena *arena, struct packs *packs)
{
    if (ledger->entries.len == 0)
        return true;
    size_t bound = FRONT_BYTES + ledger->organisations.len + ledger->entries.len;
    struct bytes block = {.data = arena_alloc(arena, bound), .capacity = bound};
    if (!block.data)
        return false;
    write_front(ledger, &block);
    bytes_raw(&block, bytes_slice(&ledger->organisations));
    bytes_raw(&block, bytes_slice(&ledger->entries));
    bytes_signed(&block, 9, ledger->closed_ms);
    ledger->head = digest_of(bytes_slice(&block));
    clear_block(ledger);
    return packs_add(packs, (struct slice){0}, bytes_slice(&block));
}
