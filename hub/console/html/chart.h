// SPDX-License-Identifier: Apache-2.0
// The course of one figure: a sentence, a line that needs no script, and the same numbers as a table. The script draws
// it finer from /trail/.
#pragma once
#include "hub/console/html/page.h"

enum chart_unit { CHART_COUNT, CHART_DURATION };

struct chart {
    const char *title; // "Records that wait"
    const char *thing; // "group/feed-kent"
    enum trail_figure figure;
    enum chart_unit unit;
};

// Nothing at all where the observer knows no course of that thing.
void chart_put(const struct request *request, struct html *html, const struct chart *chart);
