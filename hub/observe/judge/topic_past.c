// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/judge/topic_past.h"
#include "hub/base/duration.h"
#include <string.h>

#define BACK_MS       HOUR_MS // that a partition which went back is told of, unless it reaches its old end before
#define ENDS_APART_MS (RATE_LEAST_MS / (ENDS_KEPT - 2))

static void watch_back(struct topic_past *past, int64_t now_ms, int64_t end)
{
    int64_t last = past->n ? past->ends[past->n - 1] : end;
    if (end < last) {
        past->back_ms = now_ms;
        past->was = last;
        past->is = end;
        past->n = 0; // a rate over the break would be below nothing
    }
    if (end >= past->high || now_ms - past->back_ms > BACK_MS)
        past->back_ms = 0;
    past->high = end > past->high ? end : past->high;
}

// The look before the newest goes if it came too soon after its own predecessor, and the oldest if there is no room.
static void make_room(struct topic_past *past)
{
    if (past->n > 1 && past->at_ms[past->n - 1] - past->at_ms[past->n - 2] < ENDS_APART_MS)
        past->n--;
    if (past->n < ENDS_KEPT)
        return;
    memmove(past->at_ms, past->at_ms + 1, (ENDS_KEPT - 1) * sizeof *past->at_ms);
    memmove(past->ends, past->ends + 1, (ENDS_KEPT - 1) * sizeof *past->ends);
    past->n--;
}

void topic_past_add(struct topic_past *past, int64_t now_ms, int64_t stable, int64_t end)
{
    watch_back(past, now_ms, end);
    if (past->n == 0 || end != past->ends[past->n - 1])
        past->moved_ms = now_ms;
    bool stands = stable < end && past->stands_since_ms && stable == past->stable;
    if (!stands)
        past->stands_since_ms = stable < end ? now_ms : 0;
    past->stable = stable;
    if (past->n && past->at_ms[past->n - 1] == now_ms)
        past->n--;
    else
        make_room(past);
    past->at_ms[past->n] = now_ms;
    past->ends[past->n++] = end;
}

struct figure topic_past_per_minute(const struct topic_past *past)
{
    int64_t took = past->n > 1 ? past->at_ms[past->n - 1] - past->at_ms[0] : 0;
    if (took < RATE_LEAST_MS)
        return (struct figure){0};
    return figure_of((past->ends[past->n - 1] - past->ends[0]) * 60000 / took);
}
