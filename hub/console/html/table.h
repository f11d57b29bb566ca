// SPDX-License-Identifier: Apache-2.0
// A list of things as a table that anybody can read: caption, scopes, a region that scrolls by itself, columns to sort
// by as plain links. A page gives columns and rows; which of them stand where is decided here from the query
// (?sort=-lag).
#pragma once
#include "hub/console/html/page.h"

// What a row is sorted by: a text, or a number if text is NULL. What is not known comes last both ways.
struct table_key {
    const char *text;
    int64_t number;
    bool unknown;
};

struct table_column {
    const char *key; // in ?sort=; NULL if nobody sorts by it
    const char *title;
    bool number;                                // stands to the right, and is sorted greatest first
    struct table_key (*order)(const void *row); // NULL without key
    void (*cell)(const struct request *request, struct html *html, const void *row);
};

// A column's two functions, one line each: TABLE_ORDER(by_lag, group_health, table_figure(row->lag)) and
// TABLE_CELL(put_lag, group_health, page_count(html, row->lag)).
#define TABLE_ORDER(name, type, ...)                                                                                   \
    static struct table_key name(const void *at)                                                                       \
    {                                                                                                                  \
        const struct type *row = at;                                                                                   \
        return __VA_ARGS__;                                                                                            \
    }
#define TABLE_CELL(name, type, ...)                                                                                    \
    static void name(const struct request *request, struct html *html, const void *at)                                 \
    {                                                                                                                  \
        const struct type *row = at;                                                                                   \
        (void)request;                                                                                                 \
        __VA_ARGS__;                                                                                                   \
    }

struct table {
    const char *caption;
    const char *path;                   // of the page, for its links
    const struct table_column *columns; // the first one heads its row
    size_t n_columns;
    const char *sort;  // unless the query says: "lag", or "-lag" for the greatest first; NULL: as given
    const char *empty; // sentence for a table without rows
    const char *from;  // name of the parameter that says at which row to begin; NULL: "from"
    const char *(*id)(const struct request *request, const void *row); // of the row, to link to; may be NULL
};

#define TABLE_ROWS 120 // shown at once; links lead to the others

// The rows of a table as they are gathered. Without memory there is no room, and the page is not sent.
struct table_rows {
    const void **items; // in the request's arena
    size_t n, room;
};
struct table_rows table_rows(const struct request *request, size_t most);
static inline void table_add(struct table_rows *rows, const void *row)
{
    if (rows->n < rows->room)
        rows->items[rows->n++] = row;
}

// Sorts rows in place and writes those that the query asks for.
void table_put(
    const struct request *request, struct html *html, const struct table *table, const struct table_rows *rows);

// Keys out of what health has.
struct table_key table_figure(struct figure figure);
struct table_key table_verdict(enum verdict verdict); // by how bad it is
static inline struct table_key table_number(int64_t number)
{
    return (struct table_key){.number = number};
}
static inline struct table_key table_text(const char *text)
{
    return (struct table_key){.text = text};
}

// A form above the table: ?q= part of a name, and ?verdict= of the things in the bit set 1 << enum thing.
void table_filter(const struct request *request, struct html *html, const char *path, unsigned things);
// Whether a row passes: any of the NULL-ended texts holds q, without regard to case, and its verdict is the one asked
// for.
bool table_passes(const struct request *request, enum verdict verdict, const char *const *texts);
