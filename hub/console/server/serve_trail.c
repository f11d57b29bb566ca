// SPDX-License-Identifier: Apache-2.0
// GET /trail/<figure>/<thing>: the course of a figure, for charts. What is not known is null.
#include "hub/console/server/exchange.h"
#include "hub/console/server/json_text.h"

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

static bool add_points(json_t *times, json_t *values, const struct trail *trail)
{
    for (size_t i = 0; i < trail->n; i++) {
        const struct figure *value = &trail->values[i];
        if (json_array_append_new(times, json_integer(trail->at_ms[i])) != 0 ||
            json_array_append_new(values, value->state == FIGURE_KNOWN ? json_integer(value->value) : json_null()) != 0)
            return false;
    }
    return true;
}

// NULL without memory.
static json_t *json_of_trail(const struct trail *trail, const char *figure, const char *thing)
{
    json_t *times = json_array(), *values = json_array(), *whole = NULL;
    if (times && values && add_points(times, values, trail))
        whole = json_pack("{s:s, s:s, s:O, s:O}", "figure", figure, "thing", thing, "at_ms", times, "values", values);
    json_decref(times);
    json_decref(values);
    return whole;
}

void serve_trail(struct exchange *exchange)
{
    struct trail trail = {0};
    const char *thing = "";
    enum trail_figure figure = figure_named(exchange->request.rest, &thing);
    if (figure == TRAIL_FIGURES || !observer_trail(exchange->request.observer, thing, figure, &trail)) {
        exchange_refuse(exchange, MHD_HTTP_NOT_FOUND, "No such course",
            "There is no such figure of such a thing. Figures are lag, lag_ms, per_minute and hub_ms; things are named "
            "as on the "
            "pages.");
        return;
    }
    exchange->response = json_answer(json_of_trail(&trail, figures[figure], thing));
}
