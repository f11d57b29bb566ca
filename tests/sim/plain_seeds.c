// SPDX-License-Identifier: Apache-2.0
// Runs made from seeds: workers join, die, are paused past their session and woken; commits are lost with and without
// effect and land late; calls fail; control data change; records come all the while. Then everything heals, and
// everything must be true. A seed always makes the same run.
//
//     sim_plain_seeds [FIRST [COUNT]]
#include "tests/kit/loop/check.h"
#include "tests/kit/core/random.h"
#include "tests/kit/loop/scenario.h"
#include <stdio.h>
#include <stdlib.h>

#define SCENARIOS 8
#define RECORDS   64
#define ACTIONS   500
#ifdef KIT_SLOW
#define SEEDS 150
#else
#define SEEDS 1500
#endif

struct run {
    struct world world;
    struct kit_random random;
    struct scenario *scenario;
    size_t played;
    unsigned trouble; // faults in ten thousand calls
    bool healed;
};

static struct scenario scenarios[SCENARIOS];
static struct {
    uint64_t runs, aborted, deaths, pauses, lost, applied, delayed, duplicates, forwarded, takeovers, changes;
} seen;

static enum model_fault trouble(void *context, const struct model_moment *moment)
{
    struct run *run = context;
    bool commit = moment->call == MODEL_CALL_COMMIT;
    if (run->healed || kit_below(&run->random, 10000) >= (commit ? 8 * run->trouble : run->trouble))
        return MODEL_FINE;
    if (commit) {
        enum model_fault fates[] = {MODEL_LOSE, MODEL_LOSE_APPLIED, MODEL_LOSE_DELAYED};
        uint64_t fate = kit_below(&run->random, 3);
        seen.lost += fate == 0;
        seen.applied += fate == 1;
        seen.delayed += fate == 2;
        return fates[fate];
    }
    if (moment->call == MODEL_CALL_POLL || moment->call == MODEL_CALL_TOPIC || moment->call >= MODEL_CALL_ABORT)
        return MODEL_FINE;
    return MODEL_LOSE;
}

static struct world_worker *pick(struct run *run)
{
    return &run->world.workers[kit_below(&run->random, run->world.n_workers)];
}

static size_t present(const struct run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->world.n_workers; i++)
        n += !run->world.workers[i].away;
    return n;
}

static void join(struct run *run)
{
    if (run->world.n_workers < 4)
        model_set_fault(world_join(&run->world)->bus, trouble, run);
    if (present(run) == 0)
        run->world.workers[0].away = false;
    world_share(&run->world);
}

static void kill(struct run *run)
{
    struct world_worker *worker = pick(run);
    model_crash(worker->bus);
    world_leave(&run->world, worker);
    seen.deaths++;
    join(run);
}

// Past its session: the others take over, while it still believes that it owns its lanes.
static void pause_one(struct run *run)
{
    struct world_worker *worker = pick(run);
    if (worker->away)
        return;
    worker->away = true;
    model_expel(worker->bus, (unsigned)kit_below(&run->random, 40));
    seen.pauses++;
    if (present(run) == 0)
        join(run);
    else
        world_share(&run->world);
}

static void wake_all(struct run *run)
{
    for (size_t i = 0; i < run->world.n_workers; i++)
        run->world.workers[i].away = false;
}

static void change_control(struct run *run)
{
    size_t at = 0;
    while (run->world.snapshot != run->scenario->snapshots[at])
        at++;
    if (at + 1 < SCENARIO_SNAPSHOTS) {
        run->world.snapshot = run->scenario->snapshots[at + 1];
        seen.changes++;
    }
}

static void send_some(struct run *run)
{
    size_t to = run->played + 1 + kit_below(&run->random, 6);
    scenario_play(run->scenario, &run->world, run->played, to);
    run->played = to;
}

static bool turn_some(struct run *run)
{
    struct world_worker *worker = pick(run);
    for (uint64_t n = kit_below(&run->random, 12); n > 0 && !worker->away; n--)
        if (!world_turn(worker)) {
            fprintf(stderr, "a worker gave up: %s\n", worker_error(worker->worker)->text);
            return false;
        }
    return true;
}

