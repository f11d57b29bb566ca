// SPDX-License-Identifier: Apache-2.0
// Making the cluster's topics what they should be: shown first, then done. Topics are created and settings set; nothing
// is ever deleted and no partition added, since both would lose what a deployment rests on. Lanes are born with their
// topic.
#include "hub/cli/commands/topics.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/memory.h"
#include "hub/base/clock.h"
#include "hub/control/lane_births.h"
#include <openssl/rand.h>
#include <stdlib.h>

struct tally {
    size_t created, set, failed;
    int status; // of the first that failed
    bool state_is_new;
};

static void count_failed(struct tally *tally, int status)
{
    if (tally->failed++ == 0)
        tally->status = status;
}

static size_t settings_of(const struct topic_want *want, struct kafka_config configs[TOPIC_SETTINGS])
{
    for (size_t i = 0; i < want->n_settings; i++)
        configs[i] = (struct kafka_config){want->settings[i].name, want->settings[i].value};
    return want->n_settings;
}

static void count_created(
    const struct cli *cli, const struct topic_want *want, const struct kafka_result *result, struct tally *tally)
{
    if (result->ok) {
        tally->created++;
        tally->state_is_new |= want->id == TOPIC_STATE;
    } else {
        count_failed(tally, cli_fail_kafka(cli, &result->error));
    }
}

static void create_missing(const struct cli *cli, const struct topics_view *view, int replication, struct tally *tally)
{
    size_t most = view->differences.n, n = 0;
    struct kafka_topic_row *rows = memory_need(calloc(most + 1, sizeof *rows));
    const struct topic_want **wants = memory_need(calloc(most + 1, sizeof *wants));
    struct kafka_config(*configs)[TOPIC_SETTINGS] = memory_need(calloc(most + 1, sizeof *configs));
    struct kafka_result *results = memory_need(calloc(most + 1, sizeof *results));
    for (size_t i = 0; i < most; i++) {
        const struct topic_want *want = view->differences.rows[i].want;
        if (view->differences.rows[i].kind != TOPIC_MISSING)
            continue;
        size_t n_configs = settings_of(want, configs[n]);
        rows[n] = (struct kafka_topic_row){want->name, want->partitions, replication, configs[n], n_configs};
        wants[n++] = want;
    }
    struct error error;
    if (n)
        admin_create(view->admin, rows, n, results, &error);
    for (size_t i = 0; i < n; i++)
        count_created(cli, wants[i], &results[i], tally);
    free(results);
    free(configs);
    free(wants);
    free(rows);
}

// All settings of one topic that differ, in one call. Differences of a topic stand together.
static size_t set_topic(const struct cli *cli, const struct topics_view *view, size_t first, struct tally *tally)
{
    struct kafka_config configs[TOPIC_SETTINGS];
    const struct topic_difference *rows = view->differences.rows;
    size_t n = 0;
    struct error error;
    while (first + n < view->differences.n && rows[first + n].kind == TOPIC_SETTING &&
           rows[first + n].want == rows[first].want) {
        configs[n] = (struct kafka_config){rows[first + n].setting->name, rows[first + n].setting->value};
        n++;
    }
    if (admin_configure(view->admin, rows[first].name, configs, n, &error)) {
        tally->set += n;
    } else {
        count_failed(tally, cli_fail_kafka(cli, &error));
    }
    return n;
}

static void explain_what_stays(const struct cli *cli, const struct topics_view *view, struct tally *tally)
{
    for (size_t i = 0; i < view->differences.n; i++) {
        const struct topic_difference *d = &view->differences.rows[i];
        char text[512];
        topic_difference_explain(d, text, sizeof text);
        if (d->kind == TOPIC_PARTITIONS) {
            count_failed(tally, cli_fail(cli, COMMAND_FAILED, "%s", text));
        } else if (d->kind == TOPIC_STRANGE) {
            cli_say(cli, "%s", text);
        }
    }
}

