// SPDX-License-Identifier: Apache-2.0
// Ledger blocks written by hand, read back with protobuf-c.
#include "hub/state/ledger.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
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
        .value_digest = digest_of(slice_text("v"))};
    desk->decision.header = kit_report(&desk->arena, "kent", 1)->header;
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

static Signalbox__V1__LedgerBlock *block_at(const struct desk *desk, size_t at)
{
    cr_assert_lt(at, desk->packs.n);
    struct slice value = desk->packs.rows[at].value;
    Signalbox__V1__LedgerBlock *block = signalbox__v1__ledger_block__unpack(NULL, value.len, value.data);
    cr_assert_not_null(block);
    return block;
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

static bool names(const Signalbox__V1__LedgerBlock *block, ProtobufCBinaryData set, const char *force)
{
    for (size_t i = 0; i < block->n_organisations; i++)
        if (strcmp(block->organisations[i], force) == 0)
            return i / 8 < set.len && (set.data[i / 8] >> i % 8 & 1);
    return false;
}

Test(ledger, an_entry_says_all_that_was_decided)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"north-wales", "essex"};
    struct digest copy = digest_of(slice_text("a copy without part 1"));
    give_deliveries(desk, forces, 2);
    org_set_add(&desk->decision.withheld[2], registry_find(desk->snapshot->registry, slice_text("catch22")));
    org_set_add(&desk->decision.withheld[7], registry_find(desk->snapshot->registry, slice_text("btp")));
    org_set_add(&desk->decision.withheld[7], registry_find(desk->snapshot->registry, slice_text("nca")));
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    struct digest before = digest_of(slice_text("before"));
    cr_expect(
        block->lane == 3 && block->first_sequence == 7 && block->n_entries == 1 && block->closed_unix_ms == KIT_NOW_MS);
    cr_expect_arr_eq(block->previous_sha256.data, before.bytes, DIGEST_BYTES);
    cr_expect_eq(block->registry_version, desk->snapshot->registry_version);
    cr_expect_eq(block->policy_version, desk->snapshot->policy_version);
    cr_expect_eq(block->subscriptions_version, desk->snapshot->subscriptions_version);
    cr_expect_eq(block->n_organisations, 5, "only those that are named");
    const Signalbox__V1__LedgerEntry *entry = block->entries[0];
    cr_expect_str_eq(entry->topic, "in.kent");
    cr_expect(entry->partition == 3 && entry->offset == 41 && entry->appended_unix_ms == KIT_NOW_MS &&
              entry->byte_offset == -1);
    cr_expect_str_eq(entry->agency, "kent");
    cr_expect_arr_eq(entry->item_id.data, desk->decision.header->item_id.data, 16);
    cr_expect(entry->revision == 1 && entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED);
    cr_expect_str_eq(entry->code, "ACCEPTED");
    cr_expect_str_empty(entry->origin);
    cr_expect(entry->made_unix_ms == desk->decision.header->made_unix_ms && entry->made_unix_ms > 0);
    cr_expect_arr_eq(entry->value_sha256.data, desk->decision.value_digest.bytes, DIGEST_BYTES);
    cr_assert(entry->n_deliveries == 2 && entry->n_withheld == 2);
    for (size_t i = 0; i < 2; i++) {
        const Signalbox__V1__Delivery *delivery = entry->deliveries[i];
        cr_expect_str_eq(block->organisations[delivery->organisation], forces[i]);
        cr_expect(
            delivery->parts == i + 1 && delivery->audience == 1u << i && delivery->subscription_revision == 5 + i);
    }
    cr_expect_eq(entry->deliveries[0]->value_sha256.len, 0, "untouched");
    cr_expect_arr_eq(entry->deliveries[1]->value_sha256.data, copy.bytes, DIGEST_BYTES);
    cr_expect(entry->withheld[0]->gate == SIGNALBOX__V1__GATE__GATE_CLEARANCE &&
              names(block, entry->withheld[0]->organisations, "catch22"));
    cr_expect(entry->withheld[1]->gate == SIGNALBOX__V1__GATE__GATE_INTEREST &&
              names(block, entry->withheld[1]->organisations, "btp") &&
              names(block, entry->withheld[1]->organisations, "nca") &&
              !names(block, entry->withheld[1]->organisations, "catch22"));
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
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
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    const Signalbox__V1__LedgerEntry *entry = block->entries[0];
    cr_expect_str_eq(entry->topic, "relane");
    cr_expect_str_eq(entry->origin, "in.nca/2/900");
    cr_expect_str_eq(entry->field_path, "header.parts[0].digest");
    cr_expect(entry->byte_offset == 123 && entry->item_id.len == 0 &&
              entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED);
    cr_expect_str_eq(entry->code, "DIGEST_BAD");
    cr_expect_eq(entry->made_unix_ms, 0, "there is no header that could say");
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}

