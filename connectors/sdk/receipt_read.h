// SPDX-License-Identifier: Apache-2.0
// All receipts that an agency still has, and what quarantine officers wrote to it, from the oldest to the newest as it
// is now. One thread at a time.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/reader.h"
#include <signalbox/v1/receipt.pb-c.h>

struct receipt_read;

// NULL with a sentence.
struct receipt_read *receipt_read_new(const struct kafka_settings *kafka, const char *agency, struct error *error);
struct receipt_read *receipt_read_free(struct receipt_read *read); // takes NULL, returns NULL

enum receipt_read_status { RECEIPT_READ_RECEIPT, RECEIPT_READ_NOTE, RECEIPT_READ_END, RECEIPT_READ_FAILED };

// One of the two, valid until the next call.
struct receipt_read_row {
    uint32_t lane;                          // that decided
    const Signalbox__V1__Receipt *receipt;  // of the hub
    const Signalbox__V1__OfficerNote *note; // of an officer
};

enum receipt_read_status receipt_read_next(struct receipt_read *read, struct receipt_read_row *row);
const struct error *receipt_read_error(const struct receipt_read *read);
