// SPDX-License-Identifier: Apache-2.0
// The guard walks bytes from outside before any other code does: iterative, without allocation, against the generated
// descriptor and the table in limits.def. protobuf-c 1.4.1 crashes on deep nesting, turns 1 MB into 77 MB, and takes
// broken UTF-8, NUL, unknown enum values, repeated singular fields and padded varints (all measured): none of that
// passes here.
#pragma once
#include "hub/base/slice.h"
#include "hub/contract/refusal.h"
#include <protobuf-c/protobuf-c.h>

#define GUARD_VALUE_BYTES   (256u * 1024u)
#define GUARD_CONTROL_BYTES (960u * 1024u) // of the registry, and of the value that it stands in
#define GUARD_DEPTH         16u
#define GUARD_FIELDS        4096u                    // of an item; the registry may have more
#define GUARD_REPEATS       512u                     // the same
#define GUARD_TIME_MAX      INT64_C(253402300799999) // 9999-12-31T23:59:59.999Z, the latest that may be held

// What the contract demands of one field, from limits.def: LIMIT(message, field, required, min, max, max_repeats).
// min and max are bytes for text and bytes, values for numbers (signed, as int64); an enum is checked against its list
// and, if required, against its zero value. A singular field that holds its zero value counts as absent. A field
// without a row is held to its type and to GUARD_REPEATS alone.
struct guard_limit {
    const char *message, *field;
    bool required;
    int64_t min, max;
    uint32_t max_repeats;
};

// Checks that bytes are one well-formed message of the type, within all limits. prefix is put before field paths
// ("header." ...), base is added to byte offsets. Returns true if it passes; otherwise fills *why.
// Guarantees for a pass: protobuf-c's unpack succeeds, every required field is present, every enum value is known. A
// path names an unknown field by its number ("header.99"); a missing one stands at the start of its message.
bool guard_check(
    struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, size_t base, struct refusal *why);
// The same for readers of a feed, who may be older than what they read: fields and values of enums that this contract
// does not know are passed over, and *newer becomes true (it is never set to false). newer NULL is guard_check.
bool guard_check_newer(struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, size_t base,
    bool *newer, struct refusal *why);

// All rows of limits.def; returns how many. For the tests that hold them against what the contract says to agencies.
size_t guard_limits(const struct guard_limit **rows);
