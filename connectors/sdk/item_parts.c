// SPDX-License-Identifier: Apache-2.0
// The parts of an item: what is said of each, and its body, serialised.
#include "connectors/sdk/item_reader.h"
#include "connectors/sdk/item_rewrite.h"
#include "hub/base/text.h"
#include "hub/contract/outcome.h"

#include <signalbox/v1/report.pb-c.h>

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

static bool read_info(struct item_reader *reader, const json_t *part, const char *path, Signalbox__V1__PartInfo **info)
{
    char where[REFUSAL_PATH_BYTES];
    ProtobufCMessage *message;
    text_print(where, sizeof where, "%s.info", path);
    json_t *value = json_object_get(part, "info");
    if (!value)
        return item_reader_refuse(reader, where, "The part has no info; give at least its classification.");
    if (!item_reader_given(reader, "info", value, where) ||
        !item_reader_message(reader, where, &signalbox__v1__part_info__descriptor, value, &message))
        return false;
    *info = (Signalbox__V1__PartInfo *)message;
    return true;
}

static bool read_body(struct item_reader *reader, const json_t *part, const char *path, ProtobufCMessage **body)
{
    const Signalbox__V1__Kind kind = reader->item->header->kind;
    const char *name = item_body_name(kind);
    char where[REFUSAL_PATH_BYTES];
    if (!name)
        return problem_from_outcome(reader->why, OUTCOME_FIELD_MISSING, "header.kind");
    text_print(where, sizeof where, "%s.%s", path, name);
    json_t *value = json_object_get(part, name);
    if (!value)
        return item_reader_refuse(reader, where, "The part has no body of the kind that the header names.");
    if (!item_reader_only(reader, part, path, (const char *const[]){"info", name}, 2,
            "Has a member that a part does not know; it takes info and one body."))
        return false;
    if (kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE &&
        !item_rewrite_attachments(value, where, reader->settings->folder, reader->why))
        return false;
    return item_reader_message(reader, where, envelope_body_type(kind), value, body);
}

static bool read_part(struct item_reader *reader, uint32_t i, const json_t *part)
{
    char path[32];
    Signalbox__V1__PartInfo *info = NULL;
    ProtobufCMessage *body = NULL;
    text_print(path, sizeof path, "parts[%u]", i);
    if (!read_info(reader, part, path, &info) || !read_body(reader, part, path, &body))
        return false;
    if (reader->item->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT)
        grade_from_statements(info, (const Signalbox__V1__ReportBody *)body);
    reader->infos[i] = info;
    return item_reader_pack(reader, body, path, &reader->contents[i]);
}

bool item_reader_parts(struct item_reader *reader, const json_t *parts)
{
    size_t n = json_array_size(parts);
    if (n == 0 || n > ENVELOPE_PARTS)
        return item_reader_refuse(reader, "parts", "An item has 1 to 16 parts; give them as a list.");
    reader->n_parts = (uint32_t)n;
    for (uint32_t i = 0; i < n; i++)
        if (!read_part(reader, i, json_array_get(parts, i)))
            return false;
    return true;
}
