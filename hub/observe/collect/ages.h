// SPDX-License-Identifier: Apache-2.0
// How old the oldest record is that a reader has not read: asked of the broker only where what is known no longer
// answers it.
#pragma once
#include "hub/kafka/survey.h"
#include "hub/observe/figure.h"

#define AGES_ASKED 512 // at most in one cycle; who is left out has its turn in the next ones

// What is known of the records from one place on. Zeroed at the start.
struct age {
    int64_t from, at_offset, at_ms; // the first record from `from` on is at_offset; at_ms 0: none is known
    int64_t none_from, none_end;    // between these there are only markers; none_end 0: not known
    int64_t asked_ms;
    bool not_permitted;
};

enum age_answer { AGE_UNKNOWN, AGE_NOTHING, AGE_RECORD };

// What is known of a reader at place, if the last stable offset is end.
enum age_answer age_of(const struct age *age, int64_t place, int64_t end);
// The age in milliseconds: 0 if there is nothing to read.
struct figure age_figure(const struct age *age, int64_t place, int64_t end, int64_t now_ms);

// Collects questions of one cycle. Zeroed at the start of each.
struct ages {
    struct ages_row {
        struct age *age;
        struct survey_record record;
    } * rows;
    size_t n, room;
};
void ages_deinit(struct ages *ages);
// false without memory: then it is not asked for.
bool ages_want(struct ages *ages, struct age *age, const char *topic, int32_t partition, int64_t place, int64_t end);
// Asks, the longest unasked first, and forgets the questions. false without memory: then nothing was asked.
bool ages_ask(struct ages *ages, struct survey *survey, int64_t now_ms, int timeout_ms);
