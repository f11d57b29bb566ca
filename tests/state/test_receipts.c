// SPDX-License-Identifier: Apache-2.0
// Receipt blocks written by hand, read back with protobuf-c.
#include "hub/state/receipts.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct receipts *receipts;
static struct packs packs;
static struct arena arena;

static void begin(void)
{
    receipts = receipts_new(1);
    packs = (struct packs){0};
    arena_init(&arena, 0);
}

static void end(void)
{
    packs_deinit(&packs);
    receipts_free(receipts);
    arena_deinit(&arena);
}

TestSuite(receipts, .init = begin, .fini = end);

static struct record record_of(int64_t offset)
{
    return (struct record){.topic = slice_text("in.kent"),
        .lane = 1,
        .offset = offset,
        .appended_ms = KIT_NOW_MS,
        .origin_partition = -1,
        .origin_offset = -1,
        .origin_appended_ms = -1};
}

static struct decision decision_of(const char *agency, uint64_t sequence)
{
    return (struct decision){.outcome = OUTCOME_SIGNATURE_BAD,
        .refusal = {.path = "proof.signature", .offset = 9},
        .agency = slice_text(agency),
        .appended_ms = KIT_NOW_MS,
        .sequence = sequence,
        .value_digest = digest_of(slice_text(agency))};
}

static Signalbox__V1__ReceiptBlock *read_block(struct slice value)
{
    Signalbox__V1__ReceiptBlock *block = signalbox__v1__receipt_block__unpack(NULL, value.len, value.data);
    cr_assert_not_null(block);
    return block;
}

Test(receipts, each_agency_gets_its_own_block_and_nobody_else_s)
{
    const char *const agencies[] = {"kent", "essex", "kent", "", "nca"};
    receipts_begin(receipts);
    for (uint64_t i = 0; i < 5; i++) {
        struct record record = record_of((int64_t)i);
        struct decision decision = decision_of(agencies[i], i + 1);
        cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs));
    }
    cr_assert(receipts_finish(receipts, &arena, &packs));
    cr_assert_eq(packs.n, 3);
    for (size_t i = 0; i < 3; i++) {
        Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[i].value);
        struct digest digest = digest_of(packs.rows[i].owner);
        cr_expect_eq(block->lane, 1);
        cr_expect_eq(block->n_receipts, slice_equal(packs.rows[i].owner, slice_text("kent")) ? 2 : 1);
        for (size_t r = 0; r < block->n_receipts; r++) {
            const Signalbox__V1__Receipt *receipt = block->receipts[r];
            cr_expect_arr_eq(receipt->value_sha256.data, digest.bytes, DIGEST_BYTES);
            cr_expect_str_eq(receipt->code, "SIGNATURE_BAD");
            cr_expect_str_eq(receipt->field_path, "proof.signature");
            cr_expect(receipt->byte_offset == 9 && receipt->partition == 1 && receipt->appended_unix_ms == KIT_NOW_MS);
            cr_expect(*receipt->subject == 0 && receipt->nonce.len == 0 && *receipt->reference == 0);
            cr_expect_eq(receipt->verdict, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED);
        }
        signalbox__v1__receipt_block__free_unpacked(block, NULL);
    }
}

Test(receipts, a_forwarded_record_is_named_by_where_its_agency_put_it)
{
    struct record record = record_of(5);
    struct decision decision = decision_of("kent", 1);
    record.origin_topic = slice_text("in.kent");
    record.origin_partition = 7;
    record.origin_offset = 1234;
    struct kit_item *item = kit_report(&arena, "kent", 1);
    kit_seal(&arena, item);
    decision.header = item->header;
    cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs) && receipts_finish(receipts, &arena, &packs));
    Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[0].value);
    cr_expect(
        block->receipts[0]->partition == 7 && block->receipts[0]->offset == 1234 && block->receipts[0]->revision == 1);
    cr_expect_arr_eq(block->receipts[0]->item_id.data, decision.header->item_id.data, 16);
    signalbox__v1__receipt_block__free_unpacked(block, NULL);
}