Test(ledger, when_an_item_was_made_costs_eight_bytes_of_its_entry)
{
    size_t sizes[2];
    for (int said = 0; said < 2; said++) {
        struct desk *desk = desk_new();
        Signalbox__V1__Header header = *desk->decision.header;
        header.made_unix_ms *= said;
        desk->decision.header = &header;
        add(desk);
        cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
        sizes[said] = desk->packs.rows[0].value.len;
        desk_free(desk);
    }
    cr_expect_eq(sizes[1] - sizes[0], 8, "%zu", sizes[1] - sizes[0]);
}

Test(ledger, blocks_split_at_512_KiB_and_chain)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"north-wales", "essex", "kent"};
    give_deliveries(desk, forces, 3);
    struct digest head = digest_of(slice_text("before"));
    uint64_t next = desk->decision.sequence;
    for (int i = 0; i < 6000; i++)
        add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    cr_expect_geq(desk->packs.n, 2);
    for (size_t i = 0; i < desk->packs.n; i++) {
        struct slice value = desk->packs.rows[i].value;
        Signalbox__V1__LedgerBlock *block = block_at(desk, i);
        cr_expect_leq(value.len, PACK_BYTES);
        cr_expect_arr_eq(block->previous_sha256.data, head.bytes, DIGEST_BYTES);
        cr_expect_eq(block->first_sequence, next);
        cr_expect_eq(block->n_organisations, 3);
        next += block->n_entries;
        head = digest_of(value);
        signalbox__v1__ledger_block__free_unpacked(block, NULL);
    }
    cr_expect_eq(next, 6007);
    struct digest last = ledger_head(desk->ledger);
    cr_expect_arr_eq(last.bytes, head.bytes, DIGEST_BYTES);
    desk_free(desk);
}

Test(ledger, a_block_numbers_its_organisations_afresh)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"north-wales"};
    org_set_add(&desk->decision.withheld[7], registry_find(desk->snapshot->registry, slice_text("btp")));
    for (int block = 0; block < 2; block++) {
        if (block == 0)
            give_deliveries(desk, forces, 1);
        else
            desk->decision.n_deliveries = 0;
        add(desk);
        cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
        Signalbox__V1__LedgerBlock *read = block_at(desk, (size_t)block);
        cr_expect_eq(read->n_organisations, block == 0 ? 2 : 1);
        cr_expect(names(read, read->entries[0]->withheld[0]->organisations, "btp"), "block %d", block);
        signalbox__v1__ledger_block__free_unpacked(read, NULL);
    }
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
    desk->record.topic = desk->record.origin_topic = desk->decision.agency = slice_of(topic, sizeof topic);
    desk->record.origin_partition = INT32_MAX;
    desk->record.origin_offset = desk->record.offset = INT64_MAX - 1;
    memcpy(desk->decision.refusal.path, path, sizeof path);
    desk->decision.n_deliveries = n;
    desk->decision.deliveries = arena_alloc(&desk->arena, n * sizeof *desk->decision.deliveries);
    for (unsigned org = 0; org < n; org++) {
        desk->decision.deliveries[org] = (struct delivery){.org = org,
            .parts = UINT32_MAX,
            .audience = UINT32_MAX,
            .subscription_revision = UINT64_MAX,
            .value = slice_text("copy")};
        for (size_t gate = 1; gate < GATE_COUNT; gate++)
            org_set_add(&desk->decision.withheld[gate], org);
    }
    desk->decision.first_sequence = UINT64_MAX;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    cr_expect(block->entries[0]->n_deliveries == n && block->entries[0]->n_withheld == GATE_COUNT - 1);
    cr_expect_eq(block->n_organisations, n);
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}

// Adds entries of north-wales until one opens a block; the entry with this number, counted from 1, is of essex.
static size_t fill_block(struct desk *desk, size_t of_essex)
{
    const char *const forces[] = {"north-wales", "essex"};
    size_t n = 0;
    while (desk->packs.n == 0) {
        give_deliveries(desk, &forces[++n == of_essex], 1);
        add(desk);
    }
    return n;
}

