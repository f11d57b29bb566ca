// SPDX-License-Identifier: Apache-2.0
// Ledger blocks written by hand, read back with protobuf-c, and by the reader.
#include "hub/state/ledger.h"
#include "hub/contract/outcome.h"
#include "hub/contract/item_id.h"
#include "hub/rules/registry.h"
#include "hub/state/ledger_read.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/core/random_world.h"
#include <criterion/criterion.h>
#include <stdio.h>

struct desk {
    struct arena arena;
    struct snapshot *snapshot;
    struct ledger *ledger;
    struct packs packs;
    struct record record;
    struct decision decision;
};

static struct desk *desk_new(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    arena_init(&desk->arena, 0);
    desk->snapshot = kit_snapshot();
    desk->ledger = ledger_new(3);
    desk->record = (struct record){.topic = slice_text("in.kent"),
        .lane = 3,
        .offset = 41,
        .appended_ms = KIT_NOW_MS,
        .origin_partition = -1,
        .origin_offset = -1,
        .origin_appended_ms = -1};
    desk->decision = (struct decision){.outcome = OUTCOME_ACCEPTED,
        .refusal = {.offset = -1},
        .agency = slice_text("kent"),
        .appended_ms = KIT_NOW_MS,
        .sequence = 7,
        .value_digest = digest_of(slice_text("v")),
        .n_parts = 2};
    struct kit_item *item = kit_report(&desk->arena, "kent", 1);
    kit_seal(&desk->arena, item); // which gives it its id
    desk->decision.header = item->header;
    ledger_begin(desk->ledger, desk->snapshot, digest_of(slice_text("before")));
    return desk;
}

static void desk_free(struct desk *desk)
{
    packs_deinit(&desk->packs);
    ledger_free(desk->ledger);
    snapshot_free(desk->snapshot);
    arena_deinit(&desk->arena);
    free(desk);
}

static void add(struct desk *desk)
{
    cr_assert(ledger_add(desk->ledger, &desk->record, &desk->decision, &desk->arena, &desk->packs));
    desk->decision.sequence++;
    desk->record.offset++;
}

static struct kit_block block_at(struct desk *desk, size_t at)
{
    cr_assert_lt(at, desk->packs.n);
    struct kit_block block = kit_block_read(&desk->arena, desk->packs.rows[at].value);
    cr_assert(block.whole);
    return block;
}

static void withhold(struct desk *desk, unsigned gate, const char *force)
{
    org_set_add(&desk->decision.withheld[gate], registry_find(desk->snapshot->registry, slice_text(force)));
}

static void give_deliveries(struct desk *desk, const char *const *forces, size_t n)
{
    struct slice copy = slice_text("a copy without part 1");
    desk->decision.deliveries = arena_alloc(&desk->arena, n * sizeof *desk->decision.deliveries);
    desk->decision.n_deliveries = n;
    for (size_t i = 0; i < n; i++)
        desk->decision.deliveries[i] =
            (struct delivery){.org = registry_find(desk->snapshot->registry, slice_text(forces[i])),
                .parts = i + 1,
                .audience = 1u << i,
                .subscription_revision = 5 + i,
                .whole = i == 0,
                .value = copy};
}

static bool out(struct desk *desk, const struct kit_block *block, size_t entry, unsigned gate, const char *force)
{
    return kit_left_out(block, block->entries[entry], gate, kit_number(desk->snapshot, force));
}

#define CLEARANCE SIGNALBOX__V1__GATE__GATE_CLEARANCE
#define INTEREST  SIGNALBOX__V1__GATE__GATE_INTEREST