// What agencies sign names the deployment, so lanes that are made anew are of the one that the registry is of.
static bool find_deployment(const struct cli *cli, const struct topics_view *view, bool state_is_new, uint8_t id[16])
{
    struct error error;
    struct document_head head = {0};
    if (!state_is_new && lane_births_deployment(&cli->kafka, id, &error))
        return true;
    if (view->documents)
        head = documents_head(view->documents, DOCUMENT_REGISTRY);
    memcpy(id, head.deployment, sizeof head.deployment);
    return head.version > 0 || RAND_bytes(id, 16) == 1;
}

static void write_births(
    const struct cli *cli, const struct topics_view *view, const struct topics_unborn *unborn, struct tally *tally)
{
    struct error error = {.text = "there are no random numbers"};
    uint8_t id[16];
    if (find_deployment(cli, view, tally->state_is_new, id) &&
        lane_births_write_some(&cli->kafka, view->lanes, unborn->lanes, clock_wall_ms(), id, &error)) {
        cli_say(cli, "Lanes born: %u.", unborn->n);
        return;
    }
    count_failed(
        tally, cli_fail(cli, cli_kafka_status(error.cause),
                   "The births of the lanes were not written (%s). Write them: \"signalbox topics apply --new-lanes\".",
                   error.text));
}

static int carry_out(
    const struct cli *cli, const struct topics_view *view, int replication, struct topics_unborn *unborn)
{
    struct tally tally = {0};
    create_missing(cli, view, replication, &tally);
    for (size_t i = 0; i < view->differences.n;)
        i += view->differences.rows[i].kind == TOPIC_SETTING ? set_topic(cli, view, i, &tally) : 1;
    for (uint32_t lane = 0; tally.state_is_new && lane < view->lanes; lane++)
        unborn->lanes[unborn->n++] = true;
    if (unborn->n)
        write_births(cli, view, unborn, &tally);
    explain_what_stays(cli, view, &tally);
    cli_say(cli, "Topics created: %zu. Settings set: %zu. Failed: %zu.", tally.created, tally.set, tally.failed);
    return tally.failed == 0 ? COMMAND_OK : tally.created + tally.set ? COMMAND_PARTLY : tally.status;
}

// Lanes of a state that was there before are born only if somebody says so.
static int find_unborn(const struct cli *cli, const struct topics_view *view, struct topics_unborn *unborn)
{
    int status = topics_unborn(cli, view, unborn);
    if (status == COMMAND_OK && unborn->n && !option_flag(cli, OPTION_NEW_LANES))
        return cli_fail(cli, COMMAND_FAILED, "%s", TOPICS_NO_BIRTHS);
    return status;
}

static int apply_differences(const struct cli *cli, const struct topics_view *view, int replication)
{
    struct topics_unborn unborn;
    int status = find_unborn(cli, view, &unborn);
    if (status != COMMAND_OK)
        return status;
    if (!view->registry)
        cli_say(cli,
            "There is no registry yet: only topics that belong to no organisation are made. After \"signalbox registry "
            "apply FILE\", apply again; or give --registry FILE now.");
    if (topics_view_wrong(view) == 0 && unborn.n == 0) {
        cli_say(cli, "All %zu topics are as they should be.", view->plan.n);
        return cli->format == CLI_TABLE ? COMMAND_OK : topics_write_differences(cli, view);
    }
    status = topics_write_differences(cli, view);
    if (status != COMMAND_OK || option_flag(cli, OPTION_DRY_RUN))
        return status;
    if (!cli_confirm(cli, "Make these changes?"))
        return COMMAND_USAGE;
    return carry_out(cli, view, replication, &unborn);
}

int command_topics_apply(struct cli *cli)
{
    struct topics_request request = topics_request_of(cli);
    struct topics topics;
    int status = topics_open(cli, &request, &topics);
    if (status == COMMAND_OK)
        status = apply_differences(cli, &topics.view, request.replication);
    topics_close(&topics);
    return status;
}
