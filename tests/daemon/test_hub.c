// SPDX-License-Identifier: Apache-2.0
// What a hub does before it has asked any broker.
#include "hub/daemon/hub.h"
#include <criterion/criterion.h>
#include <unistd.h>

struct said {
    unsigned problems, sums;
    char last[ERROR_BYTES];
};

static void on_problem(void *context, const struct error *error)
{
    struct said *said = context;
    said->problems++;
    snprintf(said->last, sizeof said->last, "%s", error->text);
}

static bool on_done(void *context, const struct counters *sum)
{
    (void)sum;
    ((struct said *)context)->sums++;
    return true;
}

static enum hub_end run_hub(const char *property, bool stopped, struct said *said)
{
    const char *const properties[] = {property};
    const struct kafka_settings kafka = {
        .bootstrap = "127.0.0.1:1", .prefix = "", .properties = properties, .n_properties = property ? 1 : 0};
    atomic_bool stop = stopped;
    const struct hub_settings settings = {
        .kafka = &kafka, .version = "test", .stop = &stop, .problem = on_problem, .done = on_done, .context = said};
    *said = (struct said){0};
    return hub_run(&settings);
}

Test(hub, who_is_stopped_before_the_start_looks_at_nothing_and_says_nothing)
{
    struct said said;
    cr_expect_eq(run_hub("no.such.property=1", true, &said), HUB_END_STOPPED);
    cr_expect_eq(said.problems + said.sums, 0);
}

Test(hub, settings_that_no_broker_can_be_asked_with_are_told_from_all_other_problems)
{
    struct said said;
    cr_expect_eq(run_hub("no.such.property=1", false, &said), HUB_END_SETTINGS);
    cr_expect_eq(said.problems, 1);
    cr_expect_eq(said.sums, 0);
    cr_expect(strstr(said.last, "no.such.property"), "%s", said.last);
}

Test(hub, workers_are_as_many_as_asked_for_or_as_processors_but_no_more_than_lanes)
{
    struct kafka_settings kafka = {.bootstrap = "127.0.0.1:1"};
    struct hub_settings settings = {.kafka = &kafka, .workers = 3};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    cr_expect_eq(hub_worker_count(&settings, 1), 3);
    settings.workers = 0;
    cr_expect_eq(hub_worker_count(&settings, 1), 1);
    cr_expect_eq(hub_worker_count(&settings, UINT32_MAX), processors < 64 ? (unsigned)processors : 1);
    kafka.embedded = true;
    cr_expect_eq(hub_worker_count(&settings, 8), 1);
}
