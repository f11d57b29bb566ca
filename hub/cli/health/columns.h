// SPDX-License-Identifier: Apache-2.0
// Tables of things: which columns a kind has, which of them fit, and what stands in a cell.
#pragma once
#include "hub/cli/health/health_view.h"
#include "hub/cli/health/styled_text.h"

#define COLUMNS_MOST 12

struct column_place {
    size_t row, width; // in the table of columns
};

struct columns {
    struct column_place places[COLUMNS_MOST];
    size_t n;
    int64_t hub_now_ms; // the hub's clock
};

// The columns of a kind that fit beside state and time. THING_COUNT is the mixed list: name of the thing, with its
// kind, and why.
struct columns columns_fit(enum thing of, size_t width, int64_t hub_now_ms);
void columns_heading(const struct columns *columns, struct styled_text *styled);
void columns_row(const struct columns *columns, const struct health_view_thing *thing, struct styled_text *styled);

// Columns that state and time take at the begin of every row.
#define COLUMNS_STATE 20
#define COLUMNS_SINCE 11
