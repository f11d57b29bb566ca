// SPDX-License-Identifier: Apache-2.0
// Publishes an agency's items: checks each with the hub's own validator, signs them in batches, sends them to
// in.<agency>, keyed by subject. One thread at a time.
#pragma once
#include "connectors/sdk/item.h"
#include "hub/rules/snapshot.h"
#include "hub/kafka/writer.h"
#include <openssl/evp.h>

#define PUBLISHER_BATCH 64u

struct publisher;

// What became of an item that was taken.
struct publisher_sent {
    uint64_t line; // as given to publisher_add
    char name[ITEM_NAME_BYTES], reference[ITEM_REFERENCE_BYTES + 1];
    const struct error *error; // NULL if the broker has it; valid during the call only
    int32_t partition;
    int64_t offset;
};

struct publisher_settings {
    const struct kafka_settings *kafka; // NULL: check and sign, but send nothing and report nothing
    const char *agency;
    EVP_PKEY *key;
    const struct nonce_key *nonce_key;
    uint32_t batch;                  // most items under one signature, 1 to 1,024
    const struct snapshot *snapshot; // registry and policy; NULL: check only what needs neither
    struct slice deployment;         // that the signatures are for, copied; empty: the one of the snapshot's registry
    const char *folder;              // that paths of attachments start from; NULL for the working directory
    // Called once for every item that publisher_add took, from within publisher_add, publisher_send and
    // publisher_flush.
    void (*sent)(void *context, const struct publisher_sent *sent);
    void *context;
};

// NULL with a sentence, also if neither snapshot nor deployment is given and something is to be sent. Everything in the
// settings but kafka must outlive the publisher.
struct publisher *publisher_new(const struct publisher_settings *settings, struct error *error);
// Items not yet sent are forgotten without a report: send and flush first.
struct publisher *publisher_free(struct publisher *publisher);

// Checks one item in the form of connectors/sdk/README.md, and sends the batch when it is full. Uses value up, but
// leaves the reference with the caller. false with *why: the item was not taken, the publisher goes on. name tells what
// the item is called.
bool publisher_add(struct publisher *publisher, json_t *value, uint64_t line, int64_t now_ms,
    char name[ITEM_NAME_BYTES], struct problem *why);
// Signs and sends what waits for a full batch. false with a sentence if it could not be signed: every item waiting was
// reported with an error.
bool publisher_send(struct publisher *publisher);
// publisher_send, then waits until the broker has everything; false if something was outstanding after timeout_ms.
bool publisher_flush(struct publisher *publisher, int timeout_ms);
// Lets reports come, without waiting.
void publisher_poll(struct publisher *publisher);
