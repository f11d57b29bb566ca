// SPDX-License-Identifier: Apache-2.0
// A record on its way through the stages of step.c: what each stage finds out, for those behind it.
#pragma once
#include "hub/contract/envelope.h"
#include "hub/contract/outcome.h"
#include "hub/decide/decision.h"
#include "hub/decide/identity.h"
#include "hub/decide/memory.h"
#include "hub/decide/record.h"
#include <openssl/evp.h>

struct journey {
    const struct snapshot *snapshot;
    struct memory *memory;
    const struct record *record;
    struct arena *arena;
    struct decision *decision;

    struct slice topic; // by which the item is signed: the inbound one, also of a forwarded record
    unsigned agency;
    bool opened; // envelope holds
    bool read;   // and so do the infos of its parts
    EVP_PKEY *key;
    const struct identity_level *narrowed; // the level that leaves out who holds another item, or NULL
    bool changes;                          // about and about_row hold: the row of the item whose standing is changed
    struct item_key about;
    struct item_row about_row;
    struct identity identity;
    // From here on nothing holds before the stage that fills it.
    struct facts facts;
    struct org_set holding; // of the other item, if narrowed
    struct envelope envelope;
    struct release release;
};

// A stage lets the record pass (true), or ends its journey with one of these (false).
bool journey_end(struct journey *journey, enum outcome outcome);
bool journey_refuse(struct journey *journey, enum outcome outcome, const char *path);
// For checks that fill the decision's refusal themselves.
bool journey_pass(struct journey *journey, bool passed);
bool journey_relayed(const struct record *record);
