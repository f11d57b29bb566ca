// SPDX-License-Identifier: Apache-2.0
// The ledger's codes in words, from sentences.def.
#include "hub/observe/book/book.h"
#include "hub/observe/words.h"
#include <ctype.h>

struct phrase {
    int code;
    const char *text;
};

#define AUDIENCE(name, text) {SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_##name, text},
#define GATE(name, text)
static const struct phrase audience_phrases[] = {
#include "hub/observe/book/sentences.def"
};
#undef AUDIENCE
#undef GATE

#define AUDIENCE(name, text)
#define GATE(name, text) {SIGNALBOX__V1__GATE__GATE_##name, text},
static const struct phrase gate_phrases[] = {
#include "hub/observe/book/sentences.def"
};
#undef AUDIENCE
#undef GATE

const char *book_audience_text(uint32_t audience, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < sizeof audience_phrases / sizeof *audience_phrases; i++)
        if (audience >> audience_phrases[i].code & 1)
            text = words_print(arena, "%s%s%s", text, *text ? " and " : "", audience_phrases[i].text);
    return *text ? text : "of no recorded reason";
}

const char *book_gate_text(Signalbox__V1__Gate gate)
{
    for (size_t i = 0; i < sizeof gate_phrases / sizeof *gate_phrases; i++)
        if (gate_phrases[i].code == (int)gate)
            return gate_phrases[i].text;
    return "the ledger does not say why";
}

// The contract's own name of a value, without what all values of its list begin with: KIND_REPORT is "report".
static const char *value_text(const ProtobufCEnumDescriptor *type, int value, struct arena *arena)
{
    const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(type, 0);
    const ProtobufCEnumValue *named = protobuf_c_enum_descriptor_get_value(type, value);
    if (!named)
        return words_print(arena, "not known here (%d)", value);
    char *text = arena_text(arena, slice_text(named->name + strlen(zero->name) - strlen("UNSPECIFIED")));
    for (char *at = text; at && *at; at++)
        *at = *at == '_' ? ' ' : (char)tolower(*at);
    return text ? text : "";
}

const char *book_kind_text(const struct book_line *line, struct arena *arena)
{
    if (!line->kind)
        return "";
    return words_print(arena, "%s, %s", value_text(&signalbox__v1__kind__descriptor, (int)line->kind, arena),
        value_text(&signalbox__v1__status__descriptor, (int)line->status, arena));
}

const char *book_standing_text(const struct book_line *line, struct arena *arena)
{
    return line->standing ? value_text(&signalbox__v1__standing__descriptor, (int)line->standing, arena) : "";
}
