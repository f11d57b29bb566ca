// SPDX-License-Identifier: Apache-2.0
// One order for every table of status. What stands for the others of its kind comes before those that are as bad.
#include "hub/cli/health/order.h"
#include "hub/cli/health/measure.h"
#include "hub/cli/frame/memory.h"
#include <stdlib.h>
#include <string.h>

static int by_pain(const void *x, const void *y)
{
    const struct order_row *a = x, *b = y;
    int pain = severity_pain(b->thing->severity) - severity_pain(a->thing->severity);
    if (pain)
        return pain;
    if (a->thing->sums != b->thing->sums)
        return b->thing->sums - a->thing->sums;
    if (a->pain != b->pain)
        return a->pain < b->pain ? 1 : -1;
    return strverscmp(a->thing->name, b->thing->name); // lane/2 before lane/10
}

struct order_row *order_things(const struct report *report, enum thing of, size_t *n)
{
    const struct health_view *view = report->view;
    struct order_row *rows = memory_need(calloc(view->n_things + 1, sizeof *rows));
    *n = 0;
    for (size_t i = 0; i < view->n_things; i++)
        if (view->things[i].of == of)
            rows[(*n)++] = (struct order_row){&view->things[i], measure_pain(report, &view->things[i])};
    qsort(rows, *n, sizeof *rows, by_pain);
    return rows;
}
