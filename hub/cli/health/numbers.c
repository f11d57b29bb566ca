// SPDX-License-Identifier: Apache-2.0
#include "hub/cli/health/numbers.h"
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

const char *numbers_count(int64_t count, char text[NUMBERS_BYTES])
{
    char digits[NUMBERS_BYTES];
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

const char *numbers_bytes(int64_t bytes, char text[NUMBERS_BYTES])
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t i = 0;
    for (; value >= 1024 && i + 1 < sizeof names / sizeof *names; i++)
        value /= 1024;
    snprintf(text, NUMBERS_BYTES, i ? "%.1f %s" : "%.0f %s", value, names[i]);
    return text;
}

const char *numbers_moment(int64_t unix_ms, char text[NUMBERS_BYTES])
{
    struct tm utc;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (unix_ms == 0)
        return "never";
    if (!gmtime_r(&seconds, &utc) || strftime(text, NUMBERS_BYTES, "%Y-%m-%d %H:%M:%S UTC", &utc) == 0)
        return "?";
    return text;
}