Test(ledger, an_entry_says_all_that_was_decided)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"north-wales", "essex"};
    give_deliveries(desk, forces, 2);
    withhold(desk, CLEARANCE, "catch22");
    withhold(desk, INTEREST, "btp");
    withhold(desk, INTEREST, "nca");
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    const Signalbox__V1__LedgerFront *front = block.front;
    struct digest before = digest_of(slice_text("before"));
    cr_expect(front->lane == 3 && front->first_sequence == 7 && front->entries == 1 &&
              front->opened_unix_ms == KIT_NOW_MS && front->closed_after_ms == 0);
    cr_expect_arr_eq(front->previous_sha256.data, before.bytes, DIGEST_BYTES);
    cr_expect_eq(front->registry_version, desk->snapshot->registry_version);
    cr_expect_eq(front->policy_version, desk->snapshot->policy_version);
    cr_expect_eq(front->subscriptions_version, desk->snapshot->subscriptions_version);
    const Signalbox__V1__LedgerEntry *entry = block.entries[0];
    const Signalbox__V1__Header *header = desk->decision.header;
    cr_expect_eq(entry->agency, kit_number(desk->snapshot, "kent") + 1);
    cr_expect_str_empty(entry->agency_name);
    cr_expect(!entry->relayed && entry->offset == 41 && entry->appended_after_ms == 0 && entry->byte_place == 0);
    cr_expect_str_eq(entry->subject, header->subject);
    cr_expect(entry->kind == header->kind && entry->status == header->status && entry->parts_total == 2);
    cr_expect_eq(entry->standing, SIGNALBOX__V1__STANDING__STANDING_UNSPECIFIED, "it changes none");
    cr_expect(entry->revision == 1 && entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED);
    cr_expect_str_empty(entry->code);
    cr_expect(KIT_NOW_MS - entry->made_before_ms == header->made_unix_ms && header->made_unix_ms > 0);
    cr_assert_eq(entry->n_delivered, 2);
    for (size_t i = 0; i < 2; i++) {
        int place = kit_delivered(entry, kit_number(desk->snapshot, forces[i]));
        cr_assert_geq(place, 0);
        cr_expect(entry->parts[place] == i + 1 && entry->audience[place] == 1u << i &&
                  entry->subscription_revisions[place] == 5 + i);
    }
    cr_expect_eq(entry->rest, INTEREST, "most were left out for that");
    cr_assert_eq(entry->n_withheld, 1);
    cr_expect(out(desk, &block, 0, CLEARANCE, "catch22") && out(desk, &block, 0, INTEREST, "btp") &&
              out(desk, &block, 0, INTEREST, "nca") && !out(desk, &block, 0, INTEREST, "catch22") &&
              !out(desk, &block, 0, INTEREST, "essex") && !out(desk, &block, 0, INTEREST, "kent"));
    desk_free(desk);
}

