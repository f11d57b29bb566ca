// SPDX-License-Identifier: Apache-2.0
// What a decision costs by the number of registered organisations: the same reports, which go to the same forces, among
// 110 and among 1,000. Fails if the many cost more than LIMIT times what the few do, or if the decisions differ.
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "hub/decide/memory.h"
#include "hub/decide/step.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/cost.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/random_world.h"
#include <stdio.h>
#include <stdlib.h>

#define ITEMS 512
#define BATCH 64
#define LIMIT 1.05

struct country {
    struct snapshot *snapshot;
    struct memory memory;
    struct arena arena;
    struct decision decisions[ITEMS];
    struct cost cost;
};

static void *need(void *made)
{
    if (!made)
        abort();
    return made;
}

static void country_init(struct country *country, size_t registered, uint32_t between)
{
    struct error error;
    struct kit_random random = {7};
    arena_init(&country->arena, 0);
    Signalbox__V1__Registry *registry = random_world_registry(&country->arena);
    kit_give_key(&country->arena, kit_organisation(registry, "force-03"));
    random_world_grow(&country->arena, registry, registered, between);
    country->snapshot = need(snapshot_new(registry, random_world_policy(&country->arena),
        random_world_subscriptions(&country->arena, &random, 1000), 1000, 1000, &error));
    static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};
    country->memory = (struct memory){.roots = need(proof_cache_new(64)), .lanes = 1, .secret = secret};
    if (!memory_init(&country->memory))
        abort();
}

static void country_deinit(struct country *country)
{
    snapshot_free(country->snapshot);
    memory_deinit(&country->memory);
    proof_cache_free(country->memory.roots);
    arena_deinit(&country->arena);
}

static void make_records(struct arena *arena, struct record records[ITEMS])
{
    struct kit_random random = {1};
    for (unsigned first = 0; first < ITEMS; first += BATCH) {
        struct kit_item *items[BATCH];
        struct slice values[BATCH];
        for (unsigned i = 0; i < BATCH; i++) {
            Signalbox__V1__Header *header = (items[i] = kit_report(arena, "force-03", first + i))->header;
            const char *importer = arena_printf(arena, "force-%02u", (unsigned)kit_below(&random, RANDOM_WORLD_FORCES));
            kit_set_exporter(arena, header, "force-03");
            kit_set_texts(arena, &header->n_importer_forces, &header->importer_forces, &importer, 1);
        }
        kit_batch(arena, items, BATCH, values);
        for (unsigned i = 0; i < BATCH; i++)
            records[first + i] = kit_record(arena, items[i], values[i], 1);
    }
}

static void decide_all(struct country *country, const struct record records[ITEMS], struct arena *arena)
{
    arena_reset(arena);
    memory_forget(&country->memory);
    country->memory.sequence = 0;
    cost_start(&country->cost);
    for (size_t i = 0; i < ITEMS; i++)
        step(country->snapshot, &country->memory, &records[i], arena, &country->decisions[i]);
    cost_stop(&country->cost);
}

static const char *receiver(const struct country *country, const struct delivery *delivery)
{
    return registry_row(country->snapshot->registry, delivery->org)->id;
}

// Whether each delivery of the one stands among those of the other.
static bool delivers_same(const struct country *one, const struct country *other, size_t item)
{
    const struct decision *a = &one->decisions[item], *b = &other->decisions[item];
    size_t found = 0;
    for (size_t i = 0; i < a->n_deliveries; i++)
        for (size_t j = 0; j < b->n_deliveries; j++)
            found += strcmp(receiver(one, &a->deliveries[i]), receiver(other, &b->deliveries[j])) == 0;
    return a->outcome == OUTCOME_ACCEPTED && b->outcome == OUTCOME_ACCEPTED && found == a->n_deliveries &&
           a->n_deliveries == b->n_deliveries;
}

static bool compare(uint32_t between, const struct record records[ITEMS])
{
    static struct country few, many;
    struct arena arenas[2];
    bool same = true;
    arena_init(&arenas[0], 0);
    arena_init(&arenas[1], 0);
    country_init(&few, 110, 0);
    country_init(&many, 1000, between);
    cost_begin(&few.cost, 0);
    cost_begin(&many.cost, 0);
    while (cost_again(&many.cost)) {
        decide_all(&few, records, &arenas[0]);
        decide_all(&many, records, &arenas[1]);
        cost_allow(&many.cost, LIMIT * few.cost.hashed);
    }
    for (size_t i = 0; i < ITEMS; i++)
        same &= delivers_same(&few, &many, i);
    bool well = same && cost_kept(&many.cost);
    printf("%8u %14.0f %14.0f %9.3f%s\n", between, few.cost.hashed / ITEMS, many.cost.hashed / ITEMS,
        many.cost.hashed / few.cost.hashed,
        well   ? ""
        : same ? "  TOO MUCH"
               : "  NOT THE SAME");
    country_deinit(&few);
    country_deinit(&many);
    arena_deinit(&arenas[0]);
    arena_deinit(&arenas[1]);
    return well;
}

int main(void)
{
    static struct record records[ITEMS];
    struct arena arena;
    arena_init(&arena, 0);
    make_records(&arena, records);
    printf("What a step costs, in bytes that SHA-256 hashes in as long, the least of all turns.\n\n"
           "%8s %14s %14s %9s\n",
        "between", "110 registered", "1,000", "ratio");
    bool together = compare(0, records), apart = compare(10, records);
    arena_deinit(&arena);
    return together && apart ? 0 : 1;
}
