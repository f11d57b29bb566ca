// SPDX-License-Identifier: Apache-2.0
// One look at the topics of a cluster beside those that should be there. Made in three steps, so that whoever looks
// knows which of them failed: connect, read, compare.
#pragma once
#include "hub/contract/lanes.h"
#include "hub/control/control.h"
#include "hub/control/topics.h"

struct topics_view {
    struct admin *admin;
    struct kafka_topics *existing;
    struct documents *documents;             // NULL if there are no control topics
    const Signalbox__V1__Registry *registry; // in force, or another that is to be compared with; NULL if there is none
    uint32_t lanes;
    struct topic_plan plan;
    struct topic_differences differences;
};

// Overwrites the view; whatever it returns, the view must be closed. false with a sentence if the settings are wrong:
// nobody is asked yet.
bool topics_view_connect(struct topics_view *view, const struct kafka_settings *kafka, struct error *error);
// Reads topics and control documents. lanes is how many the deployment should have; 0: as many as it has, or the
// default for a new one. false with a sentence.
bool topics_view_read(
    struct topics_view *view, const struct kafka_settings *kafka, uint32_t lanes, struct error *error);
// Fills plan and differences. replication is -1 for the broker's default. false with a sentence if there is no memory.
bool topics_view_compare(struct topics_view *view, int replication, struct error *error);
void topics_view_close(struct topics_view *view);

// How many differences matter.
size_t topics_view_wrong(const struct topics_view *view);

// Lanes whose partition of the topic state holds no record, not even a birth.
struct topics_unborn {
    bool lanes[LANES_MAX];
    uint32_t n;
};
// false with a sentence if the broker does not say.
bool topics_view_unborn(const struct topics_view *view, struct topics_unborn *unborn, struct error *error);
// What to say of them.
#define TOPICS_NO_BIRTHS                                                                                               \
    "Topic state is there, but a lane in it has no record: the births of the lanes were not written, or the topic "    \
    "was lost. If this deployment never took in an item, write them: \"signalbox topics apply --new-lanes\". "         \
    "Otherwise restore the topic: without it repeats would be delivered again."
