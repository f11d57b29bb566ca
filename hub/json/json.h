// SPDX-License-Identifier: Apache-2.0
// Canonical protobuf JSON (https://protobuf.dev/programming-guides/json/) to and from protobuf-c messages, driven by
// the generated descriptors: no code per type. Errors begin with the path of the field, such as
// "header.parts[1].digest: ...", and never hold a value from the input.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/error.h"
#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#define JSON_LINE_BYTES    (1024u * 1024u) // longest text that json_from_text takes
#define JSON_DEPTH         32              // deepest nesting that json_from_text takes
#define JSON_MESSAGE_DEPTH 16              // deepest nesting of messages, both ways

// Parses one JSON object. Duplicate members, broken UTF-8, NUL, text after the object, texts that are too long or too
// deep are refused: NULL with a sentence in error that gives the column, not the value. The caller releases it with
// json_decref.
json_t *json_from_text(struct slice text, struct error *error);

// Names in lowerCamelCase or as in the .proto; 64-bit numbers as text or as numbers; bytes as base64, standard or
// URL-safe; enums by name, by name without its prefix ("PURSUE" for "STRAND_PURSUE"), or by a known number; null as
// absent. Unknown and repeated members, and values of the wrong type or out of range, are refused. Everything in *out
// lives in the arena.
bool json_to_message(const ProtobufCMessageDescriptor *type, json_t *value, struct arena *arena, ProtobufCMessage **out,
    struct error *error);

// As json_to_message, with path put before the field paths in errors ("parts[0].report").
bool json_to_message_at(const char *path, const ProtobufCMessageDescriptor *type, json_t *value, struct arena *arena,
    ProtobufCMessage **out, struct error *error);

// Fields with their default value are left out, as canonical JSON has it. NULL only if there is no memory, or the
// message is nested too deep or holds a text that is not UTF-8. The caller releases it with json_decref.
json_t *json_from_message(const ProtobufCMessage *message);

// Standard base64 with padding; out holds json_base64_size(bytes.len), terminator included.
size_t json_base64_size(size_t n_bytes);
void json_base64_encode(struct slice bytes, char *out);
// Standard or URL-safe, with or without padding. Returns the number of bytes, or -1; out holds text.len / 4 * 3 + 3.
long json_base64_decode(struct slice text, uint8_t *out);
