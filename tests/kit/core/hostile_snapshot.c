// SPDX-License-Identifier: Apache-2.0
// A registry as hostile values like it: many organisations, all of them wanting everything, with ids that only their
// last bytes tell apart.
#include "tests/kit/core/hostile.h"
#include <stdlib.h>

#define MORE 128

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

const char *hostile_organisation(struct arena *arena, unsigned i)
{
    return need_memory(arena_printf(arena, "organisation-number-%05u", i % MORE));
}

static Signalbox__V1__Organisation *one_more(struct arena *arena, unsigned i, bool subscribes)
{
    Signalbox__V1__Organisation *organisation = need_memory(arena_alloc(arena, sizeof *organisation));
    signalbox__v1__organisation__init(organisation);
    kit_set_text(arena, &organisation->id, hostile_organisation(arena, i));
    kit_set_text(arena, &organisation->name, "Invented organisation");
    kit_set_text(arena, &organisation->kind, "council");
    kit_set_text(arena, &organisation->region, "london");
    organisation->clearance = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
    organisation->subscribes = subscribes;
    return organisation;
}

static void add_organisations(struct arena *arena, Signalbox__V1__Registry *registry, unsigned subscribers)
{
    size_t n = registry->n_organisations;
    Signalbox__V1__Organisation **all = need_memory(arena_alloc(arena, (n + MORE) * sizeof *all));
    size_t before = 0;
    while (before < n && strcmp(registry->organisations[before]->id, hostile_organisation(arena, 0)) < 0)
        before++;
    memcpy(all, registry->organisations, before * sizeof *all);
    for (unsigned i = 0; i < MORE; i++)
        (all[before + i] = one_more(arena, i, i < subscribers))->number = (uint32_t)(n + i);
    memcpy(all + before + MORE, registry->organisations + before, (n - before) * sizeof *all);
    registry->organisations = all;
    registry->n_organisations = n + MORE;
}

struct snapshot *hostile_snapshot(unsigned subscribers)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    kit_organisation(registry, "catch22")->keys[0]->valid_to_unix_ms = KIT_NOW_MS - 1;
    kit_organisation(registry, "lb-hackney")->keys[0]->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED;
    kit_organisation(registry, "lb-hackney")->keys[0]->revoked_unix_ms = KIT_NOW_MS - 1;
    add_organisations(&arena, registry, subscribers);
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), kit_subscribe_all(&arena, registry),
        registry->n_organisations, registry->n_organisations, &error);
    if (!snapshot)
        abort();
    arena_deinit(&arena);
    return snapshot;
}