Test(ledger, names_of_the_entry_that_opens_a_block_stand_in_that_block_alone)
{
    struct desk *desk = desk_new();
    size_t opens = fill_block(desk, 0);
    desk_free(desk);
    desk = desk_new();
    cr_assert_eq(fill_block(desk, opens), opens);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    cr_assert_eq(desk->packs.n, 2);
    for (size_t i = 0; i < 2; i++) {
        Signalbox__V1__LedgerBlock *block = block_at(desk, i);
        cr_expect_eq(block->n_organisations, 1);
        cr_expect_str_eq(block->organisations[0], i ? "essex" : "north-wales");
        cr_expect_eq(block->n_entries, i ? 1 : opens - 1);
        signalbox__v1__ledger_block__free_unpacked(block, NULL);
    }
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
    desk->record.origin_partition = 2;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    cr_expect_str_eq(block->entries[0]->origin, "in.kent/0/0");
    cr_expect_str_eq(block->entries[1]->origin, "in.kent/2/0");
    cr_expect_eq(block->entries[0]->appended_unix_ms, KIT_NOW_MS);
    cr_expect_eq(block->closed_unix_ms, KIT_NOW_MS + 5000, "the lane's own time");
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}

Test(ledger, a_block_closes_with_its_latest_time_and_begins_with_its_first_sequence)
{
    static const int64_t times[] = {3, 9, 4};
    struct desk *desk = desk_new();
    for (size_t i = 0; i < 3; i++) {
        desk->record.appended_ms = KIT_NOW_MS + times[i];
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    cr_expect_eq(block->closed_unix_ms, KIT_NOW_MS + 9);
    cr_expect_eq(block->first_sequence, 7);
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
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
    Signalbox__V1__LedgerBlock *block = block_at(desk, 1);
    struct digest committed = digest_of(slice_text("committed"));
    cr_expect_arr_eq(block->previous_sha256.data, committed.bytes, DIGEST_BYTES);
    cr_expect(block->n_entries == 1 && block->n_organisations == 0 && block->first_sequence == 40);
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}

Test(ledger, each_copy_is_told_by_its_own_digest)
{
    struct desk *desk = desk_new();
    const char *const forces[] = {"essex", "kent", "nca"};
    const char *const copies[] = {"", "part 1", "part 2"};
    give_deliveries(desk, forces, 3);
    for (size_t i = 0; i < 3; i++)
        desk->decision.deliveries[i].value = slice_text(copies[i]);
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    for (size_t i = 1; i < 3; i++) {
        struct digest digest = digest_of(slice_text(copies[i]));
        cr_expect_arr_eq(block->entries[0]->deliveries[i]->value_sha256.data, digest.bytes, DIGEST_BYTES);
    }
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}

// Two neighbours that are withheld from the same force of the first 64, and from another one of the last.
Test(ledger, an_entry_tells_from_whom_its_own_item_was_withheld_not_its_neighbour_s)
{
    struct desk *desk = desk_new();
    struct snapshot *country = random_world_snapshot(&desk->arena, NULL, 0);
    const char *const forces[] = {"council-18", "council-19"};
    ledger_begin(desk->ledger, country, digest_of(slice_text("before")));
    for (size_t i = 0; i < 2; i++) {
        unsigned org = registry_find(country->registry, slice_text(forces[i]));
        cr_assert_geq(org, 64);
        desk->decision.withheld[2] = (struct org_set){0};
        org_set_add(&desk->decision.withheld[2], 0);
        org_set_add(&desk->decision.withheld[2], org);
        add(desk);
    }
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    for (size_t i = 0; i < 2; i++) {
        ProtobufCBinaryData set = block->entries[i]->withheld[0]->organisations;
        cr_expect(names(block, set, registry_row(country->registry, 0)->id));
        cr_expect(names(block, set, forces[i]) && !names(block, set, forces[1 - i]), "entry %zu", i);
    }
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
    snapshot_free(country);
}

Test(ledger, the_origin_of_the_longest_agency_is_told_whole)
{
    struct desk *desk = desk_new();
    char topic[68] = "in.", origin[80];
    memset(topic + 3, 'a', 64);
    desk->record.topic = slice_text("relane");
    desk->record.origin_topic = slice_text(topic);
    desk->record.origin_partition = 1023;
    desk->record.origin_offset = 5;
    add(desk);
    cr_assert(ledger_finish(desk->ledger, &desk->arena, &desk->packs));
    Signalbox__V1__LedgerBlock *block = block_at(desk, 0);
    snprintf(origin, sizeof origin, "%s/1023/5", topic);
    cr_expect_str_eq(block->entries[0]->origin, origin);
    signalbox__v1__ledger_block__free_unpacked(block, NULL);
    desk_free(desk);
}
