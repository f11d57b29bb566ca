// SPDX-License-Identifier: Apache-2.0
// Lanes: who owns each, how far it is, whether its two witnesses agree; and the ledger that each of them writes.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/hub_parts.h"

static const char *lane_id(const struct request *request, const void *at)
{
    const struct lane_health *lane = at;
    return request_printf(request, "lane-%u", lane->lane);
}

static void put_state(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct lane_health *lane = at;
    page_badge(html, lane->finding.verdict);
    if (lane->restored_percent.state == FIGURE_KNOWN && lane->restored_percent.value < 100)
        html_put(html, " <small>%lld %% read back</small>", (long long)lane->restored_percent.value);
    if (lane->problem && *lane->problem)
        html_put(html, "<br><small>%s</small>", lane->problem);
}

static void put_owner(const struct request *request, struct html *html, const void *at)
{
    const struct lane_health *lane = at;
    if (lane->process && *lane->process)
        html_put(html, "<a class=\"mono\" href=\"%s\">%s</a>", page_url(request, "/hub#process-", lane->process),
            cell_short(request, lane->process));
    else if (lane->finding.verdict == VERDICT_LANE_UNKNOWN)
        page_count(html, (struct figure){0});
    else
        html_put(html, "<span class=\"dim\">nobody</span>");
}

static void put_transaction(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct lane_health *lane = at;
    if (lane->transaction_records.state != FIGURE_KNOWN) {
        page_count(html, lane->transaction_records);
        return;
    }
    if (lane->transaction_age_ms.state != FIGURE_KNOWN) {
        html_put(html, "<span class=\"dim\">none open</span>");
        return;
    }
    page_duration(html, lane->transaction_age_ms);
    html_put(html, " <small>%lld records</small>", (long long)lane->transaction_records.value);
}

static void put_witnesses(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct lane_health *lane = at;
    if (lane->doubts.state != FIGURE_KNOWN)
        page_count(html, lane->doubts);
    else
        html_put(html, lane->doubts.value ? "disagree" : "agree");
}

TABLE_ORDER(by_lane, lane_health, table_number(row->lane))
TABLE_ORDER(by_state, lane_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_waiting, lane_health, table_figure(row->waiting))
TABLE_ORDER(by_time, lane_health, table_figure(row->waiting_ms))
TABLE_ORDER(by_memory, lane_health, table_figure(row->fingerprint_bytes))
TABLE_CELL(put_lane, lane_health, html_put(html, "Lane %u", row->lane))
TABLE_CELL(put_waiting, lane_health, page_count(html, row->waiting))
TABLE_CELL(put_time, lane_health, page_duration(html, row->waiting_ms))
TABLE_CELL(put_fingerprints, lane_health, page_count(html, row->fingerprints))
TABLE_CELL(put_memory, lane_health, cell_bytes(html, row->fingerprint_bytes))
TABLE_CELL(put_commits, lane_health, page_count(html, row->transaction))

static const struct table_column columns[] = {
    {"lane", "Lane", false, by_lane, put_lane},
    {"state", "State", false, by_state, put_state},
    {.title = "Owner", .cell = put_owner},
    {"waiting", "Records waiting", true, by_waiting, put_waiting},
    {"time", "Oldest waits", true, by_time, put_time},
    {.title = "Open transaction", .number = true, .cell = put_transaction},
    {.title = "Transactions committed", .number = true, .cell = put_commits},
    {.title = "Items remembered", .number = true, .cell = put_fingerprints},
    {"memory", "Memory", true, by_memory, put_memory},
    {.title = "Witnesses", .cell = put_witnesses},
};

void hub_lanes(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_lanes);
    for (size_t i = 0; i < health->n_lanes; i++)
        table_add(&rows, &health->lanes[i]);
    html_put(html, "<h2 id=\"lanes\">Lanes</h2>");
    table_put(request, html,
        &(struct table){.caption = "Lanes, their owners and what waits on them",
            .path = "/hub",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .id = lane_id,
            .empty = "No hub process has been heard: signalbox hub starts one."},
        &rows);
}

static const char *ledger_id(const struct request *request, const void *at)
{
    const struct ledger_health *ledger = at;
    return request_printf(request, "ledger-%u", ledger->lane);
}

static void put_head(const struct request *request, struct html *html, const void *at)
{
    const struct ledger_health *ledger = at;
    for (size_t i = 0; i < request->health->n_lanes; i++) {
        const struct lane_health *lane = &request->health->lanes[i];
        if (lane->lane == ledger->lane && lane->ledger_head && *lane->ledger_head)
            html_put(html, "<code title=\"%s\">%s…</code>", lane->ledger_head, cell_short(request, lane->ledger_head));
    }
}

TABLE_CELL(put_ledger, ledger_health, html_put(html, "Ledger of lane %u", row->lane))
TABLE_CELL(put_ledger_state, ledger_health, page_badge(html, row->finding.verdict))
TABLE_CELL(put_sequence, ledger_health, cell_count(html, row->sequence))
TABLE_CELL(put_read, ledger_health, page_time(html, row->read_ms, request->health->at_ms))

static const struct table_column ledger_columns[] = {
    {.title = "Ledger", .cell = put_ledger},
    {.title = "State", .cell = put_ledger_state},
    {.title = "Entries", .number = true, .cell = put_sequence},
    {.title = "Newest entry", .number = true, .cell = put_read},
    {.title = "Head, as the lane says", .cell = put_head},
};

void hub_ledgers(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_ledgers);
    for (size_t i = 0; i < health->n_ledgers; i++)
        table_add(&rows, &health->ledgers[i]);
    html_put(html, "<h2 id=\"ledgers\">Ledger chains</h2>");
    table_put(request, html,
        &(struct table){.caption = "Hash chains of the ledger, checked as they are read",
            .path = "/hub",
            .columns = ledger_columns,
            .n_columns = sizeof(ledger_columns) / sizeof(ledger_columns[0]),
            .id = ledger_id,
            .empty = "No ledger has been read yet."},
        &rows);
}
