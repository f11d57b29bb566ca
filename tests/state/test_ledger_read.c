// SPDX-License-Identifier: Apache-2.0
// The reader against the packer, in decisions of every shape; and what it makes of blocks that are none, of newer ones,
// and of a single entry that is shown without those beside it.
#include "hub/contract/merkle.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
#include "hub/state/ledger.h"
#include "hub/state/ledger_read.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/core/random_world.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena arena;
static struct snapshot *snapshot;

static void begin(void)
{
    arena_init(&arena, 0);
    snapshot = random_world_snapshot(&arena, NULL, 0);
}

static void end(void)
{
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

TestSuite(ledger_read, .init = begin, .fini = end);

// --- decisions of every shape ---------------------------------------------------------------------------------------

#define LINES 64

struct line {
    struct record record;
    struct decision decision;
};

static void decide_forces(struct decision *decision, struct kit_random *random)
{
    unsigned n = registry_size(snapshot->registry), gates = 1 + (unsigned)kit_below(random, GATE_COUNT);
    bool alike = kit_below(random, 3) == 0;
    decision->deliveries = arena_alloc(&arena, n * sizeof *decision->deliveries);
    for (unsigned org = 0; org < n; org++) {
        unsigned gate = (unsigned)kit_below(random, gates);
        uint32_t parts = alike ? 3 : 1 + (uint32_t)kit_below(random, 3);
        if (gate)
            org_set_add(&decision->withheld[gate], org);
        else if (kit_below(random, 8))
            decision->deliveries[decision->n_deliveries++] = (struct delivery){.org = org,
                .parts = parts,
                .whole = parts == 3,
                .audience = alike ? 6 : (uint32_t)kit_below(random, 1u << AUDIENCE_REASON_COUNT),
                .subscription_revision = alike ? 0 : kit_below(random, 100000)};
    }
}

static void decide_line(struct line *line, struct kit_random *random, unsigned number)
{
    struct kit_item *item = kit_report(&arena, "force-07", number);
    kit_seal(&arena, item); // which gives it its id
    line->record = (struct record){.topic = slice_text(kit_below(random, 4) ? "in.force-07" : "relane"),
        .lane = 2,
        .offset = (int64_t)kit_below(random, 1u << 30),
        .appended_ms = KIT_NOW_MS + (int64_t)kit_below(random, 2000),
        .origin_partition = (int32_t)kit_below(random, 64),
        .origin_offset = (int64_t)kit_below(random, 1u << 20)};
    line->decision = (struct decision){.outcome = (unsigned)kit_below(random, OUTCOME_COUNT),
        .refusal = {.offset = (int64_t)kit_below(random, 500) - 1},
        .agency = slice_text(kit_below(random, 9) ? "force-07" : "atlantis"),
        .appended_ms = line->record.appended_ms - (int64_t)kit_below(random, 3) * 4000,
        .sequence = 1000 + number,
        .first_sequence = kit_below(random, 3),
        .value_digest = digest_of(slice_text(item->header->subject)),
        .leaf = digest_of(slice_of(&number, sizeof number)),
        .bound = kit_below(random, 2),
        .nonce = slice_text(kit_below(random, 2) ? "sixteen bytes on" : ""),
        .n_parts = 2,
        .header = kit_below(random, 6) ? item->header : NULL};
    if (kit_below(random, 4) == 0)
        memcpy(line->decision.refusal.path, "header.themes[0]", 17);
    if (line->decision.header && kit_below(random, 4))
        decide_forces(&line->decision, random);
}

static void expect_what(const struct line *line, const struct ledger_entry *entry)
{
    const struct decision *decision = &line->decision;
    const struct outcome_row *row = outcome_row(decision->outcome);
    const Signalbox__V1__Header *header = decision->header;
    bool refused = row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED ||
                   row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED;
    struct item_id id, made;
    cr_expect(entry->verdict == row->verdict && slice_equal(entry->code, slice_text(row->code)));
    cr_expect(slice_equal(entry->field_path, slice_text(decision->refusal.path)));
    cr_expect(entry->byte_offset == decision->refusal.offset && entry->first_sequence == decision->first_sequence);
    bool bound = decision->bound && !refused;
    cr_expect(slice_equal(entry->leaf, bound ? digest_slice(&decision->leaf) : (struct slice){0}));
    cr_expect(slice_equal(entry->value_sha256, bound ? (struct slice){0} : digest_slice(&decision->value_digest)));
    bool has = ledger_item_id(entry, decision->agency, &id);
    cr_assert_eq(has, header != NULL);
    if (!header) {
        cr_expect(entry->kind == 0 && entry->subject.len == 0 && entry->made_ms == 0);
        return;
    }
    bool derived = decision->nonce.len && !refused;
    cr_assert(item_id_make(decision->agency, slice_text(header->subject), decision->nonce, &made));
    cr_expect_arr_eq(id.bytes, derived ? made.bytes : header->item_id.data, ITEM_ID_BYTES);
    cr_expect(entry->kind == header->kind && entry->status == header->status && entry->revision == header->revision);
    cr_expect(slice_equal(entry->subject, slice_text(header->subject)) && entry->made_ms == header->made_unix_ms);
}

static void expect_where(const struct line *line, const struct ledger_entry *entry)
{
    unsigned org = registry_find(snapshot->registry, line->decision.agency);
    cr_expect_eq(entry->agency, org == ORG_NONE ? LEDGER_NOBODY : (int)registry_number(snapshot->registry, org));
    cr_expect(slice_equal(entry->agency_name, org == ORG_NONE ? line->decision.agency : (struct slice){0}));
    cr_expect(entry->offset == line->record.offset && entry->appended_ms == line->decision.appended_ms);
    cr_expect_eq(entry->relayed, line->record.topic.len == 6);
    if (entry->relayed)
        cr_expect(entry->origin_partition == (uint32_t)line->record.origin_partition &&
                  entry->origin_offset == line->record.origin_offset);
}

static void expect_who(const struct line *line, const struct ledger_entry *entry)
{
    const struct decision *decision = &line->decision;
    struct ledger_deliveries deliveries = ledger_deliveries(entry);
    struct ledger_delivery delivery;
    size_t n = 0;
    for (; ledger_delivery_next(&deliveries, &delivery); n++) {
        cr_assert_lt(n, decision->n_deliveries);
        const struct delivery *expected = &decision->deliveries[n];
        cr_expect_eq(delivery.number, registry_number(snapshot->registry, expected->org));
        cr_expect(delivery.parts == expected->parts && delivery.audience == expected->audience &&
                      delivery.subscription_revision == expected->subscription_revision,
            "parts %u for %u, audience %u for %u, revision %llu for %llu", delivery.parts, expected->parts,
            delivery.audience, expected->audience, (unsigned long long)delivery.subscription_revision,
            (unsigned long long)expected->subscription_revision);
    }
    cr_expect_eq(n, decision->n_deliveries);
    for (uint32_t gate = 0; gate < GATE_COUNT; gate++) {
        struct org_set set = ledger_gate(entry, gate), expected = {0};
        for (unsigned org = 0; gate && org < registry_size(snapshot->registry); org++)
            if (org_set_has(&decision->withheld[gate], org))
                org_set_add(&expected, registry_number(snapshot->registry, org));
        cr_expect(org_set_equal(&set, &expected), "gate %u", gate);
    }
}

static struct slice pack_lines(struct line *lines, size_t n)
{
    struct ledger *ledger = ledger_new(2);
    struct packs packs = {0};
    ledger_begin(ledger, snapshot, digest_of(slice_text("before")));
    for (size_t i = 0; i < n; i++)
        cr_assert(ledger_add(ledger, &lines[i].record, &lines[i].decision, &arena, &packs));
    cr_assert(ledger_finish(ledger, &arena, &packs));
    cr_assert_eq(packs.n, 1);
    struct slice value = packs.rows[0].value;
    packs_deinit(&packs);
    ledger_free(ledger);
    return value;
}

Test(ledger_read, every_entry_says_what_was_decided)
{
    static struct line lines[LINES];
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct kit_random random = {seed};
        struct ledger_block block;
        struct ledger_entry entry;
        unsigned n = 1 + (unsigned)kit_below(&random, LINES);
        for (unsigned i = 0; i < n; i++)
            decide_line(&lines[i], &random, i);
        struct slice value = pack_lines(lines, n);
        cr_assert_eq(ledger_open(&block, value), LEDGER_WHOLE);
        cr_assert(kit_block_read(&arena, value).whole);
        struct ledger_walk walk = {.block = &block};
        for (unsigned i = 0; i < n; i++) {
            cr_assert(ledger_next(&walk, &entry));
            cr_expect_eq(entry.sequence, lines[i].decision.sequence);
            expect_where(&lines[i], &entry);
            expect_what(&lines[i], &entry);
            expect_who(&lines[i], &entry);
        }
        cr_expect_not(ledger_next(&walk, &entry));
    }
}

