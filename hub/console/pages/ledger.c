// SPDX-License-Identifier: Apache-2.0
// What was decided, newest first, whether each lane's chain holds, and beside it what people saw and changed.
#include "hub/console/pages/cells.h"
#include "hub/base/clock.h"
#include "hub/console/server/routes.h"
#include "hub/base/hex.h"
#include "hub/observe/observer.h"

#define ROWS 50
#define ACTS 30

struct newest {
    uint64_t sequence;
    int64_t at_ms;
};

// The snapshot's last entry of a chain, or a newer one that stands below among the decisions already.
static struct newest newest_of(const struct request *request, const struct ledger_health *ledger)
{
    const struct book_line *lines;
    size_t n = observer_ledger(request->observer, (int)ledger->lane, 0, 1, request->arena, &lines);
    if (n && lines->sequence > ledger->sequence)
        return (struct newest){lines->sequence, lines->closed_ms};
    return (struct newest){ledger->sequence, ledger->read_ms};
}

// --- chains ---------------------------------------------------------------------------------------------------------

TABLE_CELL(put_chain, ledger_health, html_put(html, "<a href=\"/ledger?lane=%u\">lane %u</a>", row->lane, row->lane))
TABLE_CELL(put_verdict, ledger_health, page_badge(html, row->finding.verdict))
TABLE_CELL(put_detail, ledger_health, html_put(html, "%s", row->finding.detail ? row->finding.detail : ""))
TABLE_CELL(put_last, ledger_health, page_count(html, figure_of((int64_t)newest_of(request, row).sequence)))
TABLE_CELL(put_read, ledger_health, page_time(html, newest_of(request, row).at_ms, clock_wall_ms()))
TABLE_ORDER(by_lane, ledger_health, table_number(row->lane))
TABLE_ORDER(by_verdict, ledger_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_last, ledger_health, table_number((int64_t)row->sequence))

static void put_chains(const struct request *request, struct html *html)
{
    static const struct table_column columns[] = {
        {"lane", "Chain", false, by_lane, put_chain},
        {"verdict", "State", false, by_verdict, put_verdict},
        {"entries", "Last entry", true, by_last, put_last},
        {.title = "Written", .cell = put_read},
        {.title = "Detail", .cell = put_detail},
    };
    static const struct table table = {.caption = "The hash chain of each lane",
        .path = "/ledger",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .sort = "lane",
        .empty = "No ledger has been read yet."};
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_ledgers);
    for (size_t i = 0; i < health->n_ledgers; i++)
        table_add(&rows, &health->ledgers[i]);
    table_put(request, html, &table, &rows);
}

// --- entries --------------------------------------------------------------------------------------------------------

static void put_item_link(const struct request *request, struct html *html, const struct book_line *row)
{
    char hex[2 * ITEM_ID_BYTES + 1];
    if (!row->has_item) {
        html_put(html, "<span class=\"dim\">not readable</span>");
        return;
    }
    hex_encode(slice_of(row->item, ITEM_ID_BYTES), hex);
    html_put(html, "<a href=\"%s\"><code>%s-%u</code></a>", page_url(request, "/item/", hex), hex, row->revision);
}

TABLE_CELL(put_entry, book_line, html_put(html, "%u/%llu", row->lane, (unsigned long long)row->sequence))
TABLE_CELL(put_came, book_line, page_time(html, row->appended_ms, clock_wall_ms()))
TABLE_CELL(put_agency, book_line, cell_agency(request, html, row->agency))
TABLE_CELL(put_item, book_line, put_item_link(request, html, row))
TABLE_CELL(put_subject, book_line, html_put(html, "<bdi>%s</bdi>", row->subject))
TABLE_CELL(put_kind, book_line, html_put(html, "%s", book_kind_text(row, request->arena)))
TABLE_CELL(put_code, book_line, html_put(html, "%s", row->code))
TABLE_CELL(put_forces, book_line, page_count(html, figure_of((int64_t)row->n_deliveries)))

static int chosen_lane(const struct request *request)
{
    int64_t lane = request_number(request, "lane", -1);
    return lane >= 0 && lane < INT32_MAX ? (int)lane : -1;
}

static void put_lanes(const struct request *request, struct html *html, int lane)
{
    const struct health *health = request->health;
    html_put(html, "<form class=\"filter\" method=\"get\" action=\"/ledger\"><label>Lane <select name=\"lane\"><option "
                   "value=\"-1\">all</option>");
    for (size_t i = 0; i < health->n_ledgers; i++)
        html_put(html, (int)health->ledgers[i].lane == lane ? "<option selected>%u</option>" : "<option>%u</option>",
            health->ledgers[i].lane);
    html_put(html, "</select></label><button>Show</button></form>");
}

static void put_ways(struct html *html, int lane, uint64_t before, uint64_t oldest)
{
    html_put(html, "<p class=\"ways\">");
    if (before)
        html_put(html, "<a href=\"/ledger?lane=%d\">Newest</a> ", lane);
    if (oldest > 1)
        html_put(html, "<a href=\"/ledger?lane=%d&amp;before=%llu\">Older</a>", lane, (unsigned long long)oldest);
    html_put(html, "</p>");
}

