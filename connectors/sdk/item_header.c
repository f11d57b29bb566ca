// SPDX-License-Identifier: Apache-2.0
// The header, and the routing block beside it: what the agency gave, completed.
#include "connectors/sdk/item_reader.h"
#include "connectors/sdk/item_rewrite.h"
#include "hub/contract/outcome.h"

static const struct {
    Signalbox__V1__Kind kind;
    const char *body;
    bool published; // by agencies
} kinds[] = {
    {SIGNALBOX__V1__KIND__KIND_REPORT, "report", true},
    {SIGNALBOX__V1__KIND__KIND_GUIDANCE, "guidance", true},
    {SIGNALBOX__V1__KIND__KIND_STANDING, "standing", true},
    {SIGNALBOX__V1__KIND__KIND_ANSWER, "answer", false},
    {SIGNALBOX__V1__KIND__KIND_NOTICE, "notice", false},
};

#define N_KINDS (sizeof kinds / sizeof *kinds)

const char *item_body_name(Signalbox__V1__Kind kind)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].body;
    return NULL;
}

// The kind whose body the first part holds.
static Signalbox__V1__Kind kind_of_body(const json_t *parts)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].published && json_object_get(json_array_get(parts, 0), kinds[i].body))
            return kinds[i].kind;
    return SIGNALBOX__V1__KIND__KIND_UNSPECIFIED;
}

static bool check_reference(struct item_reader *reader, const json_t *reference)
{
    size_t len = json_string_length(reference);
    return (len > 0 && len <= ITEM_REFERENCE_BYTES) ||
           item_reader_refuse(reader, "reference",
               len ? "The reference is longer than 64 bytes; give the agency's own record number, such as "
                     "\"KL-2026-17\"."
                   : "The item has no reference; give the agency's own record number as text, such as \"KL-2026-17\", "
                     "and the same one with every later revision.");
}

// An agency or subject that is too long for an id is refused for its own length, later.
static bool make_identity(struct item_reader *reader, const json_t *reference)
{
    Signalbox__V1__Header *header = reader->item->header;
    uint8_t *nonce = arena_alloc(reader->arena, NONCE_BYTES);
    struct item_id *id = arena_alloc(reader->arena, sizeof *id);
    struct slice text = slice_of(json_string_value(reference), json_string_length(reference));
    if (!nonce || !id || !nonce_key_make(reader->settings->nonce_key, text, nonce))
        return item_reader_no_memory(reader, "reference");
    *id = (struct item_id){0};
    item_id_make(slice_text(header->agency), slice_text(header->subject), slice_of(nonce, NONCE_BYTES), id);
    header->nonce = (ProtobufCBinaryData){.len = NONCE_BYTES, .data = nonce};
    header->item_id = (ProtobufCBinaryData){.len = ITEM_ID_BYTES, .data = id->bytes};
    return true;
}

static bool complete_header(struct item_reader *reader, const json_t *parts)
{
    Signalbox__V1__Header *header = reader->item->header;
    if (*header->agency && strcmp(header->agency, reader->settings->agency) != 0)
        return problem_from_outcome(reader->why, OUTCOME_AGENCY_MISMATCH, "header.agency");
    header->agency = arena_text(reader->arena, slice_text(reader->settings->agency));
    header->revision = header->revision ? header->revision : 1;
    header->status = header->status ? header->status : SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    header->made_unix_ms = header->made_unix_ms ? header->made_unix_ms : reader->settings->now_ms;
    header->kind = header->kind ? header->kind : kind_of_body(parts);
    return header->agency || item_reader_no_memory(reader, "header.agency");
}

bool item_reader_header(struct item_reader *reader, json_t *header, json_t *reference, const json_t *parts)
{
    ProtobufCMessage *message;
    if (!json_is_object(header))
        return item_reader_refuse(reader, "header",
            "The item has no header; give an object with kind, subject, strands, product, priority and sharingBasis.");
    if (!check_reference(reader, reference) || !item_reader_given(reader, "header", header, "header"))
        return false;
    if (!item_rewrite_links(header))
        return item_reader_no_memory(reader, "header");
    if (!item_reader_message(reader, "header", &signalbox__v1__header__descriptor, header, &message))
        return false;
    reader->item->header = (Signalbox__V1__Header *)message;
    return complete_header(reader, parts) && make_identity(reader, reference);
}

bool item_reader_routing(struct item_reader *reader, json_t *routing, const json_t *reference)
{
    static const Signalbox__V1__Routing empty = SIGNALBOX__V1__ROUTING__INIT;
    ProtobufCMessage *message = arena_alloc(reader->arena, sizeof empty);
    if (!message)
        return item_reader_no_memory(reader, "routing");
    memcpy(message, &empty, sizeof empty);
    if (routing && (!item_reader_given(reader, "routing", routing, "routing") ||
                       !item_reader_message(reader, "routing", &signalbox__v1__routing__descriptor, routing, &message)))
        return false;
    reader->item->routing = (Signalbox__V1__Routing *)message;
    struct slice text = slice_of(json_string_value(reference), json_string_length(reference));
    reader->item->routing->reference = arena_text(reader->arena, text);
    return reader->item->routing->reference || item_reader_no_memory(reader, "routing");
}
