// SPDX-License-Identifier: Apache-2.0
// GET /health.json and /metrics: the snapshot in two forms, each made once and given to everybody who asks until the next one.
#include "hub/console/http.h"
#include "hub/observe/health_json.h"
#include "hub/observe/metrics.h"
#include <stdio.h>
#include <stdlib.h>

handler serve_health_json, serve_metrics;

#define ETAG_BYTES 64

// Numbers begin anew in each process, so the tag has its start too.
static void etag(const struct request *request, char out[ETAG_BYTES])
{
    snprintf(out, ETAG_BYTES, "\"%lld-%llu\"", (long long)request->console->started_ms, (unsigned long long)request->health->number);
}

static struct MHD_Response *render_json(const struct request *request)
{
    char tag[ETAG_BYTES];
    json_t *json = health_json(request->health);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(json);
    struct MHD_Response *response = text ? http_take(text, strlen(text), "application/json") : NULL;
    etag(request, tag);
    if (response)
        MHD_add_response_header(response, "ETag", tag);
    return response;
}

static struct MHD_Response *render_metrics(const struct request *request)
{
    struct metrics_settings settings = {.kafka_compatible = request->settings->kafka_compatible};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return NULL;
    metrics_write(request->health, &settings, out);
    if (fclose(out) == 0)
        return http_take(text, len, "text/plain; version=0.0.4; charset=utf-8");
    free(text);
    return NULL;
}

// The form of this snapshot, made if nobody asked for it before. A request that still holds an older snapshot gets the newer form.
static void give(const struct request *request, struct rendered *rendered,
    struct MHD_Response *(*render)(const struct request *request))
{
    struct exchange *exchange = exchange_of(request);
    pthread_mutex_lock(&rendered->mutex);
    if (!rendered->response || rendered->number < request->health->number) {
        struct MHD_Response *response = render(request);
        if (response && rendered->response)
            MHD_destroy_response(rendered->response);
        if (response) {
            rendered->response = response;
            rendered->number = request->health->number;
        }
    }
    if (rendered->response && MHD_queue_response(exchange->connection, MHD_HTTP_OK, rendered->response) == MHD_YES)
        exchange->answered = true;
    pthread_mutex_unlock(&rendered->mutex);
}

void serve_health_json(const struct request *request, struct reply *reply)
{
    char tag[ETAG_BYTES];
    const char *known = exchange_header(exchange_of(request), "If-None-Match");
    etag(request, tag);
    if (known && strcmp(known, tag) == 0) {
        reply->status = MHD_HTTP_NOT_MODIFIED;
        exchange_of(request)->response = http_borrow(slice_of("", 0), "application/json");
        return;
    }
    give(request, &request->console->json, render_json);
}

void serve_metrics(const struct request *request, struct reply *reply)
{
    (void)reply;
    give(request, &request->console->metrics, render_metrics);
}
