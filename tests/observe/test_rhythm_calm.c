// SPDX-License-Identifier: Apache-2.0
// The promise about false verdicts, on a year of every kind of traffic, several times: clock changes, bank holidays,
// growth, mistakes in heaps. Judged when it hurts most: just before a pause ends, and every ten minutes.
#include "tests/kit/health/traffic.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define FIRST_MS INT64_C(1751328000000) // 2025-07-01 00:00 UTC
#define WEEK_MS  (7 * KIT_DAY_MS)
#define WEEKS    52
#define SEEDS    4

struct tally {
    unsigned verdicts[VERDICT_COUNT];
    unsigned all, weeks;
};

struct run {
    struct rhythm *rhythm;
    struct arena arena;
    enum verdict before;
    int64_t seen_ms[VERDICT_COUNT]; // when each was told last
    struct tally *tally;
    const char *kind;
    uint64_t seed;
};

static void judge(struct run *run, int64_t now_ms)
{
    struct rhythm_settings settings = {.silent_after_ms = KIT_DAY_MS, .known_since_ms = FIRST_MS};
    struct source_health health = {0};
    if (now_ms < FIRST_MS + 2 * WEEK_MS)
        return;
    arena_reset(&run->arena);
    rhythm_judge(run->rhythm, &settings, now_ms, &run->arena, &health);
    enum verdict verdict = health.finding.verdict;
    if (verdict_severity(verdict) == SEVERITY_OK)
        return;
    if (run->seen_ms[verdict] == 0 || now_ms - run->seen_ms[verdict] > KIT_HOUR_MS) {
        run->tally->verdicts[verdict]++;
        run->tally->all++;
        fprintf(stderr, "    %s, seed %u, week %.1f: %s %s\n", run->kind, (unsigned)run->seed,
            (double)(now_ms - FIRST_MS) / (double)WEEK_MS, verdict_row(verdict)->id, health.finding.numbers);
    }
    run->seen_ms[verdict] = now_ms;
}

static void live_a_year(enum kit_traffic_kind kind, uint64_t seed, struct tally *tally)
{
    struct run run = {.rhythm = rhythm_new(), .tally = tally, .kind = kit_traffic_names[kind], .seed = seed};
    static struct kit_traffic traffic;
    struct rhythm_event event;
    int64_t last_ms = FIRST_MS;
    arena_init(&run.arena, 0);
    kit_traffic_begin(&traffic, kind, seed, FIRST_MS);
    for (kit_traffic_next(&traffic, &event); event.at_ms < FIRST_MS + WEEKS * WEEK_MS;
         kit_traffic_next(&traffic, &event)) {
        for (int64_t tick = last_ms - last_ms % 600000 + 600000; tick < event.at_ms; tick += 600000)
            judge(&run, tick);
        if (event.at_ms - last_ms > 180000)
            judge(&run, event.at_ms);
        rhythm_take(run.rhythm, &event);
        last_ms = event.at_ms;
    }
    tally->weeks += WEEKS - 2;
    run.rhythm = rhythm_free(run.rhythm);
    arena_deinit(&run.arena);
}

Test(rhythm_calm, healthy_traffic_of_every_kind_raises_no_more_false_verdicts_than_promised, .timeout = 300)
{
    struct tally all = {0};
    for (unsigned kind = 0; kind < KIT_TRAFFIC_KINDS; kind++) {
        struct tally tally = {0};
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            live_a_year((enum kit_traffic_kind)kind, seed, &tally);
        all.all += tally.all;
        all.weeks += tally.weeks;
        printf("%-10s %u false verdicts in %u agency-weeks\n", kit_traffic_names[kind], tally.all, tally.weeks);
        cr_expect_leq(
            tally.all * RHYTHM_FALSE_WEEKS, tally.weeks * 2, "%s alone: %u", kit_traffic_names[kind], tally.all);
    }
    printf("all        %u false verdicts in %u agency-weeks: one in %.0f; promised is one in %d\n", all.all, all.weeks,
        (double)all.weeks / (all.all ? all.all : 1), RHYTHM_FALSE_WEEKS);
    cr_expect_leq(all.all * RHYTHM_FALSE_WEEKS, all.weeks);
}
