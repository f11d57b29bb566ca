// SPDX-License-Identifier: Apache-2.0
// The country's registry and policy.
#include "tests/kit/core/random_world.h"
#include "hub/contract/outcome.h"
#include "hub/base/duration.h"
#include <stdio.h>
#include <stdlib.h>

#define OFFICIAL  SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL
#define SENSITIVE SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE

static Signalbox__V1__Organisation *add_organisation(
    struct arena *arena, Signalbox__V1__Registry *registry, const char *id, const char *kind, const char *region)
{
    Signalbox__V1__Organisation *row = arena_alloc(arena, sizeof *row);
    signalbox__v1__organisation__init(row);
    kit_set_text(arena, &row->id, id);
    kit_set_text(arena, &row->name, id);
    kit_set_text(arena, &row->kind, kind);
    kit_set_text(arena, &row->region, region);
    row->clearance = SENSITIVE;
    row->publishes = row->subscribes = true;
    kit_let_sign(arena, row);
    row->number = (uint32_t)registry->n_organisations;
    registry->organisations[registry->n_organisations++] = row;
    return row;
}

static void add_forces(struct arena *arena, Signalbox__V1__Registry *registry)
{
    for (int i = 0; i < RANDOM_WORLD_FORCES; i++)
        add_organisation(arena, registry, arena_printf(arena, "force-%02d", i), "territorial",
            arena_printf(arena, "region-%d", i % RANDOM_WORLD_REGIONS));
    for (int i = 0; i < RANDOM_WORLD_REGIONS; i++) {
        const char *next = arena_printf(arena, "region-%d", (i + 1) % RANDOM_WORLD_REGIONS);
        Signalbox__V1__Organisation *unit = add_organisation(
            arena, registry, arena_printf(arena, "unit-%d", i), "rocu", arena_printf(arena, "region-%d", i));
        if (i % 4 == 0)
            kit_set_texts(arena, &unit->n_listens_to, &unit->listens_to, &next, 1);
    }
    for (int i = 0; i < RANDOM_WORLD_COUNCILS; i++)
        add_organisation(arena, registry, arena_printf(arena, "council-%02d", i), "council", "region-9")->clearance =
            OFFICIAL;
}

static void add_past_and_future(struct arena *arena, Signalbox__V1__Registry *registry)
{
    static const char *const after_first[] = {"past-2"}, *const after_second[] = {"force-00", "force-11"};
    Signalbox__V1__Organisation *first = add_organisation(arena, registry, "past-1", "territorial", "region-3");
    Signalbox__V1__Organisation *second = add_organisation(arena, registry, "past-2", "territorial", "region-4");
    first->valid_to_unix_ms = KIT_NOW_MS - 20 * DAY_MS;
    second->valid_from_unix_ms = KIT_NOW_MS - 20 * DAY_MS;
    second->valid_to_unix_ms = KIT_NOW_MS - 10 * DAY_MS;
    kit_set_texts(arena, &first->n_successors, &first->successors, after_first, 1);
    kit_set_texts(arena, &second->n_successors, &second->successors, after_second, 2);
    add_organisation(arena, registry, "gone", "territorial", "region-5")->valid_to_unix_ms = KIT_NOW_MS;
    add_organisation(arena, registry, "future", "rocu", "region-6")->valid_from_unix_ms = KIT_NOW_MS + 1;
    add_organisation(arena, registry, "silent", "territorial", "region-7")->subscribes = false;
}

Signalbox__V1__Registry *random_world_registry(struct arena *arena)
{
    Signalbox__V1__Registry *registry = arena_alloc(arena, sizeof *registry);
    signalbox__v1__registry__init(registry);
    registry->version = 1;
    registry->deployment_id = (ProtobufCBinaryData){kit_deployment().len, (uint8_t *)(uintptr_t)kit_deployment().data};
    registry->organisations = arena_alloc(arena, ORGANISATIONS_MAX * sizeof(void *));
    add_forces(arena, registry);
    add_organisation(arena, registry, "btp", "special", "national");
    add_organisation(arena, registry, "nca", "agency", "national");
    add_organisation(arena, registry, "nclcc", "agency", "national");
    add_past_and_future(arena, registry);
    return registry;
}

void random_world_grow(struct arena *arena, Signalbox__V1__Registry *registry, size_t n, uint32_t between)
{
    bool taken[ORGANISATION_NUMBERS] = {false};
    uint32_t next = 0;
    for (size_t i = 0; i < registry->n_organisations; i++)
        taken[registry->organisations[i]->number *= 1 + between] = true;
    for (size_t i = registry->n_organisations; i < n; i++) {
        while (taken[next])
            next++;
        Signalbox__V1__Organisation *row =
            add_organisation(arena, registry, arena_printf(arena, "more-%04zu", i), "council", "region-9");
        row->clearance = OFFICIAL;
        row->number = next++;
    }
}

Signalbox__V1__Policy *random_world_policy(struct arena *arena)
{
    static const char *const regions[RANDOM_WORLD_REGIONS + 1] = {"region-0", "region-1", "region-2", "region-3",
        "region-4", "region-5", "region-6", "region-7", "region-8", "region-9", "national"};
    static const char *const kinds[] = {"rocu"};
    Signalbox__V1__Policy *policy = kit_policy(arena);
    kit_set_texts(arena, &policy->n_regions, &policy->regions, regions, RANDOM_WORLD_REGIONS + 1);
    kit_set_texts(arena, &policy->n_region_audience_kinds, &policy->region_audience_kinds, kinds, 1);
    return policy;
}

struct snapshot *random_world_snapshot(struct arena *arena, const struct subscription_row *rows, size_t n)
{
    struct error error;
    struct snapshot *snapshot =
        snapshot_new(random_world_registry(arena), random_world_policy(arena), rows, n, n, &error);
    if (!snapshot) {
        fprintf(stderr, "tests/kit: the country does not compile: %s\n", error.text);
        abort();
    }
    return snapshot;
}

struct facts random_world_facts(const struct snapshot *snapshot, const Signalbox__V1__Header *header)
{
    struct facts facts;
    struct refusal why;
    if (!facts_from_header(snapshot, header, 0, KIT_NOW_MS, &facts, &why)) {
        fprintf(
            stderr, "tests/kit: the country refuses its own item: %s %s\n", outcome_row(why.outcome)->code, why.path);
        abort();
    }
    return facts;
}
