// SPDX-License-Identifier: Apache-2.0
// What reading an item needs all the way down. Between the item_*.c files only.
#pragma once
#include "connectors/sdk/item.h"

struct item_reader {
    const struct item_settings *settings;
    struct arena *arena;
    struct item *item;
    const Signalbox__V1__PartInfo *infos[ENVELOPE_PARTS]; // as given, in the order given
    struct slice contents[ENVELOPE_PARTS];
    uint32_t n_parts;
    struct problem *why;
};

// Always false, so that a step can end with it.
bool item_reader_refuse(struct item_reader *reader, const char *path, const char *text);
bool item_reader_no_memory(struct item_reader *reader, const char *path);
// The machine's random bytes; false with a sentence if it has none.
bool item_reader_random(struct item_reader *reader, const char *path, void *out, size_t size);
// A message out of JSON, by the contract's descriptors.
bool item_reader_message(struct item_reader *reader, const char *path, const ProtobufCMessageDescriptor *type,
    json_t *value, ProtobufCMessage **out);
// Every member of an object must be one of the names; otherwise takes says what may stand there.
bool item_reader_only(struct item_reader *reader, const json_t *object, const char *path, const char *const *names,
    size_t n, const char *takes);
// The serialised message, out of the arena.
bool item_reader_pack(struct item_reader *reader, const ProtobufCMessage *message, const char *path, struct slice *out);

// The steps of item_from_json, in their order. parts and the others are members of the line, NULL if they are not
// there.
bool item_reader_header(struct item_reader *reader, json_t *header, json_t *reference, const json_t *parts);
bool item_reader_links(struct item_reader *reader, json_t *about, json_t *derived_from);
bool item_reader_parts(struct item_reader *reader, const json_t *parts);
bool item_reader_routing(struct item_reader *reader, json_t *routing, const json_t *reference);
// Gives the parts numbers, salts and slots among decoys, ties the routing block to the header, and serialises.
bool item_reader_slots(struct item_reader *reader);

// Refuses what the publisher makes itself, and what stands in the wrong place, by a sentence for each; section is
// "header", "info" or "routing".
bool item_reader_given(struct item_reader *reader, const char *section, const json_t *object, const char *path);
