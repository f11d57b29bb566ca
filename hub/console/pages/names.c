// SPDX-License-Identifier: Apache-2.0
// Looks through the lists of a snapshot: some hundred rows, once a page.
#include "hub/console/pages/names.h"

#define NAME_FIND(function, row, list, field)                                                                          \
    const struct row *function(const struct health *health, const char *wanted)                                        \
    {                                                                                                                  \
        for (size_t i = 0; i < health->n_##list; i++)                                                                  \
            if (strcmp(health->list[i].field, wanted) == 0)                                                            \
                return &health->list[i];                                                                               \
        return NULL;                                                                                                   \
    }
NAME_FIND(name_force, force_health, forces, id)
NAME_FIND(name_source, source_health, sources, agency)
NAME_FIND(name_topic, topic_health, topics, name)
NAME_FIND(name_group, group_health, groups, name)
#undef NAME_FIND

const char *name_of(const struct health *health, const char *id)
{
    const struct force_health *force = name_force(health, id);
    if (force)
        return force->name;
    const struct source_health *source = name_source(health, id);
    return source ? source->name : id;
}
