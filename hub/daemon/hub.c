// SPDX-License-Identifier: Apache-2.0
// It starts only on ground that bears: topics as they should be, registry and policy in force. Then workers run until
// they are to stop or one of them breaks; the end is orderly within seconds, or else the process ends at once, which
// the next start is made for.
#include "hub/daemon/hub.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include "hub/control/control.h"
#include "hub/daemon/canaries.h"
#include "hub/daemon/ground.h"
#include "hub/daemon/notify.h"
#include "hub/daemon/pulse_facts.h"
#include "hub/observe/pulse.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_MS   8000
#define TURN_MS    200
#define CONTROL_MS 60000

enum hub_stage { HUB_LOOKS, HUB_LOADS, HUB_RUNS, HUB_ENDS };

struct hub {
    const struct hub_settings *settings;
    _Atomic(enum hub_stage) stage;
    struct health_server *health_server; // NULL: nobody can look on over HTTP
    uint32_t lanes;
    unsigned n_workers;
    struct control *control;
    struct workers *workers;
    struct pulse *pulse;
    struct canaries *canaries;
    struct pulse_facts pulse_facts;
};

// On the embedded broker one worker has all lanes: its group takes nearly a session's length for every change of
// members, and now and then a second one misses the first round.
unsigned hub_worker_count(const struct hub_settings *settings, uint32_t lanes)
{
    long processors = settings->kafka->embedded ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
    unsigned most = processors > 0 && processors < 64 ? (unsigned)processors : 1;
    return settings->workers ? settings->workers : most < lanes ? most : lanes;
}

static enum hub_end say_broken(const struct hub *hub, const struct error *error)
{
    hub->settings->problem(hub->settings->context, error);
    return HUB_END_BROKEN;
}

static void log_status(const struct hub *hub)
{
    struct counters sum;
    workers_counters(hub->workers, &sum);
    struct control_state state = control_state(hub->control);
    log_info("HUB-STATUS",
        "records=%llu deliveries=%llu transactions=%llu aborts=%llu lanes_opened=%llu registry=%llu policy=%llu "
        "subscriptions=%llu control_refused=%llu",
        (unsigned long long)sum.records_total, (unsigned long long)sum.deliveries_total,
        (unsigned long long)sum.transactions_total, (unsigned long long)sum.aborts_total,
        (unsigned long long)sum.lanes_opened_total, (unsigned long long)state.registry_version,
        (unsigned long long)state.policy_version, (unsigned long long)state.subscriptions_version,
        (unsigned long long)state.refused_total);
}

// One line for the service manager: how many lanes run, and what has been done.
static void notify_progress(const struct hub *hub)
{
    struct lane_facts *facts = calloc(hub->lanes, sizeof *facts);
    struct counters sum;
    char line[160];
    size_t running = 0, n = facts ? workers_lanes(hub->workers, facts, hub->lanes) : 0;
    for (size_t i = 0; i < n; i++)
        running += facts[i].stage == LANE_STAGE_RUNNING;
    free(facts);
    workers_counters(hub->workers, &sum);
    snprintf(line, sizeof line, "%zu of %zu lanes run here; %llu records decided, %llu delivered.", running, n,
        (unsigned long long)sum.records_total, (unsigned long long)sum.deliveries_total);
    notify_status(line);
}

// The watchdog hears of the workers' own progress, never of this loop's: a process that turns without getting on is to
// be ended.
static void run_until_stop(struct hub *hub)
{
    int64_t every_ms = hub->settings->status_ms, watchdog_ms = notify_watchdog_ms();
    int64_t status_ms = clock_wall_ms() + every_ms, notify_ms = 0;
    while (!atomic_load(hub->settings->stop) && workers_is_well(hub->workers)) {
        nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
        int64_t now_ms = clock_wall_ms();
        if (watchdog_ms && now_ms >= notify_ms && workers_got_on(hub->workers)) {
            notify_watchdog();
            notify_ms = now_ms + watchdog_ms / 4;
        }
        if (now_ms < status_ms)
            continue;
        log_status(hub);
        notify_progress(hub);
        status_ms = now_ms + every_ms;
    }
}

// Once no worker runs.
static enum hub_end tell_end(const struct hub *hub, bool well)
{
    struct counters sum;
    workers_counters(hub->workers, &sum);
    bool told = hub->settings->done(hub->settings->context, &sum);
    if (!well)
        return say_broken(hub, workers_error(hub->workers));
    return told ? HUB_END_WELL : HUB_END_BROKEN;
}

static enum hub_end end_workers(struct hub *hub)
{
    bool well = workers_is_well(hub->workers);
    atomic_store(&hub->stage, HUB_ENDS);
    log_info("HUB-STOPPING", "well=%s", well ? "yes" : "no");
    notify_stopping("Workers finish their transactions and leave.");
    workers_stop(hub->workers, DRAIN_MS);
    hub->pulse = pulse_stop(hub->pulse); // looks at the workers until then
    hub->canaries = canaries_stop(hub->canaries);
    log_status(hub);
    enum hub_end end = tell_end(hub, well);
    hub->workers = workers_free(hub->workers);
    log_info("HUB-STOPPED", "status=%d", end != HUB_END_WELL);
    return end;
}

// For /readyz, from the server's threads. A process that waits for lanes is ready: it takes over from one that falls.
static bool is_ready(void *context, char *reason, size_t size)
{
    static const char *const reasons[] = {
        [HUB_LOOKS] = "It looks at topics, registry and policy: one of them is not in force yet or not as it must be.",
        [HUB_LOADS] = "It reads control data.",
        [HUB_RUNS] = "",
        [HUB_ENDS] = "It ends.",
    };
    struct hub *hub = context;
    enum hub_stage stage = atomic_load(&hub->stage);
    snprintf(reason, size, "%s", reasons[stage]);
    return stage == HUB_RUNS;
}

