// SPDX-License-Identifier: Apache-2.0
// Names of fields and enum values as JSON has them.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>

#define JSON_NAME_BYTES 128

// "made_unix_ms" becomes "madeUnixMs".
void json_name_camel(const char *name, char out[JSON_NAME_BYTES]);
// By either name; NULL if the type has no such field.
const ProtobufCFieldDescriptor *json_name_field(const ProtobufCMessageDescriptor *type, const char *name);
// By full name, or without the prefix that all values share; NULL if there is no such value.
const ProtobufCEnumValue *json_name_enum(const ProtobufCEnumDescriptor *type, const char *name);
