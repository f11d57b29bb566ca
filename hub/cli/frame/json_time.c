// SPDX-License-Identifier: Apache-2.0
// Time for people: the moment of a change, and moments and days as text.
#include "hub/cli/frame/command.h"
#include "hub/base/clock.h"
#include <time.h>

json_t *cli_day(int64_t unix_ms)
{
    char text[32];
    struct tm day;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (unix_ms == 0 || !gmtime_r(&seconds, &day))
        return json_string("");
    strftime(text, sizeof text, "%Y-%m-%d", &day);
    return json_string(text);
}

json_t *cli_time(int64_t unix_ms)
{
    char text[64];
    struct tm parts;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (unix_ms <= 0 || !gmtime_r(&seconds, &parts))
        return json_string("");
    size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + len, sizeof text - len, ".%03dZ", (int)(unix_ms % 1000));
    return json_string(text);
}
