// SPDX-License-Identifier: Apache-2.0
// The fields of any message of the contract as lines of text.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>
#include <stdio.h>

// Every field that is set, but for those whose names are in but (terminated by NULL), each on a line of its own.
void render_fields(FILE *out, const ProtobufCMessage *message, const char *const *but, int indent);
// "21 September 2026, 14:13 UTC"
void render_time(FILE *out, int64_t unix_ms);
// The same without the time of day where that is midnight, as the dates of documents are: "21 September 2026"
void render_day(FILE *out, int64_t unix_ms);
// The name of an enum value without its prefix, in lower case with spaces.
void render_enum(FILE *out, const ProtobufCEnumDescriptor *type, int value);
// That name as it is in the contract, such as "TIME_CRITICAL"; NULL for a value that it does not know.
const char *render_enum_name(const ProtobufCEnumDescriptor *type, int value);
