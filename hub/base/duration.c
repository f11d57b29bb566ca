// SPDX-License-Identifier: Apache-2.0
// One unit: an operator at three in the morning compares lengths, not digits. A unit begins at two of it, so that what
// is rounded off is at most a third.
#include "hub/base/duration.h"
#include "hub/base/text.h"
#include <stddef.h>

#define SECOND UINT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct {
    uint64_t from, unit;
    const char *name;
} units[] = {{2 * DAY, DAY, "d"}, {2 * HOUR, HOUR, "h"}, {2 * MINUTE, MINUTE, "min"}, {10 * SECOND, SECOND, "s"}};

const char *duration_text(int64_t ms, char text[DURATION_BYTES])
{
    const char *sign = ms < 0 ? "-" : "";
    uint64_t length = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (length >= units[i].from) {
            text_print(
                text, DURATION_BYTES, "%s%llu %s", sign, (unsigned long long)(length / units[i].unit), units[i].name);
            return text;
        }
    if (length >= SECOND)
        text_print(
            text, DURATION_BYTES, "%s%u.%u s", sign, (unsigned)(length / SECOND), (unsigned)(length % SECOND / 100));
    else
        text_print(text, DURATION_BYTES, "%s%u %s", sign, (unsigned)length, length ? "ms" : "s");
    return text;
}
