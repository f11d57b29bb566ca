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

static void put_place(struct html *html, const struct book_line *line)
{
    html_put(html, "<dt>Read from</dt><dd><code>%s/%u/%lld</code>", line->topic, line->lane, (long long)line->offset);
    if (*line->origin)
        html_put(html, " (first on <code>%s</code>)", line->origin);
    html_put(html, "</dd>");
}

static void put_what(const struct request *request, struct html *html, const struct book_line *line)
{
    if (!line->kind)
        return;
    html_put(html, "<dt>Subject</dt><dd><bdi><code>%s</code></bdi></dd><dt>Kind</dt><dd>%s</dd>", line->subject,
        book_kind_text(line, request->arena));
    if (line->standing)
        html_put(html, "<dt>Changes its standing to</dt><dd><strong>%s</strong></dd>",
            book_standing_text(line, request->arena));
    char about[2 * ITEM_ID_BYTES + 1];
    hex_encode(slice_of(line->about_item, ITEM_ID_BYTES), about);
    if (line->about)
        html_put(html, "<dt>About</dt><dd><a href=\"%s\"><code>%s</code></a></dd>", page_url(request, "/item/", about),
            about);
}

static void put_outcome(struct html *html, const struct book_line *line)
{
    enum outcome outcome = outcome_by_code(line->code);
    html_put(html, "<dt>Outcome</dt><dd><strong>%s</strong>", line->code);
    if (outcome < OUTCOME_COUNT)
        html_put(html, " %s", outcome_row(outcome)->text);
    html_put(html, "</dd>");
    if (outcome < OUTCOME_COUNT && outcome_row(outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        html_put(html, "<dt>The agency should</dt><dd>%s</dd>", outcome_row(outcome)->remedy);
    if (*line->field_path)
        html_put(html, "<dt>Field</dt><dd><code>%s</code></dd>", line->field_path);
}

static void put_times(struct html *html, const struct book_line *line)
{
    int64_t now_ms = clock_wall_ms();
    html_put(html, "<dt>Made</dt><dd>");
    page_time(html, line->made_ms, now_ms);
    html_put(html, "</dd><dt>Came</dt><dd>");
    page_time(html, line->appended_ms, now_ms);
    if (line->made_ms && line->appended_ms >= line->made_ms) {
        html_put(html, ", after ");
        page_duration(html, figure_of(line->appended_ms - line->made_ms));
        html_put(html, " at the agency");
    }
    html_put(html, "</dd>");
}

static void put_decision(const struct request *request, struct html *html, const struct book_line *line)
{
    const char *lane = request_printf(request, "%u", line->lane);
    html_put(html, "<dt>From</dt><dd>");
    cell_agency(request, html, line->agency);
    html_put(html, "</dd>");
    put_place(html, line);
    html_put(html, "<dt>Decided by</dt><dd><a href=\"%s\">lane %s</a>, ",
        page_thing_url(request, request_printf(request, "lane/%s", lane)), lane);
    html_put(html,
        "<a href=\"/ledger?lane=%s&amp;before=%llu\">ledger entry %llu</a>; registry %llu, policy %llu, subscriptions "
        "%llu</dd>",
        lane, (unsigned long long)line->sequence + 1, (unsigned long long)line->sequence,
        (unsigned long long)line->registry_version, (unsigned long long)line->policy_version,
        (unsigned long long)line->subscriptions_version);
}

static bool is_readable(const struct book_line *line)
{
    return line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED ||
           line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE;
}

static void put_content_form(
    const struct request *request, struct html *html, const struct book_line *line, size_t number)
{
    if (!is_readable(line))
        return;
    if (!permission_allows(PERMISSION_SEE_ITEM, request->roles)) {
        html_put(html, "<p class=\"dim\">What it says may be seen by content readers only, with a reason.</p>");
        return;
    }
    html_put(html, "<details class=\"panel\"><summary>See what it says</summary>");
    form_begin(request, html, "/item/content",
        request_printf(request, "%s/%u/%lld", line->topic, line->lane, (long long)line->offset));
    char item[2 * ITEM_ID_BYTES + 1];
    hex_encode(slice_of(line->item, ITEM_ID_BYTES), item);
    form_hidden(html, "item", item);
    form_reason(html, request_printf(request, "reason-%zu", number));
    form_end(html, "Write it down and show the content");
    html_put(html, "</details>");
}

static void put_line(const struct request *request, struct html *html, const struct book_line *line, size_t number)
{
    static const char *const words[] = {"", "taken in", "repeat", "refused", "sent on"};
    size_t verdict = line->verdict;
    html_put(html, "<section class=\"line\"><h2>Revision %u: %s</h2><dl>", line->revision,
        words[verdict < sizeof words / sizeof *words ? verdict : 0]);
    put_what(request, html, line);
    put_outcome(html, line);
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
    const struct request *request, struct html *html, const struct book_line *lines, size_t n, uint32_t revision)
{
    size_t shown = 0;
    for (size_t i = n; i-- > 0;) // the newest first
        if (revision == 0 || lines[i].revision == revision)
            put_line(request, html, &lines[i], ++shown);
    return shown;
}

// An id may be written into anything that is refused: that says nothing of the item.
static void put_also(const struct request *request, struct html *html, const struct book_story *story)
{
    if (story->n_also == 0)
        return;
    html_put(html, "<h2 id=\"also\">Also refused</h2><p>What came under this id and was not taken in as this item. "
                   "Anybody can write any id, so it says nothing of the item itself.</p>");
    put_lines(request, html, story->also, story->n_also, 0);
}

static void put_story(
    const struct request *request, struct html *html, const struct book_story *story, const struct book_item *item)
{
    size_t shown = put_lines(request, html, story->lines, story->n, item->revision);
    if (shown < story->n)
        html_put(html, "<p><a href=\"%s\">All revisions</a></p>",
            page_url(request, "/item/", request_printf(request, "%.32s", request->rest)));
    if (shown == 0 && item->revision)
        html_put(html, "<p class=\"problem\">There is no revision %u of it.</p>", item->revision);
    else if (shown == 0)
        html_put(html, "<p class=\"problem\">It was never taken in.</p>");
    put_also(request, html, story);
}

void page_item(const struct request *request, struct reply *reply)
{
    struct book_item item;
    if (!book_item_parse(request->rest, &item)) {
        page_problem(request, reply, 404, "No such item", wrong_id);
        return;
    }
    struct book_story story;
    int64_t kept_since_ms;
    observer_story(request->observer, item.id, request->arena, &story, &kept_since_ms);
    size_t n = story.n + story.n_also;
    const char *command = request_printf(request, "signalbox item trace %s", item.hex);
    reply->status = n ? 200 : 404;
    page_begin(request, reply,
        &(struct page_frame){
            .title = request_printf(request, "Item %s", item.hex), .here = "/item", .command = command});
    if (n == 0)
        put_missing(request, &reply->body, kept_since_ms, command);
    else
        put_story(request, &reply->body, &story, &item);
    put_search(request, &reply->body);
    page_end(request, reply);
}
