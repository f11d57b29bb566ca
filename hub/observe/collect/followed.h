// SPDX-License-Identifier: Apache-2.0
// A topic that is read as it grows: begun when it is there, begun again when it breaks.
#pragma once
#include "hub/kafka/follow.h"
#include "hub/contract/lanes.h"
#include "hub/kafka/survey.h"

struct followed {
    const char *topic;
    int64_t back_ms;        // how far back to begin; 0: at its beginning
    int numbers[LANES_MAX]; // of follow.h, by partition
    int32_t n_partitions;   // 0: not followed now
    bool not_permitted;
    bool caught_up; // all of it has been read to its end once
};

// Looks after it once a cycle. told is NULL if the topic is not there. true if it was begun anew: what was read of it
// before comes again.
bool followed_keep(struct followed *followed, struct follow *follow, const struct survey_topic *told, int64_t now_ms);
// After some reading: whether it is caught up now. Once it is, it stays so until it is begun anew.
bool followed_look(struct followed *followed, struct follow *follow);
