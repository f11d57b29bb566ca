// SPDX-License-Identifier: Apache-2.0
// Looking at topics: what is there, how it differs from what should be, and what that means.
#include "hub/cli/commands/topics.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/output.h"

static json_t *row_of_topic(const struct kafka_topic *topic)
{
    json_t *settings = json_object();
    for (size_t i = 0; i < topic->n_configs; i++)
        if (topic->configs[i].value)
            json_object_set_new(settings, topic->configs[i].name, json_string(topic->configs[i].value));
    json_t *row = json_pack("{s:s, s:i, s:i}", "topic", topic->name, "partitions", (int)topic->partitions,
        "replication", (int)topic->replication);
    const char *cleanup = json_string_value(json_object_get(settings, "cleanup.policy"));
    const char *time = json_string_value(json_object_get(settings, "message.timestamp.type"));
    const char *retention = json_string_value(json_object_get(settings, "retention.ms"));
    json_object_set_new(row, "cleanup", json_string(cleanup ? cleanup : ""));
    json_object_set_new(row, "time", json_string(time ? time : ""));
    json_object_set_new(row, "retention_ms", json_string(retention ? retention : ""));
    json_object_set_new(row, "settings", settings);
    return row;
}

int command_topics_list(struct cli *cli)
{
    static const char *const columns[] = {
        "topic", "partitions", "replication", "cleanup", "time", "retention_ms:RETENTION MS"};
    struct topics_request request = {.replication = -1};
    struct topics topics;
    int status = topics_open(cli, &request, &topics);
    json_t *rows = json_array();
    for (size_t i = 0; status == COMMAND_OK && i < topics.view.existing->n; i++)
        json_array_append_new(rows, row_of_topic(&topics.view.existing->rows[i]));
    topics_close(&topics);
    if (status == COMMAND_OK)
        return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    json_decref(rows);
    return status;
}

int topics_write_differences(const struct cli *cli, const struct topics_view *view)
{
    static const char *const columns[] = {"difference", "topic", "setting", "have", "should"};
    json_t *rows = json_array();
    for (size_t i = 0; i < view->differences.n; i++) {
        const struct topic_difference *d = &view->differences.rows[i];
        json_array_append_new(
            rows, json_pack("{s:s, s:s, s:s, s:s, s:s}", "difference", topic_difference_name(d->kind), "topic", d->name,
                      "setting", d->setting ? d->setting->name : "", "have", d->have, "should", d->should));
    }
    return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
}

static void say_without_registry(const struct cli *cli, const struct topics_view *view)
{
    if (!view->registry)
        cli_say(cli, "There is no registry yet, so only topics that belong to no organisation are looked at. Next: "
                     "\"signalbox registry apply FILE\", or --registry FILE here.");
}

int command_topics_diff(struct cli *cli)
{
    struct topics_request request = topics_request_of(cli);
    struct topics topics;
    int status = topics_open(cli, &request, &topics);
    if (status == COMMAND_OK) {
        say_without_registry(cli, &topics.view);
        status = topics_write_differences(cli, &topics.view);
    }
    if (status == COMMAND_OK && topics_view_wrong(&topics.view))
        status = COMMAND_FAILED;
    topics_close(&topics);
    return status;
}

static void add_finding(json_t *rows, const char *topic, const char *problem, const char *text)
{
    json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "topic", topic, "problem", problem, "what", text));
}

static int find_all(const struct cli *cli, const struct topics_view *view, json_t *rows)
{
    struct topics_unborn unborn;
    int status = topics_unborn(cli, view, &unborn);
    for (size_t i = 0; i < view->differences.n; i++) {
        char text[512];
        topic_difference_explain(&view->differences.rows[i], text, sizeof text);
        add_finding(rows, view->differences.rows[i].name, topic_difference_name(view->differences.rows[i].kind), text);
    }
    if (status == COMMAND_OK && unborn.n)
        add_finding(rows, topic_name(TOPIC_STATE), "births", TOPICS_NO_BIRTHS);
    return status;
}

int command_topics_check(struct cli *cli)
{
    static const char *const columns[] = {"topic", "problem", "what"};
    struct topics_request request = topics_request_of(cli);
    struct topics topics;
    json_t *rows = json_array();
    int status = topics_open(cli, &request, &topics);
    if (status == COMMAND_OK)
        status = find_all(cli, &topics.view, rows);
    if (status != COMMAND_OK) {
        json_decref(rows);
        topics_close(&topics);
        return status;
    }
    say_without_registry(cli, &topics.view);
    bool wrong = topics_view_wrong(&topics.view) > 0 || json_array_size(rows) > topics.view.differences.n;
    if (!wrong)
        cli_say(cli, "All %zu topics are as they should be.", topics.view.plan.n);
    if (cli->format != CLI_TABLE || json_array_size(rows))
        status = output_rows(cli, columns, 3, rows);
    else
        json_decref(rows);
    topics_close(&topics);
    return wrong ? COMMAND_FAILED : status;
}
