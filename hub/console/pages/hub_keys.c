// SPDX-License-Identifier: Apache-2.0
// Keys and certificates, and when they end.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/hub_parts.h"
#include "hub/console/pages/names.h"

static const char *key_id(const struct request *request, const void *at)
{
    const struct key_health *key = at;
    return request_printf(request, "key-%s/%s", key->holder, key->id);
}

static void put_end(const struct request *request, struct html *html, const void *at)
{
    const struct key_health *key = at;
    if (key->to_ms)
        page_deadline(html, key->to_ms, request->health->at_ms);
    else
        html_put(html, "<span class=\"dim\">open</span>");
}

// Holders that are no source are programs: they have no page of their own.
static void put_holder(const struct request *request, struct html *html, const void *at)
{
    const struct key_health *key = at;
    const struct source_health *source = name_source(request->health, key->holder);
    if (source)
        cell_name(html, page_url(request, "/sources/", key->holder), source->name, key->holder);
    else
        html_put(html, "%s", name_of(request->health, key->holder));
}

TABLE_ORDER(by_holder, key_health, table_text(row->holder))
TABLE_ORDER(by_state, key_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_end, key_health, (struct table_key){.number = row->to_ms, .unknown = row->to_ms == 0})
TABLE_CELL(put_key, key_health, html_put(html, "<code title=\"%s\">%s</code>", row->id, cell_short(request, row->id)))
TABLE_CELL(put_state, key_health, page_badge(html, row->finding.verdict))

static const struct table_column columns[] = {
    {"holder", "Holder", false, by_holder, put_holder},
    {.title = "Key or certificate", .cell = put_key},
    {"validity", "State", false, by_state, put_state},
    {"end", "Ends", true, by_end, put_end},
};

void hub_keys(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_keys);
    for (size_t i = 0; i < health->n_keys; i++)
        table_add(&rows, &health->keys[i]);
    html_put(html, "<h2 id=\"keys-and-certificates\">Keys and certificates</h2>");
    table_put(request, html,
        &(struct table){.caption = "Signing keys of agencies and certificates of programs, "
                                   "soonest end first",
            .path = "/hub",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .sort = "end",
            .id = key_id,
            .empty = "The registry in force names no key."},
        &rows);
}