// What the agency needs to go on: by what it knows the item, by what others may name it, and how far the hub has it.
Test(receipts, an_item_is_named_as_its_agency_knows_it)
{
    struct kit_item *item = kit_report(&arena, "kent", 1);
    struct record record = record_of(5);
    struct decision decision = decision_of("kent", 1);
    kit_seal(&arena, item);
    kit_set_text(&arena, &item->routing->reference, "KL/2026/0117");
    decision.header = item->header;
    decision.routing = item->routing;
    decision.highest_revision = 7;
    cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs) && receipts_finish(receipts, &arena, &packs));
    Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[0].value);
    const Signalbox__V1__Receipt *receipt = block->receipts[0];
    cr_expect_str_eq(receipt->subject, item->header->subject);
    cr_expect_str_eq(receipt->reference, "KL/2026/0117");
    cr_expect(receipt->highest_revision == 7 && receipt->revision == 1);
    cr_assert(receipt->nonce.len == 16 && receipt->item_id.len == 16);
    cr_expect_arr_eq(receipt->nonce.data, item->header->nonce.data, 16);
    cr_expect_arr_eq(receipt->item_id.data, item->header->item_id.data, 16);
    signalbox__v1__receipt_block__free_unpacked(block, NULL);
}

Test(receipts, blocks_split_at_512_KiB_and_a_new_batch_starts_empty)
{
    size_t n = 0;
    struct record record = record_of(1);
    struct decision decision = decision_of("kent", 1);
    cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs));
    receipts_begin(receipts);
    for (int i = 0; i < 10000; i++)
        cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs));
    cr_assert(receipts_finish(receipts, &arena, &packs));
    cr_expect_geq(packs.n, 2);
    for (size_t i = 0; i < packs.n; i++) {
        Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[i].value);
        cr_expect_leq(packs.rows[i].value.len, PACK_BYTES);
        n += block->n_receipts;
        signalbox__v1__receipt_block__free_unpacked(block, NULL);
    }
    cr_expect_eq(n, 10000);
}

Test(receipts, a_forwarded_record_may_come_from_the_first_place_of_all_and_keeps_its_time)
{
    struct record record = record_of(5);
    struct decision decision = decision_of("kent", 1);
    record.topic = slice_text("relane");
    record.origin_topic = slice_text("in.kent");
    record.origin_partition = 0;
    record.origin_offset = 0;
    record.appended_ms = KIT_NOW_MS + 5000;
    cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs) && receipts_finish(receipts, &arena, &packs));
    Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[0].value);
    cr_expect_eq(block->receipts[0]->partition, 0);
    cr_expect_eq(block->receipts[0]->offset, 0);
    cr_expect_eq(block->receipts[0]->appended_unix_ms, KIT_NOW_MS);
    signalbox__v1__receipt_block__free_unpacked(block, NULL);
}

Test(receipts, a_batch_may_be_of_many_agencies_and_each_gets_all_of_its_own)
{
    char names[100][16];
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 100; i++) {
            struct record record = record_of(round);
            snprintf(names[i], sizeof names[i], "a%d", i);
            struct decision decision = decision_of(names[i], 1);
            cr_assert(receipts_add(receipts, &record, &decision, &arena, &packs));
        }
    cr_assert(receipts_finish(receipts, &arena, &packs));
    cr_assert_eq(packs.n, 100);
    for (size_t i = 0; i < packs.n; i++) {
        Signalbox__V1__ReceiptBlock *block = read_block(packs.rows[i].value);
        cr_expect(slice_equal(packs.rows[i].owner, slice_text(names[i])));
        cr_expect_eq(block->n_receipts, 3, "%s", names[i]);
        signalbox__v1__receipt_block__free_unpacked(block, NULL);
    }
}
