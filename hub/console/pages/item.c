// SPDX-License-Identifier: Apache-2.0
// The whole story of one item: every revision, when, with what outcome, who got it and why, who did not and at which
// gate. From the ledger in the observer's memory; nothing of what the item says.
#include "hub/console/pages/item.h"
#include "hub/base/hex.h"
#include "hub/base/clock.h"
#include "hub/console/pages/cells.h"
#include "hub/console/server/routes.h"
#include "hub/contract/outcome.h"
#include <signalbox/v1/receipt.pb-c.h>

static const char wrong_id[] =
    "An item id is 32 hexadecimal digits, with or without hyphens, and may end in -REVISION.";

static void put_search(const struct request *request, struct html *html)
{
    html_put(html,
        "<form class=\"filter\" method=\"get\" action=\"/item\"><label for=\"id\">Item id</label>"
        "<input type=\"search\" id=\"id\" name=\"id\" value=\"%s\" size=\"40\" maxlength=\"64\" spellcheck=\"false\" "
        "autocomplete=\"off\"><button>Show</button></form>",
        request_query(request, "id"));
}

void page_item_search(const struct request *request, struct reply *reply)
{
    const char *id = request_query(request, "id");
    struct book_item item;
    if (*id && book_item_parse(id, &item)) {
        reply->status = 303;
        reply->location = page_url(request, "/item/", id);
        return;
    }
    reply->status = *id ? 400 : 200;
    page_begin(
        request, reply, &(struct page_frame){.title = "Item", .here = "/item", .command = "signalbox item trace ITEM"});
    if (*id)
        html_put(&reply->body, "<p class=\"problem\">%s</p>", wrong_id);
    html_put(&reply->body, "<p>What became of one item: who received it and why, who did not and why not.</p>");
    put_search(request, &reply->body);
    html_put(&reply->body,
        "<p class=\"dim\">Ids stand in receipts, on feeds and in the <a href=\"/ledger\">ledger</a>.</p>");
    page_end(request, reply);
}

static void put_place(struct html *html, const Signalbox__V1__LedgerEntry *entry)
{
    html_put(html, "<dt>Read from</dt><dd><code>%s/%u/%lld</code>", entry->topic, entry->partition,
        (long long)entry->offset);
    if (*entry->origin)
        html_put(html, " (first on <code>%s</code>)", entry->origin);
    html_put(html, "</dd>");
}

