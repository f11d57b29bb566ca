// SPDX-License-Identifier: Apache-2.0
// What a reader must do stands before what there is to read; dates are days, as documents give them.
#include "hub/render/render_guidance.h"
#include "hub/base/display.h"
#include "hub/render/render_fields.h"

#define INDENT 2            // of what is said of the guidance
#define WITHIN (INDENT + 2) // of the further lines of an entry

// Nothing at all if there is no text.
static void write_between(FILE *out, const char *before, const char *text, const char *after)
{
    if (!*text)
        return;
    fputs(before, out);
    display_write_escaped(out, text, WITHIN);
    fputs(after, out);
}

static void write_text(FILE *out, const char *label, const char *text)
{
    if (*text)
        fprintf(out, "%*s%s", INDENT, "", label);
    write_between(out, ": ", text, "\n");
}

// The texts with a comma between them.
static void write_listed(FILE *out, char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? ", " : "", out);
        display_write_escaped(out, texts[i], INDENT);
    }
}

static void write_list(FILE *out, const char *label, char *const *texts, size_t n)
{
    if (n == 0)
        return;
    fprintf(out, "%*s%s: ", INDENT, "", label);
    write_listed(out, texts, n);
    fputc('\n', out);
}

static void write_period(FILE *out, int64_t from_ms, int64_t to_ms)
{
    fputs(from_ms && !to_ms ? "from " : "", out);
    if (from_ms)
        render_day(out, from_ms);
    if (to_ms && to_ms != from_ms) {
        fputs(from_ms ? " to " : "to ", out);
        render_day(out, to_ms);
    }
}

static void write_ages(FILE *out, uint32_t from, uint32_t to)
{
    if (!from && !to)
        return;
    fprintf(out, "%*sAges: ", INDENT, "");
    if (!to)
        fprintf(out, "%u and over\n", from);
    else if (!from)
        fprintf(out, "up to %u\n", to);
    else if (from == to)
        fprintf(out, "%u\n", to);
    else
        fprintf(out, "%u to %u\n", from, to);
}

// Who, when and where, as far as any of it is said.
static void write_first_publication(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    if (!*body->first_published_by && !body->first_published_unix_ms && !*body->first_published_reference)
        return;
    fprintf(out, "%*sFirst published", INDENT, "");
    write_between(out, " by ", body->first_published_by, "");
    if (body->first_published_unix_ms) {
        fputs(" on ", out);
        render_day(out, body->first_published_unix_ms);
    }
    write_between(out, ": ", body->first_published_reference, "");
    fputc('\n', out);
}

static void write_dates(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    if (body->dated_unix_ms) {
        fprintf(out, "%*sDated: ", INDENT, "");
        render_day(out, body->dated_unix_ms);
        fputc('\n', out);
    }
    if (body->period_from_unix_ms || body->period_to_unix_ms) {
        fprintf(out, "%*sPeriod: ", INDENT, "");
        write_period(out, body->period_from_unix_ms, body->period_to_unix_ms);
        fputc('\n', out);
    }
    if (body->edition) {
        fprintf(out, "%*sEdition: %u", INDENT, "", body->edition);
        write_between(out, " of ", body->edition_chain, "");
        fputc('\n', out);
    }
}

static void write_facts(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    write_dates(out, body);
    write_text(out, "Language", body->language);
    write_text(out, "Owner", body->owner);
    write_text(out, "Author", body->author);
    write_text(out, "Branch", body->branch);
    write_text(out, "Authorised by", body->authoriser);
    write_text(out, "Also authorised by", body->second_authoriser);
    write_first_publication(out, body);
    write_text(out, "Licence", body->licence);
    write_list(out, "For", body->sectors, body->n_sectors);
    write_list(out, "Applies in", body->applies_in, body->n_applies_in);
    write_ages(out, body->age_from, body->age_to);
    write_list(out, "At risk", body->at_risk, body->n_at_risk);
}

