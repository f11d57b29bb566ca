// SPDX-License-Identifier: Apache-2.0
// From the line that an agency writes to the bytes that are signed: read header and bodies by the contract's
// descriptors, fill in what the agency may leave out, serialise once. What is checked, signed and sent afterwards are
// these bytes.
#include "connectors/sdk/item.h"
#include "hub/contract/outcome.h"
#include "hub/base/hex.h"
#include "connectors/sdk/item_rewrite.h"
#include "hub/json/json.h"

#include <openssl/rand.h>
#include <signalbox/v1/report.pb-c.h>
#include <stdio.h>

struct kind_row {
    Signalbox__V1__Kind kind;
    const char *body;
};

static const struct kind_row kinds[] = {
    {SIGNALBOX__V1__KIND__KIND_REPORT, "report"},
    {SIGNALBOX__V1__KIND__KIND_GUIDANCE, "guidance"},
    {SIGNALBOX__V1__KIND__KIND_CORRECTION, "correction"},
    {SIGNALBOX__V1__KIND__KIND_RECALL, "recall"},
    {SIGNALBOX__V1__KIND__KIND_ACKNOWLEDGEMENT, "acknowledgement"},
};

#define N_KINDS (sizeof kinds / sizeof *kinds)

// What reading an item needs all the way down.
struct builder {
    const struct item_settings *settings;
    struct arena *arena;
    struct item *item;
    struct problem *why;
};

const char *item_body_name(Signalbox__V1__Kind kind)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].body;
    return NULL;
}

void item_name(const Signalbox__V1__Header *header, char out[ITEM_NAME_BYTES])
{
    char hex[2 * ITEM_ID_BYTES + 1] = "";
    if (header->item_id.len == ITEM_ID_BYTES)
        hex_encode(slice_of(header->item_id.data, ITEM_ID_BYTES), hex);
    snprintf(out, ITEM_NAME_BYTES, "%s-%u", hex, header->revision);
}

static bool refuse_item(struct builder *builder, const char *path, const char *text)
{
    return problem_say(builder->why, PROBLEM_ITEM_FORMAT, path, text);
}

static bool read_message(struct builder *builder, const char *path, const ProtobufCMessageDescriptor *type,
    json_t *value, ProtobufCMessage **out)
{
    struct error error;
    return json_to_message_at(path, type, value, builder->arena, out, &error) ||
           problem_from_json(builder->why, error.text);
}

// Every member of an object must be one of the names.
static bool only_members(struct builder *builder, json_t *object, const char *path, const char *const *names, size_t n)
{
    const char *name;
    json_t *member;
    json_object_foreach(object, name, member)
    {
        size_t i = 0;
        while (i < n && strcmp(name, names[i]) != 0)
            i++;
        if (i == n)
            return refuse_item(builder, path,
                "Has a member that the item format does not know; it takes header and parts, a part takes info and a "
                "body.");
    }
    return true;
}

static bool random_item_id(struct builder *builder, Signalbox__V1__Header *header)
{
    uint8_t *id = arena_alloc(builder->arena, ITEM_ID_BYTES);
    if (!id || RAND_bytes(id, ITEM_ID_BYTES) != 1)
        return refuse_item(builder, "header.itemId", "This machine gives no random numbers now.");
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40); // RFC 9562: version 4
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80); // and its variant
    header->item_id = (ProtobufCBinaryData){.len = ITEM_ID_BYTES, .data = id};
    return true;
}

// The kind whose body the first part holds.
static Signalbox__V1__Kind kind_of_body(const json_t *parts)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (json_object_get(json_array_get(parts, 0), kinds[i].body))
            return kinds[i].kind;
    return SIGNALBOX__V1__KIND__KIND_UNSPECIFIED;
}

static bool complete_header(struct builder *builder, Signalbox__V1__Header *header, const json_t *parts)
{
    if (*header->agency && strcmp(header->agency, builder->settings->agency) != 0)
        return problem_from_outcome(builder->why, OUTCOME_AGENCY_MISMATCH, "header.agency");
    header->agency = arena_text(builder->arena, slice_text(builder->settings->agency));
    header->revision = header->revision ? header->revision : 1;
    header->status = header->status ? header->status : SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    header->standing = header->standing ? header->standing : SIGNALBOX__V1__STANDING__STANDING_RELEASED;
    header->made_unix_ms = header->made_unix_ms ? header->made_unix_ms : builder->settings->now_ms;
    header->kind = header->kind ? header->kind : kind_of_body(parts);
    return header->item_id.len > 0 || random_item_id(builder, header);
}

static bool read_header(struct builder *builder, json_t *value, const json_t *parts)
{
    ProtobufCMessage *message;
    if (!json_is_object(value))
        return refuse_item(builder, "header",
            "The item has no header; give an object with kind, subject, strands, product, priority and sharingBasis.");
    if (!item_rewrite_ids(value))
        return refuse_item(builder, "header", "There is no memory left.");
    if (!read_message(builder, "header", &signalbox__v1__header__descriptor, value, &message))
        return false;
    builder->item->header = (Signalbox__V1__Header *)message;
    if (builder->item->header->n_parts > 0)
        return refuse_item(
            builder, "header.parts", "Stands in the wrong place: give info beside the body of each part, under parts.");
    return complete_header(builder, builder->item->header, parts);
}

