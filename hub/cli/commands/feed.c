// SPDX-License-Identifier: Apache-2.0
// `signalbox feed`: what came for a force, checked again, as JSON or as text. The group's place moves on only when
// everything up to it has been written and flushed, so what was not seen comes again.
#include "connectors/sdk/deployment.h"
#include "connectors/sdk/item.h"
#include "hub/base/clock.h"
#include "hub/render/render.h"
#include "connectors/sdk/subscriber.h"
#include "hub/cli/commands/reach.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/stop.h"
#include "hub/control/control.h"
#include "hub/rules/registry.h"

#include <stdlib.h>
#include <time.h>

#define PATIENCE_MS 200
#define REACH_MS    10000
#define KEEP_EVERY  1000 // items between commits under load
#define REFRESH_MS  5000 // the registry is read again at most this often

struct feeding {
    struct cli *cli;
    const char *force;
    struct snapshot *snapshot;
    struct deployment deployment;
    int64_t loaded_ms;
    struct subscriber *subscriber;
    bool committing;
    uint64_t n_items, n_refused, n_kept;
};

// A newer snapshot takes the old one's place; if none can be had, or only one of another deployment, the old one stays.
static const struct snapshot *newest_snapshot(void *context)
{
    struct feeding *feeding = context;
    struct error error;
    if (feeding->snapshot && clock_steady_ms() - feeding->loaded_ms < REFRESH_MS)
        return feeding->snapshot;
    struct snapshot *snapshot = control_load(&feeding->cli->kafka, &error);
    feeding->loaded_ms = clock_steady_ms();
    if (!snapshot)
        return feeding->snapshot;
    if (!deployment_keep(&feeding->deployment, snapshot, &error)) {
        cli_say(feeding->cli, "signalbox: %s", error.text);
        snapshot_free(snapshot);
        return feeding->snapshot;
    }
    snapshot_free(feeding->snapshot);
    feeding->snapshot = snapshot;
    return snapshot;
}

static bool read_time(const char *text, int64_t *unix_ms)
{
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm utc = {0};
        const char *end = strptime(text, forms[i], &utc);
        if (end && *end == '\0') {
            *unix_ms = (int64_t)timegm(&utc) * 1000;
            return true;
        }
    }
    char *end;
    *unix_ms = strtoll(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0';
}

static bool read_from(const char *text, struct subscriber_settings *settings)
{
    static const struct {
        const char *text;
        enum reader_from from;
    } places[] = {{"committed", READER_GROUP}, {"beginning", READER_BEGINNING}, {"end", READER_END}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(text, places[i].text) == 0) {
            settings->from = places[i].from;
            return true;
        }
    }
    settings->from = READER_TIMESTAMP;
    return read_time(text, &settings->timestamp_ms);
}

static int open_registry(struct feeding *feeding)
{
    struct error error;
    if (!deployment_read(&feeding->deployment, option_text(feeding->cli, OPTION_DEPLOYMENT), &error))
        return cli_fail(feeding->cli, COMMAND_USAGE, "%s", error.text);
    if (!reach_broker(feeding->cli, REACH_MS, &error))
        return cli_fail_kafka(feeding->cli, &error);
    feeding->snapshot = control_load(&feeding->cli->kafka, &error);
    feeding->loaded_ms = clock_steady_ms();
    if (!feeding->snapshot)
        return cli_fail(feeding->cli, cli_kafka_status(error.cause),
            "Without registry and policy nothing can be verified. %s", error.text);
    if (!deployment_keep(&feeding->deployment, feeding->snapshot, &error))
        return cli_fail(feeding->cli, COMMAND_FAILED, "%s", error.text);
    unsigned org = registry_find(feeding->snapshot->registry, slice_text(feeding->force));
    if (org == ORG_NONE || !registry_row(feeding->snapshot->registry, org)->subscribes)
        return cli_fail(feeding->cli, COMMAND_NOT_FOUND,
            "%s has no feed by the registry; signalbox registry list shows who has one.", feeding->force);
    return COMMAND_OK;
}

static int open_feed(struct feeding *feeding)
{
    struct cli *cli = feeding->cli;
    struct error error;
    char group[128];
    struct subscriber_settings settings = {.kafka = &cli->kafka,
        .force = feeding->force,
        .exercise = option_flag(cli, OPTION_EXERCISE),
        .stop_at_end = option_flag(cli, OPTION_EXIT_AT_END),
        .snapshot = newest_snapshot,
        .context = feeding};
    if (!read_from(option_text(cli, OPTION_FROM), &settings))
        return cli_fail(
            cli, COMMAND_USAGE, "--from takes committed, beginning, end, or a time such as 2026-09-21T14:00:00Z.");
    feeding->committing = settings.from == READER_GROUP;
    if (!feeding->committing && option_given(cli, OPTION_GROUP))
        return cli_fail(cli, COMMAND_USAGE, "--group keeps a place only with --from committed; leave one of them out.");
    snprintf(group, sizeof group, "%s-%s", settings.exercise ? "exercise" : "feed", feeding->force);
    settings.group = option_text(cli, OPTION_GROUP) ? option_text(cli, OPTION_GROUP) : group;
    if (!feeding->committing)
        settings.group = NULL;
    feeding->subscriber = subscriber_new(&settings, &error);
    return feeding->subscriber ? COMMAND_OK : cli_fail_kafka(cli, &error);
}

