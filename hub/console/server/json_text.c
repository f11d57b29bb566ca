// SPDX-License-Identifier: Apache-2.0
#include "hub/console/server/json_text.h"
#include "hub/console/html/text_stream.h"
#include "hub/console/server/http.h"
#include <string.h>

char *json_text(const json_t *json)
{
    struct text_stream stream;
    FILE *out = json ? text_stream_open(&stream) : NULL;
    if (!out)
        return NULL;
    stream.failed |= json_dumpf(json, out, JSON_COMPACT) != 0;
    return text_stream_close(&stream, NULL);
}

struct MHD_Response *json_answer(json_t *json)
{
    char *text = json_text(json);
    json_decref(json);
    return text ? http_take(text, strlen(text), "application/json") : NULL;
}
