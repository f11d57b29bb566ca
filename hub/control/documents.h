// SPDX-License-Identifier: Apache-2.0
// The control documents in force, and how a change comes into force: it must follow the last one of its kind and name
// its digest, and all together must compile. What does not is refused, said, and changes nothing. No clock, no Kafka:
// records in, snapshots out.
#pragma once
#include "hub/base/digest.h"
#include "hub/base/error.h"
#include "hub/contract/proof.h"
#include "hub/rules/snapshot.h"

struct registry_numbers;

enum document_kind { DOCUMENT_REGISTRY, DOCUMENT_POLICY, DOCUMENT_SUBSCRIPTION, DOCUMENT_KINDS };

// A record of a control topic. Borrowed.
struct document_record {
    enum document_kind kind;
    int64_t offset, timestamp_ms;
    struct slice key, value;
};

// Where a chain of versions ends, in force or not: what the next version must build on.
struct document_head {
    uint64_t version;     // 0 if there is none yet
    struct digest sha256; // of that version's value
    bool orphans;         // of a registry or policy: there are versions that follow on none, because the first is gone
    uint8_t deployment[PROOF_DEPLOYMENT_BYTES]; // of a registry
};

// Says that a record was refused and why. sentence has no content of the document beyond ids.
typedef void documents_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence);

struct documents;
struct documents *documents_new(documents_refused *refused, void *context); // refused may be NULL. NULL without memory
struct documents *documents_free(struct documents *documents);

// Takes a record into the open batch. Malformed ones are refused at once.
void documents_offer(struct documents *documents, const struct document_record *record);
// Closes the batch. What can come into force does; a snapshot of it, or NULL if nothing changed or a document is
// missing.
struct snapshot *documents_settle(struct documents *documents);
// Whether there was no memory for all of that: what is in force is whole, but not the newest, and will never be. All is
// to be read again, into new documents.
bool documents_incomplete(const struct documents *documents);
// A snapshot of what is in force. NULL with a sentence if registry or policy are missing.
struct snapshot *documents_compile(const struct documents *documents, struct error *error);
// Whether next (of the kind) would compile with what is in force beside it: for commands, before they write.
// Subscriptions are given as all rows that there would be.
bool documents_would_compile(const struct documents *documents, const Signalbox__V1__Registry *registry,
    const Signalbox__V1__Policy *policy, const struct subscription_row *rows, size_t n_rows, struct error *error);

const Signalbox__V1__Registry *documents_registry(const struct documents *documents); // in force; NULL if none
const Signalbox__V1__Policy *documents_policy(const struct documents *documents);
// In force, in order of force and name, withdrawn ones too.
size_t documents_subscriptions(const struct documents *documents, const struct subscription_row **rows);
// Given by all registries up to the head of their chain.
const struct registry_numbers *documents_numbers(const struct documents *documents);
struct document_head documents_head(const struct documents *documents, enum document_kind kind); // no subscription
// Whether the first version of a registry or policy is gone, so that the later ones are not in force and none may be
// begun anew; if so, with a sentence.
bool documents_lost(const struct documents *documents, enum document_kind kind, struct error *error);
// Of a registry or policy that is not in force: what to do about it.
void documents_say_missing(const struct documents *documents, enum document_kind kind, struct error *error);
// Of the subscription "<force>/<name>"; version counts its revisions.
struct document_head documents_subscription_head(const struct documents *documents, const char *key);
const char *document_topic(enum document_kind kind);    // "ctl.registry" ...
enum document_kind document_kind_of(const char *topic); // DOCUMENT_KINDS if it is no control topic