// --- blocks that are none -------------------------------------------------------------------------------------------

static struct slice one_block(void)
{
    static struct line lines[3];
    struct kit_random random = {9};
    for (unsigned i = 0; i < 3; i++)
        decide_line(&lines[i], &random, i);
    return pack_lines(lines, 3);
}

Test(ledger_read, no_beginning_of_a_block_is_a_block)
{
    struct slice whole = one_block();
    for (size_t len = 0; len < whole.len; len++) {
        uint8_t *exact = malloc(len + 1); // so that a tool sees every byte too far
        struct ledger_block block;
        memcpy(exact, whole.data, len);
        cr_expect_neq(ledger_open(&block, slice_of(exact, len)), LEDGER_WHOLE, "%zu bytes", len);
        free(exact);
    }
}

Test(ledger_read, no_bit_of_an_entry_can_be_changed)
{
    struct slice whole = one_block();
    struct ledger_block block;
    cr_assert_eq(ledger_open(&block, whole), LEDGER_WHOLE);
    uint8_t *changed = arena_alloc(&arena, whole.len);
    for (size_t bit = (size_t)(block.entries.data - whole.data) * 8; bit < whole.len * 8; bit++) {
        memcpy(changed, whole.data, whole.len);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_expect_neq(ledger_open(&block, slice_of(changed, whole.len)), LEDGER_WHOLE, "bit %zu", bit);
    }
}

