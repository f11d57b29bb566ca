// SPDX-License-Identifier: Apache-2.0
// Waiting for receipts on the embedded broker: each that is expected is found, however many are, in whatever order they
// come.
#include "connectors/sdk/receipt_wait.h"
#include "embedded.h"
#include "tests/kit/core/random.h"

#define EXPECTED   700 // the table of places grows twice, and is nearly full
#define PARTITIONS 4

struct bench {
    struct embedded e;
    struct receipt_wait *wait;
    struct writer *writer;
};

static void begin(struct bench *bench)
{
    const struct writer_settings settings = {0};
    embedded_init(&bench->e);
    bench->wait = receipt_wait_new(&bench->e.settings, "agency-a", &bench->e.error);
    cr_assert(bench->wait, "%s", bench->e.error.text);
    bench->writer = writer_new(&bench->e.settings, &settings, &bench->e.error);
    cr_assert(bench->writer, "%s", bench->e.error.text);
}

static void end(struct bench *bench)
{
    receipt_wait_free(bench->wait);
    writer_free(bench->writer);
    embedded_deinit(&bench->e);
}

static Signalbox__V1__Receipt receipt_of(uint32_t place, Signalbox__V1__Verdict verdict)
{
    Signalbox__V1__Receipt receipt = SIGNALBOX__V1__RECEIPT__INIT;
    receipt.partition = place % PARTITIONS;
    receipt.offset = place / PARTITIONS;
    receipt.verdict = verdict;
    return receipt;
}

// One block with these receipts, as the hub writes it.
static void write_block(struct bench *bench, Signalbox__V1__Receipt *receipts, size_t n)
{
    static Signalbox__V1__Receipt *rows[EXPECTED];
    static uint8_t bytes[EXPECTED * 64];
    Signalbox__V1__ReceiptBlock block = SIGNALBOX__V1__RECEIPT_BLOCK__INIT;
    for (size_t i = 0; i < n; i++)
        rows[i] = &receipts[i];
    block.lane = 3;
    block.receipts = rows;
    block.n_receipts = n;
    struct slice value = slice_of(bytes, signalbox__v1__receipt_block__pack(&block, bytes));
    cr_assert(writer_send(bench->writer, "receipt.agency-a", 0, slice_text("3"), value, NULL, 0, NULL));
    cr_assert(writer_flush(bench->writer, 10000), "%s", writer_error(bench->writer)->text);
}

static enum receipt_wait_status next(struct bench *bench, uint64_t *line, const Signalbox__V1__Receipt **receipt)
{
    uint32_t lane = 0;
    enum receipt_wait_status status = RECEIPT_WAIT_NOTHING;
    for (int i = 0; i < 100 && status == RECEIPT_WAIT_NOTHING && receipt_wait_outstanding(bench->wait); i++)
        status = receipt_wait_next(bench->wait, 100, receipt, line, &lane);
    return status;
}

Test(receipt_wait, every_receipt_that_is_expected_is_found_in_whatever_order_they_come)
{
    static Signalbox__V1__Receipt receipts[EXPECTED];
    struct bench bench;
    struct kit_random random = {7};
    begin(&bench);
    for (uint32_t place = 0; place < EXPECTED; place++) {
        receipts[place] = receipt_of(place, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED);
        cr_assert(receipt_wait_expect(bench.wait, (int32_t)(place % PARTITIONS), place / PARTITIONS, place));
    }
    for (uint32_t i = EXPECTED - 1; i > 0; i--) {
        size_t other = (size_t)kit_below(&random, i + 1);
        Signalbox__V1__Receipt held = receipts[i];
        receipts[i] = receipts[other];
        receipts[other] = held;
    }
    write_block(&bench, receipts, EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        const Signalbox__V1__Receipt *receipt;
        uint64_t line = 0;
        cr_assert_eq(
            next(&bench, &line, &receipt), RECEIPT_WAIT_RECEIPT, "receipt %zu of %d is not found", i, EXPECTED);
        cr_assert_eq(line, (uint64_t)receipts[i].offset * PARTITIONS + receipts[i].partition);
    }
    cr_expect_eq(receipt_wait_outstanding(bench.wait), 0);
    end(&bench);
}

Test(receipt_wait, each_partition_has_a_receipt_of_its_own_at_the_same_offset)
{
    static Signalbox__V1__Receipt receipts[EXPECTED];
    struct bench bench;
    begin(&bench);
    for (uint32_t partition = 0; partition < EXPECTED; partition++) {
        signalbox__v1__receipt__init(&receipts[partition]);
        receipts[partition].partition = partition;
        receipts[partition].offset = 5;
        receipts[partition].verdict = SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
        cr_assert(receipt_wait_expect(bench.wait, (int32_t)partition, 5, partition));
    }
    cr_assert_eq(receipt_wait_outstanding(bench.wait), EXPECTED);
    write_block(&bench, receipts, EXPECTED);
    for (uint64_t partition = 0; partition < EXPECTED; partition++) {
        const Signalbox__V1__Receipt *receipt;
        uint64_t line = 0;
        cr_assert_eq(next(&bench, &line, &receipt), RECEIPT_WAIT_RECEIPT);
        cr_assert_eq(line, partition);
    }
    end(&bench);
}

Test(receipt_wait, a_receipt_that_says_sent_on_is_not_the_last_word_and_those_of_others_are_skipped)
{
    Signalbox__V1__Receipt receipts[] = {
        receipt_of(9, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED), // somebody else's, at the same offset
        receipt_of(8, SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED),
        receipt_of(8, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED),
    };
    struct bench bench;
    const Signalbox__V1__Receipt *receipt;
    uint64_t line = 0;
    begin(&bench);
    cr_assert(receipt_wait_expect(bench.wait, 8 % PARTITIONS, 8 / PARTITIONS, 41));
    write_block(&bench, receipts, 3);
    cr_assert_eq(next(&bench, &line, &receipt), RECEIPT_WAIT_RECEIPT);
    cr_expect(line == 41 && receipt->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED);
    cr_expect_eq(receipt_wait_outstanding(bench.wait), 0);
    end(&bench);
}
