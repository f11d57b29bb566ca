// SPDX-License-Identifier: Apache-2.0
// Find: one field for everything that has a name. A single hit is opened at once; an item's id goes to its story.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/names.h"
#include "hub/observe/things.h"
#include <ctype.h>

handler page_find;

#define FIND_MOST 200

struct hit {
    const char *thing, *title;
    enum verdict verdict;
};

struct search {
    const struct request *request;
    const char *text;
    struct hit *hits;
    size_t n;
};

// 32 hexadecimal digits, with or without dashes.
static bool is_item(const char *text)
{
    size_t digits = 0;
    for (; *text; text++) {
        if (isxdigit((unsigned char)*text))
            digits++;
        else if (*text != '-')
            return false;
    }
    return digits == 32;
}

static const char *title_of(const struct health *health, const struct thing_place *place)
{
    switch (place->of) {
    case THING_FORCE:
        return health->forces[place->index].name;
    case THING_SOURCE:
        return health->sources[place->index].name;
    case THING_PROCESS:
        return health->processes[place->index].host;
    default:
        return "";
    }
}

static void look_at(void *context, const struct thing_place *place)
{
    struct search *search = context;
    const char *title = title_of(search->request->health, place);
    if (search->n == FIND_MOST || (!strcasestr(place->name, search->text) && !strcasestr(title, search->text)))
        return;
    const char *thing = request_text(search->request, slice_text(place->name));
    search->hits[search->n++] = (struct hit){thing, *title ? title : thing, place->finding->verdict};
}

TABLE_CELL(put_title, hit, cell_name(html, page_thing_url(request, row->thing), row->title, row->thing))
TABLE_CELL(put_state, hit, page_badge(html, row->verdict))

static const struct table_column columns[] = {
    {.title = "Found", .cell = put_title},
    {.title = "State", .cell = put_state},
};

static void put_hits(const struct request *request, struct html *html, const struct search *search)
{
    struct table_rows rows = table_rows(request, search->n);
    for (size_t i = 0; i < search->n; i++)
        table_add(&rows, &search->hits[i]);
    if (search->n == FIND_MOST)
        html_put(html, "<p class=\"problem\">Only the first %d are shown: a longer text finds fewer.</p>", FIND_MOST);
    table_put(request, html,
        &(struct table){.caption = "Everything whose name holds the text",
            .path = "/find",
            .columns = columns,
            .n_columns = 2,
            .empty = "Nothing has that in its name. Forces and sources are found by name or id, topics "
                     "and groups by name, "
                     "lanes as lane/3, items by their whole id."},
        &rows);
}

// status tells what a name is near to, if nothing has it.
static const char *command_of(const struct request *request, const char *text)
{
    if (!*text || *text == '-') // which it would take for an option
        return "signalbox status";
    return page_status(request, text);
}

void page_find(const struct request *request, struct reply *reply)
{
    struct search search = {.request = request, .text = request_query(request, "find")};
    search.hits = arena_alloc(request->arena, FIND_MOST * sizeof(*search.hits));
    if (is_item(search.text)) {
        reply->status = 303;
        reply->location = page_url(request, "/item/", search.text);
        return;
    }
    if (search.hits && *search.text)
        things_each(request->health, look_at, &search);
    if (search.n == 1) {
        reply->status = 303;
        reply->location = page_thing_url(request, search.hits[0].thing);
        return;
    }
    page_begin(request, reply, &(struct page_frame){.title = "Find", .command = command_of(request, search.text)});
    put_hits(request, &reply->body, &search);
    page_end(request, reply);
}