// What is checked is derived, what is bound is the leaf; what somebody only says stands there as it was said.
Test(ledger, an_item_that_was_taken_in_is_its_nonce_and_its_leaf)
{
    static const struct {
        enum outcome outcome;
        bool nonce, bound, derived, leaf;
    } rows[] = {
        {OUTCOME_ACCEPTED, true, true, true, true},
        {OUTCOME_ACCEPTED, false, true, false, true},
        {OUTCOME_ACCEPTED, true, false, true, false},
        {OUTCOME_DUPLICATE_REVISION, true, true, true, true},
        {OUTCOME_FORWARDED, true, true, false, false},
        {OUTCOME_FIELD_CONFLICT, true, true, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk *desk = desk_new();
        desk->decision.outcome = rows[i].outcome;
        desk->decision.nonce = rows[i].nonce ? slice_text("sixteen bytes on") : (struct slice){0};
        desk->decision.bound = rows[i].bound;
        desk->decision.leaf = digest_of(slice_text("leaf"));
        add(desk);
        cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
        const Signalbox__V1__LedgerEntry *entry = block_at(desk, 0).entries[0];
        const struct digest *digest = rows[i].leaf ? &desk->decision.leaf : &desk->decision.value_digest;
        const ProtobufCBinaryData *said = rows[i].leaf ? &entry->leaf : &entry->value_sha256;
        cr_expect_eq(entry->nonce.len, rows[i].derived ? 16 : 0, "row %zu", i);
        cr_expect_eq(entry->item_id.len, rows[i].derived ? 0 : 16, "row %zu", i);
        cr_assert_eq(entry->leaf.len + entry->value_sha256.len, 32, "row %zu", i);
        cr_expect_arr_eq(said->data, digest->bytes, DIGEST_BYTES, "row %zu", i);
        desk_free(desk);
    }
}

Test(ledger, a_change_of_standing_and_what_it_is_about_are_told)
{
    struct desk *desk = desk_new();
    desk->decision.standing = SIGNALBOX__V1__STANDING__STANDING_RECALLED;
    desk->decision.about_item = slice_text("sixteen bytes on");
    desk->decision.about_agency = registry_find(desk->snapshot->registry, slice_text("nca"));
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    const Signalbox__V1__LedgerEntry *entry = block_at(desk, 0).entries[0];
    cr_expect_eq(entry->standing, SIGNALBOX__V1__STANDING__STANDING_RECALLED);
    cr_expect_eq(entry->about_item_id.len, 16);
    cr_expect_eq(entry->about_agency, kit_number(desk->snapshot, "nca") + 1);
    desk_free(desk);
}

Test(ledger, a_refused_forwarded_record_keeps_its_reason_and_its_origin)
{
    struct desk *desk = desk_new();
    desk->record.topic = slice_text("relane");
    desk->record.origin_topic = slice_text("in.nca");
    desk->record.origin_partition = 2;
    desk->record.origin_offset = 900;
    desk->decision.agency = slice_text("nca");
    desk->decision.header = NULL;
    desk->decision.outcome = OUTCOME_DIGEST_BAD;
    desk->decision.refusal =
        (struct refusal){.outcome = OUTCOME_DIGEST_BAD, .path = "header.parts[0].digest", .offset = 123};
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    const Signalbox__V1__LedgerEntry *entry = block_at(desk, 0).entries[0];
    cr_expect(entry->relayed && entry->origin_partition == 2 && entry->origin_offset == 900);
    cr_expect_eq(entry->agency, kit_number(desk->snapshot, "nca") + 1);
    cr_expect_str_eq(entry->field_path, "header.parts[0].digest");
    cr_expect(entry->byte_place == 124 && entry->item_id.len == 0 && entry->kind == 0 &&
              entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED);
    cr_expect_str_eq(entry->code, "DIGEST_BAD");
    cr_expect_str_empty(entry->subject);
    desk_free(desk);
}

Test(ledger, an_agency_that_is_not_registered_is_told_by_its_name)
{
    static const char *const agencies[] = {"kent", "atlantis", "kent", "essex", ""};
    struct desk *desk = desk_new();
    for (size_t i = 0; i < 5; i++) {
        desk->decision.agency = slice_text(agencies[i]);
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    for (size_t i = 0; i < 5; i++) {
        bool known = i != 1 && i != 4;
        cr_expect_eq(block.entries[i]->agency > 0, known);
        cr_expect_str_eq(block.entries[i]->agency_name, known ? "" : agencies[i]);
        cr_expect_str_eq(kit_entry_agency(desk->snapshot, block.entries[i]), agencies[i]);
    }
    desk_free(desk);
}

Test(ledger, blocks_split_at_512_KiB_and_chain)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"north-wales", "essex", "kent"};
    give_deliveries(desk, forces, 3);
    struct digest head = digest_of(slice_text("before"));
    uint64_t next = desk->decision.sequence;
    for (int i = 0; i < 9000; i++)
        add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    cr_expect_geq(desk->packs.n, 2);
    for (size_t i = 0; i < desk->packs.n; i++) {
        struct kit_block block = block_at(desk, i);
        cr_expect_leq(desk->packs.rows[i].value.len, PACK_BYTES);
        cr_expect_arr_eq(block.front->previous_sha256.data, head.bytes, DIGEST_BYTES);
        cr_expect_eq(block.front->first_sequence, next);
        next += block.n;
        head = block.head;
    }
    cr_expect_eq(next, 9007);
    struct digest last = ledger_head(desk->ledger);
    cr_expect_arr_eq(last.bytes, head.bytes, DIGEST_BYTES);
    desk_free(desk);
}