// "Recommendation 3 (cause-of-concern), by 31 March 2020, asked of gwent and policing, led by protect"
static void write_action_facts(FILE *out, const Signalbox__V1__ActionAsked *action)
{
    write_between(out, "", *action->label ? action->label : "Asked", "");
    write_between(out, " (", action->kind, ")");
    if (action->due_unix_ms) {
        fputs(", by ", out);
        render_day(out, action->due_unix_ms);
    }
    if (action->n_organisations + action->n_sectors > 0)
        fputs(", of ", out);
    write_listed(out, action->organisations, action->n_organisations);
    fputs(action->n_organisations && action->n_sectors ? ", " : "", out);
    write_listed(out, action->sectors, action->n_sectors);
    write_between(out, ", led by ", action->strand, "");
}

static void write_actions(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_actions; i++) {
        const Signalbox__V1__ActionAsked *action = body->actions[i];
        fprintf(out, "%s%*s%zu. ", i > 0 ? "" : "\n  What is asked\n", INDENT, "", i + 1);
        write_action_facts(out, action);
        fprintf(out, ":\n%*s", INDENT + 3, "");
        display_write_escaped(out, action->text, INDENT + 3);
        fputc('\n', out);
    }
}

static void write_signs(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_signs; i++) {
        fprintf(out, "%s%*s- ", i > 0 ? "" : "\n  Signs to look for\n", INDENT, "");
        write_between(out, "", body->signs[i]->about, ": ");
        write_between(out, "", body->signs[i]->text, "\n");
    }
}

static void write_powers(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_powers; i++) {
        const Signalbox__V1__Power *power = body->powers[i];
        fprintf(out, "%s%*s- ", i > 0 ? "" : "\n  Powers and duties\n", INDENT, "");
        write_between(out, "", power->kind, "");
        write_between(out, " (", power->provision, ")");
        write_between(out, ": ", power->text, "");
        fputc('\n', out);
    }
}

static void write_figure(FILE *out, const Signalbox__V1__Figure *figure)
{
    write_between(out, "", figure->label, "");
    write_between(out, ", ", figure->area, "");
    if (figure->period_from_unix_ms || figure->period_to_unix_ms) {
        fputs(", ", out);
        write_period(out, figure->period_from_unix_ms, figure->period_to_unix_ms);
    }
    fputs(": ", out);
    write_between(out, "", *figure->value ? figure->value : "not given", "");
    write_between(out, " (", figure->unit, ")");
    write_between(out, "; ", figure->note, "");
    write_between(out, "; source: ", figure->source, "");
    fputc('\n', out);
}

static void write_figures(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_figures; i++) {
        fprintf(out, "%s%*s- ", i > 0 ? "" : "\n  Figures\n", INDENT, "");
        write_figure(out, body->figures[i]);
    }
}

static void write_sections(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_sections; i++) {
        fputs("\n  ", out);
        display_write_escaped(out, body->sections[i]->heading, INDENT);
        fputs(*body->sections[i]->heading ? "\n  " : "", out);
        display_write_escaped(out, body->sections[i]->text, INDENT);
        fputc('\n', out);
    }
}

static void write_drawn_from(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    for (size_t i = 0; i < body->n_drawn_from; i++) {
        fprintf(out, "%s%*s- ", i > 0 ? "" : "\n  Draws on\n", INDENT, "");
        write_between(out, "", body->drawn_from[i], "\n");
    }
}

static const char *const written[] = {"title", "summary", "dated_unix_ms", "period_from_unix_ms", "period_to_unix_ms",
    "edition", "edition_chain", "language", "owner", "author", "branch", "authoriser", "second_authoriser",
    "first_published_by", "first_published_unix_ms", "first_published_reference", "licence", "sectors", "applies_in",
    "age_from", "age_to", "at_risk", "actions", "signs", "powers", "figures", "sections", "drawn_from", NULL};

void render_guidance(FILE *out, const Signalbox__V1__GuidanceBody *body)
{
    display_write_escaped(out, body->title, INDENT);
    fputc('\n', out);
    if (*body->summary) {
        fprintf(out, "%*s", INDENT, "");
        display_write_escaped(out, body->summary, INDENT);
        fputc('\n', out);
    }
    write_facts(out, body);
    write_actions(out, body);
    write_signs(out, body);
    write_powers(out, body);
    write_figures(out, body);
    write_sections(out, body);
    write_drawn_from(out, body);
    render_fields(out, &body->base, written, INDENT);
}
