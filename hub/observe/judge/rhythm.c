// SPDX-License-Identifier: Apache-2.0
// Learning. A record is counted in its slots; an hour is closed two hours after it ended, when its records are all
// there: then each figure of it goes into the book of ordinary extremes, and its misses into the spread. All
// expectations are made from earlier weeks only, so the books say how wrong they usually are.
#include "hub/observe/judge/rhythm_state.h"
#include <math.h>
#include <stdlib.h>

#define KEEPS       0.9990 // of a share, each hour: half in four weeks
#define KEEPS_DAY   0.9755 // the same each day
#define LEARN_DAYS  7      // before expectations mean anything
#define RARE        0.01   // a region named less often than in this share of items is unusual
#define NEWEST      0.05   // weight of the newest record
#define LEAST_ITEMS 100    // to know which regions are usual

struct rhythm *rhythm_new(void)
{
    return calloc(1, sizeof(struct rhythm));
}

struct rhythm *rhythm_free(struct rhythm *rhythm)
{
    free(rhythm);
    return NULL;
}

// Chernoff's bound of both tails of a negative binomial; a Poisson's as the spread goes to 0.
double rhythm_surprise(double x, double mean, double spread)
{
    double k = 1 / fmax(spread, 1e-6);
    double own = x > 0 ? x * log(x * (k + mean) / (mean * (k + x))) : 0;
    return fmax(own + k * log((k + mean) / (k + x)), 0);
}

double rhythm_share_surprise(double some, double all, double share)
{
    some = fmin(some, all);
    if (all <= 0 || some / all <= share)
        return 0;
    double rest = all - some;
    return some * log(some / (all * share)) + (rest > 0 ? rest * log(rest / (all * (1 - share))) : 0);
}

double rhythm_share_of(const struct rhythm_share *share)
{
    return fmin(fmax(share->all > 0 ? share->some / share->all : 0, 0.01), 0.99);
}

double rhythm_spread(const struct rhythm_share *share)
{
    return fmin(fmax(share->all > 0 ? share->some / share->all : 1, 0.02), 10);
}

static void share_add(struct rhythm_share *share, double some, double all)
{
    share->some = share->some * KEEPS + some;
    share->all = share->all * KEEPS + all;
}

static double middle_of(struct usual_rate rate)
{
    return ((double)rate.low + (double)rate.high) / 2;
}

static void spread_add(struct rhythm_share *spread, double x, double mean)
{
    double miss = x - mean;
    share_add(spread, miss * miss - mean, mean * mean);
}

static void close_counts(struct rhythm *rhythm, int64_t hour)
{
    struct usual_rate rate = usual_rate(&rhythm->usual, hour);
    double x = usual_counted(&rhythm->usual, hour), low = (double)rate.low;
    double high = fmax(usual_most(&rhythm->usual, hour), 0.5);
    double spread = rhythm_spread(&rhythm->spread);
    int64_t day = hour / 24;
    if (x > high) {
        extremes_take(&rhythm->books[BOOK_BURST], day, rhythm_surprise(x, high, spread));
        extremes_take(&rhythm->books[BOOK_EXCESS], day, x - high);
    }
    if (x < low)
        extremes_take(&rhythm->books[BOOK_DROP], day, rhythm_surprise(x, low, spread));
    spread_add(&rhythm->spread, x, middle_of(rate));
}

static void close_day(struct rhythm *rhythm, int64_t hour)
{
    double x = 0, low = 0, mean = 0;
    for (int64_t then = hour - 23; then <= hour; then++) {
        struct usual_rate rate = usual_rate(&rhythm->usual, then);
        x += usual_counted(&rhythm->usual, then);
        low += (double)rate.low;
        mean += middle_of(rate);
    }
    if (x < low)
        extremes_take(
            &rhythm->books[BOOK_DROP_DAY], hour / 24, rhythm_surprise(x, low, rhythm_spread(&rhythm->spread_day)));
    spread_add(&rhythm->spread_day, x, mean);
}

static void close_shares(struct rhythm *rhythm, int64_t hour)
{
    const struct recent_hour *slot = recent_held(&rhythm->recent, hour);
    if (!slot)
        return;
    double all = (double)slot->accepted + slot->duplicates + slot->refused;
    double refused = rhythm_share_surprise(slot->refused, all, rhythm_share_of(&rhythm->refused));
    double strange = rhythm_share_surprise(slot->strange, slot->placed, rhythm_share_of(&rhythm->strange));
    extremes_take(&rhythm->books[BOOK_REFUSED], hour / 24, refused);
    extremes_take(&rhythm->books[BOOK_STRANGE], hour / 24, strange);
    share_add(&rhythm->refused, slot->refused, all);
    share_add(&rhythm->strange, slot->strange, slot->placed);
}

static void close_hour(struct rhythm *rhythm, int64_t hour)
{
    if (hour <= rhythm->usual.first)
        return;
    close_shares(rhythm, hour);
    if (hour - rhythm->usual.first > LEARN_DAYS * 24)
        close_counts(rhythm, hour);
    if (hour - rhythm->usual.first > (LEARN_DAYS + 1) * 24)
        close_day(rhythm, hour);
}

