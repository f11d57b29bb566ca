// SPDX-License-Identifier: Apache-2.0
// What the guard needs to know of a message type: descriptor and limits.def brought together, one rule per field
// number.
#pragma once
#include "hub/contract/guard.h"

// A message of the contract with a field number of PLAN_FIELDS or more fails tests/contract/test_limits.c: the sets of
// fields in struct plan need wider words then. One with more lists than PLAN_LISTS: raise it.
#define PLAN_FIELDS 64 // field numbers, so that a set of fields is one word
#define PLAN_LISTS  16 // repeated fields of one message

enum plan_kind { PLAN_NUMBER, PLAN_ENUM, PLAN_TEXT, PLAN_BYTES, PLAN_MESSAGE };

struct plan_rule {
    const ProtobufCFieldDescriptor *field; // NULL: the contract has no such field
    const struct plan *message;            // of a message field
    int64_t min, max;                      // of a number's value, or of the length of text and bytes
    uint64_t once; // fields of which only one may stand: itself, or all of its oneof; 0 if repeated
    uint16_t max_repeats;
    uint8_t kind; // enum plan_kind
    uint8_t wire; // wire type of one entry
    uint8_t list; // which of the message's repeated fields
    bool repeated, required;
};

struct plan {
    const ProtobufCMessageDescriptor *type;
    const struct plan_rule *rules; // by field number
    uint32_t numbers;              // rules[0 .. numbers - 1]
    uint64_t required;             // bit per field number
    uint32_t max_fields;           // of a whole message of this type, with all messages in it
    uint32_t max_bytes;            // of the same
};

// Never NULL: aborts on a type that the guard has no room or no rule for, which a test shows that the contract has not.
const struct plan *plan_of(const ProtobufCMessageDescriptor *type);
