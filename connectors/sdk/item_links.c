// SPDX-License-Identifier: Apache-2.0
// Which earlier items an item is about and draws on. An agency names its own by their references, and another's by
// agency, id and nonce, as they came.
#include "connectors/sdk/item_reader.h"
#include "connectors/sdk/item_rewrite.h"
#include "hub/base/text.h"

#define LINKS_MAX 8

static bool copy_bytes(struct item_reader *reader, const void *bytes, size_t size, ProtobufCBinaryData *out)
{
    struct slice copy = arena_copy(reader->arena, slice_of(bytes, size));
    *out = (ProtobufCBinaryData){.len = copy.len, .data = (uint8_t *)copy.data};
    return copy.data != NULL;
}

// The id of one's own item by its reference. subject is empty for this item's own.
static bool name_own(struct item_reader *reader, struct slice reference, struct slice subject, const char *path,
    Signalbox__V1__ItemReference *link)
{
    uint8_t nonce[NONCE_BYTES];
    struct item_id id;
    struct slice agency = slice_text(reader->settings->agency);
    if (reference.len == 0 || reference.len > ITEM_REFERENCE_BYTES)
        return item_reader_refuse(
            reader, path, "Its reference has 1 to 64 bytes: it is the one under which the earlier item was published.");
    if (!nonce_key_make(reader->settings->nonce_key, reference, nonce))
        return item_reader_no_memory(reader, path);
    if (!item_id_make(agency, subject.len ? subject : slice_text(reader->item->header->subject),
            slice_of(nonce, sizeof nonce), &id))
        return item_reader_refuse(reader, path, "Its subject is too long to be one.");
    link->agency = arena_text(reader->arena, agency);
    return (link->agency && copy_bytes(reader, nonce, sizeof nonce, &link->nonce) &&
               copy_bytes(reader, id.bytes, sizeof id.bytes, &link->item_id)) ||
           item_reader_no_memory(reader, path);
}

static struct slice text_of(const json_t *value)
{
    return slice_of(json_string_value(value), json_string_length(value));
}

// The contract's own members of a link: all of another's, of one's own the revision alone.
static bool read_members(
    struct item_reader *reader, json_t *value, const char *path, Signalbox__V1__ItemReference **link)
{
    ProtobufCMessage *message;
    json_t *members = json_copy(value);
    json_object_del(members, "reference");
    json_object_del(members, "subject");
    bool read =
        members ? item_rewrite_ids(members) &&
                      item_reader_message(reader, path, &signalbox__v1__item_reference__descriptor, members, &message)
                : item_reader_no_memory(reader, path);
    json_decref(members);
    *link = read ? (Signalbox__V1__ItemReference *)message : NULL;
    return read;
}

// with_subject: the link may lead to another subject, which one's own is then named with.
static bool read_link(
    struct item_reader *reader, json_t *value, bool with_subject, const char *path, Signalbox__V1__ItemReference **link)
{
    static const char takes[] = "Names an item by {\"reference\": ...} if it is your own, and by agency, itemId and "
                                "nonce, as they came, if it is another agency's.";
    static const char *const own[] = {"reference", "revision", "subject"};
    const json_t *reference = json_object_get(value, "reference");
    if (!json_is_object(value) || (!reference && json_object_get(value, "subject")))
        return item_reader_refuse(reader, path, takes);
    if (!reference)
        return read_members(reader, value, path, link);
    return item_reader_only(reader, value, path, own, with_subject ? 3 : 2, takes) &&
           read_members(reader, value, path, link) &&
           name_own(reader, text_of(reference), text_of(json_object_get(value, "subject")), path, *link);
}

static bool read_about(struct item_reader *reader, json_t *about)
{
    Signalbox__V1__Header *header = reader->item->header;
    if (header->about)
        return item_reader_refuse(reader, "about", "Stands twice: here and in the header; give it here alone.");
    return read_link(reader, about, false, "about", &header->about);
}

static bool read_derived_from(struct item_reader *reader, json_t *list)
{
    Signalbox__V1__Header *header = reader->item->header;
    size_t n = json_array_size(list);
    if (header->n_derived_from)
        return item_reader_refuse(reader, "derivedFrom", "Stands twice: here and in the header; give it here alone.");
    if (!json_is_array(list) || n > LINKS_MAX)
        return item_reader_refuse(reader, "derivedFrom", "Is a list of at most 8 earlier items.");
    header->derived_from = arena_alloc(reader->arena, LINKS_MAX * sizeof(*header->derived_from));
    if (!header->derived_from)
        return item_reader_no_memory(reader, "derivedFrom");
    for (size_t i = 0; i < n; i++) {
        char path[32];
        text_print(path, sizeof path, "derivedFrom[%zu]", i);
        if (!read_link(reader, json_array_get(list, i), true, path, &header->derived_from[i]))
            return false;
    }
    header->n_derived_from = n;
    return true;
}

bool item_reader_links(struct item_reader *reader, json_t *about, json_t *derived_from)
{
    return (!about || read_about(reader, about)) && (!derived_from || read_derived_from(reader, derived_from));
}
