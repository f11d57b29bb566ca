// SPDX-License-Identifier: Apache-2.0
// `signalbox hub`: the daemon. It starts only on ground that bears: topics as they should be, registry and policy in
// force. Then workers run until a signal or until one of them breaks; the end is orderly within seconds, or else the
// process ends at once, which the next start is made for.
#include "hub/base/log.h"
#include "hub/cli/commands/topics_rows.h"
#include "hub/cli/crew.h"
#include "hub/cli/output.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_MS    8000
#define TURN_MS     200
#define WAIT_TURNS  10 // between two looks at whether registry and policy are there
#define CONTROL_MS  60000
#define FATAL_SHOWN 10 // sentences; there can be one for every topic

static void wait_a_turn(void)
{
    nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
}

// What the hub cannot run with. Other differences are warned of.
static bool is_fatal(const struct topic_difference *difference)
{
    if (difference->kind != TOPIC_SETTING)
        return difference->kind != TOPIC_STRANGE;
    const char *name = difference->setting->name;
    bool state = difference->want->id == TOPIC_STATE;
    return strcmp(name, "message.timestamp.type") == 0 || strcmp(name, "cleanup.policy") == 0 ||
           (state && strncmp(name, "retention.", strlen("retention.")) == 0);
}

static int check_topics(const struct cli *cli, const struct topics_view *view)
{
    size_t fatal = 0;
    struct topics_unborn unborn;
    int status = topics_unborn(cli, view, &unborn);
    if (status != COMMAND_OK)
        return status;
    if (unborn.n && ++fatal)
        cli_fail(cli, COMMAND_FAILED, "%s", TOPICS_NO_BIRTHS);
    for (size_t i = 0; i < view->differences.n; i++) {
        const struct topic_difference *difference = &view->differences.rows[i];
        char text[512];
        topic_difference_explain(difference, text, sizeof text);
        if (!is_fatal(difference) && topic_difference_matters(difference))
            log_warning("TOPIC-DIFFERS", "topic=%s problem=\"%s\"", difference->name, text);
        else if (is_fatal(difference) && ++fatal <= FATAL_SHOWN)
            cli_fail(cli, COMMAND_FAILED, "%s", text);
    }
    if (!fatal)
        return COMMAND_OK;
    return cli_fail(cli, COMMAND_FAILED,
        "The hub does not start: %zu things about its topics are not as they must be; \"signalbox topics check\" names "
        "all of them.",
        fatal);
}

// One look at the ground. *ready says whether registry and policy are in force.
static int look(const struct cli *cli, uint32_t *lanes, bool *ready)
{
    struct topics_request request = {.lanes = *lanes, .replication = -1};
    struct topics_view view;
    int status = topics_view_open(cli, &request, &view);
    if (status == COMMAND_OK)
        status = check_topics(cli, &view);
    *ready = status == COMMAND_OK && view.registry && documents_policy(view.documents);
    *lanes = view.lanes;
    topics_view_close(&view);
    return status;
}

// Waits for officers to put registry and policy into force.
static int find_ground(const struct cli *cli, uint32_t *lanes)
{
    bool ready = false, said = false;
    const atomic_bool *stop = cli_stop();
    if (option_given(cli, OPTION_LANES))
        *lanes = (uint32_t)option_number(cli, OPTION_LANES);
    while (!atomic_load(stop)) {
        int status = look(cli, lanes, &ready);
        if (status != COMMAND_OK || ready)
            return status;
        if (!said)
            log_warning("HUB-WAITING", "reason=\"There is no registry or no policy in force: apply them with signalbox "
                                       "registry apply and policy apply.\"");
        said = true;
        for (int turn = 0; turn < WAIT_TURNS && !atomic_load(stop); turn++)
            wait_a_turn();
    }
    return COMMAND_INTERRUPTED;
}

static unsigned workers_of(const struct cli *cli, uint32_t lanes)
{
    unsigned wanted = (unsigned)option_number(cli, OPTION_WORKERS);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned most = processors > 0 && processors < 64 ? (unsigned)processors : 1;
    return wanted ? wanted : most < lanes ? most : lanes;
}

static struct crew_settings settings_of(const struct cli *cli, uint32_t lanes)
{
    unsigned workers = workers_of(cli, lanes);
    return (struct crew_settings){
        .workers = workers,
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
                .queue_kbytes = (uint32_t)option_number(cli, OPTION_QUEUE_KBYTES) / workers,
            },
    };
}

