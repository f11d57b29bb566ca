// SPDX-License-Identifier: Apache-2.0
#include "tests/lives/shapes.h"
#include <inttypes.h>
#include <stdlib.h>

#define KIND(name) SIGNALBOX__V1__KIND__KIND_##name

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void *read_values(struct tokens *tokens, struct arena *arena, size_t *n)
{
    char **texts;
    *n = tokens_list(tokens, arena, &texts);
    int *values = need_memory(arena_alloc(arena, (*n + 1) * sizeof *values));
    for (size_t i = 0; i < *n; i++)
        values[i] = atoi(texts[i]);
    return values;
}

static ProtobufCMessage *answer_body(struct arena *arena)
{
    Signalbox__V1__AnswerBody *body = need_memory(arena_alloc(arena, sizeof *body));
    signalbox__v1__answer_body__init(body);
    kit_set_text(arena, &body->state, "read");
    body->number = 1;
    body->when_unix_ms = KIT_NOW_MS;
    return &body->base;
}

static ProtobufCMessage *notice_body(struct arena *arena)
{
    Signalbox__V1__NoticeBody *body = need_memory(arena_alloc(arena, sizeof *body));
    signalbox__v1__notice_body__init(body);
    kit_set_text(arena, &body->force, "kent");
    kit_set_text(arena, &body->code, "recalled");
    return &body->base;
}

static struct kit_item *plain_item(struct arena *arena, Signalbox__V1__Kind kind)
{
    struct kit_item *item = kind == KIND(GUIDANCE) ? kit_guidance(arena, "kent", 1) : kit_report(arena, "kent", 1);
    if (kind == KIND(STANDING))
        item = kit_standing(arena, item, "kent", SIGNALBOX__V1__STANDING__STANDING_RECALLED, 1);
    if (kind == KIND(ANSWER))
        item->bodies[0] = answer_body(arena);
    if (kind == KIND(NOTICE))
        item->bodies[0] = notice_body(arena);
    item->header->kind = kind;
    return item;
}

static void add_part(struct arena *arena, struct kit_item *item)
{
    if (item->header->kind == KIND(REPORT) || item->header->kind == KIND(GUIDANCE)) {
        kit_add_part(arena, item);
        return;
    }
    item->infos[item->n_parts] = need_memory(arena_alloc(arena, sizeof *item->infos[0]));
    *item->infos[item->n_parts] = *item->infos[0];
    item->bodies[item->n_parts] = item->bodies[0];
    item->n_parts++;
}

// Statements as grade after grade: 132 is 1, C, C.
static void read_statements(struct tokens *tokens, struct arena *arena, const struct kit_item *item, unsigned part)
{
    char **grades;
    size_t n = tokens_list(tokens, arena, &grades);
    if (item->header->kind != KIND(REPORT))
        return;
    Signalbox__V1__ReportBody *body = kit_report_body(item, part);
    Signalbox__V1__Statement *first = body->statements[0];
    body->n_statements = n;
    body->statements = need_memory(arena_alloc(arena, (n + 1) * sizeof *body->statements));
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__Statement *statement = need_memory(arena_alloc(arena, sizeof *statement));
        *statement = *first;
        statement->source_evaluation = (uint32_t)(grades[i][0] - '0');
        statement->intelligence_assessment = (uint32_t)(grades[i][1] - '0');
        statement->handling = (uint32_t)(grades[i][2] - '0');
        body->statements[i] = statement;
    }
}

static void read_edition(struct tokens *tokens, const struct kit_item *item, unsigned part)
{
    char *language = tokens_text(tokens), *chain = tokens_text(tokens);
    uint32_t edition = (uint32_t)tokens_number(tokens);
    if (item->header->kind != KIND(GUIDANCE))
        return;
    Signalbox__V1__GuidanceBody *body = kit_guidance_body(item, part);
    body->language = language;
    body->edition_chain = chain;
    body->edition = edition;
}

static void read_part(struct tokens *tokens, struct arena *arena, struct kit_item *item, unsigned part)
{
    Signalbox__V1__PartInfo *info = item->infos[part];
    info->classification = (Signalbox__V1__Classification)tokens_number(tokens);
    info->n_instructions = tokens_list(tokens, arena, &info->instructions);
    info->n_descriptors = tokens_list(tokens, arena, &info->descriptors);
    info->marking_text = tokens_text(tokens);
    info->title = tokens_text(tokens);
    info->handling = (Signalbox__V1__HandlingCode)tokens_number(tokens);
    info->action = (Signalbox__V1__ActionCode)tokens_number(tokens);
    info->sanitisation = (Signalbox__V1__SanitisationCode)tokens_number(tokens);
    info->usage = tokens_text(tokens);
    info->n_recipients = tokens_list(tokens, arena, &info->recipients);
    info->organisation = tokens_text(tokens);
    info->source_evaluation = (uint32_t)tokens_number(tokens);
    info->intelligence_assessment = (uint32_t)tokens_number(tokens);
    read_statements(tokens, arena, item, part);
    read_edition(tokens, item, part);
}

