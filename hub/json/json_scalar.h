// SPDX-License-Identifier: Apache-2.0
// One value of a field, without nested messages. Refusals leave a sentence in the path's error.
#pragma once
#include "hub/base/arena.h"
#include "hub/json/json_path.h"
#include <jansson.h>

// Bytes that one entry takes in a message or a repeated field.
size_t json_scalar_size(ProtobufCType type);
bool json_scalar_read(const ProtobufCFieldDescriptor *field, const json_t *value, struct arena *arena,
    struct json_path *path, void *slot);
// NULL if the text is not UTF-8 or there is no memory.
json_t *json_scalar_write(const ProtobufCFieldDescriptor *field, const void *slot);
// True if the value is what an absent field means.
bool json_scalar_default(ProtobufCType type, const void *slot);
