// SPDX-License-Identifier: Apache-2.0
// All partitions of a topic are begun together and given up together: what was learned from it is learned again from
// the start, so that nobody has to ask which half is still good.
#include "hub/observe/collect/followed.h"
#include "hub/base/clock.h"

#define SINCE_MS 1000
#define BEGIN_MS 3000 // for all partitions; who takes longer is begun in a later cycle

static bool begin_partitions(
    struct followed *followed, struct follow *follow, const struct survey_topic *told, int64_t now_ms)
{
    int32_t n = told->n_partitions < LANES_MAX ? (int32_t)told->n_partitions : LANES_MAX;
    int64_t late_ms = clock_steady_ms() + BEGIN_MS;
    for (int32_t i = 0; i < n; i++) {
        int64_t from = followed->back_ms
                           ? follow_since(follow, followed->topic, i, now_ms - followed->back_ms, SINCE_MS)
                           : FOLLOW_BEGINNING;
        followed->numbers[i] = follow_add(follow, followed->topic, i, from);
        if (followed->numbers[i] < 0 || clock_steady_ms() > late_ms) {
            follow_remove(follow, followed->topic);
            return false;
        }
    }
    followed->n_partitions = n;
    followed->caught_up = false;
    return n > 0;
}

static enum follow_state worst_state(const struct followed *followed, const struct follow *follow)
{
    enum follow_state state = FOLLOW_CAUGHT_UP;
    for (int32_t i = 0; i < followed->n_partitions; i++) {
        enum follow_state one = follow_state(follow, followed->numbers[i]);
        if (one == FOLLOW_BROKEN || one == FOLLOW_NOT_PERMITTED)
            return one;
        if (one == FOLLOW_READS)
            state = FOLLOW_READS;
    }
    return state;
}

bool followed_keep(struct followed *followed, struct follow *follow, const struct survey_topic *told, int64_t now_ms)
{
    enum follow_state state = worst_state(followed, follow);
    if (followed->n_partitions) {
        bool whole =
            told && (size_t)followed->n_partitions == (told->n_partitions < LANES_MAX ? told->n_partitions : LANES_MAX);
        if (whole && (state == FOLLOW_READS || state == FOLLOW_CAUGHT_UP))
            return false;
        followed->not_permitted = state == FOLLOW_NOT_PERMITTED;
        follow_remove(follow, followed->topic);
        followed->n_partitions = 0;
        followed->caught_up = false;
    }
    return told && begin_partitions(followed, follow, told, now_ms);
}

bool followed_look(struct followed *followed, struct follow *follow)
{
    enum follow_state state = worst_state(followed, follow);
    if (followed->n_partitions && state == FOLLOW_CAUGHT_UP)
        followed->caught_up = true;
    if (followed->n_partitions && state == FOLLOW_CAUGHT_UP)
        followed->not_permitted = false;
    return followed->caught_up && followed->n_partitions > 0;
}
