// SPDX-License-Identifier: Apache-2.0
// GET /health.json and /metrics: the snapshot in two forms.
#include "hub/console/server/serve_health.h"
#include "hub/console/server/exchange.h"
#include "hub/console/server/json_text.h"
#include "hub/observe/tell/health_json.h"
#include "hub/observe/tell/metrics.h"
#include <stdio.h>
#include <stdlib.h>

#define ETAG_BYTES 64

// Numbers begin anew in each process, so the tag has its start too.
static void make_etag(const struct console *console, uint64_t number, char out[ETAG_BYTES])
{
    snprintf(out, ETAG_BYTES, "\"%lld-%llu\"", (long long)console->started_ms, (unsigned long long)number);
}

struct MHD_Response *serve_health_make_json(const struct console *console, const struct health *health)
{
    char tag[ETAG_BYTES];
    struct MHD_Response *response = json_answer(health_json(health));
    make_etag(console, health->number, tag);
    if (response)
        http_add(&response, "ETag", tag);
    return response;
}

struct MHD_Response *serve_health_make_metrics(const struct console *console, const struct health *health)
{
    struct metrics_settings settings = {.kafka_compatible = console->settings.kafka_compatible};
    size_t len = 0;
    char *text = metrics_text(health, &settings, &len);
    return text ? http_take(text, len, "text/plain; version=0.0.4; charset=utf-8") : NULL;
}

static void give_rendered(struct exchange *exchange, struct rendered *rendered)
{
    exchange->answered = rendered_give(rendered, exchange->console, exchange->request.health, exchange->connection);
}

void serve_health_json(struct exchange *exchange)
{
    char tag[ETAG_BYTES];
    struct rendered *json = &exchange->console->json;
    const char *known = exchange_header(exchange, "If-None-Match");
    make_etag(exchange->console, rendered_number(json, exchange->request.health), tag);
    if (!known || strcmp(known, tag) != 0) {
        give_rendered(exchange, json);
        return;
    }
    exchange->reply.status = MHD_HTTP_NOT_MODIFIED;
    exchange->response = http_borrow(slice_of("", 0), "application/json");
}

void serve_metrics(struct exchange *exchange)
{
    give_rendered(exchange, &exchange->console->metrics);
}
