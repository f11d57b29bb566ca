// SPDX-License-Identifier: Apache-2.0
// Where a tile stands is data (forces_map.def); style.css has a class for each row and column. On a narrow screen tiles
// just flow.
#include "hub/console/pages/forces_map.h"
#include "hub/console/pages/names.h"
#include "hub/console/html/table.h"

static const struct tile {
    const char *id, *name;
    unsigned row, column;
} tiles[] = {
#define TILE(id, name, row, column) {id, name, row, column},
#include "hub/console/pages/forces_map.def"
#undef TILE
};
#define TILES (sizeof(tiles) / sizeof(tiles[0]))

static const struct tile *find_tile(const char *id)
{
    for (size_t i = 0; i < TILES; i++)
        if (strcmp(tiles[i].id, id) == 0)
            return &tiles[i];
    return NULL;
}

bool forces_map_passes(const struct request *request, const struct force_health *force)
{
    return table_passes(request, force->finding.verdict,
        (const char *const[]){force->name, force->id, force->region, force->kind, NULL});
}

// What waits if something does, else what came.
static void put_number(struct html *html, const struct force_health *force)
{
    if (force->lag.state == FIGURE_KNOWN && force->lag.value > 0) {
        page_count(html, force->lag);
        html_put(html, " wait");
        return;
    }
    page_count(html, force->last_hour);
    html_put(html, " in 1 h");
}

static void put_tile(
    const struct request *request, struct html *html, const struct force_health *force, const struct tile *tile)
{
    const struct verdict_row *row = verdict_row(force->finding.verdict);
    html_put(html, "<li class=\"");
    if (tile)
        html_put(html, "r%u c%u", tile->row, tile->column);
    html_put(html,
        "%s\"><a class=\"tile %s%s\" href=\"%s\" title=\"%s\"><strong>%s</strong><span class=\"%s\"><i "
        "class=\"shape\">"
        "</i>%s</span> <span class=\"much\">",
        forces_map_passes(request, force) ? "" : " faint", severity_name(row->severity),
        force->finding.verdict == VERDICT_FORCE_NO_READER ? " none" : "", page_url(request, "/forces/", force->id),
        force->name, tile ? tile->name : force->name, severity_name(row->severity), row->word);
    put_number(html, force);
    html_put(html, "</span></a></li>");
}

static void put_map(const struct request *request, struct html *html)
{
    html_put(html, "<ul class=\"tiles map\" aria-label=\"Forces, from the north to the south\">");
    for (size_t i = 0; i < TILES; i++) {
        const struct force_health *force = name_force(request->health, tiles[i].id);
        if (force)
            put_tile(request, html, force, &tiles[i]);
    }
    html_put(html, "</ul>");
}

static bool begins_kind(const struct health *health, size_t i)
{
    if (find_tile(health->forces[i].id))
        return false;
    for (size_t k = 0; k < i; k++)
        if (!find_tile(health->forces[k].id) && strcmp(health->forces[k].kind, health->forces[i].kind) == 0)
            return false;
    return true;
}

static const char *kind_title(const char *kind)
{
    static const struct {
        const char *kind, *title;
    } titles[] = {
        {"territorial", "Territorial forces"},
        {"special", "National forces"},
        {"rocu", "Regional units"},
        {"agency", "Agencies"},
        {"council", "Councils"},
        {"safeguarding", "Safeguarding partnerships"},
        {"inspectorate", "Inspectorates"},
        {"third-sector", "Third sector"},
    };
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (strcmp(titles[i].kind, kind) == 0)
            return titles[i].title;
    return kind;
}

void forces_map(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    put_map(request, html);
    for (size_t i = 0; i < health->n_forces; i++) {
        if (!begins_kind(health, i))
            continue;
        html_put(html, "<h3 class=\"kind\">%s</h3><ul class=\"tiles\">", kind_title(health->forces[i].kind));
        for (size_t k = i; k < health->n_forces; k++)
            if (!find_tile(health->forces[k].id) && strcmp(health->forces[k].kind, health->forces[i].kind) == 0)
                put_tile(request, html, &health->forces[k], NULL);
        html_put(html, "</ul>");
    }
}
