// SPDX-License-Identifier: Apache-2.0
// Two units at most, and one where the second no longer matters: an operator at three in the morning compares lengths, not digits.
#include "hub/cli/health/amount.h"
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

static const struct {
    int64_t ms;
    const char *name;
    bool with_next; // large enough that the next unit matters
} units[] = {{86400000, "d", true}, {3600000, "h", true}, {60000, "min", false}, {1000, "s", false}, {1, "ms", false}};

#define N_UNITS (sizeof units / sizeof *units)

const char *amount_duration(int64_t ms, char text[AMOUNT_BYTES])
{
    const char *sign = ms < 0 ? "-" : "";
    uint64_t rest = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    size_t i = 0;
    while (i + 1 < N_UNITS && rest < (uint64_t)units[i].ms)
        i++;
    if (rest == 0)
        i = N_UNITS - 2;
    uint64_t whole = rest / (uint64_t)units[i].ms, part = 0;
    if (units[i].with_next && whole < 10)
        part = rest % (uint64_t)units[i].ms / (uint64_t)units[i + 1].ms;
    if (part)
        snprintf(text, AMOUNT_BYTES, "%s%" PRIu64 " %s %" PRIu64 " %s", sign, whole, units[i].name, part, units[i + 1].name);
    else
        snprintf(text, AMOUNT_BYTES, "%s%" PRIu64 " %s", sign, whole, units[i].name);
    return text;
}

const char *amount_count(int64_t count, char text[AMOUNT_BYTES])
{
    char digits[AMOUNT_BYTES];
    int len = snprintf(digits, sizeof digits, "%" PRId64, count);
    size_t out = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
            text[out++] = ',';
        text[out++] = digits[i];
    }
    text[out] = 0;
    return text;
}

const char *amount_bytes(int64_t bytes, char text[AMOUNT_BYTES])
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t i = 0;
    for (; value >= 1024 && i + 1 < sizeof names / sizeof *names; i++)
        value /= 1024;
    snprintf(text, AMOUNT_BYTES, i ? "%.1f %s" : "%.0f %s", value, names[i]);
    return text;
}

const char *amount_moment(int64_t unix_ms, char text[AMOUNT_BYTES])
{
    struct tm local;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (unix_ms == 0)
        return "never";
    if (!localtime_r(&seconds, &local) || strftime(text, AMOUNT_BYTES, "%Y-%m-%d %H:%M:%S %Z", &local) == 0)
        return "?";
    return text;
}