// Whom the block's first entry speaks of had a feed; who has one only later is named where it is left out.
Test(ledger, a_block_tells_anew_who_had_a_feed)
{
    struct desk *desk = desk_new();
    withhold(desk, INTEREST, "btp");
    withhold(desk, INTEREST, "essex");
    add(desk);
    withhold(desk, INTEREST, "nca");
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block first = block_at(desk, 0), second = block_at(desk, 1);
    cr_expect(first.entries[0]->rest == INTEREST && first.entries[0]->n_withheld == 0);
    cr_expect(first.entries[1]->rest == 0 && first.entries[1]->n_withheld == 1);
    cr_expect(second.entries[0]->rest == INTEREST && second.entries[0]->n_withheld == 0);
    cr_expect(!out(desk, &first, 0, INTEREST, "nca") && out(desk, &first, 1, INTEREST, "nca"));
    cr_expect(out(desk, &second, 0, INTEREST, "nca") && out(desk, &second, 0, INTEREST, "btp"));
    desk_free(desk);
}

Test(ledger, the_largest_entry_there_can_be_fits)
{
    struct desk *desk = desk_new();
    char topic[250], path[REFUSAL_PATH_BYTES];
    unsigned n = registry_size(desk->snapshot->registry);
    memset(topic, 't', sizeof topic);
    memset(path, 'p', sizeof path);
    path[sizeof path - 1] = '\0';
    desk->record.topic = slice_text("relane");
    desk->decision.agency = slice_of(topic, sizeof topic);
    desk->record.origin_partition = INT32_MAX;
    desk->record.origin_offset = desk->record.offset = INT64_MAX - 1;
    memcpy(desk->decision.refusal.path, path, sizeof path);
    desk->decision.refusal.offset = INT64_MAX - 1;
    desk->decision.n_deliveries = n;
    desk->decision.deliveries = arena_alloc(&desk->arena, n * sizeof *desk->decision.deliveries);
    for (unsigned org = 0; org < n; org++) {
        desk->decision.deliveries[org] = (struct delivery){.org = org,
            .parts = UINT32_MAX - org,
            .audience = UINT32_MAX - org,
            .subscription_revision = UINT64_MAX - org,
            .value = slice_text("copy")};
        for (size_t gate = 1; gate < GATE_COUNT; gate++)
            org_set_add(&desk->decision.withheld[gate], org);
    }
    desk->decision.first_sequence = UINT64_MAX;
    desk->decision.appended_ms = INT64_MIN / 2;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    const Signalbox__V1__LedgerEntry *entry = block_at(desk, 0).entries[0];
    cr_expect(entry->n_delivered == n && entry->n_withheld == GATE_COUNT - 1 && entry->n_parts == n &&
              entry->n_audience == n && entry->n_subscription_revisions == n);
    desk_free(desk);
}

Test(ledger, an_entry_of_a_forwarded_record_has_its_first_time_and_its_first_place)
{
    struct desk *desk = desk_new();
    desk->record.topic = slice_text("relane");
    desk->record.origin_topic = slice_text("in.kent");
    desk->record.origin_partition = 0;
    desk->record.origin_offset = 0;
    desk->record.appended_ms = KIT_NOW_MS + 5000;
    add(desk);
    desk->record.origin_partition = 1023;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    cr_expect(block.entries[0]->relayed && block.entries[0]->origin_partition == 0);
    cr_expect(block.entries[1]->relayed && block.entries[1]->origin_partition == 1023);
    cr_expect_eq(block.front->opened_unix_ms, KIT_NOW_MS + 5000, "the lane's own time");
    cr_expect_eq(block.entries[0]->appended_after_ms, -5000);
    desk_free(desk);
}

