// SPDX-License-Identifier: Apache-2.0
// Peaks over a threshold: the greatest third of the daily maxima (3 to 12 of them) is taken as the tail, which beyond
// its least value falls off exponentially; the limit is read off that line at the return time. Few days make a less
// certain slope, which is therefore taken steeper.
#include "hub/observe/judge/extremes.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_DAYS  5
#define LEAST_SLOPE 0.1 // of the threshold: clockwork is never trusted to be exact

static int greater_first(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

static float limit_of(const struct extremes *extremes)
{
    float sorted[EXTREMES_DAYS];
    if (extremes->n < LEAST_DAYS)
        return 0;
    memcpy(sorted, extremes->best, sizeof sorted);
    qsort(sorted, EXTREMES_DAYS, sizeof *sorted, greater_first);
    size_t tail = extremes->n / 3 < 3 ? 3 : extremes->n / 3 > 12 ? 12 : extremes->n / 3;
    double threshold = (double)sorted[tail - 1], excess = 0;
    for (size_t i = 0; i + 1 < tail; i++)
        excess += ((double)sorted[i] - threshold) / (double)(tail - 1);
    double slope = fmax(excess * (1 + 1.5 / sqrt((double)tail)), LEAST_SLOPE * threshold);
    int64_t seen = extremes->day - extremes->first_day + 1;
    double days = (double)(seen < EXTREMES_DAYS ? seen : EXTREMES_DAYS);
    return (float)(threshold + slope * log((double)tail * EXTREMES_WEEKS * 7 / days));
}

static void next_day(struct extremes *extremes)
{
    float *best = &extremes->best[++extremes->day % EXTREMES_DAYS];
    extremes->n -= *best > 0;
    *best = 0;
}

static void turn_to(struct extremes *extremes, int64_t day)
{
    if (extremes->first_day == 0)
        extremes->first_day = extremes->day = day;
    if (day <= extremes->day)
        return;
    for (int64_t left = day - extremes->day; left > 0 && left <= EXTREMES_DAYS; left--)
        next_day(extremes);
    if (extremes->day < day) {
        memset(extremes->best, 0, sizeof extremes->best);
        extremes->n = 0;
        extremes->day = day;
    }
    extremes->limit = limit_of(extremes);
}

void extremes_take(struct extremes *extremes, int64_t day, double value)
{
    turn_to(extremes, day);
    float counted = extremes->limit > 0 ? fminf((float)value, 1.5F * extremes->limit) : (float)value;
    float *best = &extremes->best[extremes->day % EXTREMES_DAYS];
    if (counted > *best) {
        extremes->n += *best <= 0;
        *best = counted;
    }
}
