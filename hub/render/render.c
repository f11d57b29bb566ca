// SPDX-License-Identifier: Apache-2.0
// What an officer sees: the marking first, then what, from whom, about whom and why it came, then the content. The
// 3x5x2 grade stands before each statement, as [1BP]: source, intelligence, handling.
#include "hub/render/render.h"
#include "hub/base/hex.h"
#include "hub/contract/item_id.h"
#include "hub/render/render_fields.h"
#include "hub/render/render_guidance.h"
#include "hub/base/display.h"

#include <signalbox/v1/ledger.pb-c.h>
#include <signalbox/v1/report.pb-c.h>

static const char rule[] = "--------------------------------------------------------------------------------\n";

static const char *const markings[] = {"UNMARKED", "OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET"};

const char *render_classification(Signalbox__V1__Classification classification)
{
    size_t level = (size_t)classification;
    return markings[level < sizeof markings / sizeof *markings ? level : 0];
}

static void write_list(FILE *out, char *const *texts, size_t n, const char *between)
{
    for (size_t i = 0; i < n; i++) {
        fputs(between, out);
        display_write_escaped(out, texts[i], 0);
    }
}

static void write_marking(FILE *out, const Signalbox__V1__PartInfo *info)
{
    fputs(render_classification(info->classification), out);
    write_list(out, info->instructions, info->n_instructions, " - ");
    write_list(out, info->descriptors, info->n_descriptors, " - ");
}

// The highest marking of the parts that are there stands over all of it.
static void write_banner(FILE *out, const struct envelope *envelope, const Signalbox__V1__Header *header)
{
    const Signalbox__V1__PartInfo *highest = NULL;
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        if (!highest || envelope->parts[i].info->classification > highest->classification)
            highest = envelope->parts[i].info;
    fputs(rule, out);
    if (header->status != SIGNALBOX__V1__STATUS__STATUS_ACTUAL) {
        fputs("NOT REAL: ", out);
        render_enum(out, &signalbox__v1__status__descriptor, (int)header->status);
        fputs(" - ", out);
    }
    if (highest)
        write_marking(out, highest);
    else
        fputs("No part came", out);
    fputc('\n', out);
}

static void write_named(FILE *out, const char *label, char *const *texts, size_t n)
{
    if (n == 0)
        return;
    fprintf(out, "%s", label);
    write_list(out, texts, 1, " ");
    write_list(out, texts + 1, n - 1, ", ");
    fputc('\n', out);
}

static void write_forces(FILE *out, const Signalbox__V1__Header *header)
{
    if (header->n_exporter_forces > 0 || header->n_importer_forces > 0) {
        fputs("Line:", out);
        write_list(out, header->exporter_forces, header->n_exporter_forces, " ");
        fputs(header->n_exporter_forces ? " ->" : " exporter not known ->", out);
        write_list(out, header->importer_forces, header->n_importer_forces, " ");
        fputc('\n', out);
    }
    write_named(out, "Through:", header->transit_forces, header->n_transit_forces);
    write_named(out, "Boroughs:", header->boroughs, header->n_boroughs);
}

static void write_about(FILE *out, const Signalbox__V1__Header *header)
{
    fputs("Subject ", out);
    display_write_escaped(out, header->subject, 0);
    write_list(out, (char *const[]){header->product}, *header->product ? 1 : 0, ", ");
    for (size_t i = 0; i < header->n_strands; i++) {
        fputs(", ", out);
        render_enum(out, &signalbox__v1__strand__descriptor, (int)header->strands[i]);
    }
    write_list(out, header->themes, header->n_themes, ", ");
    if (header->priority != SIGNALBOX__V1__PRIORITY__PRIORITY_UNSPECIFIED) {
        fputs(", ", out);
        render_enum(out, &signalbox__v1__priority__descriptor, (int)header->priority);
    }
    fputc('\n', out);
}

static void write_id(FILE *out, ProtobufCBinaryData id, uint32_t revision)
{
    char hex[2 * ITEM_ID_BYTES + 1] = "";
    if (id.len == ITEM_ID_BYTES)
        hex_encode(slice_of(id.data, ITEM_ID_BYTES), hex);
    fputs(hex, out);
    if (revision)
        fprintf(out, "-%u", revision);
}

static void write_link(FILE *out, const char *label, const Signalbox__V1__ItemReference *link)
{
    fputs(label, out);
    write_id(out, link->item_id, link->revision);
    fputs(" of ", out);
    display_write_escaped(out, link->agency, 0);
    fputc('\n', out);
}

static void write_links(FILE *out, const Signalbox__V1__Header *header)
{
    if (header->about)
        write_link(out, "About ", header->about);
    for (size_t i = 0; i < header->n_derived_from; i++)
        write_link(out, "Draws on ", header->derived_from[i]);
}

// Of a report it is the review of its retention, which is no reader's business.
static void write_review(FILE *out, const Signalbox__V1__Header *header)
{
    if (header->kind != SIGNALBOX__V1__KIND__KIND_GUIDANCE || header->review_unix_ms == 0)
        return;
    fputs("To be reviewed by ", out);
    render_day(out, header->review_unix_ms);
    fputc('\n', out);
}

static void write_what(FILE *out, const Signalbox__V1__Header *header)
{
    render_enum(out, &signalbox__v1__kind__descriptor, (int)header->kind);
    fputc(' ', out);
    write_id(out, header->item_id, header->revision);
    fputs(" from ", out);
    display_write_escaped(out, header->agency, 0);
    fputs(", made ", out);
    render_time(out, header->made_unix_ms);
    fputc('\n', out);
    write_about(out, header);
    write_links(out, header);
    write_review(out, header);
    write_forces(out, header);
}

