// SPDX-License-Identifier: Apache-2.0
// Entries are written by hand into one growing run of bytes, and the front is put before them when the block closes: a
// tree of protobuf-c messages would cost ten times as much (tests hold the two against each other). What a lane's
// neighbours have in common stands in the front: who had a feed, from which moment times are counted. So the largest
// set of an entry, mostly those whom the item does not concern, is one byte: the rest.
#include "hub/state/ledger.h"
#include "hub/base/uninitialized.h"
#include "hub/contract/merkle.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
#include "hub/state/ledger_who.h"
#include <stdlib.h>
#include <signalbox/v1/ledger.pb-c.h>

#define FRONT_BYTES (176 + LEDGER_LIST_BYTES) // more than the longest front, with its tag
#define TEXTS       13                        // fields of an entry that have a length, without its lists

struct ledger {
    const struct snapshot *snapshot;
    uint32_t lane;
    struct digest head;
    struct bytes entries, entry;
    struct ledger_who who;
    unsigned agency; // found last: records come in runs
    uint32_t n;      // entries of the block
    uint64_t first_sequence;
    int64_t opened_ms, closed_ms;
};

static void clear_block(struct ledger *ledger)
{
    ledger->entries.len = 0;
    ledger->n = 0;
    ledger->who.opened = false;
}

struct ledger *ledger_new(uint32_t lane)
{
    struct ledger *ledger = malloc(sizeof *ledger);
    if (ledger) { // ledger_begin sets the rest
        ledger->lane = lane;
        ledger->entries = ledger->entry = (struct bytes){0};
        clear_block(ledger);
    }
    return ledger;
}

struct ledger *ledger_free(struct ledger *ledger)
{
    if (ledger) {
        bytes_deinit(&ledger->entries);
        bytes_deinit(&ledger->entry);
    }
    free(ledger);
    return NULL;
}

void ledger_begin(struct ledger *ledger, const struct snapshot *snapshot, struct digest head)
{
    ledger->snapshot = snapshot;
    ledger->head = head;
    ledger->agency = ORG_NONE;
    ledger_who_begin(&ledger->who, snapshot->registry);
    clear_block(ledger);
}

struct digest ledger_head(const struct ledger *ledger)
{
    return ledger->head;
}

static unsigned find_agency(struct ledger *ledger, struct slice id)
{
    const struct registry *registry = ledger->snapshot->registry;
    if (ledger->agency == ORG_NONE || !slice_equal(slice_text(registry_row(registry, ledger->agency)->id), id))
        ledger->agency = id.len ? registry_find(registry, id) : ORG_NONE;
    return ledger->agency;
}

static void write_where(struct ledger *ledger, const struct record *record, const struct decision *decision)
{
    struct bytes *entry = &ledger->entry;
    unsigned agency = find_agency(ledger, decision->agency);
    if (agency != ORG_NONE)
        bytes_number(entry, 1, registry_number(ledger->snapshot->registry, agency) + 1);
    bytes_signed(entry, 2, record->offset);
    bytes_zigzag(entry, 3, decision->appended_ms - ledger->opened_ms);
    if (agency == ORG_NONE)
        bytes_field(entry, 28, decision->agency);
}

static void write_origin(struct bytes *entry, const struct record *record)
{
    if (!slice_equal(record->topic, slice_text("relane")))
        return;
    bytes_number(entry, 29, true);
    bytes_number(entry, 30, record->origin_partition > 0 ? (uint32_t)record->origin_partition : 0);
    bytes_signed(entry, 31, record->origin_offset > 0 ? record->origin_offset : 0);
}

static bool is_taken(const struct decision *decision)
{
    Signalbox__V1__Verdict verdict = outcome_row(decision->outcome)->verdict;
    return verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED || verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE;
}

// An id that was checked is not written: it is made from what stands beside it. One that was not is what somebody says.
static void write_item(struct bytes *entry, const struct decision *decision)
{
    const Signalbox__V1__Header *header = decision->header;
    bytes_field(entry, 4, slice_text(header->subject));
    if (decision->nonce.len && is_taken(decision))
        bytes_field(entry, 5, decision->nonce);
    else
        bytes_field(entry, 23, slice_of(header->item_id.data, header->item_id.len));
    bytes_number(entry, 7, header->kind);
    bytes_number(entry, 9, header->revision);
    bytes_zigzag(entry, 10, decision->appended_ms - header->made_unix_ms);
    bytes_number(entry, 16, header->status);
    bytes_number(entry, 17, decision->n_parts);
    bytes_number(entry, 25, decision->standing);
}

static void write_about(struct ledger *ledger, const struct decision *decision)
{
    if (decision->about_item.len == 0)
        return;
    bytes_field(&ledger->entry, 26, decision->about_item);
    bytes_number(&ledger->entry, 27, registry_number(ledger->snapshot->registry, decision->about_agency) + 1);
}

