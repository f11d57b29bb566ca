// SPDX-License-Identifier: Apache-2.0
// An item that came from a feed, in the form that agencies write. What only proves it (slots, digests, sizes, numbers)
// is left out: it was checked before, and says nothing to a reader.
#include "connectors/sdk/item.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"

#include <stdlib.h>

// Takes the reference to value, NULL for want of memory too.
static bool put_member(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static json_t *hex_of(ProtobufCBinaryData bytes)
{
    char hex[2 * ITEM_ID_BYTES + 1] = "";
    if (bytes.len == ITEM_ID_BYTES)
        hex_encode(slice_of(bytes.data, bytes.len), hex);
    return json_string(hex);
}

// Base64, as the mapping of the contract has bytes.
static json_t *base64_of(struct slice bytes)
{
    char *text = malloc(json_base64_size(bytes.len));
    if (!text)
        return NULL;
    json_base64_encode(bytes, text);
    json_t *value = json_string(text);
    free(text);
    return value;
}

static json_t *link_to_json(const Signalbox__V1__ItemReference *link)
{
    json_t *object = json_object();
    bool ok = object && put_member(object, "agency", json_string(link->agency)) &&
              put_member(object, "itemId", hex_of(link->item_id)) && put_member(object, "nonce", hex_of(link->nonce)) &&
              (!link->revision || put_member(object, "revision", json_integer(link->revision)));
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *links_to_json(Signalbox__V1__ItemReference *const *links, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++) {
        if (json_array_append_new(list, link_to_json(links[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *header_to_json(const Signalbox__V1__Header *header)
{
    Signalbox__V1__Header bare = *header;
    bare.item_id.len = bare.nonce.len = bare.routing_digest.len = 0;
    bare.n_slots = bare.n_derived_from = 0;
    bare.about = NULL;
    json_t *object = json_from_message(&bare.base);
    if (object && put_member(object, "itemId", hex_of(header->item_id)) &&
        put_member(object, "nonce", hex_of(header->nonce)))
        return object;
    json_decref(object);
    return NULL;
}

static json_t *part_to_json(const struct envelope_part *from, const char *name, const ProtobufCMessage *body)
{
    Signalbox__V1__PartInfo bare = *from->info;
    bare.number = bare.size_bytes = 0;
    bare.content_sha256.len = 0;
    json_t *part = json_object();
    if (part && put_member(part, "info", json_from_message(&bare.base)) &&
        (body && name ? put_member(part, name, json_from_message(body))
                      : put_member(part, "content", base64_of(from->content))))
        return part;
    json_decref(part);
    return NULL;
}

static json_t *parts_to_json(
    const struct envelope *envelope, const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies)
{
    const char *name = item_body_name(header->kind);
    json_t *parts = json_array();
    for (uint32_t i = 0; parts && i < envelope->n_parts; i++) {
        if (json_array_append_new(parts, part_to_json(&envelope->parts[i], name, bodies[i])) != 0) {
            json_decref(parts);
            parts = NULL;
        }
    }
    return parts;
}

json_t *item_to_json(
    const struct envelope *envelope, const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies)
{
    char name[ITEM_NAME_BYTES];
    bool newer = envelope->newer && *envelope->newer;
    item_name(header, name);
    json_t *item = json_object();
    if (item && put_member(item, "item", json_string(name)) && (!newer || put_member(item, "newer", json_true())) &&
        (!header->about || put_member(item, "about", link_to_json(header->about))) &&
        (!header->n_derived_from ||
            put_member(item, "derivedFrom", links_to_json(header->derived_from, header->n_derived_from))) &&
        put_member(item, "header", header_to_json(header)) &&
        put_member(item, "parts", parts_to_json(envelope, header, bodies)))
        return item;
    json_decref(item);
    return NULL;
}