// A part's grade is that of its weakest statement and its handling that of its strictest: so both can be filled in.
static void grade_from_statements(Signalbox__V1__PartInfo *info, const Signalbox__V1__ReportBody *body)
{
    uint32_t source = 0, assessment = 0, handling = 0;
    for (size_t i = 0; i < body->n_statements; i++) {
        const Signalbox__V1__Statement *statement = body->statements[i];
        source = statement->source_evaluation > source ? statement->source_evaluation : source;
        assessment = statement->intelligence_assessment > assessment ? statement->intelligence_assessment : assessment;
        handling = statement->handling > handling ? statement->handling : handling;
    }
    info->source_evaluation = info->source_evaluation ? info->source_evaluation : source;
    info->intelligence_assessment = info->intelligence_assessment ? info->intelligence_assessment : assessment;
    if (info->handling == SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_UNSPECIFIED && handling <= 2)
        info->handling = (Signalbox__V1__HandlingCode)handling;
}

static bool pack_message(struct builder *builder, const ProtobufCMessage *message, const char *path, struct slice *out)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(builder->arena, size);
    if (size > 0 && !bytes)
        return refuse_item(builder, path, "There is no memory left for an item of this size.");
    *out = slice_of(bytes, protobuf_c_message_pack(message, bytes));
    return true;
}

// Size and salted digest: what ties the content to the signed header (proto/README.md, "What is signed").
static bool seal_part(struct builder *builder, size_t i, Signalbox__V1__PartInfo *info, const char *path)
{
    static const uint8_t domain[] = {0x02};
    uint8_t *salt = builder->item->salts[i];
    uint8_t *digest = arena_alloc(builder->arena, DIGEST_BYTES);
    if (!digest || RAND_bytes(salt, ITEM_SALT_BYTES) != 1)
        return refuse_item(builder, path, "This machine gives no random numbers now.");
    struct slice content = builder->item->contents[i];
    struct digest sum =
        digest_of_parts((struct slice[]){slice_of(domain, sizeof domain), slice_of(salt, ITEM_SALT_BYTES), content}, 3);
    memcpy(digest, sum.bytes, DIGEST_BYTES);
    info->digest = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = digest};
    info->size_bytes = content.len > UINT32_MAX ? UINT32_MAX : (uint32_t)content.len;
    return true;
}

static bool read_info(struct builder *builder, json_t *part, const char *path, Signalbox__V1__PartInfo **info)
{
    char where[REFUSAL_PATH_BYTES];
    ProtobufCMessage *message;
    snprintf(where, sizeof where, "%s.info", path);
    json_t *value = json_object_get(part, "info");
    if (!value)
        return refuse_item(builder, where, "The part has no info; give at least its classification.");
    if (!read_message(builder, where, &signalbox__v1__part_info__descriptor, value, &message))
        return false;
    *info = (Signalbox__V1__PartInfo *)message;
    if ((*info)->size_bytes || (*info)->digest.len)
        return refuse_item(builder, where, "Size and digest are filled in by the publisher; remove them.");
    return true;
}

static bool read_body(struct builder *builder, json_t *part, const char *path, ProtobufCMessage **body)
{
    const Signalbox__V1__Kind kind = builder->item->header->kind;
    const char *name = item_body_name(kind);
    char where[REFUSAL_PATH_BYTES];
    if (!name)
        return problem_from_outcome(builder->why, OUTCOME_FIELD_MISSING, "header.kind");
    snprintf(where, sizeof where, "%s.%s", path, name);
    json_t *value = json_object_get(part, name);
    if (!value)
        return refuse_item(builder, where, "The part has no body of the kind that the header names.");
    if (!only_members(builder, part, path, (const char *const[]){"info", name}, 2))
        return false;
    if (kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE &&
        !item_rewrite_attachments(value, where, builder->settings->folder, builder->why))
        return false;
    if (json_is_object(value) && !item_rewrite_ids(value))
        return refuse_item(builder, where, "There is no memory left.");
    return read_message(builder, where, envelope_body_type(kind), value, body);
}

static bool read_part(struct builder *builder, size_t i, json_t *part)
{
    struct item *item = builder->item;
    char path[32];
    Signalbox__V1__PartInfo *info = NULL;
    ProtobufCMessage *body = NULL;
    snprintf(path, sizeof path, "parts[%zu]", i);
    if (!read_info(builder, part, path, &info) || !read_body(builder, part, path, &body))
        return false;
    if (item->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT)
        grade_from_statements(info, (const Signalbox__V1__ReportBody *)body);
    item->header->parts[i] = info;
    return pack_message(builder, body, path, &item->contents[i]) && seal_part(builder, i, info, path);
}

static bool read_parts(struct builder *builder, const json_t *parts)
{
    size_t n = json_array_size(parts);
    if (n == 0 || n > ENVELOPE_PARTS)
        return refuse_item(builder, "parts", "An item has 1 to 16 parts; give them as a list.");
    Signalbox__V1__Header *header = builder->item->header;
    header->parts = arena_alloc(builder->arena, n * sizeof(*header->parts));
    if (!header->parts)
        return refuse_item(builder, "parts", "There is no memory left.");
    header->n_parts = n;
    for (size_t i = 0; i < n; i++)
        if (!read_part(builder, i, json_array_get(parts, i)))
            return false;
    return true;
}

bool item_from_json(
    json_t *value, const struct item_settings *settings, struct arena *arena, struct item *item, struct problem *why)
{
    struct builder builder = {.settings = settings, .arena = arena, .item = item, .why = why};
    json_t *parts = json_object_get(value, "parts");
    *item = (struct item){0};
    return only_members(&builder, value, "", (const char *const[]){"header", "parts"}, 2) &&
           read_header(&builder, json_object_get(value, "header"), parts) && read_parts(&builder, parts) &&
           pack_message(&builder, &item->header->base, "header", &item->header_bytes);
}
