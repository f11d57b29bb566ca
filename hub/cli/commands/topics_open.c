// SPDX-License-Identifier: Apache-2.0
// A look at the topics as the command line asks for it, and what to end with if it cannot be had.
#include "hub/cli/commands/topics.h"
#include "hub/cli/frame/file.h"
#include "hub/control/registry_file.h"
#include <stdlib.h>

#define FILE_BYTES (16u << 20)

struct topics_request topics_request_of(const struct cli *cli)
{
    return (struct topics_request){
        .lanes = option_given(cli, OPTION_LANES) ? (uint32_t)option_number(cli, OPTION_LANES) : 0,
        .replication = option_given(cli, OPTION_REPLICATION) ? (int)option_number(cli, OPTION_REPLICATION) : -1,
        .registry_file = option_text(cli, OPTION_REGISTRY),
    };
}

static int read_registry(const struct cli *cli, const char *path, struct topics *topics)
{
    struct error error;
    size_t len;
    topics->text = file_read(path, FILE_BYTES, &len, &error);
    if (!topics->text)
        return cli_fail(cli, COMMAND_NOT_FOUND, "%s", error.text);
    topics->view.registry = registry_file_parse(topics->text, len, &topics->arena, &error);
    return topics->view.registry ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s: %s", path, error.text);
}

int topics_open(const struct cli *cli, const struct topics_request *request, struct topics *topics)
{
    struct error error;
    *topics = (struct topics){0};
    arena_init(&topics->arena, 0);
    if (!topics_view_connect(&topics->view, &cli->kafka, &error))
        return cli_fail(cli, COMMAND_USAGE, "%s", error.text);
    if (!topics_view_read(&topics->view, &cli->kafka, request->lanes, &error))
        return cli_fail_kafka(cli, &error);
    int status = request->registry_file ? read_registry(cli, request->registry_file, topics) : COMMAND_OK;
    if (status == COMMAND_OK && !topics_view_compare(&topics->view, request->replication, &error))
        return cli_fail_kafka(cli, &error);
    return status;
}

void topics_close(struct topics *topics)
{
    topics_view_close(&topics->view);
    arena_deinit(&topics->arena);
    free(topics->text);
}

int topics_unborn(const struct cli *cli, const struct topics_view *view, struct topics_unborn *unborn)
{
    struct error error;
    return topics_view_unborn(view, unborn, &error) ? COMMAND_OK : cli_fail_kafka(cli, &error);
}
