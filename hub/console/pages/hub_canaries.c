// SPDX-License-Identifier: Apache-2.0
// Canary items: proof that a record goes through verification, deduplication and routing, and how long it takes.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/hub_parts.h"

#define BAR_WIDTH 240

static const char *canary_id(const struct request *request, const void *at)
{
    const struct canary_health *canary = at;
    return request_printf(request, "canary-%u", canary->lane);
}

static void put_mean(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct canary_health *canary = at;
    page_duration(
        html, canary->returned.value ? figure_of(canary->sum_ms.value / canary->returned.value) : (struct figure){0});
}

TABLE_CELL(put_lane, canary_health, html_put(html, "Canary of lane %u", row->lane))
TABLE_CELL(put_state, canary_health, page_badge(html, row->finding.verdict))
TABLE_CELL(put_sent, canary_health, page_count(html, row->sent))
TABLE_CELL(put_returned, canary_health, page_count(html, row->returned))
TABLE_CELL(put_lost, canary_health, page_count(html, row->lost))
TABLE_CELL(put_last, canary_health, page_duration(html, row->last_ms))

static const struct table_column columns[] = {
    {.title = "Canary", .cell = put_lane},
    {.title = "State", .cell = put_state},
    {.title = "Sent", .number = true, .cell = put_sent},
    {.title = "Came back", .number = true, .cell = put_returned},
    {.title = "Lost", .number = true, .cell = put_lost},
    {.title = "Last took", .number = true, .cell = put_last},
    {.title = "Mean", .number = true, .cell = put_mean},
};

// Over all lanes of which something is known; the place after the last bucket is for what was slower.
static void sum_buckets(const struct health *health, uint64_t sums[CANARY_BUCKETS + 1])
{
    for (size_t i = 0; i < health->n_canaries; i++) {
        for (size_t b = 0; b < CANARY_BUCKETS; b++)
            sums[b] += (uint64_t)health->canaries[i].buckets[b].value;
        sums[CANARY_BUCKETS] += (uint64_t)health->canaries[i].slower.value;
    }
}

static bool is_any_known(const struct health *health)
{
    for (size_t i = 0; i < health->n_canaries; i++)
        if (health->canaries[i].sent.state == FIGURE_KNOWN)
            return true;
    return false;
}

static void put_bucket(struct html *html, size_t bucket, uint64_t count, uint64_t most)
{
    bool last = bucket == CANARY_BUCKETS;
    html_put(html, last ? "<tr><th scope=\"row\">slower than " : "<tr><th scope=\"row\">within ");
    page_duration(html, figure_of(canary_bucket_ms[last ? bucket - 1 : bucket]));
    html_put(html, "</th><td class=\"number\">");
    cell_count(html, count);
    html_put(html,
        "</td><td class=\"bar\"><svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
        "aria-hidden=\"true\" "
        "focusable=\"false\"><rect width=\"%llu\" height=\"10\" rx=\"2\" "
        "fill=\"currentColor\"/></svg></td></tr>",
        BAR_WIDTH, (unsigned long long)(most ? count * BAR_WIDTH / most : 0));
}

static void put_histogram(const struct health *health, struct html *html)
{
    uint64_t sums[CANARY_BUCKETS + 1] = {0}, most = 0;
    sum_buckets(health, sums);
    for (size_t b = 0; b <= CANARY_BUCKETS; b++)
        most = sums[b] > most ? sums[b] : most;
    html_put(html, "<div class=\"scroll narrow\" role=\"region\" tabindex=\"0\" aria-label=\"Round "
                   "trips\"><table><caption>Round trips of canary "
                   "items, all lanes</caption><thead><tr><th scope=\"col\">Round trip</th><th scope=\"col\" "
                   "class=\"number\">Items</th>"
                   "<th scope=\"col\"><span class=\"unseen\">Share</span></th></tr></thead><tbody>");
    for (size_t b = 0; b <= CANARY_BUCKETS; b++)
        put_bucket(html, b, sums[b], most);
    html_put(html, "</tbody></table></div>");
}

void hub_canaries(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_canaries);
    for (size_t i = 0; i < health->n_canaries; i++)
        table_add(&rows, &health->canaries[i]);
    html_put(html, "<h2 id=\"canaries\">Canary items</h2>");
    table_put(request, html,
        &(struct table){.caption = "Canary items, by lane",
            .path = "/hub",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .id = canary_id,
            .empty = "No canary items are sent: signalbox hub --canary-key FILE sends them."},
        &rows);
    if (is_any_known(health))
        put_histogram(health, html);
}
