// SPDX-License-Identifier: Apache-2.0
// What a hostile value costs the core, and what becomes of it. Prints a line for each: outcome, time of this thread and
// what SHA-256 hashes in as long, growth of arena and heap. Fails if an outcome, a path or what is kept of a value is
// not as its row says, or if one costs more than LIMIT_HASHED or 4 MiB beside the copies that an accepted item asks
// for.
#include "tests/kit/core/cost.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "tests/kit/core/hostile.h"
#include <malloc.h>
#include <stdio.h>

#define LANES 4
// As long as SHA-256 takes for so much: a millisecond where the dearest of these values, which is hashed whole, took
// 0.89 of one. It is five times the largest value that is looked into.
#define LIMIT_HASHED (1.28 * MIB)
#define LIMIT_BYTES  ((size_t)4 << 20)
#define MIB          (1u << 20)
#define REMEMBERED   100000

struct bench {
    struct snapshot *snapshot;
    struct memory memory;
};

// What one run showed.
struct run {
    struct decision decision;
    size_t bytes;
    // bytes that are written for forces that may not have all parts: what was asked for, not what it costs
    size_t copies;
};

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

// A lane that has seen a day's traffic: each item has a row, and a mark of what it says.
static struct bench bench_new(void)
{
    struct bench bench = {.snapshot = hostile_snapshot(128)};
    bench.memory =
        (struct memory){.roots = proof_cache_new(64), .lanes = LANES, .sequence = REMEMBERED, .secret = secret};
    if (!memory_init(&bench.memory))
        exit(1);
    for (uint64_t i = 1; i <= REMEMBERED; i++) {
        struct digest digest = digest_of(slice_of(&i, sizeof i));
        uint8_t row[ITEM_ROW_BYTES], content[MEMORY_CONTENT_VALUE_BYTES] = {0};
        item_row_pack(&(struct item_row){.sequence = i, .revision = 1}, row);
        content[0] = 1; // the day
        if (!memory_put(&bench.memory, MEMORY_ITEM, digest.bytes, row) ||
            !memory_put(&bench.memory, MEMORY_CONTENT, digest.bytes + ITEM_KEY_BYTES, content))
            exit(1);
    }
    if (!memory_merge(&bench.memory))
        exit(1);
    return bench;
}

static void decide(struct bench *bench, const struct record *record, struct arena *arena, struct decision *decision)
{
    bench->memory.lane = record->lane;
    step(bench->snapshot, &bench->memory, record, arena, decision);
}

static size_t copied(const struct decision *decision)
{
    size_t bytes = 0;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        const struct delivery *delivery = &decision->deliveries[i];
        bool shared = delivery->whole;
        for (size_t j = 0; j < i && !shared; j++)
            shared = decision->deliveries[j].value.data == delivery->value.data;
        bytes += shared ? 0 : delivery->value.len;
    }
    return bytes;
}

// One run from a lane that knows nothing of this value but what was taken in before it. The arena is new: what it asks
// of the heap is seen there as well.
static struct run run_once(struct bench *bench, const struct hostile *hostile, struct arena *arena, struct cost *cost)
{
    struct run run;
    memory_forget(&bench->memory);
    bench->memory.roots = proof_cache_free(bench->memory.roots);
    bench->memory.roots = proof_cache_new(64);
    bench->memory.sequence = REMEMBERED;
    if (hostile->before.value.len)
        decide(bench, &hostile->before, arena, &run.decision);
    size_t used = arena->used_bytes, heap = mallinfo2().uordblks + mallinfo2().hblkhd;
    cost_start(cost);
    decide(bench, &hostile->record, arena, &run.decision);
    cost_stop(cost);
    size_t grown = mallinfo2().uordblks + mallinfo2().hblkhd - heap;
    used = arena->used_bytes - used;
    run.bytes = grown > used ? grown : used;
    run.copies = copied(&run.decision);
    return run;
}

static bool as_it_should(const struct hostile *hostile, const struct decision *decision)
{
    const char *path = outcome_row(decision->outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED
                           ? decision->refusal.path
                           : "";
    bool kept = !hostile->spilt && hostile->record.value.len <= STEP_KEPT_BYTES;
    if (decision->outcome == hostile->outcome && strcmp(path, hostile->path) == 0 && decision->keep_value == kept &&
        decision->spill == hostile->spilt)
        return true;
    printf("    expected %s at \"%s\"%s; it is at \"%s\", %s\n", outcome_row(hostile->outcome)->code, hostile->path,
        hostile->spilt ? ", nothing kept" : "", path, decision->keep_value ? "kept" : "nothing kept");
    return false;
}

static void print_row(const struct hostile *hostile, const struct run *run, size_t bytes, const struct cost *cost)
{
    printf("%-46s %7zu bytes  %-20s %8.1f us = SHA-256 of %5.0f kB %9zu bytes", hostile->name,
        hostile->record.value.len, outcome_row(run->decision.outcome)->code, cost->least_us, cost->hashed / 1e3, bytes);
    if (run->copies)
        printf(", of them %zu in copies", run->copies);
}

static bool check(struct bench *bench, size_t i)
{
    struct arena items, arena;
    struct hostile hostile;
    struct cost cost;
    struct run run = {.bytes = 0};
    size_t bytes = 0;
    bool well = true;
    arena_init(&items, 0);
    hostile_make(&items, i, LANES, &hostile);
    cost_begin(&cost, LIMIT_HASHED);
    while (cost_again(&cost)) {
        arena_init(&arena, 0);
        run = run_once(bench, &hostile, &arena, &cost);
        well &= cost.turns > 1 ? run.decision.outcome == hostile.outcome : as_it_should(&hostile, &run.decision);
        bytes = run.bytes > bytes ? run.bytes : bytes;
        cost_allow(&cost, LIMIT_HASHED * (1 + (double)run.copies / MIB)); // a copy takes its bytes and its time
        arena_deinit(&arena);
    }
    // A copy at worst takes as many bytes again at the end of a block.
    well &= cost_kept(&cost) && bytes <= LIMIT_BYTES + 2 * run.copies;
    print_row(&hostile, &run, bytes, &cost);
    printf("%s\n", well ? "" : "  UNEXPECTED");
    arena_deinit(&items);
    return well;
}

int main(void)
{
    struct bench bench = bench_new();
    size_t wrong = 0, n = hostile_count();
    for (size_t i = 0; i < n; i++)
        wrong += !check(&bench, i);
    printf("%zu hostile values, %zu not as they should be\n", n, wrong);
    memory_deinit(&bench.memory);
    proof_cache_free(bench.memory.roots);
    snapshot_free(bench.snapshot);
    return n >= 50 && wrong == 0 ? 0 : 1;
}