// What is beside the lanes never keeps them from running.
static void start_health_server(struct hub *hub)
{
    struct error error;
    if (!hub->settings->health_server)
        return;
    struct health_server_settings settings = *hub->settings->health_server;
    settings.console.ready = is_ready;
    settings.console.context = hub;
    hub->health_server = health_server_start(&settings, &error);
    if (!hub->health_server)
        log_error("HTTP-NOT-LISTENING",
            "why=\"%s\" effect=\"Delivery goes on; there is no health, no metrics and no console from this process.\" "
            "remedy=\"Give --listen another address, or none, and start it again; signalbox console shows the same.\"",
            error.text);
}

static void start_pulse(struct hub *hub)
{
    struct error error;
    const struct pulse_settings settings = {
        .version = hub->settings->version, .fill = pulse_facts_fill, .context = &hub->pulse_facts};
    hub->pulse = pulse_start(hub->settings->kafka, &settings, &error);
    if (!hub->pulse)
        log_error("PULSE-NOT-STARTED", "why=\"%s\"", error.text);
}

static void start_canaries(struct hub *hub)
{
    struct error error;
    if (!hub->settings->canary_key)
        return;
    const struct canaries_settings settings = {.kafka = hub->settings->kafka,
        .control = control_source(hub->control),
        .taker = hub->n_workers,
        .key = hub->settings->canary_key,
        .lanes = hub->lanes,
        .every_ms = hub->settings->canary_ms,
        .board = hub->pulse_facts.board};
    if (hub->pulse_facts.board)
        hub->canaries = canaries_start(&settings, &error);
    else
        error_no_memory(&error, "the canaries");
    if (!hub->canaries)
        log_error("CANARY-NOT-STARTED", "why=\"%s\"", error.text);
}

static enum hub_end start_workers(struct hub *hub)
{
    struct error error;
    struct workers_settings settings = {
        .workers = hub->n_workers, .worker = hub->settings->worker, .bus = hub->settings->bus};
    settings.worker.lanes = settings.bus.lanes = hub->lanes;
    settings.worker.group_witness = !hub->settings->kafka->embedded;
    settings.bus.queue_kbytes /= hub->n_workers;
    if (!control_wait(hub->control, CONTROL_MS, hub->settings->stop, &error))
        return atomic_load(hub->settings->stop) ? HUB_END_STOPPED : say_broken(hub, &error);
    hub->workers = workers_start(hub->settings->kafka, control_source(hub->control), &settings, &error);
    if (!hub->workers)
        return say_broken(hub, &error);
    atomic_store(&hub->pulse_facts.workers, hub->workers);
    return HUB_END_WELL;
}

static enum hub_end run_workers(struct hub *hub)
{
    enum hub_end end = start_workers(hub);
    if (end != HUB_END_WELL)
        return end;
    log_info("HUB-READY", "lanes=%u workers=%u prefix=\"%s\" kafka=%s", hub->lanes, hub->n_workers,
        hub->settings->kafka->prefix, kafka_library_version());
    atomic_store(&hub->stage, HUB_RUNS);
    notify_ready("Workers run.");
    start_canaries(hub);
    run_until_stop(hub);
    return end_workers(hub);
}

static enum hub_end follow_control(struct hub *hub)
{
    bool canaries = hub->settings->canary_key != NULL;
    struct error error;
    hub->n_workers = hub_worker_count(hub->settings, hub->lanes);
    atomic_store(&hub->stage, HUB_LOADS);
    hub->control = control_follow(hub->settings->kafka, hub->n_workers + canaries, &error);
    if (!hub->control)
        return say_broken(hub, &error);
    hub->pulse_facts = (struct pulse_facts){
        .control = hub->control, .lanes = hub->lanes, .board = canaries ? canary_board_new(hub->lanes) : NULL};
    start_pulse(hub);
    enum hub_end end = run_workers(hub);
    hub->pulse = pulse_stop(hub->pulse);
    control_free(hub->control);
    canary_board_free(hub->pulse_facts.board);
    return end;
}

static enum hub_end find_ground(struct hub *hub)
{
    const struct hub_settings *settings = hub->settings;
    const struct ground_settings what = {.kafka = settings->kafka,
        .lanes = settings->lanes,
        .stop = settings->stop,
        .problem = settings->problem,
        .context = settings->context};
    static const enum hub_end ends[] = {
        [GROUND_BEARS] = HUB_END_WELL,
        [GROUND_STOPPED] = HUB_END_STOPPED,
        [GROUND_SETTINGS] = HUB_END_SETTINGS,
        [GROUND_BREAKS] = HUB_END_GROUND,
    };
    return ends[ground_find(&what, &hub->lanes)];
}

enum hub_end hub_run(const struct hub_settings *settings)
{
    struct hub hub = {.settings = settings};
    if (settings->kafka->embedded)
        log_warning("HUB-EMBEDDED", "reason=\"The broker is embedded: it keeps no committed offsets and nothing after "
                                    "its end. For trying only.\"");
    start_health_server(&hub);
    notify_status("Looks at topics, registry and policy.");
    enum hub_end end = find_ground(&hub);
    if (end == HUB_END_WELL)
        end = follow_control(&hub);
    hub.health_server = health_server_stop(hub.health_server);
    return end;
}