// What regions are usual is learned by days: a burst of new ones must not explain itself.
static void close_regions(struct rhythm *rhythm, int64_t day)
{
    for (size_t i = 0; i < RHYTHM_REGIONS; i++) {
        rhythm->regions[i] = rhythm->regions[i] * KEEPS_DAY + rhythm->regions_today[i];
        rhythm->regions_today[i] = 0;
    }
    rhythm->placed = rhythm->placed * KEEPS_DAY + rhythm->placed_today;
    rhythm->placed_today = 0;
    rhythm->today = day;
}

static void open_hours(struct rhythm *rhythm, int64_t at_ms)
{
    int64_t hour = at_ms / RHYTHM_HOUR_MS, from = rhythm->usual.hour;
    if (from == 0 || hour - from >= USUAL_HOURS)
        usual_open(&rhythm->usual, hour); // begins anew
    for (int64_t next = from + 1; from > 0 && next <= hour && rhythm->usual.hour < hour; next++) {
        usual_open(&rhythm->usual, next);
        close_hour(rhythm, next - 2);
    }
    if (at_ms / RHYTHM_DAY_MS > rhythm->today)
        close_regions(rhythm, at_ms / RHYTHM_DAY_MS);
}

static void take_gap(struct rhythm *rhythm, int64_t at_ms)
{
    if (rhythm->last_ms > 0 && at_ms - rhythm->last_ms > rhythm->longest_ms)
        rhythm->longest_ms = at_ms - rhythm->last_ms;
    if (rhythm->last_ms > 0 && at_ms / RHYTHM_HOUR_MS - rhythm->usual.first > LEARN_DAYS * 24)
        extremes_take(
            &rhythm->books[BOOK_GAP], at_ms / RHYTHM_DAY_MS, usual_between(&rhythm->usual, rhythm->last_ms, at_ms));
    rhythm->last_ms = at_ms;
}

// Learns the item's regions; true if none of them is usual.
static bool take_regions(struct rhythm *rhythm, uint32_t regions)
{
    bool usual = rhythm->placed < LEAST_ITEMS;
    for (size_t i = 0; i < RHYTHM_REGIONS; i++) {
        if ((regions >> i & 1) == 0)
            continue;
        rhythm->regions_today[i]++;
        usual |= rhythm->regions[i] >= RARE * rhythm->placed;
    }
    rhythm->placed_today++;
    return !usual;
}

static void count_hour(struct rhythm *rhythm, const struct rhythm_event *event, bool strange)
{
    struct recent_hour *hour = recent_hour(&rhythm->recent, event->at_ms);
    if (!hour)
        return;
    bool forwarded = event->forwarded, placed = event->regions != 0;
    hour->forwarded += forwarded;
    hour->refused += !forwarded && event->refused;
    hour->duplicates += !forwarded && event->duplicate;
    hour->accepted += !forwarded && !event->refused && !event->duplicate;
    hour->placed += !forwarded && placed;
    hour->strange += !forwarded && strange;
    if (!forwarded && event->refused)
        recent_refused(&rhythm->recent, hour, event->code);
}

static void count_minute(struct rhythm *rhythm, const struct rhythm_event *event, bool strange)
{
    struct recent_minute *minute = recent_minute(&rhythm->recent, event->at_ms);
    if (!minute)
        return;
    bool forwarded = event->forwarded;
    minute->counts.forwarded += forwarded;
    minute->counts.records += !forwarded;
    minute->counts.refused += !forwarded && event->refused;
    minute->counts.placed += !forwarded && event->regions != 0;
    minute->counts.strange += !forwarded && strange;
}

static void take_record(struct rhythm *rhythm, const struct rhythm_event *event)
{
    int64_t at_ms = event->at_ms, hour = at_ms / RHYTHM_HOUR_MS;
    bool late = rhythm->usual.hour > 0 && hour < rhythm->usual.hour - 1;
    if (at_ms > rhythm->last_ms)
        take_gap(rhythm, at_ms); // by what was expected before the pause
    if (!late)
        open_hours(rhythm, at_ms);
    usual_count(&rhythm->usual, hour);
    rhythm->taken++;
    rhythm->newest += ((event->refused ? 1 : 0) - rhythm->newest) * NEWEST;
    int64_t source_ms = event->made_ms > 0 && event->made_ms <= at_ms ? at_ms - event->made_ms : -1;
    int64_t hub_ms = event->decided_ms > 0 && event->decided_ms >= at_ms ? event->decided_ms - at_ms : -1;
    recent_delayed(&rhythm->recent, at_ms, source_ms, hub_ms);
}

void rhythm_take(struct rhythm *rhythm, const struct rhythm_event *event)
{
    if (event->at_ms <= 0)
        return;
    bool strange = false;
    if (!event->forwarded) {
        take_record(rhythm, event);
        strange = event->regions != 0 && take_regions(rhythm, event->regions);
    }
    count_hour(rhythm, event, strange);
    count_minute(rhythm, event, strange);
}
