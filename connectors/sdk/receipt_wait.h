// SPDX-License-Identifier: Apache-2.0
// Receipts of an agency: waits for the hub's word on records that were sent. One thread at a time.
#pragma once
#include "connectors/sdk/item.h"
#include "hub/kafka/reader.h"
#include <signalbox/v1/receipt.pb-c.h>

struct receipt_wait;

// Looks at what comes on receipt.<agency> from now on: make it before the first record is sent. NULL with a sentence.
struct receipt_wait *receipt_wait_new(const struct kafka_settings *kafka, const char *agency, struct error *error);
struct receipt_wait *receipt_wait_free(struct receipt_wait *wait);

// A record whose receipt is wanted, by its place on the agency's topic. All that may be decided must be expected before
// the next receipt_wait_next: a receipt that nobody expects is another publisher's and is skipped. false if there is no
// memory.
bool receipt_wait_expect(struct receipt_wait *wait, int32_t partition, int64_t offset, uint64_t line);
size_t receipt_wait_outstanding(const struct receipt_wait *wait);
// Calls lost for every record still without receipt, in no order, and forgets it.
void receipt_wait_give_up(struct receipt_wait *wait, void (*lost)(void *context, uint64_t line), void *context);

enum receipt_wait_status { RECEIPT_WAIT_RECEIPT, RECEIPT_WAIT_NOTHING, RECEIPT_WAIT_FAILED };

// The next receipt that is expected, valid until the next call; a record sent on to another lane has its own later.
// lane is the one that decided. RECEIPT_WAIT_FAILED with receipt_wait_error.
enum receipt_wait_status receipt_wait_next(
    struct receipt_wait *wait, int timeout_ms, const Signalbox__V1__Receipt **receipt, uint64_t *line, uint32_t *lane);
const struct error *receipt_wait_error(const struct receipt_wait *wait);
