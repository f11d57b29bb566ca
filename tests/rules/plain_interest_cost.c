// SPDX-License-Identifier: Apache-2.0
// What facts, release and interest cost for an item, by number of subscriptions, told in bytes that SHA-256 hashes in
// as long. Fails if one is above its limit, which is the same for any number of subscriptions, but for those that are
// all of one force.
#include "hub/decide/interest_match.h"
#include "tests/kit/core/cost.h"
#include "tests/kit/core/random_world.h"
#include <stdio.h>

#define ITEMS  512
#define ROUNDS 4 // of all items, a turn

// Bytes hashed, an item.
#define FACTS_LIMIT    1000.0
#define RELEASE_LIMIT  800.0
#define INTEREST_LIMIT 250.0
#define CROWDED_LIMIT  6000.0 // 100,000 subscriptions of one force, all of which are asked

struct costs {
    struct cost facts, release, interest;
    double cleared, wanted; // forces an item
};

static size_t count(struct org_set set)
{
    return org_set_count(&set);
}

struct place {
    const struct snapshot *snapshot;
    struct kit_item **items;
    struct facts facts[ITEMS];
    struct release release[ITEMS];
    size_t wanted;
};

static void make_facts(struct place *place)
{
    for (size_t i = 0; i < ITEMS; i++)
        place->facts[i] = random_world_facts(place->snapshot, place->items[i]);
}

static void plan_releases(struct place *place)
{
    for (size_t i = 0; i < ITEMS; i++)
        release_plan(place->snapshot, &place->facts[i], SIGNALBOX__V1__STANDING__STANDING_RELEASED, &place->release[i]);
}

static void match_interests(struct place *place)
{
    static uint64_t revisions[ORGANISATIONS_MAX];
    place->wanted = 0;
    for (size_t i = 0; i < ITEMS; i++)
        place->wanted += count(interest_match(place->snapshot, &place->facts[i], place->release[i].cleared, revisions));
}

static void measure(struct cost *cost, struct place *place, void (*work)(struct place *place), double limit)
{
    cost_begin(cost, limit * ITEMS * ROUNDS);
    while (cost_again(cost)) {
        cost_start(cost);
        for (size_t i = 0; i < ROUNDS; i++)
            work(place);
        cost_stop(cost);
    }
}

// Reports only: guidance goes to everybody, and its cost is that of the list.
static void make_reports(struct arena *arena, struct kit_random *random, struct kit_item **items)
{
    for (size_t i = 0; i < ITEMS;) {
        items[i] = random_world_item(arena, random);
        if (items[i]->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT)
            i++;
    }
}

// The worst that subscriptions can be: all of one force, each for one force, one theme and one strand, so that few ask
// for an item.
static void crowd(struct arena *arena, struct kit_random *random, const struct subscription_row *rows, size_t n)
{
    static const char *const themes[] = {
        "missing-people", "modern-slavery", "drugs", "csea", "gangs", "serious-violence", "weapons"};
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__Subscription *row = (Signalbox__V1__Subscription *)rows[i].subscription;
        const char *named = arena_printf(arena, "force-%02u", (unsigned)kit_below(random, RANDOM_WORLD_FORCES));
        kit_set_text(arena, &row->force, "nclcc");
        kit_set_texts(arena, &row->n_forces, &row->forces, &named, 1);
        kit_set_texts(arena, &row->n_themes, &row->themes, &themes[kit_below(random, 7)], 1);
        row->strands = arena_alloc(arena, sizeof *row->strands);
        row->strands[0] = (Signalbox__V1__Strand)(1 + kit_below(random, 4));
        row->n_strands = 1;
        row->withdrawn = false;
    }
}

static double an_item(const struct cost *cost)
{
    return cost->hashed / (ITEMS * ROUNDS);
}

static bool print_costs(size_t n, bool crowded, const struct costs *costs)
{
    bool well = cost_kept(&costs->facts) && cost_kept(&costs->release) && cost_kept(&costs->interest);
    printf("%13zu %10s %9.0f %11.0f %12.0f %9.2f %8.2f%s\n", n, crowded ? "one force" : "mixed", an_item(&costs->facts),
        an_item(&costs->release), an_item(&costs->interest), costs->cleared, costs->wanted, well ? "" : "  TOO MUCH");
    return well;
}

static bool check(size_t n, bool crowded)
{
    static struct place place;
    static struct kit_item *items[ITEMS];
    struct kit_random random = {1};
    struct arena arena;
    struct costs costs = {0};
    arena_init(&arena, 0);
    make_reports(&arena, &random, items);
    struct subscription_row *rows = random_world_subscriptions(&arena, &random, n);
    if (crowded)
        crowd(&arena, &random, rows, n);
    struct snapshot *snapshot = random_world_snapshot(&arena, rows, n);
    place.snapshot = snapshot;
    place.items = items;
    measure(&costs.facts, &place, make_facts, FACTS_LIMIT);
    measure(&costs.release, &place, plan_releases, RELEASE_LIMIT);
    measure(&costs.interest, &place, match_interests, crowded ? CROWDED_LIMIT : INTEREST_LIMIT);
    for (size_t i = 0; i < ITEMS; i++)
        costs.cleared += (double)count(place.release[i].cleared) / ITEMS;
    costs.wanted = (double)place.wanted / ITEMS;
    bool well = print_costs(n, crowded, &costs);
    snapshot_free(snapshot);
    arena_deinit(&arena);
    return well;
}

int main(void)
{
    static const size_t sizes[] = {100, 1000, 10000, 100000};
    bool well = true;
    printf("%13s %10s %9s %11s %12s %9s %8s\n", "subscriptions", "of", "facts", "release", "interest", "cleared",
        "wanted");
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++)
        well &= check(sizes[i % 4], i >= 4);
    return well ? 0 : 1;
}