static void put_outcome(struct html *html, const Signalbox__V1__LedgerEntry *entry)
{
    enum outcome outcome = outcome_by_code(entry->code);
    html_put(html, "<dt>Outcome</dt><dd><strong>%s</strong>", entry->code);
    if (outcome < OUTCOME_COUNT)
        html_put(html, " %s", outcome_row(outcome)->text);
    html_put(html, "</dd>");
    if (outcome < OUTCOME_COUNT && outcome_row(outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        html_put(html, "<dt>The agency should</dt><dd>%s</dd>", outcome_row(outcome)->remedy);
    if (*entry->field_path)
        html_put(html, "<dt>Field</dt><dd><code>%s</code></dd>", entry->field_path);
}

static void put_times(struct html *html, const struct observer_line *line)
{
    const Signalbox__V1__LedgerEntry *entry = line->entry;
    int64_t now_ms = clock_wall_ms();
    html_put(html, "<dt>Made</dt><dd>");
    page_time(html, entry->made_unix_ms, now_ms);
    html_put(html, "</dd><dt>Came</dt><dd>");
    page_time(html, entry->appended_unix_ms, now_ms);
    if (entry->made_unix_ms && entry->appended_unix_ms >= entry->made_unix_ms) {
        html_put(html, ", after ");
        page_duration(html, figure_of(entry->appended_unix_ms - entry->made_unix_ms));
        html_put(html, " at the agency");
    }
    html_put(html, "</dd>");
}

static void put_decision(const struct request *request, struct html *html, const struct observer_line *line)
{
    const Signalbox__V1__LedgerBlock *block = line->block;
    const char *lane = request_printf(request, "%u", block->lane);
    html_put(html, "<dt>From</dt><dd>");
    cell_agency(request, html, line->entry->agency);
    html_put(html, "</dd>");
    put_place(html, line->entry);
    html_put(html, "<dt>Decided by</dt><dd><a href=\"%s\">lane %s</a>, ",
        page_thing_url(request, request_printf(request, "lane/%s", lane)), lane);
    html_put(html,
        "<a href=\"/ledger?lane=%s&amp;before=%llu\">ledger entry %llu</a>; registry %llu, policy %llu, subscriptions "
        "%llu</dd>",
        lane, (unsigned long long)line->sequence + 1, (unsigned long long)line->sequence,
        (unsigned long long)block->registry_version, (unsigned long long)block->policy_version,
        (unsigned long long)block->subscriptions_version);
}

static bool is_readable(const Signalbox__V1__LedgerEntry *entry)
{
    return entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED ||
           entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE;
}

static void put_content_form(
    const struct request *request, struct html *html, const struct observer_line *line, size_t number)
{
    const Signalbox__V1__LedgerEntry *entry = line->entry;
    if (!is_readable(entry))
        return;
    if (!permission_allows(PERMISSION_SEE_ITEM, request->roles)) {
        html_put(html, "<p class=\"dim\">What it says may be seen by content readers only, with a reason.</p>");
        return;
    }
    html_put(html, "<details class=\"panel\"><summary>See what it says</summary>");
    form_begin(request, html, "/item/content",
        request_printf(request, "%s/%u/%lld", entry->topic, entry->partition, (long long)entry->offset));
    char item[2 * BOOK_ITEM_BYTES + 1];
    hex_encode(slice_of(entry->item_id.data, entry->item_id.len), item);
    form_hidden(html, "item", item);
    form_reason(html, request_printf(request, "reason-%zu", number));
    form_end(html, "Write it down and show the content");
    html_put(html, "</details>");
}

static void put_line(const struct request *request, struct html *html, const struct observer_line *line, size_t number)
{
    static const char *const words[] = {"", "taken in", "repeat", "refused", "sent on"};
    size_t verdict = line->entry->verdict;
    html_put(html, "<section class=\"line\"><h2>Revision %u: %s</h2><dl>", line->entry->revision,
        words[verdict < sizeof words / sizeof *words ? verdict : 0]);
    put_outcome(html, line->entry);
    put_times(html, line);
    put_decision(request, html, line);
    html_put(html, "</dl>");
    item_audience_put(request, html, line);
    put_content_form(request, html, line, number);
    html_put(html, "</section>");
}

static void put_missing(const struct request *request, struct html *html, int64_t kept_since_ms, const char *command)
{
    html_put(html, "<p class=\"problem\">The console's memory has no such item. It holds what was decided since ");
    page_time(html, kept_since_ms, request->health->at_ms);
    html_put(html, ". If the item is older, the ledger itself still knows it:</p>");
    page_command(request, html, command);
}

static size_t put_lines(
    const struct request *request, struct html *html, const struct observer_line *lines, size_t n, uint32_t revision)
{
    size_t shown = 0;
    for (size_t i = n; i-- > 0;) // the newest first
        if (revision == 0 || lines[i].entry->revision == revision)
            put_line(request, html, &lines[i], ++shown);
    if (shown < n)
        html_put(html, "<p><a href=\"%s\">All revisions</a></p>",
            page_url(request, "/item/", request_printf(request, "%.32s", request->rest)));
    return shown;
}

void page_item(const struct request *request, struct reply *reply)
{
    struct book_item item;
    if (!book_item_parse(request->rest, &item)) {
        page_problem(request, reply, 404, "No such item", wrong_id);
        return;
    }
    const struct observer_line *lines;
    int64_t kept_since_ms;
    size_t n = observer_story(request->observer, item.id, request->arena, &lines, &kept_since_ms);
    const char *command = request_printf(request, "signalbox item trace %s", item.hex);
    reply->status = n ? 200 : 404;
    page_begin(request, reply,
        &(struct page_frame){
            .title = request_printf(request, "Item %s", item.hex), .here = "/item", .command = command});
    if (n == 0)
        put_missing(request, &reply->body, kept_since_ms, command);
    else if (put_lines(request, &reply->body, lines, n, item.revision) == 0)
        html_put(&reply->body, "<p class=\"problem\">There is no revision %u of it.</p>", item.revision);
    put_search(request, &reply->body);
    page_end(request, reply);
}
