// SPDX-License-Identifier: Apache-2.0
// One refused record: why, where in its bytes, what the agency should do, and what an officer can do about it. There is
// no button that sends it again, and the page says why.
#include "hub/console/html/form.h"
#include "hub/base/clock.h"
#include "hub/console/pages/cells.h"
#include "hub/console/pages/refused.h"
#include "hub/console/server/permissions.h"
#include "hub/console/server/routes.h"
#include "hub/contract/outcome.h"
#include <time.h>

#define NEIGHBOURS 500 // looked through for the ones beside it
#define ACTS       500 // and for whoever dealt with it

static bool is_about(
    const struct request *request, const Signalbox__V1__DeskEntry *entry, const struct observer_refused *row)
{
    if (!entry->done)
        return false;
    if (entry->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH)
        return strcmp(entry->object, refused_object(request, row)) == 0;
    const char *pile = request_printf(request, "quarantine/%s/%s", row->agency, row->code);
    size_t partition = (size_t)row->partition;
    return entry->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH_ALL &&
           strcmp(entry->object, pile) == 0 && partition < entry->n_before_offsets &&
           row->offset < entry->before_offsets[partition];
}

const char *refused_dealt_by(const struct request *request, const struct observer_refused *row)
{
    const Signalbox__V1__DeskEntry *const *entries;
    size_t n = observer_desk(request->observer, ACTS, request->arena, &entries), i = 0;
    while (i < n && !is_about(request, entries[i], row))
        i++;
    if (i == n)
        return "";
    char at[64];
    time_t seconds = (time_t)(entries[i]->at_unix_ms / 1000);
    struct tm tm = {0};
    strftime(at, sizeof at, "%Y-%m-%d at %H:%M UTC", gmtime_r(&seconds, &tm));
    return request_printf(request, "%s did so on %s.", entries[i]->officer, at);
}

static void put_why(struct html *html, const struct observer_refused *row)
{
    enum outcome outcome = outcome_by_code(row->code);
    html_put(html, "<dt>Reason</dt><dd><strong>%s</strong>", row->code);
    if (outcome < OUTCOME_COUNT)
        html_put(
            html, " %s</dd><dt>The agency should</dt><dd>%s", outcome_row(outcome)->text, outcome_row(outcome)->remedy);
    html_put(html, "</dd>");
    if (*row->path)
        html_put(html, "<dt>Field</dt><dd><code>%s</code></dd>", row->path);
    if (row->byte_offset >= 0)
        html_put(html, "<dt>Begins at</dt><dd>byte %lld</dd>", (long long)row->byte_offset);
}

static void put_where(const struct request *request, struct html *html, const struct observer_refused *row)
{
    html_put(html, "<dt>From</dt><dd>");
    cell_agency(request, html, row->agency);
    html_put(html, "</dd><dt>Refused</dt><dd>");
    page_time(html, row->at_ms, clock_wall_ms());
    html_put(html, "</dd><dt>Came on</dt><dd><code>%s/%d/%lld</code></dd>", row->topic, row->inbound_partition,
        (long long)row->inbound_offset);
    html_put(html,
        "<dt>Decided by</dt><dd>lane %d, <a href=\"/ledger?lane=%d&amp;before=%llu\">ledger entry %llu</a></dd>",
        row->partition, row->partition, (unsigned long long)row->ledger_sequence + 1,
        (unsigned long long)row->ledger_sequence);
    html_put(html, "<dt>Size</dt><dd>");
    page_count(html, figure_of((int64_t)row->size));
    html_put(html, " bytes%s</dd><dt>SHA-256</dt><dd><code>%s</code></dd>", row->kept ? "" : ", not kept", row->sha256);
    html_put(html, "<dt>State</dt><dd>%s</dd>", refused_state(row));
}

static void put_see(const struct request *request, struct html *html, const struct observer_refused *row)
{
    html_put(html, "<section class=\"panel\"><h2>See the bytes</h2>");
    if (!row->kept) {
        html_put(html, row->size ? "<p>They were not kept: the record is a spill, or larger than 512 KiB.</p></section>"
                                 : "<p>There are none: the record was empty.</p></section>");
        return;
    }
    form_begin(request, html, "/quarantine/content", refused_object(request, row));
    form_reason(html, "reason-see");
    form_end(html, "Write it down and show the bytes");
    html_put(html, "</section>");
}

