// SPDX-License-Identifier: Apache-2.0
// The control snapshot: registry, policy and subscriptions of one moment, compiled, immutable, shared by all lanes.
// Compiling is pure and may fail with a sentence; looking up never fails and never allocates.
#pragma once
#include "hub/base/arena.h"
#include "hub/rules/organisations.h"
#include "hub/contract/refusal.h"
#include <openssl/evp.h>
#include <signalbox/v1/control.pb-c.h>
#include <signalbox/v1/ledger.pb-c.h>

#define SNAPSHOT_ERROR_BYTES 256

struct registry; // organisations, keys, regions, successors
struct policy;   // code lists, marking matrix, ceiling, times
struct interest; // subscriptions

struct snapshot {
    const struct registry *registry;
    const struct policy *policy;
    const struct interest *interest;
    uint64_t registry_version, policy_version, subscriptions_version;
};

// A subscription with the revision under which it stands in the ledger (offset on ctl.subscriptions, plus 1).
struct subscription_row {
    const Signalbox__V1__Subscription *subscription;
    uint64_t revision;
};

// Compiles; NULL with a sentence in error if a document contradicts itself (unknown successor, key id that is not the
// key's, subscription of an unknown force or region ...). The messages may be freed afterwards. The snapshot has one
// owner.
struct snapshot *snapshot_new(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const struct subscription_row *rows, size_t n_rows, uint64_t subscriptions_version,
    char error[SNAPSHOT_ERROR_BYTES]);
struct snapshot *snapshot_free(struct snapshot *snapshot); // takes NULL, returns NULL

// Registry.
#define ORG_NONE ORGANISATIONS_MAX
unsigned registry_size(const struct registry *registry);
unsigned registry_find(const struct registry *registry, struct slice id); // ORG_NONE if unknown
const Signalbox__V1__Organisation *registry_row(const struct registry *registry, unsigned org);
bool registry_in_force(const struct registry *registry, unsigned org, int64_t at_ms); // within its dates
// The organisations that stand for org at a time: itself, or its successors (of successors) once it has ended.
struct org_set registry_resolve(const struct registry *registry, unsigned org, int64_t at_ms);
// The key of an agency. Gives OUTCOME_ACCEPTED and *key, or KEY_UNKNOWN, KEY_INACTIVE, KEY_REVOKED.
enum outcome registry_key(
    const struct registry *registry, unsigned agency, struct slice key_id, int64_t at_ms, EVP_PKEY **key);

// Policy.
const Signalbox__V1__Policy *policy_document(const struct policy *policy);

// The fields of a header in the terms of a snapshot: ids turned into places in the registry and in the policy's lists.
struct facts {
    const Signalbox__V1__Header *header;
    unsigned agency;
    unsigned exporter; // ORG_NONE if not known
    struct org_set importers, transits, homes;
    struct org_set named;                // exporter, importers, transit and home forces, as named, before successors
    struct org_set living;               // those that stand for the named forces at the time
    struct org_set recipients[16];       // per part, successors resolved
    unsigned organisation[16];           // per part, ORG_NONE if none
    uint32_t regions;                    // of the named and the living, bit by place in Policy.regions
    uint32_t strands, kinds, priorities; // bit by enum value
    uint64_t themes, products;           // bit by place in the policy's lists
    bool rail;
    int64_t at_ms; // broker append time
};

// Looks up every code and id, checks validity of fields, marking matrix, handling rules, ceiling and time window, in
// that order.
bool facts_from_header(const struct snapshot *snapshot, const Signalbox__V1__Header *header, unsigned agency,
    int64_t at_ms, struct facts *facts, struct refusal *why);
// Checks what only the bodies can show: every statement graded, the header's grade and handling the strictest of its
// part. contents[i] is NULL or empty for a part that is not there.
bool facts_check_bodies(
    const struct facts *facts, const struct slice *contents, size_t n_parts, struct arena *arena, struct refusal *why);

// Release: who may see the item. For each force its parts (bit i for part i), the reasons it belongs to the audience
// (bits AudienceReason), or the gate that stopped it.
#define GATE_COUNT 8
struct release {
    struct org_set cleared;              // may see at least one part
    struct org_set withheld[GATE_COUNT]; // by Gate; GATE_AUDIENCE holds all subscribers outside the audience; nobody if
                                         // a canary sent it
    uint32_t parts[ORGANISATIONS_MAX];   // for cleared forces
    uint32_t audience[ORGANISATIONS_MAX]; // for forces in the audience
};
void release_plan(const struct snapshot *snapshot, const struct facts *facts, struct release *release);

// Interest: which of the cleared forces want it. Cost does not grow with the number of subscriptions.
// revisions[org] is set for each member of the result: the revision of one subscription that asks for the item (the
// lowest), or 0 where guidance comes by default to a force that has no subscription that names guidance.
struct org_set interest_match(const struct interest *interest, const struct facts *facts, struct org_set cleared,
    uint64_t revisions[ORGANISATIONS_MAX]);