static void log_status(const struct crew *crew, struct control *control)
{
    struct counters sum;
    crew_counters(crew, &sum);
    struct control_state state = control_state(control);
    log_info("HUB-STATUS",
        "records=%llu deliveries=%llu transactions=%llu aborts=%llu lanes_opened=%llu registry=%llu policy=%llu "
        "subscriptions=%llu control_refused=%llu",
        (unsigned long long)sum.records_total, (unsigned long long)sum.deliveries_total,
        (unsigned long long)sum.transactions_total, (unsigned long long)sum.aborts_total,
        (unsigned long long)sum.lanes_opened_total, (unsigned long long)state.registry_version,
        (unsigned long long)state.policy_version, (unsigned long long)state.subscriptions_version,
        (unsigned long long)state.refused_total);
}

static void run_until_stop(const struct cli *cli, const struct crew *crew, struct control *control)
{
    int64_t every_ms = option_number(cli, OPTION_STATUS_SECONDS) * 1000;
    int64_t next_ms = cli_now_ms() + every_ms;
    while (!atomic_load(cli_stop()) && crew_is_well(crew)) {
        wait_a_turn();
        if (cli_now_ms() < next_ms)
            continue;
        log_status(crew, control);
        next_ms = cli_now_ms() + every_ms;
    }
}

static void add_counter(json_t *rows, const char *name, const char *code, uint64_t value)
{
    json_array_append_new(
        rows, json_pack("{s:s, s:s, s:I}", "counter", name, "code", code, "value", (json_int_t)value));
}

static int print_counters(const struct cli *cli, const struct crew *crew)
{
    static const char *const columns[] = {"counter", "code", "value"};
    struct counters sum;
    json_t *rows = json_array();
    crew_counters(crew, &sum);
#define COUNTER(name, help) add_counter(rows, #name, "", sum.name);
#include "hub/run/counters.def"
#undef COUNTER
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (sum.outcomes[outcome])
            add_counter(rows, "outcomes_total", outcome_row(outcome)->code, sum.outcomes[outcome]);
    return output_rows(cli, columns, 3, rows);
}

static int end(const struct cli *cli, struct crew *crew, struct control *control)
{
    bool well = crew_is_well(crew);
    log_info("HUB-STOPPING", "well=%s", well ? "yes" : "no");
    if (!crew_stop(crew, DRAIN_MS)) {
        log_error("HUB-STUCK",
            "reason=\"A worker did not end within %d s; the process ends without it, and the next start takes over its "
            "lanes.\"",
            DRAIN_MS / 1000);
        _exit(COMMAND_FAILED);
    }
    log_status(crew, control);
    int status = print_counters(cli, crew);
    if (!well)
        status = cli_fail(cli, COMMAND_FAILED, "%s", crew_error(crew));
    crew_free(crew);
    log_info("HUB-STOPPED", "status=%d", status);
    return status;
}

static int run(const struct cli *cli, uint32_t lanes)
{
    struct crew_settings settings = settings_of(cli, lanes);
    char error[CONTROL_ERROR_BYTES];
    struct control *control = control_follow(&cli->kafka, settings.workers, error);
    if (!control)
        return cli_fail(cli, COMMAND_FAILED, "%s", error);
    struct crew *crew = NULL;
    int status = COMMAND_INTERRUPTED;
    if (control_wait(control, CONTROL_MS, cli_stop(), error)) {
        crew = crew_start(&cli->kafka, control_source(control), &settings, error);
        status = crew ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s", error);
    } else if (!atomic_load(cli_stop())) {
        status = cli_fail(cli, COMMAND_FAILED, "%s", error);
    }
    if (crew) {
        log_info("HUB-READY", "lanes=%u workers=%u prefix=\"%s\" kafka=%s", lanes, settings.workers, cli->kafka.prefix,
            kafka_library_version());
        run_until_stop(cli, crew, control);
        status = end(cli, crew, control);
    }
    control_free(control);
    return status;
}

int command_hub(struct cli *cli)
{
    uint32_t lanes = 0;
    if (option_number(cli, OPTION_SESSION_MS) <= option_number(cli, OPTION_TRANSACTION_MS))
        return cli_fail(cli, COMMAND_USAGE,
            "--session-ms must be longer than --transaction-ms: a lane must not move before its former owner's "
            "transaction has ended.");
    if (option_flag(cli, OPTION_EMBEDDED)) {
        cli->kafka.embedded = true;
        log_warning("HUB-EMBEDDED", "reason=\"The broker is embedded: it keeps no committed offsets and nothing after "
                                    "its end. For trying only.\"");
    }
    cli_stop();
    int status = find_ground(cli, &lanes);
    return status == COMMAND_OK ? run(cli, lanes) : status;
}