Test(ledger, a_block_opens_with_its_first_time_and_closes_with_its_latest)
{
    static const int64_t times[] = {3, 9, 4, 1};
    struct desk *desk = desk_new();
    for (size_t i = 0; i < 4; i++) {
        desk->decision.appended_ms = desk->record.appended_ms = KIT_NOW_MS + times[i];
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    cr_expect_eq(block.front->opened_unix_ms, KIT_NOW_MS + 3);
    cr_expect_eq(block.front->closed_after_ms, 6);
    cr_expect_eq(block.front->first_sequence, 7);
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(block.entries[i]->appended_after_ms, times[i] - 3);
    desk_free(desk);
}

Test(ledger, a_batch_that_was_given_up_leaves_nothing_in_the_next)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"essex"};
    give_deliveries(desk, forces, 1);
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    add(desk);
    ledger_begin(desk->ledger, desk->snapshot, digest_of(slice_text("committed")));
    desk->decision.n_deliveries = 0;
    desk->decision.sequence = 40;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 1);
    struct digest committed = digest_of(slice_text("committed"));
    cr_expect_arr_eq(block.front->previous_sha256.data, committed.bytes, DIGEST_BYTES);
    cr_expect(block.n == 1 && block.front->forces_below == 0 && block.front->first_sequence == 40);
    desk_free(desk);
}

// Columns say once what they would say of all, and nothing where that goes without saying.
Test(ledger, what_all_got_alike_is_said_once)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"essex", "kent", "nca"};
    give_deliveries(desk, forces, 3);
    for (size_t i = 0; i < 3; i++) {
        struct delivery *delivery = &desk->decision.deliveries[i];
        *delivery = (struct delivery){.org = delivery->org, .parts = 3, .audience = 512, .whole = true};
    }
    add(desk);
    for (size_t i = 0; i < 3; i++) {
        desk->decision.deliveries[i].subscription_revision = 300;
        desk->decision.deliveries[i].parts = 1;
        desk->decision.deliveries[i].whole = false;
    }
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    const Signalbox__V1__LedgerEntry *all = block.entries[0], *some = block.entries[1];
    cr_expect(all->n_delivered == 3 && all->n_audience == 1 && all->audience[0] == 512);
    cr_expect(all->n_parts == 0 && all->n_subscription_revisions == 0);
    cr_expect(some->n_parts == 1 && some->parts[0] == 1);
    cr_expect(some->n_subscription_revisions == 1 && some->subscription_revisions[0] == 300);
    desk_free(desk);
}

