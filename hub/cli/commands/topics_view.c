// SPDX-License-Identifier: Apache-2.0
// One look at the cluster: its topics, the registry and the policy in force, and from these what should be there.
#include "hub/cli/commands/topics.h"
#include "hub/contract/lanes.h"
#include "hub/control/registry_file.h"
#include <stdlib.h>

#define REACH_MS   5000
#define FILE_BYTES (16u << 20)

static int connect_to(const struct cli *cli, struct topics_view *view)
{
    struct error error;
    const char *const *names;
    size_t n = topic_setting_names(&names);
    view->admin = kafka_admin_new(&cli->kafka, &error);
    if (!view->admin)
        return cli_fail(cli, COMMAND_USAGE, "%s", error.text);
    if (!kafka_admin_cluster_reachable(view->admin, REACH_MS, &error))
        return cli_fail_kafka(cli, &error);
    view->existing = kafka_admin_topics(view->admin, names, n, &error);
    return view->existing ? COMMAND_OK : cli_fail_kafka(cli, &error);
}

static bool control_topics_exist(const struct topics_view *view)
{
    for (enum document_kind kind = 0; kind < DOCUMENT_KINDS; kind++)
        if (!kafka_topics_find(view->existing, document_topic(kind)))
            return false;
    return true;
}

static int read_documents(const struct cli *cli, struct topics_view *view)
{
    struct error error;
    if (!control_topics_exist(view))
        return COMMAND_OK;
    view->documents = control_read(&cli->kafka, NULL, NULL, &error);
    if (!view->documents)
        return cli_fail_kafka(cli, &error);
    view->registry = documents_registry(view->documents);
    return COMMAND_OK;
}

static int read_file(const struct cli *cli, const char *path, struct topics_view *view)
{
    char error[CLI_ERROR_BYTES], why[REGISTRY_FILE_ERROR_BYTES];
    size_t len;
    view->text = cli_read_file(path, FILE_BYTES, &len, error);
    if (!view->text)
        return cli_fail(cli, COMMAND_NOT_FOUND, "%s", error);
    view->registry = registry_file_parse(view->text, len, &view->arena, why);
    return view->registry ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s: %s", path, why);
}

static int choose_lanes(const struct cli *cli, uint32_t asked, struct topics_view *view)
{
    uint32_t have = topics_lanes(view->existing);
    view->lanes = asked ? asked : have ? have : TOPICS_LANES_DEFAULT;
    if (!have || have == view->lanes)
        return COMMAND_OK;
    return cli_fail(cli, COMMAND_FAILED,
        "This deployment was made with %u lanes (partitions of the topic state); --lanes %u cannot be: the number of "
        "lanes is fixed "
        "for its life, because fingerprints and order belong to a lane. Leave --lanes out, or begin a new deployment "
        "under another "
        "--prefix.",
        have, view->lanes);
}

int topics_view_open(const struct cli *cli, const struct topics_request *request, struct topics_view *view)
{
    *view = (struct topics_view){0};
    arena_init(&view->arena, 0);
    int status = connect_to(cli, view);
    if (status == COMMAND_OK)
        status = choose_lanes(cli, request->lanes, view);
    if (status == COMMAND_OK)
        status = read_documents(cli, view);
    if (status == COMMAND_OK && request->registry_file)
        status = read_file(cli, request->registry_file, view);
    if (status != COMMAND_OK)
        return status;
    const Signalbox__V1__Policy *policy = view->documents ? documents_policy(view->documents) : NULL;
    struct topics_for what = {
        view->lanes, request->replication, view->registry, policy ? policy->dedup_window_days : 0};
    view->plan = topic_plan_of(&what);
    view->differences = topic_differences_of(&view->plan, view->existing);
    return COMMAND_OK;
}

void topics_view_close(struct topics_view *view)
{
    topic_differences_deinit(&view->differences);
    topic_plan_deinit(&view->plan);
    documents_free(view->documents);
    kafka_topics_free(view->existing);
    kafka_admin_free(view->admin);
    arena_deinit(&view->arena);
    free(view->text);
}

int topics_unborn(const struct cli *cli, const struct topics_view *view, struct topics_unborn *unborn)
{
    const struct kafka_topic *state = kafka_topics_find(view->existing, topic_name(TOPIC_STATE));
    *unborn = (struct topics_unborn){0};
    for (int32_t lane = 0; state && lane < state->partitions && lane < LANES_MAX; lane++) {
        struct error error;
        int64_t low, high;
        if (!kafka_admin_watermarks(view->admin, state->name, lane, &low, &high, &error))
            return cli_fail_kafka(cli, &error);
        unborn->lanes[lane] = high == 0;
        unborn->n += high == 0;
    }
    return COMMAND_OK;
}

size_t topics_wrong(const struct topics_view *view)
{
    size_t n = 0;
    for (size_t i = 0; i < view->differences.n; i++)
        n += topic_difference_matters(&view->differences.rows[i]);
    return n;
}
