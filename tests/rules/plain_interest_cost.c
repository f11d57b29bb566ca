// SPDX-License-Identifier: Apache-2.0
// What interest and release cost for an item, and compiling for a snapshot, by number of subscriptions. Prints; judges
// nothing.
#include "tests/kit/core/random_world.h"
#include "hub/decide/interest_match.h"
#include <stdio.h>
#include <time.h>

#define ITEMS  512
#define ROUNDS 200

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

struct costs {
    double compile_ms, facts_ns, release_ns, interest_ns;
    double cleared, wanted; // forces an item
};

static size_t count(struct org_set set)
{
    size_t n = 0;
    for (unsigned org = org_set_next(&set, 0); org < ORGANISATIONS_MAX; org = org_set_next(&set, org + 1))
        n++;
    return n;
}

static void measure(const struct snapshot *snapshot, Signalbox__V1__Header *const *headers, struct costs *costs)
{
    static struct facts facts[ITEMS];
    static struct release release[ITEMS];
    static uint64_t revisions[ORGANISATIONS_MAX];
    double n = (double)ITEMS * ROUNDS;
    double start = now_ns();
    for (size_t i = 0; i < ITEMS * ROUNDS; i++)
        facts[i % ITEMS] = random_world_facts(snapshot, headers[i % ITEMS]);
    double after_facts = now_ns();
    for (size_t i = 0; i < ITEMS * ROUNDS; i++)
        release_plan(snapshot, &facts[i % ITEMS], &release[i % ITEMS]);
    double after_release = now_ns();
    for (size_t i = 0; i < ITEMS * ROUNDS; i++)
        interest_match(snapshot->interest, &facts[i % ITEMS], release[i % ITEMS].cleared, revisions);
    costs->interest_ns = (now_ns() - after_release) / n;
    costs->release_ns = (after_release - after_facts) / n;
    costs->facts_ns = (after_facts - start) / n;
    for (size_t i = 0; i < ITEMS; i++) {
        costs->cleared += (double)count(release[i].cleared) / ITEMS;
        costs->wanted +=
            (double)count(interest_match(snapshot->interest, &facts[i], release[i].cleared, revisions)) / ITEMS;
    }
}

// Reports only: guidance goes to everybody, and its cost is that of the list.
static void make_reports(struct arena *arena, struct kit_random *random, Signalbox__V1__Header **headers)
{
    for (size_t i = 0; i < ITEMS;) {
        headers[i] = random_world_header(arena, random);
        if (headers[i]->kind == SIGNALBOX__V1__KIND__KIND_REPORT)
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

static void run(size_t n, bool crowded)
{
    struct kit_random random = {1};
    struct arena arena;
    struct costs costs = {0};
    static Signalbox__V1__Header *headers[ITEMS];
    arena_init(&arena, 0);
    make_reports(&arena, &random, headers);
    struct subscription_row *rows = random_world_subscriptions(&arena, &random, n);
    if (crowded)
        crowd(&arena, &random, rows, n);
    double start = now_ns();
    struct snapshot *snapshot = random_world_snapshot(&arena, rows, n);
    costs.compile_ms = (now_ns() - start) / 1e6;
    measure(snapshot, headers, &costs);
    printf("%13zu %10s %11.1f %9.0f %11.0f %12.0f %9.2f %8.2f\n", n, crowded ? "one force" : "mixed", costs.compile_ms,
        costs.facts_ns, costs.release_ns, costs.interest_ns, costs.cleared, costs.wanted);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

int main(void)
{
    static const size_t sizes[] = {100, 1000, 10000, 100000};
    printf("%13s %10s %11s %9s %11s %12s %9s %8s\n", "subscriptions", "of", "compile ms", "facts ns", "release ns",
        "interest ns", "cleared", "wanted");
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++)
        run(sizes[i % 4], i >= 4);
    return 0;
}