static json_t *position_of(const struct kafka_record *record)
{
    struct slice ledger;
    json_t *position = json_pack("{s:s, s:i, s:I, s:I}", "topic", record->topic, "partition", record->partition,
        "offset", (json_int_t)record->offset, "appendedUnixMs", (json_int_t)record->timestamp_ms);
    if (kafka_record_header(record, "signalbox-ledger", &ledger))
        json_object_set_new(position, "ledger", json_stringn((const char *)ledger.data, ledger.len));
    return position;
}

// false if it could not be written.
static bool write_json(struct feeding *feeding, const struct received *received)
{
    FILE *out = feeding->cli->out;
    json_t *item = item_to_json(received->item.header, received->item.bodies);
    bool ok = item && json_object_set_new(item, "position", position_of(&received->record)) == 0;
    if (ok && feeding->cli->format == CLI_JSON)
        fputs(feeding->n_items > 1 ? ",\n" : "", out);
    ok = ok && json_dumpf(item, out, JSON_COMPACT) == 0;
    if (ok && feeding->cli->format == CLI_JSONL)
        fputc('\n', out);
    json_decref(item);
    return ok && !ferror(out);
}

static bool write_item(struct feeding *feeding, const struct received *received)
{
    feeding->n_items++;
    if (feeding->cli->format != CLI_TABLE)
        return write_json(feeding, received);
    uint32_t audience =
        inspect_audience(&received->item, feeding->snapshot, feeding->force, received->record.timestamp_ms);
    render_item(feeding->cli->out, received->item.header, received->item.bodies, audience);
    return !ferror(feeding->cli->out);
}

static void say_refused(struct feeding *feeding, const struct received *received)
{
    const struct problem *why = &received->why;
    feeding->n_refused++;
    fprintf(feeding->cli->err, "%s, offset %lld: %s%s%s: %s %s\n", received->record.topic,
        (long long)received->record.offset, why->code, *why->path ? " at " : "", why->path, why->text, why->remedy);
}

// Everything written so far is safe, and need not come again. false if it could not be written; a place that could not
// be kept is tried again the next time, and at worst costs a repeat.
static bool keep_place(struct feeding *feeding)
{
    if (fflush(feeding->cli->out) != 0)
        return false;
    const uint64_t n = feeding->n_items + feeding->n_refused;
    if (!feeding->committing || n == feeding->n_kept || subscriber_commit(feeding->subscriber))
        feeding->n_kept = n;
    else
        cli_say(
            feeding->cli, "The place in the feed could not be kept: %s", subscriber_error(feeding->subscriber)->text);
    return true;
}

static int follow_feed(struct feeding *feeding)
{
    const atomic_bool *stop = stop_flag();
    struct received received;
    bool written = true;
    while (written && !atomic_load(stop)) {
        enum subscriber_status status = subscriber_next(feeding->subscriber, PATIENCE_MS, &received);
        if (status == SUBSCRIBER_AT_END)
            return COMMAND_OK;
        if (status == SUBSCRIBER_FAILED)
            return cli_fail_kafka(feeding->cli, subscriber_error(feeding->subscriber));
        if (status == SUBSCRIBER_ITEM)
            written = write_item(feeding, &received);
        if (status == SUBSCRIBER_REFUSED)
            say_refused(feeding, &received);
        if (written &&
            (status == SUBSCRIBER_NOTHING || feeding->n_items + feeding->n_refused - feeding->n_kept >= KEEP_EVERY))
            written = keep_place(feeding);
    }
    return written
               ? COMMAND_OK
               : cli_fail(feeding->cli, COMMAND_FAILED, "The feed could not be written; what is missing comes again.");
}

static int run_feed(struct feeding *feeding)
{
    const bool array = feeding->cli->format == CLI_JSON;
    fputs(array ? "[" : "", feeding->cli->out);
    int status = follow_feed(feeding);
    fputs(array ? "]\n" : "", feeding->cli->out);
    if (status == COMMAND_OK && !keep_place(feeding))
        status = cli_fail(feeding->cli, COMMAND_FAILED, "The feed could not be written; what is missing comes again.");
    if (status == COMMAND_OK && feeding->n_kept != feeding->n_items + feeding->n_refused)
        status = cli_fail(feeding->cli, COMMAND_FAILED, "The last items will come again at the next start.");
    cli_say(feeding->cli, "%llu items for %s, %llu refused.", (unsigned long long)feeding->n_items, feeding->force,
        (unsigned long long)feeding->n_refused);
    return status == COMMAND_OK && feeding->n_refused > 0 ? COMMAND_PARTLY : status;
}

int command_feed(struct cli *cli)
{
    struct feeding feeding = {.cli = cli, .force = option_text(cli, OPTION_FORCE)};
    if (!feeding.force)
        return cli_fail(cli, COMMAND_USAGE, "--force ID says whose feed it is.");
    int status = open_registry(&feeding);
    status = status == COMMAND_OK ? open_feed(&feeding) : status;
    status = status == COMMAND_OK ? run_feed(&feeding) : status;
    subscriber_free(feeding.subscriber);
    snapshot_free(feeding.snapshot);
    return status;
}
