// SPDX-License-Identifier: Apache-2.0
// What the topics commands share among themselves.
#pragma once
#include "hub/base/arena.h"
#include "hub/cli/frame/command.h"
#include "hub/control/topics_view.h"

// What the command line asks for. lanes and replication are 0 and -1 if nothing was said.
struct topics_request {
    uint32_t lanes;
    int replication;
    const char *registry_file; // NULL: the registry in force
};
struct topics_request topics_request_of(const struct cli *cli);

struct topics {
    struct topics_view view;
    struct arena arena;
    char *text; // of --registry
};

// Looks at the cluster. Returns COMMAND_OK, or the status to end with, said already. Whatever it returns, it must be
// closed.
int topics_open(const struct cli *cli, const struct topics_request *request, struct topics *topics);
void topics_close(struct topics *topics);

// COMMAND_OK, or the status to end with, said already.
int topics_unborn(const struct cli *cli, const struct topics_view *view, struct topics_unborn *unborn);
int topics_write_differences(const struct cli *cli, const struct topics_view *view);
