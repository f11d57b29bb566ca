// SPDX-License-Identifier: Apache-2.0
// The topics of a deployment between cycles: their ends over a window, their retention, what is missing.
#pragma once
#include "hub/kafka/survey.h"
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/health.h"
#include "hub/observe/judge/topic_past.h"

struct cycle;
struct observe_control;

struct topic_seen {
    enum topic_part part;
    struct figure retention_ms;
    bool told, expected;
    bool permitted;
    struct topic_past *past; // by partition
    size_t n_past, past_room;
    const struct survey_topic *now; // of this cycle, or NULL
    int64_t leaderless_ms;          // since when one of its partitions has no leader; 0 if all have
};

struct observe_topics {
    struct thing_table seen;
    int64_t retention_ms; // when it was asked last
    size_t retention_n;   // for how many topics
};

void observe_topics_deinit(struct observe_topics *topics);
// Takes what the survey told, and asks for what is missing there, and for retention now and then.
void observe_topics_take(struct observe_topics *topics, const struct observe_control *control, struct cycle *cycle);
// The first half of that, which asks nobody.
void observe_topics_tell(struct observe_topics *topics, const struct observe_control *control, struct cycle *cycle);
// Fills health->topics.
void observe_topics_report(struct observe_topics *topics, struct cycle *cycle);
// Whether a topic, by its name, belongs to a deployment.
bool observe_topics_wanted(const char *name);
// The owner of a topic that belongs to an organisation, else "".
const char *observe_topics_owner(const char *name);
// The partition as it is now, or NULL if it was not told.
const struct survey_partition *observe_topics_partition(
    const struct observe_topics *topics, const char *name, int32_t partition);
// When an end of the topic was last seen to move, or the topic first seen; 0 if it never was.
int64_t observe_topics_moved_ms(const struct observe_topics *topics, const char *name);
// Not permitted if there is an inbound topic that may not be seen; else 0.
struct figure observe_topics_inbound(const struct observe_topics *topics);
struct figure observe_topics_retention(const struct observe_topics *topics, const char *name);

static inline struct figure observe_figure(struct survey_number number)
{
    return (struct figure){(enum figure_state)number.state, number.state == SURVEY_KNOWN ? number.value : 0};
}
