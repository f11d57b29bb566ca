// SPDX-License-Identifier: Apache-2.0
// Both in UTC.
#include "hub/cli/frame/json_time.h"
#include <time.h>

json_t *json_day(int64_t unix_ms)
{
    char text[32];
    struct tm day;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (unix_ms == 0 || !gmtime_r(&seconds, &day))
        return json_string("");
    strftime(text, sizeof text, "%Y-%m-%d", &day);
    return json_string(text);
}

json_t *json_time(int64_t unix_ms)
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