static bool act(struct run *run)
{
    uint64_t dice = kit_below(&run->random, 1000);
    if (dice < 100)
        send_some(run);
    else if (dice < 108)
        join(run);
    else if (dice < 120)
        kill(run);
    else if (dice < 132)
        pause_one(run);
    else if (dice < 150)
        wake_all(run);
    else if (dice < 156)
        change_control(run);
    else if (dice < 160)
        *model_clock(run->world.model) += (int64_t)kit_below(&run->random, 3 * 3600 * 1000);
    else
        return turn_some(run);
    return true;
}

static void begin(struct run *run, uint64_t seed)
{
    *run = (struct run){.random = {seed * 0x9e3779b97f4a7c15u + 1}, .scenario = &scenarios[seed % SCENARIOS]};
    world_init(&run->world, run->scenario->lanes, run->scenario->snapshots[0]);
    run->world.settings.batch_records = 1 + (uint32_t)kit_below(&run->random, 24);
    run->world.settings.snapshot_entries = 5 + 64 * kit_below(&run->random, 8);
    run->trouble = (unsigned)kit_below(&run->random, 4) * 60; // a quarter of all runs has no lost calls
    model_check_generation(run->world.model, kit_below(&run->random, 2));
    join(run);
}

static bool heal(struct run *run)
{
    run->healed = true;
    wake_all(run);
    scenario_play(run->scenario, &run->world, run->played, run->scenario->n);
    world_share(&run->world);
    world_settle(&run->world);
    for (size_t i = 0; i < run->world.n_workers; i++)
        if (*worker_error(run->world.workers[i].worker)->text) {
            fprintf(stderr, "a worker gave up: %s\n", worker_error(run->world.workers[i].worker)->text);
            return false;
        }
    return true;
}

static void remember(const struct run *run, const struct check *check)
{
    seen.runs++;
    seen.aborted += check->aborted_records;
    seen.duplicates += check->duplicates;
    seen.forwarded += check->forwarded;
    for (size_t i = 0; i < run->world.n_workers; i++)
        seen.takeovers += run->world.workers[i].counters->lanes_opened_total;
}

static bool run_seed(uint64_t seed)
{
    struct run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    begin(run, seed);
    bool goes_on = true;
    for (int i = 0; goes_on && i < ACTIONS; i++)
        goes_on = act(run);
    struct check check = {.allowed = scenario_allows, .context = run->scenario};
    bool holds = goes_on && heal(run) && check_world(&run->world, &check);
    if (!holds)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, check.error);
    remember(run, &check);
    world_deinit(&run->world);
    free(run);
    return holds;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : SEEDS,
             failed = 0;
    for (uint32_t i = 0; i < SCENARIOS; i++)
        scenario_init(&scenarios[i], 100 + i, RECORDS, 1 + i % 4, i % 2);
    for (uint64_t seed = first; seed < first + count && failed < 5; seed++)
        failed += !run_seed(seed);
    for (uint32_t i = 0; i < SCENARIOS; i++)
        scenario_deinit(&scenarios[i]);
    printf("seeds %llu to %llu: %llu runs, %llu failed; %llu deaths, %llu pauses, %llu lanes taken, commits lost %llu "
           "without "
           "effect, %llu with, %llu late, %llu control changes, %llu aborted feed records, %llu duplicates, %llu "
           "forwarded\n",
        (unsigned long long)first, (unsigned long long)(first + count - 1), (unsigned long long)seen.runs,
        (unsigned long long)failed, (unsigned long long)seen.deaths, (unsigned long long)seen.pauses,
        (unsigned long long)seen.takeovers, (unsigned long long)seen.lost, (unsigned long long)seen.applied,
        (unsigned long long)seen.delayed, (unsigned long long)seen.changes, (unsigned long long)seen.aborted,
        (unsigned long long)seen.duplicates, (unsigned long long)seen.forwarded);
    bool quiet =
        count >= 100 && (seen.deaths < count || seen.pauses < count || seen.aborted < count || seen.lost * 20 < count ||
                            seen.applied * 20 < count || seen.delayed * 20 < count || seen.forwarded < count);
    if (quiet)
        fprintf(stderr, "the runs were too quiet to show anything\n");
    return failed || quiet ? 1 : 0;
}
