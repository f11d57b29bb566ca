// SPDX-License-Identifier: Apache-2.0
// An item that came from a feed, in the form that agencies write: the header without its list of parts, and each part
// with its marking beside its body, or "withheld" in the body's place.
#include "connectors/sdk/item.h"
#include "hub/json/json.h"

static json_t *part_to_json(const Signalbox__V1__PartInfo *info, const char *name, const ProtobufCMessage *body)
{
    json_t *part = json_object();
    bool ok = part && json_object_set_new(part, "info", json_from_message(&info->base)) == 0;
    if (ok && body)
        ok = json_object_set_new(part, name, json_from_message(body)) == 0;
    else if (ok)
        ok = json_object_set_new(part, "withheld", json_true()) == 0;
    if (ok)
        return part;
    json_decref(part);
    return NULL;
}

static json_t *parts_to_json(const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies)
{
    const char *name = item_body_name(header->kind);
    json_t *parts = name ? json_array() : NULL;
    for (size_t i = 0; parts && i < header->n_parts; i++) {
        if (json_array_append_new(parts, part_to_json(header->parts[i], name, bodies[i])) != 0) {
            json_decref(parts);
            parts = NULL;
        }
    }
    return parts;
}

json_t *item_to_json(const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies)
{
    char name[ITEM_NAME_BYTES];
    Signalbox__V1__Header bare = *header;
    bare.n_parts = 0;
    item_name(header, name);
    json_t *item = json_object();
    if (item && json_object_set_new(item, "item", json_string(name)) == 0 &&
        json_object_set_new(item, "header", json_from_message(&bare.base)) == 0 &&
        json_object_set_new(item, "parts", parts_to_json(header, bodies)) == 0)
        return item;
    json_decref(item);
    return NULL;
}
