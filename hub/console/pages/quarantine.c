// SPDX-License-Identifier: Apache-2.0
// What was refused and waits for an officer: how much by agency and reason, then the records, newest first. Facts only;
// the bytes are shown on a record's own page, with a reason.
#include "hub/console/html/form.h"
#include "hub/base/clock.h"
#include "hub/console/pages/cells.h"
#include "hub/console/pages/refused.h"
#include "hub/console/server/permissions.h"
#include "hub/console/server/routes.h"
#include "hub/contract/outcome.h"

#define ROWS 50

const char *refused_object(const struct request *request, const struct observer_refused *row)
{
    return html_text(
        record_place_text(&(struct record_place){"quarantine", row->partition, row->offset}, request->arena));
}

const char *refused_url(const struct request *request, const struct observer_refused *row)
{
    return page_url(request, "/", refused_object(request, row));
}

const char *refused_pile_object(const struct request *request, const struct quarantine_health *pile)
{
    return request_printf(request, "quarantine/%s/%s", pile->agency, pile->code);
}

const struct quarantine_health *refused_pile_of(const struct request *request, const char *object)
{
    const struct health *health = request->health;
    for (size_t i = 0; i < health->n_refused; i++)
        if (strcmp(refused_pile_object(request, &health->refused[i]), object) == 0)
            return &health->refused[i];
    return NULL;
}

const char *refused_pile_url(const struct request *request, const char *agency, const char *code)
{
    const char *url = page_url(request, "/quarantine?agency=", agency);
    return page_url(request, request_printf(request, "%s&code=", url), code);
}

const char *refused_state(const struct observer_refused *row)
{
    return row->dealt_with ? "dealt with" : row->told ? "agency told" : "waiting";
}

// --- how much -------------------------------------------------------------------------------------------------------

TABLE_CELL(put_reason, quarantine_health,
    html_put(html, "<a href=\"%s\">%s</a> <small>%s</small>", refused_pile_url(request, row->agency, row->code),
        row->code, outcome_by_code(row->code) < OUTCOME_COUNT ? outcome_row(outcome_by_code(row->code))->text : ""))
TABLE_CELL(put_agency, quarantine_health, cell_agency(request, html, row->agency))
TABLE_CELL(put_waiting, quarantine_health, page_count(html, figure_of((int64_t)row->waiting)))
TABLE_CELL(put_dealt, quarantine_health, page_count(html, figure_of((int64_t)row->dealt_with)))
TABLE_CELL(put_oldest, quarantine_health, page_time(html, row->oldest_ms, request->health->at_ms))
TABLE_ORDER(by_reason, quarantine_health, table_text(row->code))
TABLE_ORDER(by_agency, quarantine_health, table_text(row->agency))
TABLE_ORDER(by_waiting, quarantine_health, table_number((int64_t)row->waiting))
TABLE_ORDER(by_dealt, quarantine_health, table_number((int64_t)row->dealt_with))
TABLE_ORDER(by_oldest, quarantine_health, table_number(row->oldest_ms))

static void put_depths(const struct request *request, struct html *html)
{
    static const struct table_column columns[] = {
        {"code", "Reason", false, by_reason, put_reason},
        {"agency", "Agency", false, by_agency, put_agency},
        {"waiting", "Waiting", true, by_waiting, put_waiting},
        {"dealt", "Dealt with", true, by_dealt, put_dealt},
        {"oldest", "Oldest waiting", false, by_oldest, put_oldest},
    };
    static const struct table table = {.caption = "How much waits, by reason and agency",
        .path = "/quarantine",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .sort = "-waiting",
        .empty = "Nothing was refused in the time that is kept."};
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_refused);
    for (size_t i = 0; i < health->n_refused; i++)
        table_add(&rows, &health->refused[i]);
    table_put(request, html, &table, &rows);
}

// --- the filter -----------------------------------------------------------------------------------------------------

static const char *value_of(const struct quarantine_health *row, bool code)
{
    return code ? row->code : row->agency;
}

static bool stands_before(const struct health *health, size_t n, bool code, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(value_of(&health->refused[i], code), value) == 0)
            return true;
    return false;
}

static void put_choice(const struct request *request, struct html *html, const char *name, const char *label, bool code)
{
    const struct health *health = request->health;
    const char *chosen = request_query(request, name);
    html_put(html, "<label>%s <select name=\"%s\"><option value=\"\">all</option>", label, name);
    for (size_t i = 0; i < health->n_refused; i++) {
        const char *value = value_of(&health->refused[i], code);
        if (!stands_before(health, i, code, value))
            html_put(html, strcmp(value, chosen) == 0 ? "<option selected>%s</option>" : "<option>%s</option>", value);
    }
    html_put(html, "</select></label>");
}

static bool wants_all(const struct request *request)
{
    return *request_query(request, "all") != 0;
}