static void put_tell(const struct request *request, struct html *html, const struct observer_refused *row)
{
    enum outcome outcome = outcome_by_code(row->code);
    const char *remedy = outcome < OUTCOME_COUNT ? outcome_row(outcome)->remedy : "";
    html_put(html, "<section class=\"panel\"><h2>Tell the agency</h2>");
    form_begin(request, html, "/quarantine/tell", refused_object(request, row));
    form_text(html, "note", "note", "What to tell it",
        "It has the code and the field already, on its receipt. Nothing of the content; at most 500 bytes.", remedy,
        500);
    form_reason(html, "reason-tell");
    form_end(html, "Write it down and tell the agency");
    html_put(html, "</section>");
}

static void put_done(const struct request *request, struct html *html, const struct observer_refused *row)
{
    html_put(html, "<section class=\"panel\"><h2>Mark as dealt with</h2>");
    if (row->dealt_with) {
        html_put(html, "<p>It is marked as dealt with. %s</p></section>", refused_dealt_by(request, row));
        return;
    }
    form_begin(request, html, "/quarantine/done", refused_object(request, row));
    form_reason(html, "reason-done");
    form_end(html, "Mark as dealt with");
    html_put(html, "</section>");
}

static void put_acts(const struct request *request, struct html *html, const struct observer_refused *row)
{
    if (!permission_allows(PERMISSION_WORK_QUARANTINE, request->roles)) {
        html_put(html,
            "<p class=\"dim\">Quarantine officers see the bytes, tell the agency and mark records as dealt with.</p>");
        return;
    }
    html_put(html, "<div class=\"acts\">");
    if (permission_allows(PERMISSION_SEE_REFUSED, request->roles))
        put_see(request, html, row);
    put_tell(request, html, row);
    put_done(request, html, row);
    html_put(html, "</div>");
}

static void put_link(
    const struct request *request, struct html *html, const char *word, const struct observer_refused *row)
{
    html_put(html, "<a href=\"%s\">%s</a> ", refused_url(request, row), word);
}

// The ones before and after it with the same reason from the same agency: faults come in rows.
static void put_neighbours(const struct request *request, struct html *html, const struct observer_refused *row)
{
    const struct observer_refused *rows;
    size_t n =
        observer_quarantine(request->observer, row->agency, row->code, true, 0, NEIGHBOURS, request->arena, &rows);
    size_t at = 0;
    while (at < n && (rows[at].partition != row->partition || rows[at].offset != row->offset))
        at++;
    html_put(html, "<h2>Others of %s with %s</h2><p class=\"ways\">", row->agency, row->code);
    if (at < n && at > 0)
        put_link(request, html, "The next newer one", &rows[at - 1]);
    if (at + 1 < n)
        put_link(request, html, "The next older one", &rows[at + 1]);
    const char *all = page_url(request, "/quarantine?all=1&agency=", row->agency);
    html_put(html, "<a href=\"%s\">All of them</a></p>",
        page_url(request, request_printf(request, "%s&code=", all), row->code));
}

// quarantine/kent/FIELD_RANGE names a pile, in the desk's entries as in `signalbox status`; the list shows it.
static bool leads_to_pile(const struct request *request, struct reply *reply, const char *object)
{
    const struct quarantine_health *pile = refused_pile_of(request, object);
    if (!pile)
        return false;
    reply->status = 303;
    reply->location = request_printf(request, "%s&all=1", refused_pile_url(request, pile->agency, pile->code));
    return true;
}

void page_refused(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    struct record_place place;
    struct observer_refused row;
    const char *object = request_printf(request, "quarantine/%s", request->rest);
    bool is_place = record_place_parse(object, request->arena, &place);
    if (!is_place && leads_to_pile(request, reply, object))
        return;
    if (!is_place || !observer_refused_at(request->observer, place.partition, place.offset, request->arena, &row)) {
        page_problem(request, reply, 404, "No such record",
            "The quarantine has no such record, or its 30 days have passed. The ledger still knows what was decided.");
        return;
    }
    page_begin(request, reply,
        &(struct page_frame){.title = object,
            .here = "/quarantine",
            .command = page_status(request, request_printf(request, "quarantine/%s/%s", row.agency, row.code))});
    form_said(request, html);
    html_put(html, "<dl>");
    put_why(html, &row);
    put_where(request, html, &row);
    html_put(html, "</dl><p>Nothing is ever sent again from here: the hub refused these bytes, and the agency signed "
                   "them. The agency "
                   "corrects the item and publishes it anew; what it repeats is recognised and delivered once.</p>");
    put_acts(request, html, &row);
    put_neighbours(request, html, &row);
    page_end(request, reply);
}