static const struct broken {
    const char *what;
    uint32_t delivered[3], audience[3], agency;
    size_t n_delivered, n_audience, id_len;
    enum ledger_fault fault;
} broken[] = {
    {"all is well", {3, 4, 5}, {1, 2, 3}, 5, 3, 3, 16, LEDGER_WHOLE},
    {"one speaks for all", {3, 4, 5}, {1}, 5, 3, 1, 16, LEDGER_WHOLE},
    {"a column too short", {3, 4, 5}, {1, 2}, 5, 3, 2, 16, LEDGER_CHANGED},
    {"a number beyond all", {3, 1023}, {1}, 5, 2, 1, 16, LEDGER_CHANGED},
    {"a step beyond all", {UINT32_MAX, 2}, {1}, 5, 2, 1, 16, LEDGER_CHANGED},
    {"an id of another length", {3}, {1}, 5, 1, 1, 15, LEDGER_CHANGED},
};

Test(ledger_read, an_entry_that_contradicts_itself_is_none)
{
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct broken row = broken[i];
        uint8_t id[16] = {1};
        struct digest zero = {{0}};
        struct ledger_block block;
        Signalbox__V1__LedgerFront front = SIGNALBOX__V1__LEDGER_FRONT__INIT;
        Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT, *entries[] = {&entry};
        front.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, zero.bytes};
        entry.agency = row.agency;
        entry.item_id = (ProtobufCBinaryData){row.id_len, id};
        entry.delivered = row.delivered, entry.n_delivered = row.n_delivered;
        entry.audience = row.audience, entry.n_audience = row.n_audience;
        cr_expect_eq(ledger_open(&block, kit_block_write(&arena, &front, entries, 1)), row.fault, "%s", row.what);
    }
}

// --- newer blocks, and one entry alone ------------------------------------------------------------------------------

// What a newer contract adds: a number, bytes and a fixed one, under numbers that nobody has today.
static struct slice with_more(struct slice bytes)
{
    static const uint8_t more[] = {0xa8, 0x06, 5, 0xb2, 0x06, 2, 'h', 'i', 0xb9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t *longer = arena_alloc(&arena, bytes.len + sizeof more);
    memcpy(longer, bytes.data, bytes.len);
    memcpy(longer + bytes.len, more, sizeof more);
    return slice_of(longer, bytes.len + sizeof more);
}

Test(ledger_read, what_a_newer_contract_adds_is_passed_over)
{
    struct kit_block today = kit_block_read(&arena, one_block());
    struct ledger_block block;
    struct ledger_entry entry;
    struct slice longer = with_more(today.bytes[0]);
    struct digest root = kit_merkle_root(&longer, 1);
    Signalbox__V1__LedgerFront front = *today.front;
    front.entries = 1;
    front.entries_root = (ProtobufCBinaryData){DIGEST_BYTES, root.bytes};
    uint8_t packed[2048];
    struct slice more = with_more(slice_of(packed, signalbox__v1__ledger_front__pack(&front, packed)));
    Signalbox__V1__LedgerBlock made = SIGNALBOX__V1__LEDGER_BLOCK__INIT;
    ProtobufCBinaryData entries[] = {{longer.len, (uint8_t *)(uintptr_t)longer.data}};
    made.front = (ProtobufCBinaryData){more.len, (uint8_t *)(uintptr_t)more.data};
    made.entries = entries, made.n_entries = 1;
    uint8_t value[8192];
    struct slice whole = with_more(slice_of(value, signalbox__v1__ledger_block__pack(&made, value)));
    cr_assert_eq(ledger_open(&block, whole), LEDGER_WHOLE);
    struct ledger_walk walk = {.block = &block};
    cr_assert(ledger_next(&walk, &entry));
    cr_expect_eq(entry.sequence, today.front->first_sequence);
    cr_expect_eq(entry.offset, today.entries[0]->offset);
    struct digest head = digest_of(more);
    cr_expect_arr_eq(block.head.bytes, head.bytes, DIGEST_BYTES, "the head is of the bytes as they stand");
}

// Of five entries the third: its bytes, the siblings on its way up, and the front prove it.
Test(ledger_read, one_entry_is_shown_with_its_front_and_its_path_alone)
{
    static struct line lines[5];
    struct kit_random random = {3};
    for (unsigned i = 0; i < 5; i++)
        decide_line(&lines[i], &random, i);
    struct kit_block block = kit_block_read(&arena, pack_lines(lines, 5));
    struct digest fourth = merkle_leaf(block.bytes[3]), left = kit_merkle_root(block.bytes, 2),
                  fifth = merkle_leaf(block.bytes[4]);
    struct digest at = merkle_leaf(block.bytes[2]);
    at = merkle_node(&at, &fourth);
    at = merkle_node(&left, &at);
    at = merkle_node(&at, &fifth);
    cr_expect_arr_eq(at.bytes, block.front->entries_root.data, DIGEST_BYTES);
}
