// SPDX-License-Identifier: Apache-2.0
// What the topics commands and the hub's start look at: the topics of the cluster beside those that should be there.
#pragma once
#include "hub/cli/frame/command.h"
#include "hub/contract/lanes.h"
#include "hub/control/control.h"
#include "hub/control/topics.h"

struct topics_view {
    struct kafka_admin *admin;
    struct kafka_topics *existing;
    struct documents *documents; // NULL if there are no control topics
    struct arena arena;
    char *text;                              // of --registry
    const Signalbox__V1__Registry *registry; // NULL if there is none yet
    uint32_t lanes;
    struct topic_plan plan;
    struct topic_differences differences;
};

// What the command line asks for. lanes and replication are 0 and -1 if nothing was said.
struct topics_request {
    uint32_t lanes;
    int replication;
    const char *registry_file; // NULL: the registry in force
};

// Returns COMMAND_OK, or the status to end with, said already. Whatever it returns, the view must be closed.
int topics_view_open(const struct cli *cli, const struct topics_request *request, struct topics_view *view);
void topics_view_close(struct topics_view *view);

// Lanes whose partition of the topic state holds no record, not even a birth. COMMAND_OK or the status to end with.
struct topics_unborn {
    bool lanes[LANES_MAX];
    uint32_t n;
};
int topics_unborn(const struct cli *cli, const struct topics_view *view, struct topics_unborn *unborn);
// How many differences matter.
size_t topics_wrong(const struct topics_view *view);
