// SPDX-License-Identifier: Apache-2.0
// Receipts of an agency: waits for the hub's word on records that were sent. One thread at a time.
#pragma once
#include "connectors/sdk/item.h"
#include "hub/kafka/reader.h"
#include <signalbox/v1/receipt.pb-c.h>

#define RECEIPTS_ERROR_BYTES 512

struct receipts;

// Looks at what comes on receipt.<agency> from now on: make it before the first record is sent. NULL with a sentence.
struct receipts *receipts_new(const struct kafka_settings *kafka, const char *agency, char error[RECEIPTS_ERROR_BYTES]);
struct receipts *receipts_free(struct receipts *receipts);

// A record whose receipt is wanted, by its place on the agency's topic. All that may be decided must be expected before the next
// receipts_next: a receipt that nobody expects is another publisher's and is skipped. false if there is no memory.
bool receipts_expect(struct receipts *receipts, int32_t partition, int64_t offset, uint64_t line);
size_t receipts_outstanding(const struct receipts *receipts);
// Calls lost for every record still without receipt, in no order, and forgets it.
void receipts_give_up(struct receipts *receipts, void (*lost)(void *context, uint64_t line), void *context);

enum receipts_status { RECEIPTS_RECEIPT, RECEIPTS_NOTHING, RECEIPTS_FAILED };

// The next receipt that is expected, valid until the next call; a record sent on to another lane has its own later. lane is the
// one that decided. RECEIPTS_FAILED with receipts_error.
enum receipts_status receipts_next(struct receipts *receipts, int timeout_ms, const Signalbox__V1__Receipt **receipt,
                                   uint64_t *line, uint32_t *lane);
const char *receipts_error(const struct receipts *receipts);