// Two neighbours that are withheld from the same force of the first 64, and from another one of the last.
Test(ledger, an_entry_tells_from_whom_its_own_item_was_withheld_not_its_neighbour_s)
{
    struct desk *desk = desk_new();
    struct snapshot *country = random_world_snapshot(&desk->arena, NULL, 0), *own = desk->snapshot;
    const char *const forces[] = {"council-18", "council-19"};
    desk->snapshot = country;
    ledger_begin(desk->ledger, country, digest_of(slice_text("before")));
    for (unsigned org = 1; org < 4; org++)
        org_set_add(&desk->decision.withheld[INTEREST], org);
    for (size_t i = 0; i < 2; i++) {
        unsigned org = registry_find(country->registry, slice_text(forces[i]));
        cr_assert_geq(org, 64);
        desk->decision.withheld[CLEARANCE] = (struct org_set){0};
        org_set_add(&desk->decision.withheld[CLEARANCE], 0);
        org_set_add(&desk->decision.withheld[CLEARANCE], org);
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    struct kit_block block = block_at(desk, 0);
    for (size_t i = 0; i < 2; i++) {
        cr_expect(out(desk, &block, i, CLEARANCE, registry_row(country->registry, 0)->id));
        cr_expect(out(desk, &block, i, CLEARANCE, forces[i]) && !out(desk, &block, i, CLEARANCE, forces[1 - i]),
            "entry %zu", i);
    }
    desk->snapshot = own;
    desk_free(desk);
    snapshot_free(country);
}

// --- sizes ----------------------------------------------------------------------------------------------------------

#define COUNTRY 110

// As many organisations as there are in the country, numbered in another order than their ids stand in.
static struct snapshot *country_of_110(struct arena *arena)
{
    static const char *const bodies[] = {"btp", "nca", "nclcc"};
    struct error error;
    Signalbox__V1__Registry *registry = random_world_registry(arena);
    registry->n_organisations = 0;
    for (unsigned i = 0; i < COUNTRY; i++) {
        Signalbox__V1__Organisation *row = arena_alloc(arena, sizeof *row);
        signalbox__v1__organisation__init(row);
        kit_set_text(arena, &row->id, i < 3 ? bodies[i] : arena_printf(arena, "org-%03u", i));
        row->name = row->id;
        row->kind = "territorial";
        row->region = "region-0";
        row->clearance = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
        row->publishes = row->subscribes = true;
        row->number = i * 7 % COUNTRY;
        registry->organisations[registry->n_organisations++] = row;
    }
    registry->version = 412;
    struct snapshot *snapshot = snapshot_new(registry, random_world_policy(arena), NULL, 0, 20116, &error);
    cr_assert(snapshot, "%s", error.text);
    return snapshot;
}

// A report as real arrivals make it: to five forces that each asked for it by a subscription of their own, withheld
// from three for want of interest and from two by clearance; the rest of the country it does not concern.
static void decide_as_usual(struct desk *desk, struct kit_random *random)
{
    struct decision *decision = &desk->decision;
    uint32_t before[COUNTRY] = {0};
    decision->n_deliveries = 0;
    decision->deliveries = arena_alloc(&desk->arena, 5 * sizeof *decision->deliveries);
    memset(decision->withheld, 0, sizeof decision->withheld);
    for (size_t taken = 0; taken < 10;) {
        unsigned org = (unsigned)kit_below(random, COUNTRY);
        if (before[org]++)
            continue;
        if (taken >= 5)
            org_set_add(&decision->withheld[taken < 8 ? INTEREST : CLEARANCE], org);
        taken++;
    }
    for (unsigned org = 0; org < COUNTRY; org++)
        if (!before[org])
            org_set_add(&decision->withheld[SIGNALBOX__V1__GATE__GATE_AUDIENCE], org);
        else if (!org_set_has(&decision->withheld[INTEREST], org) && !org_set_has(&decision->withheld[CLEARANCE], org))
            decision->deliveries[decision->n_deliveries++] = (struct delivery){.org = org,
                .parts = 3,
                .audience = 1u << (1 + kit_below(random, 8)),
                .subscription_revision = 1 + kit_below(random, 10000),
                .whole = true};
    cr_assert_eq(decision->n_deliveries, 5);
}

static struct desk *desk_as_usual(void)
{
    struct desk *desk = desk_new();
    snapshot_free(desk->snapshot);
    desk->snapshot = country_of_110(&desk->arena);
    struct snapshot *snapshot = desk->snapshot;
    snapshot->policy_version = 37;
    desk->decision.agency = slice_text("org-077");
    desk->decision.nonce = slice_text("sixteen bytes on");
    desk->decision.bound = true;
    desk->decision.sequence = 2000000;
    desk->record.offset = 3000000;
    ledger_begin(desk->ledger, desk->snapshot, digest_of(slice_text("before")));
    return desk;
}

Test(ledger, a_block_of_one_item_is_under_250_bytes)
{
    struct kit_random random = {4};
    size_t most = 0;
    for (int i = 0; i < 500; i++) {
        struct desk *desk = desk_as_usual();
        desk->decision.header = kit_report(&desk->arena, "org-077", (unsigned)i)->header;
        decide_as_usual(desk, &random);
        add(desk);
        cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
        size_t len = desk->packs.rows[0].value.len;
        most = len > most ? len : most;
        desk_free(desk);
    }
    cr_expect_lt(most, 250, "%zu bytes", most);
    cr_expect_gt(most, 200, "%zu bytes: does the block still say all of it?", most);
}

Test(ledger, an_entry_of_a_backlog_is_under_160_bytes)
{
    struct kit_random random = {5};
    struct desk *desk = desk_as_usual();
    for (int i = 0; i < 500; i++) {
        desk->decision.header = kit_report(&desk->arena, "org-077", (unsigned)i)->header;
        decide_as_usual(desk, &random);
        desk->decision.appended_ms = ++desk->record.appended_ms;
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    cr_assert_eq(desk->packs.n, 1);
    cr_expect_lt(desk->packs.rows[0].value.len / 500, 160, "%zu bytes", desk->packs.rows[0].value.len / 500);
    desk_free(desk);
}
