// SPDX-License-Identifier: Apache-2.0
// `signalbox hub`: options become settings, what ends it becomes a status, and what it has done becomes rows.
#include "connectors/sdk/keys.h"
#include "hub/contract/outcome.h"
#include "hub/base/duration.h"
#include "hub/cli/commands/listen_options.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/output.h"
#include "hub/cli/frame/stop.h"
#include "hub/cli/frame/version.h"
#include "hub/daemon/deployment_secret.h"
#include "hub/daemon/hub.h"
#include "hub/run/crashes.h"
#include <time.h>

struct hub_command {
    const struct cli *cli;
    struct hub_settings settings;
    struct health_server_settings health_server;
    uint8_t secret[DEPLOYMENT_SECRET_BYTES];
    enum cause cause; // of the problem that was said last
};

static void on_problem(void *context, const struct error *error)
{
    struct hub_command *hub = context;
    hub->cause = error->cause;
    cli_fail(hub->cli, COMMAND_FAILED, "%s", error->text);
}

static bool add_counter(json_t *rows, const char *name, const char *code, uint64_t value)
{
    json_t *row = json_pack("{s:s, s:s, s:I}", "counter", name, "code", code, "value", (json_int_t)value);
    return json_array_append_new(rows, row) == 0;
}

static bool on_done(void *context, const struct counters *sum)
{
    static const char *const columns[] = {"counter", "code", "value"};
    const struct hub_command *hub = context;
    json_t *rows = json_array();
    bool whole = true;
#define COUNTER(name, help) whole &= add_counter(rows, #name, "", sum->name);
#include "hub/run/counters.def"
#undef COUNTER
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (sum->outcomes[outcome])
            whole &= add_counter(rows, "outcomes_total", outcome_row(outcome)->code, sum->outcomes[outcome]);
    int status = output_rows(hub->cli, columns, 3, rows);
    if (!whole)
        status = cli_fail(hub->cli, COMMAND_FAILED, "There was no memory for all of the counters.");
    return status == COMMAND_OK;
}

static struct worker_settings worker_settings_of(const struct cli *cli)
{
    return (struct worker_settings){
        .batch_records = (uint32_t)option_number(cli, OPTION_BATCH_RECORDS),
        .batch_bytes = (uint32_t)option_number(cli, OPTION_BATCH_BYTES),
        .batch_ms = (uint32_t)option_number(cli, OPTION_BATCH_MS),
        .feed_headers = !option_flag(cli, OPTION_NO_FEED_HEADERS),
        .max_memory = (size_t)option_number(cli, OPTION_MAX_MEMORY),
        .snapshot_entries = (uint64_t)option_number(cli, OPTION_SNAPSHOT_ENTRIES),
        .source = option_text(cli, OPTION_SOURCE),
    };
}

static void fill_settings(struct hub_command *hub)
{
    const struct cli *cli = hub->cli;
    hub->health_server = listen_options_settings(cli);
    hub->settings = (struct hub_settings){
        .kafka = &cli->kafka,
        .version = version_text(),
        .lanes = option_given(cli, OPTION_LANES) ? (uint32_t)option_number(cli, OPTION_LANES) : 0,
        .workers = (unsigned)option_number(cli, OPTION_WORKERS),
        .worker = worker_settings_of(cli),
        .bus =
            {
                .session_ms = (uint32_t)option_number(cli, OPTION_SESSION_MS),
                .transaction_ms = (uint32_t)option_number(cli, OPTION_TRANSACTION_MS),
                .queue_kbytes = (uint32_t)option_number(cli, OPTION_QUEUE_KBYTES),
            },
        .canary_ms = (uint32_t)(option_number(cli, OPTION_CANARY_SECONDS) * SECOND_MS),
        .status_ms = option_number(cli, OPTION_STATUS_SECONDS) * SECOND_MS,
        .health_server = listen_options_any(cli) ? &hub->health_server : NULL,
        .problem = on_problem,
        .done = on_done,
        .context = hub,
    };
}

// For as many workers as there may be: how many lanes there are is not known yet.
static int open_crashes(struct hub_command *hub)
{
    struct error error;
    const char *path = option_text(hub->cli, OPTION_CRASH_NOTES);
    unsigned most = hub_worker_count(&hub->settings, UINT32_MAX);
    if (!path)
        return COMMAND_OK;
    hub->settings.worker.crashes = crashes_open(path, most, time(NULL), &error);
    return hub->settings.worker.crashes ? COMMAND_OK
                                        : cli_fail(hub->cli, COMMAND_USAGE, "--crash-notes: %s", error.text);
}

static int load_secret(struct hub_command *hub)
{
    struct error error;
    const char *path = option_text(hub->cli, OPTION_SECRET);
    hub->settings.worker.secret = hub->secret;
    if (!path && option_flag(hub->cli, OPTION_EMBEDDED))
        return deployment_secret_random(hub->secret)
                   ? COMMAND_OK
                   : cli_fail(hub->cli, COMMAND_FAILED, "The machine has no random numbers.");
    if (!path)
        return cli_fail(hub->cli, COMMAND_USAGE,
            "Give --secret FILE, the secret that all hubs of this deployment share; for a new deployment make it with "
            "signalbox key secret FILE.");
    return deployment_secret_load(path, hub->secret, &error)
               ? COMMAND_OK
               : cli_fail(hub->cli, COMMAND_USAGE, "--secret: %s.", error.text);
}

// COMMAND_OK, or the status to end with.
static int check_options(struct hub_command *hub)
{
    struct error error;
    const char *path = option_text(hub->cli, OPTION_CANARY_KEY);
    if (hub->settings.bus.session_ms <= hub->settings.bus.transaction_ms)
        return cli_fail(hub->cli, COMMAND_USAGE,
            "--session-ms must be longer than --transaction-ms: a lane must not move before its former owner's "
            "transaction has ended.");
    int status = listen_options_check(hub->cli);
    if (status != COMMAND_OK)
        return status;
    status = load_secret(hub);
    if (status != COMMAND_OK)
        return status;
    hub->settings.canary_key = path ? keys_load(path, &error) : NULL;
    if (path && !hub->settings.canary_key)
        return cli_fail(hub->cli, COMMAND_USAGE, "--canary-key: %s", error.text);
    return open_crashes(hub);
}

static int run_hub(struct hub_command *hub)
{
    hub->settings.stop = stop_flag();
    switch (hub_run(&hub->settings)) {
    case HUB_END_WELL:
        return COMMAND_OK;
    case HUB_END_STOPPED:
        return COMMAND_INTERRUPTED;
    case HUB_END_SETTINGS:
        return COMMAND_USAGE;
    case HUB_END_GROUND:
        return (int)cli_kafka_status(hub->cause);
    case HUB_END_BROKEN:
        break;
    }
    return COMMAND_FAILED;
}

int command_hub(struct cli *cli)
{
    struct hub_command hub = {.cli = cli};
    cli->kafka.embedded = option_flag(cli, OPTION_EMBEDDED);
    fill_settings(&hub);
    int status = check_options(&hub);
    if (status == COMMAND_OK)
        status = run_hub(&hub);
    EVP_PKEY_free(hub.settings.canary_key);
    crashes_close(hub.settings.worker.crashes);
    return status;
}
