// SPDX-License-Identifier: Apache-2.0
// What the stages are measured on: a country of 45 forces with subscriptions, signed reports from eight of them, and a
// lane that remembers a million fingerprints.
#pragma once
#include "hub/decide/fingerprint.h"
#include "hub/state/ledger.h"
#include "hub/state/receipts.h"
#include "tests/kit/core/random_world.h"

#define ITEMS         1024
#define BATCH         64
#define AGENCIES      8
#define SUBSCRIPTIONS 10000
#define REMEMBERED    1000000

#define MARK_ENTRY_BYTES (FINGERPRINT_BYTES + MEMORY_SEQUENCE_BYTES)

struct item {
    struct record single, batched;
    struct envelope alone, in_batch; // opened
    const Signalbox__V1__Header *header;
    struct proof_scope scope;
    struct slice agency, contents[ENVELOPE_PARTS];
    EVP_PKEY *key;
    struct facts facts;
    struct org_set cleared;
    struct digest digest;
    struct fingerprint fingerprint;
    struct decision decision;
};

struct bench {
    struct item items[ITEMS];
    struct arena world, scratch;
    Signalbox__V1__Registry *registry;
    struct snapshot *snapshot;                  // with SUBSCRIPTIONS
    struct snapshot *hundred, *thousand, *many; // with 100, 1,000 and 100,000
    struct proof_cache *roots, *one_root;
    struct memory memory;
    struct ledger *ledger;
    struct receipts *receipts;
    struct packs packs;
    struct kit_random random; // where the million came from, and what is merged comes from
    uint64_t merged;
    size_t bytes, deliveries;
};

// Ends the program if not done.
void demand(bool done, const char *what);

void bench_init(struct bench *bench);
void bench_deinit(struct bench *bench);
