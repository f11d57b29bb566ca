// SPDX-License-Identifier: Apache-2.0
// Refused bytes, once the desk has it in writing who wants to see them and why: as hexadecimal, since nobody knows what
// they are.
#include "hub/console/html/form.h"
#include "hub/console/html/hexview.h"
#include "hub/console/actions/act_refused.h"
#include "hub/console/server/routes.h"

static int64_t asked_from(const struct request *request)
{
    struct record_place place;
    const char *text = request_printf(request, "bytes/0/%s", request_field(request, "from"));
    return record_place_parse(text, request->arena, &place) ? place.offset : -1;
}

static void put_way(const struct act *act, struct html *html, const char *button, size_t from)
{
    form_begin(act->request, html, "/quarantine/content", act->object);
    form_hidden(html, "reason", act->reason);
    form_hidden(html, "from", request_printf(act->request, "%zu", from));
    form_end(html, button);
}

static void put_ways(const struct act *act, struct html *html, size_t len, size_t from)
{
    if (len <= HEXVIEW_BYTES)
        return;
    html_put(html, "<div class=\"ways\">");
    if (from > 0)
        put_way(act, html, "Earlier bytes (one entry more)", from > HEXVIEW_BYTES ? from - HEXVIEW_BYTES : 0);
    if (from + HEXVIEW_BYTES < len)
        put_way(act, html, "Later bytes (one entry more)", from + HEXVIEW_BYTES);
    html_put(html, "</div>");
}

static void show_bytes(const struct act *act, const struct observer_refused *row, struct slice value)
{
    struct html *html = &act->reply->body;
    size_t from = hexview_from(value.len, row->byte_offset, asked_from(act->request));
    page_begin(act->request, act->reply,
        &(struct page_frame){
            .title = "Refused bytes", .here = "/quarantine", .marking = "OFFICIAL-SENSITIVE, not verified"});
    html_put(html, "<p class=\"said\">Written down: %s saw <code>%s</code>, reason: %s</p>", act->request->officer,
        act->object, act->reason);
    html_put(html, "<p><strong>%s</strong>%s<code>%s</code>. <a href=\"%s\">Back to the record</a></p>", row->code,
        *row->path ? " at " : " ", row->path, refused_url(act->request, row));
    if (value.len == 0)
        page_empty(html, "The record has no bytes.");
    hexview_put(html, value, from, row->byte_offset);
    put_ways(act, html, value.len, from);
    page_end(act->request, act->reply);
}

void act_see_refused(const struct request *request, struct reply *reply)
{
    struct act act;
    struct observer_refused row;
    struct slice value;
    if (!act_begin(&act, request, reply) || !act_refused_row(&act, &row))
        return;
    if (!row.kept)
        act_refuse(&act, REFUSAL_NOT_KEPT, NULL);
    else if (act_read(&act, &(struct record_place){"quarantine", row.partition, row.offset}, row.sha256, &value) &&
             act_record(&act))
        show_bytes(&act, &row, value);
}
