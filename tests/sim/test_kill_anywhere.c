// SPDX-License-Identifier: Apache-2.0
// The same history again and again, killed at each call of the bus in turn: just before the call has its effect, and
// just after. What was lost on the way must not show: what each lane put on each feed is the undisturbed run's, byte
// for byte.
#include "tests/kit/loop/check.h"
#include "tests/kit/loop/scenario.h"
#include <criterion/criterion.h>

#define RECORDS 48
#define LANES   2
#ifdef KIT_SLOW
#define EVERY 5 // call
#else
#define EVERY 1
#endif

struct death {
    uint64_t at;
    enum model_fault how;
};

static enum model_fault die(void *context, const struct model_moment *moment)
{
    const struct death *death = context;
    return moment->nth == death->at ? death->how : MODEL_FINE;
}

// Plays the history with a worker that dies, and one that takes over. Gives how many calls the first one made.
static uint64_t play(struct scenario *scenario, struct death *death, struct check *check, const char **error)
{
    struct world world;
    world_init(&world, LANES, scenario->snapshots[0]);
    world.settings.batch_records = 8;
    world.settings.snapshot_entries = 200;
    scenario_play(scenario, &world, 0, scenario->n);
    struct world_worker *worker = world_join(&world);
    model_set_fault(worker->bus, die, death);
    world_share(&world);
    world_settle(&world);
    uint64_t calls = model_calls(worker->bus);
    if (model_crashed(worker->bus)) {
        world_leave(&world, worker);
        worker = world_join(&world);
        world_share(&world);
        world_settle(&world);
    }
    *check = (struct check){.allowed = scenario_allows, .context = scenario};
    bool holds = check_world(&world, check);
    *error = holds ? NULL : check->error;
    if (*worker_error(worker->worker)->text)
        cr_log_error("worker: %s", worker_error(worker->worker)->text);
    world_deinit(&world);
    return calls;
}

static void kill_everywhere(bool forwards)
{
    struct scenario scenario;
    struct check calm, check;
    const char *error;
    struct death never = {0};
    scenario_init(&scenario, 7, RECORDS, LANES, forwards);
    uint64_t calls = play(&scenario, &never, &calm, &error), aborted = 0;
    cr_assert_null(error, "undisturbed: %s", error);
    cr_assert(calm.accepted > 20 && calm.duplicates > 3 && calm.refused > 2 && (calm.forwarded > 3) == forwards,
        "%lu accepted, %lu duplicates, %lu refused, %lu forwarded", calm.accepted, calm.duplicates, calm.refused,
        calm.forwarded);
    for (uint64_t at = 1; at <= calls; at += EVERY)
        for (enum model_fault how = MODEL_CRASH_BEFORE; how <= MODEL_CRASH_AFTER; how++) {
            struct death death = {at, how};
            play(&scenario, &death, &check, &error);
            cr_assert_null(error, "killed %s call %lu: %s", how == MODEL_CRASH_BEFORE ? "before" : "after",
                (unsigned long)at, error);
            cr_assert(check.accepted == calm.accepted && check.deliveries == calm.deliveries, "killed at call %lu",
                (unsigned long)at);
            if (!forwards)
                cr_assert(memcmp(&check.feeds, &calm.feeds, sizeof calm.feeds) == 0, "killed at call %lu: feeds differ",
                    (unsigned long)at);
            aborted += check.aborted_records;
        }
    cr_log_info("%lu calls, %lu aborted feed records", (unsigned long)calls, (unsigned long)aborted);
    cr_assert(calls > 200 && aborted > 1000 / EVERY, "the runs were too quiet to show anything");
    scenario_deinit(&scenario);
}

Test(kill_anywhere, leaves_every_feed_as_if_nothing_had_happened)
{
    kill_everywhere(false);
}

Test(kill_anywhere, loses_no_forwarded_record_and_doubles_none)
{
    kill_everywhere(true);
}