// Lists of decisions are the console's alone; the program tells the story of one item.
static void put_trace(const struct request *request, struct html *html, const struct book_line *lines, size_t n)
{
    char hex[2 * ITEM_ID_BYTES + 1];
    while (n && !lines->has_item)
        lines++, n--;
    if (!n)
        return;
    hex_encode(slice_of(lines->item, ITEM_ID_BYTES), hex);
    html_put(html, "<p class=\"dim\">The whole story of the newest of these items:</p>");
    page_command(request, html, request_printf(request, "signalbox item trace %s", hex));
}

static void put_entries(const struct request *request, struct html *html)
{
    static const struct table_column columns[] = {
        {.title = "Lane/entry", .cell = put_entry},
        {.title = "Came", .cell = put_came},
        {.title = "Agency", .cell = put_agency},
        {.title = "Item", .cell = put_item},
        {.title = "Subject", .cell = put_subject},
        {.title = "Kind", .cell = put_kind},
        {.title = "Outcome", .cell = put_code},
        {.title = "Forces", .number = true, .cell = put_forces},
    };
    static const struct table table = {.caption = "Decisions, newest first",
        .path = "/ledger",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = "The console's memory has no such entry: ask the ledger itself, signalbox item trace ITEM."};
    int lane = chosen_lane(request);
    int64_t asked = lane >= 0 ? request_number(request, "before", 0) : 0;
    uint64_t before = asked > 0 ? (uint64_t)asked : 0;
    const struct book_line *lines;
    size_t n = observer_ledger(request->observer, lane, before, ROWS, request->arena, &lines);
    struct table_rows rows = table_rows(request, n);
    for (size_t i = 0; i < n; i++)
        table_add(&rows, &lines[i]);
    put_lanes(request, html, lane);
    table_put(request, html, &table, &rows);
    if (lane >= 0)
        put_ways(html, lane, before, n ? lines[n - 1].sequence : 0);
    else
        html_put(html, "<p class=\"dim\">Choose a lane to go further back.</p>");
    put_trace(request, html, lines, n);
}

// --- what people did ------------------------------------------------------------------------------------------------

static const char *words_of(Signalbox__V1__DeskAction action)
{
    static const char *const words[] = {"", "saw the content of an item", "saw refused bytes", "told the agency",
        "marked as dealt with", "changed a subscription", "marked all as dealt with"};
    return (size_t)action < sizeof words / sizeof *words ? words[action] : "";
}

static void put_object(const struct request *request, struct html *html, const Signalbox__V1__DeskEntry *row)
{
    bool refused = strncmp(row->object, "quarantine/", 11) == 0;
    bool subscription =
        row->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_CHANGE_SUBSCRIPTION && *row->object != '/';
    if (refused)
        html_put(html, "<a href=\"%s\">%s</a>", page_url(request, "/", row->object), row->object);
    else if (subscription)
        html_put(html, "<a href=\"%s\">%s</a>", page_url(request, "/subscriptions/", row->object), row->object);
    else
        html_put(html, "<code>%s</code>", row->object);
}

static void put_act_words(struct html *html, const Signalbox__V1__DeskEntry *row)
{
    html_put(html, row->done ? "%s" : "<strong>not done:</strong> %s", words_of(row->action));
    if (!row->done)
        html_put(html, " (%s)", row->refusal);
}

TABLE_CELL(put_act_time, Signalbox__V1__DeskEntry, page_time(html, row->at_unix_ms, clock_wall_ms()))
TABLE_CELL(put_officer, Signalbox__V1__DeskEntry, html_put(html, "%s", row->officer))
TABLE_CELL(put_act, Signalbox__V1__DeskEntry, put_act_words(html, row))
TABLE_CELL(put_act_object, Signalbox__V1__DeskEntry, put_object(request, html, row))
TABLE_CELL(put_reason, Signalbox__V1__DeskEntry, html_put(html, "%s", row->reason))

static void put_acts(const struct request *request, struct html *html)
{
    static const struct table_column columns[] = {
        {.title = "When", .cell = put_act_time},
        {.title = "Who", .cell = put_officer},
        {.title = "What", .cell = put_act},
        {.title = "Of", .cell = put_act_object},
        {.title = "Reason", .cell = put_reason},
    };
    static const struct table table = {.caption = "What people saw and changed, newest first",
        .path = "/ledger",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = "Nobody has seen or changed anything yet."};
    const Signalbox__V1__DeskEntry *const *entries;
    size_t n = observer_desk(request->observer, ACTS, request->arena, &entries);
    struct table_rows rows = table_rows(request, n);
    for (size_t i = 0; i < n; i++)
        table_add(&rows, entries[i]);
    html_put(html, "<h2 id=\"desk\">The desk</h2>");
    table_put(request, html, &table, &rows);
    page_command(request, html, "signalbox desk list");
}

void page_ledger(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    page_begin(request, reply,
        &(struct page_frame){.title = "Ledger", .here = "/ledger", .command = "signalbox status ledgers"});
    html_put(html, "<p class=\"ways\"><a href=\"#decisions\">What was decided</a> <a href=\"#desk\">What people saw "
                   "and changed</a></p>");
    put_chains(request, html);
    html_put(html, "<h2 id=\"decisions\">Decisions</h2>");
    put_entries(request, html);
    put_acts(request, html);
    page_end(request, reply);
}