static void write_outcome(struct bytes *entry, const struct decision *decision)
{
    const struct outcome_row *row = outcome_row(decision->outcome);
    bool bound = decision->bound && is_taken(decision);
    bytes_field(entry, bound ? 6 : 22, digest_slice(bound ? &decision->leaf : &decision->value_digest));
    bytes_number(entry, 8, row->verdict);
    if (decision->outcome != OUTCOME_ACCEPTED)
        bytes_field(entry, 19, slice_text(row->code));
    bytes_field(entry, 20, slice_text(decision->refusal.path));
    bytes_number(entry, 21, (uint64_t)(decision->refusal.offset + 1));
    bytes_number(entry, 24, decision->first_sequence);
}

static size_t entry_bound(const struct decision *decision)
{
    const Signalbox__V1__Header *header = decision->header;
    size_t texts = decision->agency.len + decision->nonce.len + decision->about_item.len + REFUSAL_PATH_BYTES +
                   DIGEST_BYTES + (header ? strlen(header->subject) + header->item_id.len : 0);
    return texts + 64 + (TEXTS + 16) * FIELD_BYTES + ledger_who_bound(decision);
}

static bool write_entry(struct ledger *ledger, const struct record *record, const struct decision *decision)
{
    ledger->entry.len = 0;
    if (!bytes_reserve(&ledger->entry, entry_bound(decision)))
        return false;
    if (ledger->n == 0)
        ledger->opened_ms = ledger->closed_ms = record->appended_ms;
    write_where(ledger, record, decision);
    if (decision->header)
        write_item(&ledger->entry, decision);
    write_outcome(&ledger->entry, decision);
    ledger_who_write(&ledger->who, decision, &ledger->entry);
    write_about(ledger, decision);
    write_origin(&ledger->entry, record);
    return true;
}

static bool block_fits(const struct ledger *ledger)
{
    return ledger->entries.len + ledger->entry.len + FRONT_BYTES + FIELD_BYTES <= PACK_BYTES;
}

bool ledger_add(struct ledger *ledger, const struct record *record, const struct decision *decision,
    struct arena *arena, struct packs *packs)
{
    if (!write_entry(ledger, record, decision))
        return false;
    if (ledger->n && !block_fits(ledger))
        if (!ledger_finish(ledger, arena, packs) || !write_entry(ledger, record, decision))
            return false;
    if (!bytes_reserve(&ledger->entries, ledger->entry.len + FIELD_BYTES))
        return false;
    if (ledger->n++ == 0)
        ledger->first_sequence = decision->sequence;
    if (ledger->closed_ms < record->appended_ms)
        ledger->closed_ms = record->appended_ms;
    bytes_open(&ledger->entries, 2, ledger->entry.len);
    bytes_raw(&ledger->entries, bytes_slice(&ledger->entry));
    return true;
}

// Over what was just written: tag, length, entry.
static struct digest entries_root(const struct bytes *entries)
{
    struct merkle merkle UNINITIALIZED;
    merkle.n = 0;
    for (size_t at = 0; at < entries->len;) {
        size_t len = 0;
        unsigned shift = 0;
        do
            len |= (size_t)(entries->data[++at] & 0x7f) << shift;
        while (shift += 7, entries->data[at] >= 0x80);
        merkle_add(&merkle, merkle_leaf(slice_of(entries->data + ++at, len)));
        at += len;
    }
    return merkle_root(&merkle);
}

static void write_front(struct ledger *ledger, struct bytes *front)
{
    struct digest root = entries_root(&ledger->entries);
    bytes_number(front, 1, ledger->lane);
    bytes_field(front, 2, digest_slice(&ledger->head));
    bytes_number(front, 3, ledger->first_sequence);
    bytes_number(front, 4, ledger->snapshot->registry_version);
    bytes_number(front, 5, ledger->snapshot->policy_version);
    bytes_number(front, 6, ledger->snapshot->subscriptions_version);
    bytes_signed(front, 7, ledger->opened_ms);
    bytes_number(front, 8, (uint64_t)(ledger->closed_ms - ledger->opened_ms));
    bytes_number(front, 9, ledger->n);
    bytes_field(front, 10, digest_slice(&root));
    ledger_who_front(&ledger->who, front);
}

bool ledger_finish(struct ledger *ledger, struct arena *arena, struct packs *packs)
{
    if (ledger->n == 0)
        return true;
    uint8_t room[FRONT_BYTES] UNINITIALIZED;
    struct bytes front = {.data = room, .capacity = sizeof room};
    write_front(ledger, &front);
    size_t bound = front.len + FIELD_BYTES + ledger->entries.len;
    struct bytes block = {.data = arena_alloc(arena, bound), .capacity = bound};
    if (!block.data)
        return false;
    bytes_field(&block, 1, bytes_slice(&front));
    bytes_raw(&block, bytes_slice(&ledger->entries));
    ledger->head = digest_of(bytes_slice(&front));
    clear_block(ledger);
    return packs_add(packs, (struct slice){0}, bytes_slice(&block));
}
