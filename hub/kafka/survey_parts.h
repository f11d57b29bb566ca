// SPDX-License-Identifier: Apache-2.0
// What the files of the survey share.
#pragma once
#include "hub/kafka/kafka_conf.h"
#include "hub/base/clock.h"
#include "hub/kafka/survey.h"

struct survey {
    struct kafka_settings kafka;
    rd_kafka_t *probe;       // sees true ends; metadata and the admin calls too
    rd_kafka_t *stable;      // sees last stable offsets, and reads single records
    rd_kafka_queue_t *found; // of those records
};

static inline int survey_left(int64_t deadline_ms)
{
    int64_t left = deadline_ms - clock_steady_ms();
    return left > 1 ? (int)left : 1;
}

// What an error of a broker says of the thing asked about.
static inline enum survey_state survey_state_of(rd_kafka_resp_err_t code)
{
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return SURVEY_KNOWN;
    if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
        code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        return SURVEY_NOT_PERMITTED;
    return SURVEY_UNKNOWN;
}

// The name without the prefix, or NULL if it has another.
const char *survey_bare(const struct survey *survey, const char *name);
// The name with the prefix, out of the arena.
const char *survey_full(const struct survey *survey, struct arena *arena, const char *name);
// Every question begins with this: the probe is started if there is none. false with a sentence.
bool survey_connect(struct survey *survey, struct error *error);
// Lets the probe go, with all that it still waits for. The next question starts another.
void survey_disconnect(struct survey *survey);
// The list with states and members; places are left out.
void survey_list_groups(struct survey *survey, const char *const *also, size_t n_also, int timeout_ms,
    struct arena *arena, struct survey_groups *groups);
