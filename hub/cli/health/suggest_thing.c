// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant who asks for a thing that is not there: the names that end as theirs does ("kent" is
// force/kent and source/kent), then those that are a few letters away. Named, never taken: a check must not change its
// meaning with the data.
#include "hub/cli/health/health_view.h"
#include "hub/cli/frame/suggest.h"
#include <string.h>

#define NEAREST_MOST     4
#define NEAREST_DISTANCE 3

struct nearest {
    const char *names[NEAREST_MOST];
    size_t distances[NEAREST_MOST], n;
};

// A name is compared whole, and by what stands after the kind.
static size_t distance_to(const char *word, const char *name)
{
    const char *rest = strchr(name, '/'), *own = strchr(word, '/');
    size_t whole = suggest_distance(word, name);
    size_t part = rest ? suggest_distance(own ? own + 1 : word, rest + 1) : SIZE_MAX;
    return whole < part ? whole : part;
}

static void consider_name(struct nearest *nearest, const char *name, size_t distance)
{
    size_t at = nearest->n;
    while (at > 0 && nearest->distances[at - 1] > distance)
        at--;
    if (at == NEAREST_MOST)
        return;
    if (nearest->n < NEAREST_MOST)
        nearest->n++;
    for (size_t i = nearest->n - 1; i > at; i--) {
        nearest->names[i] = nearest->names[i - 1];
        nearest->distances[i] = nearest->distances[i - 1];
    }
    nearest->names[at] = name;
    nearest->distances[at] = distance;
}

static void consider_word(struct nearest *nearest, const char *word, const char *name)
{
    size_t distance = distance_to(word, name), shortest = strlen(word);
    if (distance < NEAREST_DISTANCE && distance * 2 < shortest)
        consider_name(nearest, name, distance);
    else if (shortest > 2 && strstr(name, word))
        consider_name(nearest, name, NEAREST_DISTANCE);
}

void health_view_nearest(const struct health_view *view, const char *name, char *text, size_t size)
{
    struct nearest nearest = {.n = 0};
    const struct health_view_kind *kinds;
    size_t n = health_view_kinds(&kinds), len = 0;
    for (size_t i = 0; i < n; i++)
        consider_word(&nearest, name, kinds[i].plural);
    for (size_t i = 0; i < view->n_things; i++)
        consider_word(&nearest, name, view->things[i].name);
    text[0] = 0;
    for (size_t i = 0; i < nearest.n && len + 1 < size; i++)
        len += (size_t)snprintf(text + len, size - len, "%s%s", i ? ", " : "", nearest.names[i]);
}
