// SPDX-License-Identifier: Apache-2.0
// The registry through time. Between two dates that occur in it nothing changes, so who is in force, who has a feed and
// who stands for whom are worked out once for each such era; usually there is one, after a reorganisation two.
#include "hub/rules/registry_parts.h"
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static size_t find_boundaries(const struct registry *registry, int64_t *dates)
{
    size_t n = 0, distinct = 1;
    dates[n++] = INT64_MIN;
    for (unsigned org = 0; org < registry->n; org++) {
        const Signalbox__V1__Organisation *row = registry_row(registry, org);
        if (row->valid_from_unix_ms)
            dates[n++] = row->valid_from_unix_ms;
        if (row->valid_to_unix_ms)
            dates[n++] = row->valid_to_unix_ms;
    }
    qsort(dates, n, sizeof *dates, by_value);
    for (size_t i = 1; i < n; i++)
        if (dates[i] != dates[distinct - 1])
            dates[distinct++] = dates[i];
    return distinct;
}

// An order in which every successor comes before those that it succeeds; fewer than all if some lead in a circle.
static unsigned successors_first(const struct registry *registry, unsigned order[ORGANISATIONS_MAX])
{
    unsigned n = 0;
    struct org_set placed = {0};
    for (bool progress = true; progress;) {
        progress = false;
        for (unsigned org = 0; org < registry->n; org++) {
            const Signalbox__V1__Organisation *row = registry_row(registry, org);
            bool ready = !org_set_has(&placed, org);
            for (size_t i = 0; ready && i < row->n_successors; i++)
                ready = org_set_has(&placed, registry_find(registry, slice_text(row->successors[i])));
            if (!ready)
                continue;
            org_set_add(&placed, org);
            order[n++] = org;
            progress = true;
        }
    }
    return n;
}

static bool check_successors(const struct registry *registry, struct error *error)
{
    for (unsigned org = 0; org < registry->n; org++) {
        const Signalbox__V1__Organisation *row = registry_row(registry, org);
        if (row->n_successors && !row->valid_to_unix_ms)
            return error_say(
                error, CAUSE_OTHER, "Organisation %s has successors but no end; give it its last day.", row->id);
        for (size_t i = 0; i < row->n_successors; i++)
            if (registry_find(registry, slice_text(row->successors[i])) == ORG_NONE)
                return error_say(error, CAUSE_OTHER, "Successor '%.64s' of organisation %s is not in the registry.",
                    row->successors[i], row->id);
    }
    return true;
}

static bool has_ended(const Signalbox__V1__Organisation *row, int64_t at_ms)
{
    return row->valid_to_unix_ms && at_ms >= row->valid_to_unix_ms;
}

static void place_heirs(const struct registry *registry, const struct registry_era *era, unsigned org)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    for (size_t i = 0; i < row->n_successors; i++)
        registry_era_stand_for(
            era, registry_find(registry, slice_text(row->successors[i])), &era->heirs[registry->heirs_of[org]]);
}

// Successors have been placed before those that they succeed.
static void place_organisation(const struct registry *registry, struct registry_era *era, unsigned org)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    if (has_ended(row, era->from_ms)) {
        place_heirs(registry, era, org);
        return;
    }
    if (row->valid_from_unix_ms && era->from_ms < row->valid_from_unix_ms)
        return;
    org_set_add(&era->in_force, org);
    if (row->subscribes)
        org_set_add(&era->subscribers, org);
}

static void number_heirs(struct registry *registry)
{
    for (unsigned org = 0; org < registry->n; org++)
        registry->heirs_of[org] = registry_row(registry, org)->n_successors ? registry->n_heirs++ : REGISTRY_NO_HEIRS;
}

bool registry_eras(struct registry *registry, struct error *error)
{
    int64_t dates[2 * ORGANISATIONS_MAX + 1];
    unsigned order[ORGANISATIONS_MAX];
    if (!check_successors(registry, error))
        return false;
    if (successors_first(registry, order) != registry->n)
        return error_say(error, CAUSE_OTHER, "Successors lead in a circle; an organisation cannot take its own place.");
    size_t n = find_boundaries(registry, dates);
    number_heirs(registry);
    registry->eras = calloc(n, sizeof *registry->eras);
    for (size_t i = 0; registry->eras && i < n; i++) {
        struct registry_era *era = &registry->eras[registry->n_eras++];
        era->from_ms = dates[i];
        era->heirs_of = registry->heirs_of;
        era->heirs = calloc(registry->n_heirs + 1u, sizeof *era->heirs);
        if (!era->heirs)
            return error_no_memory(error, "the compiled registry");
        for (unsigned j = 0; j < registry->n; j++)
            place_organisation(registry, era, order[j]);
    }
    return registry->eras || error_no_memory(error, "the compiled registry");
}

const struct registry_era *registry_era_at(const struct registry *registry, int64_t at_ms)
{
    size_t low = 0, high = registry->n_eras;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (registry->eras[middle].from_ms <= at_ms)
            low = middle;
        else
            high = middle;
    }
    return &registry->eras[low];
}

void registry_era_stand_for(const struct registry_era *era, unsigned org, struct org_set *standing)
{
    if (org_set_has(&era->in_force, org))
        org_set_add(standing, org);
    else if (era->heirs_of[org] != REGISTRY_NO_HEIRS)
        org_set_include(standing, &era->heirs[era->heirs_of[org]]);
}

void registry_era_resolve(const struct registry_era *era, const struct org_set *set, struct org_set *standing)
{
    for (unsigned org = org_set_next(set, 0); org < ORGANISATIONS_MAX; org = org_set_next(set, org + 1))
        registry_era_stand_for(era, org, standing);
}

bool registry_in_force(const struct registry *registry, unsigned org, int64_t at_ms)
{
    return org < registry->n && org_set_has(&registry_era_at(registry, at_ms)->in_force, org);
}

struct org_set registry_resolve(const struct registry *registry, unsigned org, int64_t at_ms)
{
    struct org_set standing = {0};
    if (org < registry->n)
        registry_era_stand_for(registry_era_at(registry, at_ms), org, &standing);
    return standing;
}
