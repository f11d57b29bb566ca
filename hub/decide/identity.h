// SPDX-License-Identifier: Apache-2.0
// What makes two records the same. A fingerprint is SHA-256 truncated, with the level and the agency mixed in, so that
// one agency's item can never hide another's. Levels that compare agencies (same event, circular report, edition) have
// their place in the table; their keys are in the header.
#pragma once
#include "hub/contract/envelope.h"
#include "hub/decide/fingerprint.h"

// IDENTITY(level, outcome of a repeat, what is compared)
#define IDENTITY_LEVELS(IDENTITY)                                                                                      \
    IDENTITY(BYTES, DUPLICATE_BYTES, "the record's bytes")                                                             \
    IDENTITY(REVISION, DUPLICATE_REVISION, "item id and revision")                                                     \
    IDENTITY(CONTENT, DUPLICATE_CONTENT, "what is said, without id, revision, time of making, salts and retention")    \
    IDENTITY(WITHDRAWAL, WITHDRAWN, "item id of a recalled item")

enum identity_level {
#define IDENTITY(level, outcome, text) IDENTITY_##level,
    IDENTITY_LEVELS(IDENTITY)
#undef IDENTITY
        IDENTITY_COUNT
};

struct fingerprint identity_bytes(struct slice agency, const struct digest *value);
struct fingerprint identity_revision(struct slice agency, const Signalbox__V1__Header *header);
struct fingerprint identity_withdrawal(struct slice agency, const Signalbox__V1__Header *header);
// Over the content of all parts and what the header says of them, unsalted. Two revisions with different standing
// differ.
struct fingerprint identity_content(
    struct slice agency, const Signalbox__V1__Header *header, const struct envelope *envelope);