static void put_filter(const struct request *request, struct html *html)
{
    html_put(html, "<form class=\"filter\" method=\"get\" action=\"/quarantine\">");
    put_choice(request, html, "agency", "Agency", false);
    put_choice(request, html, "code", "Reason", true);
    html_put(html, wants_all(request)
                       ? "<label><input type=\"checkbox\" name=\"all\" value=\"1\" checked> dealt with too</label>"
                       : "<label><input type=\"checkbox\" name=\"all\" value=\"1\"> dealt with too</label>");
    html_put(html, "<button>Show</button></form>");
}

// --- the records ----------------------------------------------------------------------------------------------------

TABLE_CELL(put_record, observer_refused,
    html_put(html, "<a href=\"%s\">%s</a>", refused_url(request, row), refused_object(request, row)))
TABLE_CELL(put_when, observer_refused, page_time(html, row->at_ms, clock_wall_ms()))
TABLE_CELL(put_from, observer_refused, html_put(html, "%s", row->agency))
TABLE_CELL(put_code, observer_refused, html_put(html, "%s", row->code))
TABLE_CELL(put_field, observer_refused, html_put(html, "<code>%s</code>", row->path))
TABLE_CELL(put_size, observer_refused, page_count(html, figure_of((int64_t)row->size)))
TABLE_CELL(put_state, observer_refused, html_put(html, "%s", refused_state(row)))

static const char *link_to(const struct request *request, size_t skip)
{
    const char *url = refused_pile_url(request, request_query(request, "agency"), request_query(request, "code"));
    return request_printf(request, "%s%s&skip=%zu", url, wants_all(request) ? "&all=1" : "", skip);
}

static void put_ways(const struct request *request, struct html *html, size_t skip, bool more)
{
    html_put(html, "<p class=\"ways\">");
    if (skip)
        html_put(html, "<a href=\"%s\">Newer</a> ", link_to(request, skip > ROWS ? skip - ROWS : 0));
    if (more)
        html_put(html, "<a href=\"%s\">Older</a>", link_to(request, skip + ROWS));
    html_put(html, "</p>");
}

static void put_records(const struct request *request, struct html *html)
{
    static const struct table_column columns[] = {
        {.title = "Record", .cell = put_record},
        {.title = "Refused", .cell = put_when},
        {.title = "Agency", .cell = put_from},
        {.title = "Reason", .cell = put_code},
        {.title = "Field", .cell = put_field},
        {.title = "Bytes", .number = true, .cell = put_size},
        {.title = "State", .cell = put_state},
    };
    static const struct table table = {.caption = "Refused records, newest first",
        .path = "/quarantine",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = "No record is left that fits."};
    const char *agency = request_query(request, "agency"), *code = request_query(request, "code");
    int64_t asked = request_number(request, "skip", 0);
    size_t skip = asked > 0 ? (size_t)asked : 0;
    const struct observer_refused *found;
    size_t n = observer_quarantine(request->observer, *agency ? agency : NULL, *code ? code : NULL, wants_all(request),
        skip, ROWS + 1, request->arena, &found);
    struct table_rows rows = table_rows(request, ROWS); // one more was asked for, to know whether there is one
    for (size_t i = 0; i < n; i++)
        table_add(&rows, &found[i]);
    table_put(request, html, &table, &rows);
    if (skip || n > ROWS)
        put_ways(request, html, skip, n > ROWS);
}

// --- all at once ----------------------------------------------------------------------------------------------------

// A fault at an agency makes thousands of records with one reason, and one answer settles them.
static void put_all_done(const struct request *request, struct html *html)
{
    const char *object =
        request_printf(request, "quarantine/%s/%s", request_query(request, "agency"), request_query(request, "code"));
    const struct quarantine_health *pile = refused_pile_of(request, object);
    if (!pile || pile->waiting < 2 || strcmp(pile->code, "SPILL") == 0 ||
        !permission_allows(PERMISSION_WORK_QUARANTINE, request->roles))
        return;
    html_put(html,
        "<section class=\"panel\"><h2>Mark all %llu as dealt with</h2><p>All that waits of %s with %s, up to the "
        "newest, which was "
        "refused ",
        (unsigned long long)pile->waiting, pile->agency, pile->code);
    page_time(html, pile->newest_ms, request->health->at_ms);
    html_put(html, ". What comes after it waits again.</p>");
    form_begin(request, html, "/quarantine/all-done", refused_pile_object(request, pile));
    form_hidden(html, "until", request_printf(request, "%lld", (long long)pile->newest_ms));
    form_reason(html, "reason-all");
    form_end(html, "Mark all as dealt with");
    html_put(html, "</section>");
}

void page_quarantine(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    page_begin(request, reply,
        &(struct page_frame){.title = "Quarantine", .here = "/quarantine", .command = "signalbox status quarantine"});
    form_said(request, html);
    page_finding(html, &request->health->quarantine, request->health->at_ms);
    put_depths(request, html);
    html_put(html, "<h2>Records</h2>");
    put_filter(request, html);
    put_records(request, html);
    put_all_done(request, html);
    page_end(request, reply);
}