static void read_header(struct tokens *tokens, struct arena *arena, Signalbox__V1__Header *header)
{
    header->priority = (Signalbox__V1__Priority)tokens_number(tokens);
    header->strands = read_values(tokens, arena, &header->n_strands);
    header->n_themes = tokens_list(tokens, arena, &header->themes);
    header->product = tokens_text(tokens);
    header->n_exporter_forces = tokens_list(tokens, arena, &header->exporter_forces);
    header->n_importer_forces = tokens_list(tokens, arena, &header->importer_forces);
    header->n_transit_forces = tokens_list(tokens, arena, &header->transit_forces);
    header->n_boroughs = tokens_list(tokens, arena, &header->boroughs);
    header->modes = read_values(tokens, arena, &header->n_modes);
    header->sharing_basis = tokens_text(tokens);
    header->mopi_group = (uint32_t)tokens_number(tokens);
    header->review_unix_ms = tokens_number(tokens);
}

static void read_routing(struct tokens *tokens, struct arena *arena, Signalbox__V1__Routing *routing)
{
    routing->n_home_forces = tokens_list(tokens, arena, &routing->home_forces);
    routing->reference = tokens_text(tokens);
    routing->place = tokens_text(tokens);
    routing->happened_from_unix_ms = tokens_number(tokens);
    routing->happened_to_unix_ms = tokens_number(tokens);
    routing->overlap_contact = tokens_text(tokens);
    routing->source_reference.len = tokens_number(tokens) ? 32 : 0;
    routing->source_reference.data = need_memory(arena_alloc(arena, 32));
}

static void add_extras(struct tokens *tokens, struct arena *arena, Signalbox__V1__Header *header)
{
    char *announced = tokens_text(tokens);
    if (*announced) {
        Signalbox__V1__Announcement *one = need_memory(arena_alloc(arena, sizeof *one));
        signalbox__v1__announcement__init(one);
        one->title = announced;
        header->n_announcements = 1;
        header->announcements = need_memory(arena_alloc(arena, sizeof one));
        header->announcements[0] = one;
    }
    if (!tokens_number(tokens))
        return;
    header->n_derived_from = 1;
    header->derived_from = need_memory(arena_alloc(arena, sizeof(void *)));
    header->derived_from[0] = kit_reference(arena, kit_report(arena, "essex", 9), 0);
}

void shapes_read(struct shapes *shapes, struct tokens *tokens)
{
    int64_t number = tokens_number(tokens);
    if (number < 0 || number >= SHAPES_MAX)
        abort();
    struct kit_item *item = plain_item(&shapes->arena, (Signalbox__V1__Kind)tokens_number(tokens));
    read_header(tokens, &shapes->arena, item->header);
    read_routing(tokens, &shapes->arena, item->routing);
    add_extras(tokens, &shapes->arena, item->header);
    uint32_t n_parts = (uint32_t)tokens_number(tokens);
    while (item->n_parts < n_parts)
        add_part(&shapes->arena, item);
    for (unsigned i = 0; i < n_parts; i++)
        read_part(tokens, &shapes->arena, item, i);
    item->n_parts = n_parts;
    shapes->items[number] = item;
}

struct kit_item *shapes_item(const struct shapes *shapes, int64_t number)
{
    if (number < 0 || number >= SHAPES_MAX || !shapes->items[number])
        abort();
    return shapes->items[number];
}

void shapes_say(struct arena *arena, struct kit_item *item, int64_t words)
{
    for (uint32_t i = 0; i < item->n_parts; i++) {
        bool here = words && i == (uint32_t)(words % item->n_parts);
        char *text = need_memory(arena_printf(arena, "What part %u says, %" PRId64 ".", i, here ? words : 0));
        if (item->header->kind == KIND(REPORT))
            kit_report_body(item, i)->title = text;
        if (item->header->kind == KIND(GUIDANCE))
            kit_guidance_body(item, i)->title = text;
        if (item->header->kind == KIND(STANDING))
            ((Signalbox__V1__StandingBody *)(void *)item->bodies[i])->instruction = text;
    }
}
