// SPDX-License-Identifier: Apache-2.0
// Spans of time: one row for each unit.
#include "hub/observe/judge/span.h"
#include "hub/observe/words.h"

static const struct unit {
    int64_t ms;
    const char *name;
} units[] = {{86400000, "days"}, {3600000, "h"}, {60000, "min"}};

const char *span_text(struct arena *arena, int64_t ms)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ms >= 2 * units[i].ms)
            return words_print(arena, "%lld %s", (long long)(ms / units[i].ms), units[i].name);
    return words_print(arena, "%lld s", (long long)(ms > 0 ? ms / 1000 : 0));
}
