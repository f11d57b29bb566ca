// SPDX-License-Identifier: Apache-2.0
// A weighted mean over the same hour of eight weeks, newer weeks counting more. Its greatest value is held down to what
// the second makes believable, so that one flood does not make the next quiet hour look like silence. Hours are entered
// in the table of rates three hours late, when the records around them are all there. Where a silence outlives the
// table and the clocks changed in between, an hour's neighbours are believed too.
#include "hub/observe/judge/usual.h"
#include <math.h>
#include <string.h>

#define SUMMER  (UINT32_C(1) << 31)
#define HOLIDAY (UINT32_C(1) << 30)
#define COUNT   (HOLIDAY - 1)
#define FORGETS 0.85 // weight of a week against that of the week after it

static uint32_t *slot_of(struct usual *usual, int64_t hour)
{
    return &usual->counts[hour % USUAL_HOURS];
}

static uint32_t flags_of(int64_t hour)
{
    return (calendar_uk_ahead(hour) ? SUMMER : 0) | (calendar_holiday(hour / 24) ? HOLIDAY : 0);
}

static bool is_held(const struct usual *usual, int64_t hour)
{
    return usual->hour > 0 && hour >= usual->first && hour <= usual->hour && hour > usual->hour - USUAL_HOURS;
}

struct sample {
    double value, weight;
};

static double mean_of(struct sample *samples, size_t n)
{
    double second = 0, sum = 0, weights = 0;
    size_t top = 0;
    for (size_t i = 1; i < n; i++)
        if (samples[i].value > samples[top].value)
            top = i;
    for (size_t i = 0; i < n; i++)
        if (i != top && samples[i].value > second)
            second = samples[i].value;
    if (n > 2 && samples[top].value > 2 * second + 3)
        samples[top].value = 2 * second + 3;
    for (size_t i = 0; i < n; i++) {
        sum += samples[i].value * samples[i].weight;
        weights += samples[i].weight;
    }
    return n ? sum / weights : -1;
}

// Of the hours a week, two weeks, ... before an hour; by clocks in the United Kingdom, if uk. -1 if there is none.
static double rate_of(const struct usual *usual, int64_t hour, uint32_t flags, bool uk)
{
    struct sample samples[USUAL_WEEKS];
    size_t n = 0;
    double weight, next = 1;
    for (int64_t then = hour - USUAL_WEEK, week = 0; week < USUAL_WEEKS; then -= USUAL_WEEK, week++) {
        weight = next;
        next *= FORGETS;
        if (!is_held(usual, then))
            continue;
        int summer = (usual->counts[then % USUAL_HOURS] & SUMMER) != 0;
        int64_t same = uk ? then + ((flags & SUMMER) != 0) - summer : then;
        if (same <= usual->first || !is_held(usual, same)) // the first one was seen in part only
            continue;
        uint32_t count = usual->counts[same % USUAL_HOURS];
        if (!(flags & HOLIDAY) == !(count & HOLIDAY) || (flags & HOLIDAY))
            samples[n++] = (struct sample){count & COUNT, weight};
    }
    return mean_of(samples, n);
}

static void widen_rate(struct usual_rate *rate, double other)
{
    if (other < 0)
        return;
    rate->low = fminf(rate->low, (float)other);
    rate->high = fmaxf(rate->high, (float)other);
}

static struct usual_rate foresee_hour(const struct usual *usual, int64_t hour)
{
    uint32_t flags = flags_of(hour);
    double plain = rate_of(usual, hour, flags, false);
    if (plain < 0)
        return (struct usual_rate){0, 0};
    struct usual_rate rate = {(float)plain, (float)plain};
    widen_rate(&rate, rate_of(usual, hour, flags, true));
    if (flags & HOLIDAY) {
        int64_t sunday = hour - 24 * (calendar_weekday(hour / 24) + 1) % USUAL_WEEK;
        widen_rate(&rate, rate_of(usual, sunday + USUAL_WEEK, flags_of(sunday + USUAL_WEEK) & SUMMER, true));
    }
    return rate;
}

static void open_one(struct usual *usual, int64_t hour)
{
    usual->hour = hour;
    if (hour >= usual->change)
        usual->change = calendar_next_change(hour);
    *slot_of(usual, hour) = flags_of(hour);
    usual->past[hour % USUAL_DAY] = usual->rates[hour % USUAL_WEEK];
    if (hour - 3 > usual->first)
        usual->rates[(hour - 3) % USUAL_WEEK] = foresee_hour(usual, hour - 3 + USUAL_WEEK);
}

void usual_open(struct usual *usual, int64_t hour)
{
    if (usual->hour == 0 || hour - usual->hour >= USUAL_HOURS) {
        memset(usual, 0, sizeof *usual);
        usual->first = hour;
        open_one(usual, hour);
    }
    while (usual->hour < hour)
        open_one(usual, usual->hour + 1);
}

void usual_count(struct usual *usual, int64_t hour)
{
    if (is_held(usual, hour) && usual_counted(usual, hour) < COUNT)
        ++*slot_of(usual, hour);
}

uint32_t usual_counted(const struct usual *usual, int64_t hour)
{
    return is_held(usual, hour) ? usual->counts[hour % USUAL_HOURS] & COUNT : 0;
}

struct usual_rate usual_rate(const struct usual *usual, int64_t hour)
{
    if (hour <= usual->hour)
        return usual->past[hour % USUAL_DAY];
    struct usual_rate rate = usual->rates[hour % USUAL_WEEK];
    if (hour < usual->change || hour <= usual->hour + USUAL_WEEK - 3)
        return rate;
    struct usual_rate before = usual->rates[(hour - 1) % USUAL_WEEK], after = usual->rates[(hour + 1) % USUAL_WEEK];
    return (struct usual_rate){
        fminf(rate.low, fminf(before.low, after.low)), fmaxf(rate.high, fmaxf(before.high, after.high))};
}

double usual_most(const struct usual *usual, int64_t hour)
{
    double own = (double)usual_rate(usual, hour).high;
    double around = (double)usual_rate(usual, hour - 1).high + (double)usual_rate(usual, hour + 1).high;
    return fmax(own, (own + around) / 3);
}

double usual_between(const struct usual *usual, int64_t from_ms, int64_t to_ms)
{
    double sum = 0;
    int64_t most_ms = from_ms + USUAL_HOURS * USUAL_HOUR_MS;
    to_ms = to_ms < most_ms ? to_ms : most_ms;
    while (from_ms < to_ms) {
        int64_t hour = from_ms / USUAL_HOUR_MS, next_ms = (hour + 1) * USUAL_HOUR_MS;
        int64_t until_ms = next_ms < to_ms ? next_ms : to_ms;
        sum += (double)usual_rate(usual, hour).low * (double)(until_ms - from_ms) / (double)USUAL_HOUR_MS;
        from_ms = until_ms;
    }
    return sum;
}

int64_t usual_reaches_ms(const struct usual *usual, int64_t from_ms, double sum)
{
    int64_t hour = from_ms / USUAL_HOUR_MS;
    for (size_t n = 0; n < USUAL_HOURS; n++, hour++) {
        double rate = (double)usual_rate(usual, hour).low;
        int64_t next_ms = (hour + 1) * USUAL_HOUR_MS;
        double part = rate * (double)(next_ms - from_ms) / (double)USUAL_HOUR_MS;
        if (part >= sum)
            return from_ms + (int64_t)(rate > 0 ? sum / rate * (double)USUAL_HOUR_MS : 0);
        sum -= part;
        from_ms = next_ms;
    }
    return INT64_MAX;
}
