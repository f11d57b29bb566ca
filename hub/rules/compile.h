// SPDX-License-Identifier: Apache-2.0
// What compiling registry, policy and subscriptions have in common: a sentence on refusal, and a copy to keep.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>

// Writes the sentence into error (SNAPSHOT_ERROR_BYTES) and returns false.
bool compile_refuse(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool compile_no_memory(char *error);
// A deep copy, to be freed with protobuf_c_message_free_unpacked. NULL if there is no memory.
void *compile_copy(const ProtobufCMessage *message);
// True for 1 to 64 bytes of [a-z0-9-]: ids become parts of topic names.
bool compile_is_id(const char *text);
