// SPDX-License-Identifier: Apache-2.0
// All receipts and officers' notes of an agency, on the embedded broker.
#include "connectors/sdk/receipt_read.h"
#include "embedded.h"

#define ROWS 3

// One block with receipts of the offsets from first on, and notes of the offsets after those.
static void write_block(struct embedded *e, int64_t first, size_t n_receipts, size_t n_notes)
{
    const struct writer_settings settings = {0};
    Signalbox__V1__Receipt receipts[ROWS], *receipt_rows[ROWS];
    Signalbox__V1__OfficerNote notes[ROWS], *note_rows[ROWS];
    Signalbox__V1__ReceiptBlock block = SIGNALBOX__V1__RECEIPT_BLOCK__INIT;
    uint8_t bytes[512];
    for (size_t i = 0; i < ROWS; i++) {
        signalbox__v1__receipt__init(receipt_rows[i] = &receipts[i]);
        signalbox__v1__officer_note__init(note_rows[i] = &notes[i]);
        receipts[i].offset = first + (int64_t)i;
        notes[i].offset = first + (int64_t)(n_receipts + i);
    }
    block.receipts = receipt_rows;
    block.n_receipts = n_receipts;
    block.notes = note_rows;
    block.n_notes = n_notes;
    struct slice value = slice_of(bytes, signalbox__v1__receipt_block__pack(&block, bytes));
    struct writer *writer = writer_new(&e->settings, &settings, &e->error);
    cr_assert(writer, "%s", e->error.text);
    cr_assert(writer_send(writer, "receipt.agency-a", 0, slice_text("3"), value, NULL, 0, NULL));
    cr_assert(writer_flush(writer, 10000), "%s", writer_error(writer)->text);
    writer_free(writer);
}

Test(receipt_read, of_each_block_all_receipts_are_read_and_then_all_notes)
{
    enum { RECEIPT = RECEIPT_READ_RECEIPT, NOTE = RECEIPT_READ_NOTE };
    static const int expected[] = {RECEIPT, RECEIPT, NOTE, NOTE, NOTE, RECEIPT, NOTE, NOTE};
    struct embedded e;
    struct receipt_read_row row;
    embedded_init(&e);
    write_block(&e, 0, 2, 3);
    write_block(&e, 5, 1, 0);
    write_block(&e, 6, 0, 2);
    struct receipt_read *read = receipt_read_new(&e.settings, "agency-a", &e.error);
    cr_assert(read, "%s", e.error.text);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_assert_eq((int)receipt_read_next(read, &row), expected[i], "row %zu", i);
        cr_expect_eq(row.note ? row.note->offset : row.receipt->offset, (int64_t)i);
    }
    cr_expect_eq(receipt_read_next(read, &row), RECEIPT_READ_END);
    receipt_read_free(read);
    embedded_deinit(&e);
}
