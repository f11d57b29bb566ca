// SPDX-License-Identifier: Apache-2.0
// `signalbox hub`: the daemon. It starts only on ground that bears: topics as they should be, registry and policy in
// force. Then workers run until a signal or until one of them breaks; the end is orderly within seconds, or else the
// process ends at once, which the next start is made for.
#include "connectors/sdk/keys.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include "hub/daemon/canaries.h"
#include "hub/cli/commands/hub_ground.h"
#include "hub/cli/frame/help.h"
#include "hub/daemon/notify.h"
#include "hub/cli/health_server.h"
#include "hub/cli/frame/output.h"
#include "hub/daemon/pulse_facts.h"
#include "hub/observe/pulse.h"
#include "hub/run/crashes.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_MS   8000
#define TURN_MS    200
#define CONTROL_MS 60000

enum hub_stage { HUB_LOOKS, HUB_LOADS, HUB_RUNS, HUB_ENDS };

struct hub {
    const struct cli *cli;
    _Atomic(enum hub_stage) stage;
    struct health_server *health_server; // NULL: nobody can look on over HTTP
    uint32_t lanes;
    unsigned n_workers;
    EVP_PKEY *canary_key;    // NULL: no canaries
    struct crashes *crashes; // NULL: nothing is noted
    struct control *control;
    struct workers *workers;
    struct pulse *pulse;
    struct canaries *canaries;
    struct pulse_facts pulse_facts;
};

// On the embedded broker one worker has all lanes: its group takes nearly a session's length for every change of
// members, and now and then a second one misses the first round.
static unsigned worker_count(const struct cli *cli, uint32_t lanes)
{
    unsigned wanted = (unsigned)option_number(cli, OPTION_WORKERS);
    long processors = option_flag(cli, OPTION_EMBEDDED) ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
    unsigned most = processors > 0 && processors < 64 ? (unsigned)processors : 1;
    return wanted ? wanted : most < lanes ? most : lanes;
}

