// SPDX-License-Identifier: Apache-2.0
// GET /trail/<figure>/<thing>: the course of a figure, for charts. What is not known is null.
#include "hub/console/server/http.h"
#include <jansson.h>
#include <stdlib.h>

handler serve_trail;

static const char *const figures[TRAIL_FIGURES] = {
    [TRAIL_LAG] = "lag", [TRAIL_LAG_MS] = "lag_ms", [TRAIL_PER_MINUTE] = "per_minute", [TRAIL_HUB_MS] = "hub_ms"};

// The figure that rest begins with; what stands behind its slash in *thing.
static enum trail_figure figure_named(const char *rest, const char **thing)
{
    for (unsigned figure = 0; figure < TRAIL_FIGURES; figure++) {
        size_t len = strlen(figures[figure]);
        if (strncmp(rest, figures[figure], len) == 0 && rest[len] == '/') {
            *thing = rest + len + 1;
            return figure;
        }
    }
    return TRAIL_FIGURES;
}

static char *text_of(const struct trail *trail, const char *figure, const char *thing)
{
    json_t *times = json_array(), *values = json_array();
    for (size_t i = 0; i < trail->n; i++) {
        const struct figure *value = &trail->values[i];
        json_array_append_new(times, json_integer(trail->at_ms[i]));
        json_array_append_new(values, value->state == FIGURE_KNOWN ? json_integer(value->value) : json_null());
    }
    json_t *whole =
        json_pack("{s:s, s:s, s:o, s:o}", "figure", figure, "thing", thing, "at_ms", times, "values", values);
    char *text = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
    return text;
}

void serve_trail(const struct request *request, struct reply *reply)
{
    struct exchange *exchange = exchange_of(request);
    struct trail trail = {0};
    const char *thing = "";
    enum trail_figure figure = figure_named(request->rest, &thing);
    if (figure == TRAIL_FIGURES || !observer_trail(request->settings->observer, thing, figure, &trail)) {
        exchange->problem = (struct problem){MHD_HTTP_NOT_FOUND, "No such course",
            "There is no such figure of such a thing. Figures are lag, lag_ms, per_minute and hub_ms; things are named "
            "as on the "
            "pages."};
        http_problem(exchange, reply);
        return;
    }
    char *text = text_of(&trail, figures[figure], thing);
    exchange->response = text ? http_take(text, strlen(text), "application/json") : NULL;
}