static const char *const reasons[] = {
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_EXPORTER] = "the line exports from here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER] = "the line imports into here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_TRANSIT] = "the line passes through here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_HOME] = "a person at risk lives here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_REGION] = "it concerns the region",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_CENTRE] = "the co-ordination centre gets everything",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_RAIL] = "the line uses rail",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_STRAND_LEAD] = "it serves the strand that is led here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_GUIDANCE] = "guidance goes to all",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_CANARY] = "a test of the hub comes back to its sender",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_HOLDER] = "it is about an item that was received here",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_ORIGINATOR] = "it is about an item that was published here",
};

static void write_why(FILE *out, const Signalbox__V1__Header *header, uint32_t audience)
{
    const char *before = "Why: ";
    for (size_t i = 1; i < sizeof reasons / sizeof *reasons; i++) {
        if (!(audience >> i & 1))
            continue;
        fprintf(out, "%s%s", before, reasons[i]);
        before = "; ";
    }
    if (*header->sharing_basis) {
        fputs(audience ? "; shared for " : "Shared for ", out);
        display_write_escaped(out, header->sharing_basis, 0);
    }
    fputs(audience || *header->sharing_basis ? "\n" : "", out);
}

static bool carries_title(const struct envelope *envelope, const char *title)
{
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        if (strcmp(envelope->parts[i].info->title, title) == 0)
            return true;
    return false;
}

// An announcement is tied to no part: all that can be said is whether a part of that title came.
static void write_announcements(FILE *out, const struct envelope *envelope, const Signalbox__V1__Header *header)
{
    for (size_t i = 0; i < header->n_announcements; i++) {
        const Signalbox__V1__Announcement *announced = header->announcements[i];
        fputs("Announced", out);
        fputs(carries_title(envelope, announced->title) ? ": " : ", not in this copy: ", out);
        display_write_escaped(out, announced->title, 2);
        if (*announced->marking_text) {
            fputs(" (", out);
            display_write_escaped(out, announced->marking_text, 2);
            fputc(')', out);
        }
        write_list(out, (char *const[]){announced->reason}, *announced->reason ? 1 : 0, ". ");
        fputc('\n', out);
    }
}

static char letter_of(uint32_t value, const char *letters)
{
    return value > 0 && value <= strlen(letters) ? letters[value - 1] : '-';
}

static void write_statement(FILE *out, size_t number, const Signalbox__V1__Statement *statement)
{
    fprintf(out, "  %zu. [%c%c%c] %s", number, letter_of(statement->source_evaluation, "123"),
        letter_of(statement->intelligence_assessment, "ABCDE"), letter_of(statement->handling, "PC"),
        statement->opinion ? "(opinion) " : "");
    display_write_escaped(out, statement->text, 5);
    fputc('\n', out);
    render_fields(out, &statement->base,
        (const char *const[]){"text", "source_evaluation", "intelligence_assessment", "handling", "opinion", NULL}, 5);
}

static void write_report(FILE *out, const Signalbox__V1__ReportBody *body)
{
    display_write_escaped(out, body->title, 2);
    fputc('\n', out);
    for (size_t i = 0; i < body->n_statements; i++)
        write_statement(out, i + 1, body->statements[i]);
    if (body->provenance) {
        const Signalbox__V1__Provenance *provenance = body->provenance;
        fprintf(out, "  Provenance [%c%c]: ", letter_of(provenance->source_evaluation, "123"),
            letter_of(provenance->intelligence_assessment, "ABCDE"));
        display_write_escaped(out, provenance->text, 4);
        fputc('\n', out);
    }
    render_fields(out, &body->base, (const char *const[]){"title", "statements", "provenance", NULL}, 2);
}

static void write_handling(FILE *out, const Signalbox__V1__PartInfo *info)
{
    static const char *const shown[] = {"number", "classification", "instructions", "descriptors", "size_bytes",
        "content_sha256", "title", "source_evaluation", "intelligence_assessment", "marking_text", NULL};
    render_fields(out, &info->base, shown, 2);
}

static void write_body(FILE *out, const ProtobufCMessage *body)
{
    if (!body) {
        fputs("This program is too old to show its content: update signalbox.\n", out);
    } else if (body->descriptor == &signalbox__v1__report_body__descriptor) {
        write_report(out, (const Signalbox__V1__ReportBody *)body);
    } else if (body->descriptor == &signalbox__v1__guidance_body__descriptor) {
        render_guidance(out, (const Signalbox__V1__GuidanceBody *)body);
    } else {
        fputc('\n', out);
        render_fields(out, body, NULL, 2);
    }
}

static void write_part(FILE *out, size_t number, const Signalbox__V1__PartInfo *info, const ProtobufCMessage *body)
{
    fprintf(out, "\nPart %zu: (", number);
    write_marking(out, info);
    fputs(") ", out);
    write_body(out, body);
    write_handling(out, info);
}

void render_item(FILE *out, const struct envelope *envelope, const Signalbox__V1__Header *header,
    const ProtobufCMessage *const *bodies, uint32_t audience)
{
    write_banner(out, envelope, header);
    write_what(out, header);
    write_why(out, header, audience);
    write_announcements(out, envelope, header);
    if (envelope->newer && *envelope->newer)
        fputs("Its agency uses a newer contract: it says more than this program can show; update signalbox.\n", out);
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        write_part(out, i + 1, envelope->parts[i].info, bodies[i]);
    fputc('\n', out);
}
