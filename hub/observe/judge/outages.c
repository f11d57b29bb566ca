// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/judge/outages.h"
#include <string.h>

// The outage that lasts, or a new one.
static struct outage *current_outage(struct outages *outages, int64_t now_ms)
{
    int64_t from_ms = outages->answered_ms ? outages->answered_ms : now_ms;
    struct outage *last = outages->n ? &outages->kept[outages->n - 1] : NULL;
    if (last && last->to_ms > outages->answered_ms)
        return last;
    if (outages->n == OUTAGES_KEPT) {
        memmove(outages->kept, outages->kept + 1, (OUTAGES_KEPT - 1) * sizeof *outages->kept);
        outages->n--;
    }
    outages->kept[outages->n] = (struct outage){from_ms, now_ms};
    return &outages->kept[outages->n++];
}

void outages_note(struct outages *outages, int64_t now_ms, bool answered)
{
    struct outage *last = outages->n ? &outages->kept[outages->n - 1] : NULL;
    if (!answered)
        current_outage(outages, now_ms)->to_ms = now_ms;
    else if (last && last->to_ms > outages->answered_ms)
        last->to_ms = now_ms;
    if (answered)
        outages->answered_ms = now_ms;
}

int64_t outages_between(const struct outages *outages, int64_t from_ms, int64_t to_ms)
{
    int64_t sum = 0;
    for (size_t i = 0; outages && i < outages->n; i++) {
        int64_t from = outages->kept[i].from_ms > from_ms ? outages->kept[i].from_ms : from_ms;
        int64_t to = outages->kept[i].to_ms < to_ms ? outages->kept[i].to_ms : to_ms;
        sum += to > from ? to - from : 0;
    }
    return sum;
}
