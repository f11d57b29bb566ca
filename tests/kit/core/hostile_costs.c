// SPDX-License-Identifier: Apache-2.0
// The most expensive items that keep all limits, or break them as late as can be: many of them are taken in.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include <stdlib.h>

#define COUNT(new_list) (sizeof(new_list) / sizeof *(new_list))
#define STATEMENTS      64
#define PEOPLE          64

static char *filled_text(struct hostile_maker *maker, const char *with, size_t len)
{
    size_t step = strlen(with);
    char *text = arena_alloc(maker->arena, len + 1);
    memset(text, 'a', len);
    for (size_t at = 0; at + step <= len; at += step)
        memcpy(text + at, with, step);
    return text;
}

static void **new_list(
    struct hostile_maker *maker, size_t *n_field, size_t n, size_t size, const ProtobufCMessageDescriptor *type)
{
    void **messages = arena_alloc(maker->arena, n * sizeof *messages);
    for (size_t i = 0; i < n; i++)
        protobuf_c_message_init(type, messages[i] = arena_alloc(maker->arena, size));
    *n_field = n;
    return messages;
}

#define LIST(maker, body, field, n, type, descriptor)                                                                  \
    ((body)->field = (type **)new_list((maker), &(body)->n_##field, (n), sizeof(type), &(descriptor)))

// --- large texts ---

static void guidance_of(struct hostile_maker *maker, const char *character, size_t last_bytes)
{
    maker->item = kit_guidance(maker->arena, "kent", maker->seed);
    Signalbox__V1__GuidanceBody *body = kit_guidance_body(maker->item, 0);
    LIST(maker, body, sections, 4, Signalbox__V1__Section, signalbox__v1__section__descriptor);
    for (size_t i = 0; i < 4; i++) {
        body->sections[i]->heading = filled_text(maker, character, 64);
        body->sections[i]->text = filled_text(maker, character, i < 3 ? 65536 : last_bytes);
    }
}

static void largest_item(struct hostile_maker *maker)
{
    guidance_of(maker, "\xf0\x9f\x9a\x82", 64000);
    hostile_send_item(maker);
}

static void largest_by_turns(struct hostile_maker *maker)
{
    guidance_of(maker, "a\xc3\xa9", 64000);
    hostile_send_item(maker);
}

static void largest_broken_late(struct hostile_maker *maker)
{
    guidance_of(maker, "\xf0\x9f\x9a\x82", 64000);
    kit_guidance_body(maker->item, 0)->sections[3]->text[63999] = '\xff';
    hostile_send_item(maker);
}

static void largest_badly_signed(struct hostile_maker *maker)
{
    guidance_of(maker, "\xf0\x9f\x9a\x82", 64000);
    maker->item->sign_topic = "in.essex";
    hostile_send_item(maker);
}

static void largest_again(struct hostile_maker *maker)
{
    guidance_of(maker, "\xf0\x9f\x9a\x82", 64000);
    hostile_before(maker, kit_envelope(maker->arena, maker->item));
    maker->item->header->nonce.data[0] ^= 1;
    hostile_send_item(maker);
}

// --- many fields ---

static void set_grades(Signalbox__V1__ReportBody *body, char *text)
{
    for (size_t i = 0; i < body->n_statements; i++) {
        body->statements[i]->text = text;
        body->statements[i]->source_evaluation = 2;
        body->statements[i]->intelligence_assessment = 3;
        body->statements[i]->handling = 1;
    }
}

static void add_people(struct hostile_maker *maker, Signalbox__V1__ReportBody *body, char *code)
{
    char **codes = arena_alloc(maker->arena, 16 * sizeof *codes);
    for (size_t i = 0; i < 16; i++)
        codes[i] = code;
    LIST(maker, body, people, PEOPLE, Signalbox__V1__Person, signalbox__v1__person__descriptor);
    for (size_t i = 0; i < PEOPLE; i++) {
        body->people[i]->reference = code;
        body->people[i]->roles = body->people[i]->vulnerabilities = codes;
        body->people[i]->n_roles = 8;
        body->people[i]->n_vulnerabilities = 16;
    }
    LIST(maker, body, premises, 32, Signalbox__V1__Premises, signalbox__v1__premises__descriptor);
    for (size_t i = 0; i < 32; i++) {
        body->premises[i]->use = code;
        body->premises[i]->occupier_vulnerabilities = codes;
        body->premises[i]->n_occupier_vulnerabilities = 16;
    }
}

static Signalbox__V1__ReportBody *fill_report(struct hostile_maker *maker, size_t text_bytes, size_t code_bytes)
{
    Signalbox__V1__ReportBody *body = kit_report_body(maker->item, 0);
    LIST(maker, body, statements, STATEMENTS, Signalbox__V1__Statement, signalbox__v1__statement__descriptor);
    set_grades(body, filled_text(maker, "\xc3\xa9", text_bytes));
    add_people(maker, body, filled_text(maker, "b", code_bytes));
    return body;
}

static void every_list_full(struct hostile_maker *maker)
{
    fill_report(maker, 1500, 64);
    hostile_send_item(maker);
}

static void every_list_full_of_little(struct hostile_maker *maker)
{
    fill_report(maker, 1, 1);
    hostile_send_item(maker);
}

static void graded_wrong_at_the_end(struct hostile_maker *maker)
{
    Signalbox__V1__ReportBody *body = fill_report(maker, 1500, 64);
    Signalbox__V1__Statement *last = body->statements[STATEMENTS - 1];
    last->intelligence_assessment = 5;
    hostile_send_item(maker);
}

// --- many parts ---

static void sixteen_parts(struct hostile_maker *maker, size_t text_bytes)
{
    maker->item = kit_guidance(maker->arena, "kent", maker->seed);
    while (maker->item->n_parts < ENVELOPE_PARTS)
        kit_add_part(maker->arena, maker->item);
    for (unsigned i = 0; i < ENVELOPE_PARTS; i++)
        kit_guidance_body(maker->item, i)->sections[0]->text = filled_text(maker, "\xf0\x9f\x9a\x82", text_bytes);
}

static void last_part_changed(struct hostile_maker *maker)
{
    sixteen_parts(maker, 15600);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, kit_envelope(maker->arena, maker->item));
    envelope->parts[maker->item->slots[ENVELOPE_PARTS - 1]]->content.data[0] ^= 1; // all slots are filled
    hostile_close(maker, envelope);
}

// 128 recipients in every part, the last of them first.
static void name_recipients(struct hostile_maker *maker)
{
    for (unsigned part = 0; part < ENVELOPE_PARTS; part++) {
        Signalbox__V1__PartInfo *info = maker->item->infos[part];
        info->n_recipients = 128;
        info->recipients = arena_alloc(maker->arena, 128 * sizeof *info->recipients);
        for (unsigned i = 0; i < 128; i++)
            kit_set_text(maker->arena, &info->recipients[i], hostile_organisation(maker->arena, 127 - i));
    }
}

static void two_thousand_recipients(struct hostile_maker *maker)
{
    sixteen_parts(maker, 11500);
    name_recipients(maker);
    hostile_send_item(maker);
}

static void the_last_recipient_twice(struct hostile_maker *maker)
{
    sixteen_parts(maker, 11500);
    name_recipients(maker);
    char **recipients = maker->item->infos[ENVELOPE_PARTS - 1]->recipients;
    recipients[127] = recipients[126];
    hostile_send_item(maker);
}

static void the_last_recipient_unknown(struct hostile_maker *maker)
{
    sixteen_parts(maker, 11500);
    name_recipients(maker);
    kit_set_text(maker->arena, &maker->item->infos[ENVELOPE_PARTS - 1]->recipients[127], "organisation-number-99999");
    hostile_send_item(maker);
}

// Each of 128 organisations may have other parts than all the others, and so gets a copy of its own.
static void a_copy_for_everybody(struct hostile_maker *maker)
{
    sixteen_parts(maker, 14000);
    for (unsigned part = 0; part < ENVELOPE_PARTS; part++) {
        Signalbox__V1__PartInfo *info = maker->item->infos[part];
        info->recipients = arena_alloc(maker->arena, 128 * sizeof *info->recipients);
        for (unsigned i = 0; i < 128; i++)
            if ((i * 509 + 131) >> part & 1)
                kit_set_text(
                    maker->arena, &info->recipients[info->n_recipients++], hostile_organisation(maker->arena, i));
    }
    hostile_send_item(maker);
}

const struct hostile_row hostile_costs[] = {
    {"260 kB of four-byte characters", largest_item, OUTCOME_ACCEPTED, "", false},
    {"260 kB of short and long characters by turns", largest_by_turns, OUTCOME_ACCEPTED, "", false},
    {"260 kB, the last byte broken", largest_broken_late, OUTCOME_UTF8_BROKEN, "parts[0].content.sections[3].text",
        false},
    {"260 kB, badly signed", largest_badly_signed, OUTCOME_SIGNATURE_BAD, "proof.signature", false},
    {"260 kB once more under another id", largest_again, OUTCOME_DUPLICATE_CONTENT, "", false},
    {"every list full", every_list_full, OUTCOME_ACCEPTED, "", false},
    {"every list full of little", every_list_full_of_little, OUTCOME_ACCEPTED, "", false},
    {"the last of 64 statements graded wrong", graded_wrong_at_the_end, OUTCOME_GRADE_INVALID,
        "parts[0].content.statements[63].intelligence_assessment", false},
    {"sixteen parts, the last one changed", last_part_changed, OUTCOME_DIGEST_BAD, "parts[15].content", false},
    {"2,048 recipients", two_thousand_recipients, OUTCOME_ACCEPTED, "", false},
    {"2,048 recipients, the last one twice", the_last_recipient_twice, OUTCOME_FIELD_CONFLICT,
        "parts[15].info.recipients[127]", false},
    {"2,048 recipients, the last one unknown", the_last_recipient_unknown, OUTCOME_ORGANISATION_UNKNOWN,
        "parts[15].info.recipients[127]", false},
    {"a copy for everybody", a_copy_for_everybody, OUTCOME_ACCEPTED, "", false},
};
const size_t hostile_n_costs = COUNT(hostile_costs);
