// SPDX-License-Identifier: Apache-2.0
// Which body belongs to which. Nothing is routed by it; whoever follows it must come to an end.
#include "hub/rules/registry_parts.h"

#define SUPERIORS_MAX 8

static unsigned parent_of(const struct registry *registry, unsigned org)
{
    return registry_find(registry, slice_text(registry_row(registry, org)->parent));
}

static bool check_parent(const struct registry *registry, unsigned org, struct error *error)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    unsigned above = parent_of(registry, org), steps = 0;
    if (*row->parent && above == ORG_NONE)
        return error_say(
            error, CAUSE_OTHER, "Parent '%.64s' of organisation %s is not in the registry.", row->parent, row->id);
    for (; above != ORG_NONE && steps <= SUPERIORS_MAX; above = parent_of(registry, above))
        steps++;
    return above == ORG_NONE ||
           error_say(error, CAUSE_OTHER, "The parents of organisation %s lead in a circle, or are more than %d.",
               row->id, SUPERIORS_MAX);
}

bool registry_parents(const struct registry *registry, struct error *error)
{
    for (unsigned org = 0; org < registry->n; org++)
        if (!check_parent(registry, org, error))
            return false;
    return true;
}
