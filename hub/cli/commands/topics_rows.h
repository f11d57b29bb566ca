// SPDX-License-Identifier: Apache-2.0
// What the topics commands share among themselves.
#pragma once
#include "hub/cli/commands/topics.h"
#include "hub/cli/frame/output.h"

#define TOPICS_NO_BIRTHS                                                                                               \
    "Topic state is there, but a lane in it has no record: the births of the lanes were not written, or the topic "    \
    "was lost. If this "                                                                                               \
    "deployment never took in an item, write them: \"signalbox topics apply --new-lanes\". Otherwise restore the "     \
    "topic: without it "                                                                                               \
    "repeats would be delivered again."

struct topics_request topics_request_of(const struct cli *cli);
int topics_write_differences(const struct cli *cli, const struct topics_view *view);