static struct workers_settings settings_of(const struct cli *cli, uint32_t lanes)
{
    unsigned n_workers = worker_count(cli, lanes);
    return (struct workers_settings){
        .workers = n_workers,
        .worker =
            {
                .lanes = lanes,
                .batch_records = (uint32_t)option_number(cli, OPTION_BATCH_RECORDS),
                .batch_bytes = (uint32_t)option_number(cli, OPTION_BATCH_BYTES),
                .batch_ms = (uint32_t)option_number(cli, OPTION_BATCH_MS),
                .feed_headers = !option_flag(cli, OPTION_NO_FEED_HEADERS),
                .group_witness = !option_flag(cli, OPTION_EMBEDDED),
                .max_fingerprints = (size_t)option_number(cli, OPTION_MAX_FINGERPRINTS),
                .snapshot_entries = (uint64_t)option_number(cli, OPTION_SNAPSHOT_ENTRIES),
                .source = option_text(cli, OPTION_SOURCE),
            },
        .bus =
            {
                .lanes = lanes,
                .session_ms = (uint32_t)option_number(cli, OPTION_SESSION_MS),
                .transaction_ms = (uint32_t)option_number(cli, OPTION_TRANSACTION_MS),
                .queue_kbytes = (uint32_t)option_number(cli, OPTION_QUEUE_KBYTES) / n_workers,
            },
    };
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
    int64_t every_ms = option_number(hub->cli, OPTION_STATUS_SECONDS) * 1000, watchdog_ms = notify_watchdog_ms();
    int64_t status_ms = clock_wall_ms() + every_ms, notify_ms = 0;
    while (!atomic_load(cli_stop()) && workers_is_well(hub->workers)) {
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

static void add_counter(json_t *rows, const char *name, const char *code, uint64_t value)
{
    json_array_append_new(
        rows, json_pack("{s:s, s:s, s:I}", "counter", name, "code", code, "value", (json_int_t)value));
}

static int print_counters(const struct hub *hub)
{
    static const char *const columns[] = {"counter", "code", "value"};
    struct counters sum;
    json_t *rows = json_array();
    workers_counters(hub->workers, &sum);
#define COUNTER(name, help) add_counter(rows, #name, "", sum.name);
#include "hub/run/counters.def"
#undef COUNTER
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (sum.outcomes[outcome])
            add_counter(rows, "outcomes_total", outcome_row(outcome)->code, sum.outcomes[outcome]);
    return output_rows(hub->cli, columns, 3, rows);
}

static int end(struct hub *hub)
{
    bool well = workers_is_well(hub->workers);
    atomic_store(&hub->stage, HUB_ENDS);
    log_info("HUB-STOPPING", "well=%s", well ? "yes" : "no");
    notify_stopping("Workers finish their transactions and leave.");
    if (!workers_stop(hub->workers, DRAIN_MS)) {
        log_error("HUB-STUCK",
            "reason=\"A worker did not end within %d s; the process ends without it, and the next start takes over its "
            "lanes.\"",
            DRAIN_MS / 1000);
        _exit(COMMAND_FAILED);
    }
    hub->pulse = pulse_stop(hub->pulse); // looks at the workers until then
    hub->canaries = canaries_stop(hub->canaries);
    log_status(hub);
    int status = print_counters(hub);
    if (!well)
        status = cli_fail(hub->cli, COMMAND_FAILED, "%s", workers_error(hub->workers));
    hub->workers = workers_free(hub->workers);
    log_info("HUB-STOPPED", "status=%d", status);
    return status;
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
    char error[CONSOLE_ERROR_BYTES];
    if (strcmp(option_text(hub->cli, OPTION_LISTEN), "none") == 0)
        return;
    hub->health_server = health_server_start(hub->cli, is_ready, hub, error);
    if (!hub->health_server)
        log_error("HTTP-NOT-LISTENING",
            "why=\"%s\" effect=\"Delivery goes on; there is no health, no metrics and no console from this process.\" "
            "remedy=\"Give --listen another address, or none, and start it again; signalbox console shows the same.\"",
            error);
}

static void start_pulse(struct hub *hub)
{
    struct error error;
    const struct pulse_settings settings = {
        .version = version_text(), .fill = pulse_facts_fill, .context = &hub->pulse_facts};
    hub->pulse = pulse_start(&hub->cli->kafka, &settings, &error);
    if (!hub->pulse)
        log_error("PULSE-NOT-STARTED", "why=\"%s\"", error.text);
}

static void start_canaries(struct hub *hub)
{
    struct error error;
    if (!hub->canary_key)
        return;
    const struct canaries_settings settings = {.kafka = &hub->cli->kafka,
        .control = control_source(hub->control),
        .taker = hub->n_workers,
        .key = hub->canary_key,
        .lanes = hub->lanes,
        .every_ms = (uint32_t)option_number(hub->cli, OPTION_CANARY_SECONDS) * 1000,
        .board = hub->pulse_facts.board};
    hub->canaries = canaries_start(&settings, &error);
    if (!hub->canaries)
        log_error("CANARY-NOT-STARTED", "why=\"%s\"", error.text);
}

static int start_crew(struct hub *hub)
{
    char error[CONTROL_ERROR_BYTES];
    struct workers_settings settings = settings_of(hub->cli, hub->lanes);
    settings.worker.crashes = hub->crashes;
    if (!control_wait(hub->control, CONTROL_MS, cli_stop(), error))
        return atomic_load(cli_stop()) ? COMMAND_INTERRUPTED : cli_fail(hub->cli, COMMAND_FAILED, "%s", error);
    struct error broken;
    hub->workers = workers_start(&hub->cli->kafka, control_source(hub->control), &settings, &broken);
    if (!hub->workers)
        return cli_fail(hub->cli, COMMAND_FAILED, "%s", broken.text);
    atomic_store(&hub->pulse_facts.workers, hub->workers);
    return COMMAND_OK;
}

static int run(struct hub *hub)
{
    char error[CONTROL_ERROR_BYTES];
    hub->n_workers = worker_count(hub->cli, hub->lanes);
    atomic_store(&hub->stage, HUB_LOADS);
    hub->control = control_follow(&hub->cli->kafka, hub->n_workers + (hub->canary_key != NULL), error);
    if (!hub->control)
        return cli_fail(hub->cli, COMMAND_FAILED, "%s", error);
    hub->pulse_facts = (struct pulse_facts){
        .control = hub->control, .lanes = hub->lanes, .board = hub->canary_key ? canary_board_new(hub->lanes) : NULL};
    start_pulse(hub);
    int status = start_crew(hub);
    if (status == COMMAND_OK) {
        log_info("HUB-READY", "lanes=%u workers=%u prefix=\"%s\" kafka=%s", hub->lanes, hub->n_workers,
            hub->cli->kafka.prefix, kafka_library_version());
        atomic_store(&hub->stage, HUB_RUNS);
        notify_ready("Workers run.");
        start_canaries(hub);
        run_until_stop(hub);
        status = end(hub);
    }
    hub->pulse = pulse_stop(hub->pulse);
    control_free(hub->control);
    canary_board_free(hub->pulse_facts.board);
    return status;
}

// For as many workers as there may be: how many lanes there are is not known yet.
static int open_crashes(struct hub *hub)
{
    char error[CRASHES_ERROR_BYTES];
    const char *path = option_text(hub->cli, OPTION_CRASH_NOTES);
    if (!path)
        return COMMAND_OK;
    hub->crashes = crashes_open(path, worker_count(hub->cli, UINT32_MAX), time(NULL), error);
    return hub->crashes ? COMMAND_OK : cli_fail(hub->cli, COMMAND_USAGE, "--crash-notes: %s", error);
}

// COMMAND_OK, or the status to end with.
static int prepare(struct hub *hub)
{
    struct error error;
    const char *path = option_text(hub->cli, OPTION_CANARY_KEY);
    if (option_number(hub->cli, OPTION_SESSION_MS) <= option_number(hub->cli, OPTION_TRANSACTION_MS))
        return cli_fail(hub->cli, COMMAND_USAGE,
            "--session-ms must be longer than --transaction-ms: a lane must not move before its former owner's "
            "transaction has ended.");
    int status = health_server_check(hub->cli);
    if (status != COMMAND_OK)
        return status;
    hub->canary_key = path ? keys_load(path, &error) : NULL;
    if (path && !hub->canary_key)
        return cli_fail(hub->cli, COMMAND_USAGE, "--canary-key: %s", error.text);
    return open_crashes(hub);
}

static int serve(struct cli *cli, struct hub *hub)
{
    if (option_flag(cli, OPTION_EMBEDDED)) {
        cli->kafka.embedded = true;
        log_warning("HUB-EMBEDDED", "reason=\"The broker is embedded: it keeps no committed offsets and nothing after "
                                    "its end. For trying only.\"");
    }
    cli_stop();
    start_health_server(hub);
    notify_status("Looks at topics, registry and policy.");
    int status = hub_ground_find(cli, &hub->lanes);
    if (status == COMMAND_OK)
        status = run(hub);
    hub->health_server = health_server_stop(hub->health_server);
    return status;
}

int command_hub(struct cli *cli)
{
    struct hub hub = {.cli = cli};
    int status = prepare(&hub);
    if (status == COMMAND_OK)
        status = serve(cli, &hub);
    EVP_PKEY_free(hub.canary_key);
    crashes_close(hub.crashes);
    return status;
}
