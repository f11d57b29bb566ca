// SPDX-License-Identifier: Apache-2.0
// Made hour by hour: how many are usual for this kind at this hour, how many come, when they come within the hour.
#include "tests/kit/health/traffic.h"
#include "hub/observe/judge/calendar.h"
#include <math.h>
#include <stdlib.h>

const char *const kit_traffic_names[KIT_TRAFFIC_KINDS] = {
    "steady", "office", "nightly", "bursty", "weekly", "sparse", "police", "clockwork", "growing"};

static double uniform_number(struct kit_random *random)
{
    return (double)(kit_next(random) >> 11) * 0x1p-53;
}

static double normal_number(struct kit_random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform_number(random);
    return sum;
}

static uint32_t poisson_number(struct kit_random *random, double mean)
{
    if (mean > 100)
        return (uint32_t)fmax(mean + sqrt(mean) * normal_number(random) + 0.5, 0);
    uint32_t n = 0;
    for (double product = uniform_number(random), end = exp(-mean); product > end; product *= uniform_number(random))
        n++;
    return n;
}

static void put_record(struct kit_traffic *traffic, double minute)
{
    int64_t at_ms = traffic->hour * KIT_HOUR_MS + (int64_t)(minute * 60000);
    if (traffic->n < sizeof traffic->at_ms / sizeof *traffic->at_ms)
        traffic->at_ms[traffic->n++] = at_ms;
}

static void spread_records(struct kit_traffic *traffic, double mean, double from, double length)
{
    for (uint32_t left = poisson_number(&traffic->random, mean); left > 0; left--)
        put_record(traffic, from + length * uniform_number(&traffic->random));
}

static void put_heaps(struct kit_traffic *traffic, double mean, double size)
{
    for (uint32_t left = poisson_number(&traffic->random, mean); left > 0; left--) {
        double at = 59 * uniform_number(&traffic->random);
        for (uint32_t more = 1 + poisson_number(&traffic->random, -size * log(1 - uniform_number(&traffic->random)));
             more > 0; more--)
            put_record(traffic, at + uniform_number(&traffic->random));
    }
}

static void make_office(struct kit_traffic *traffic, int64_t local)
{
    int64_t of_day = local % 24;
    if (calendar_weekday(local / 24) < 5 && !calendar_holiday(local / 24) && of_day >= 8 && of_day < 18)
        spread_records(traffic, of_day == 8 || of_day == 17 ? 15 : of_day == 12 ? 25 : 40, 0, 60);
}

static void make_police(struct kit_traffic *traffic, int64_t local)
{
    static const double waves[24] = {
        30, 24, 18, 12, 8, 6, 8, 14, 24, 34, 40, 42, 40, 42, 46, 48, 50, 52, 54, 56, 54, 50, 44, 36};
    int64_t day = local / 24;
    if (day != traffic->day) {
        traffic->day = day;
        traffic->today = exp(0.25 * normal_number(&traffic->random));
    }
    double weekend = calendar_weekday(day) > 3 ? 1.4 : 1;
    spread_records(traffic, waves[local % 24] * weekend * traffic->today, 0, 60);
    put_heaps(traffic, 0.05, 25);
}

static void make_clockwork(struct kit_traffic *traffic)
{
    for (int quarter = 0; quarter < 4; quarter++)
        spread_records(traffic, 5, quarter * 15 + 14.5, 0.2);
}

static int by_minute(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void make_hour(struct kit_traffic *traffic)
{
    int64_t hour = traffic->hour, local = hour + calendar_uk_ahead(hour);
    double age = (double)(hour - traffic->first_hour) / (365 * 24);
    traffic->n = traffic->next = 0;
    switch (traffic->kind) {
    case KIT_TRAFFIC_STEADY:
        spread_records(traffic, 60, 0, 60);
        break;
    case KIT_TRAFFIC_OFFICE:
        make_office(traffic, local);
        break;
    case KIT_TRAFFIC_NIGHTLY:
        if (hour % 24 == 2)
            spread_records(traffic, 400 * exp(0.2 * normal_number(&traffic->random)),
                5 + 40 * uniform_number(&traffic->random), 10);
        break;
    case KIT_TRAFFIC_BURSTY:
        put_heaps(traffic, 2, 15);
        break;
    case KIT_TRAFFIC_WEEKLY:
        if (calendar_weekday(local / 24) == 0 && local % 24 == 9)
            spread_records(traffic, 20, 10, 40);
        break;
    case KIT_TRAFFIC_SPARSE:
        spread_records(traffic, 1.0 / 72, 0, 60);
        break;
    case KIT_TRAFFIC_POLICE:
        make_police(traffic, local);
        break;
    case KIT_TRAFFIC_CLOCKWORK:
        make_clockwork(traffic);
        break;
    case KIT_TRAFFIC_GROWING:
        spread_records(traffic, 20 + 40 * age, 0, 60);
        break;
    case KIT_TRAFFIC_KINDS:
        abort();
    }
    qsort(traffic->at_ms, traffic->n, sizeof *traffic->at_ms, by_minute);
    traffic->hour++;
}

void kit_traffic_begin(struct kit_traffic *traffic, enum kit_traffic_kind kind, uint64_t seed, int64_t first_ms)
{
    memset(traffic, 0, sizeof *traffic);
    traffic->kind = kind;
    traffic->random.state = seed * 1000 + kind;
    traffic->first_hour = traffic->hour = first_ms / KIT_HOUR_MS;
}

// Mistakes come singly, one in a hundred, and now and then in heaps: a form that somebody filled in wrongly all day.
static bool is_mistaken(struct kit_traffic *traffic)
{
    if (traffic->mistakes == 0 && kit_below(&traffic->random, 2000) == 0)
        traffic->mistakes = 1 + (uint32_t)kit_below(&traffic->random, 8);
    if (traffic->mistakes == 0)
        return kit_below(&traffic->random, 100) == 0;
    traffic->mistakes--;
    return true;
}

// One operation at a time, of some 30 items, in one region and often its neighbour; few in the far ones.
static uint32_t some_regions(struct kit_traffic *traffic)
{
    if (kit_below(&traffic->random, 30) == 0) {
        uint64_t a = kit_below(&traffic->random, 4), b = kit_below(&traffic->random, 3);
        traffic->operation = (uint32_t)(a + b);
    }
    uint32_t bits = 1u << traffic->operation;
    return kit_below(&traffic->random, 2) ? bits | bits << 1 : bits;
}

void kit_traffic_next(struct kit_traffic *traffic, struct rhythm_event *event)
{
    while (traffic->next >= traffic->n)
        make_hour(traffic);
    int64_t at_ms = traffic->at_ms[traffic->next++];
    *event = (struct rhythm_event){.at_ms = at_ms,
        .code = "ACCEPTED",
        .regions = some_regions(traffic),
        .made_ms = at_ms - 1000 - (int64_t)kit_below(&traffic->random, 60000),
        .decided_ms = at_ms + 20};
    if (is_mistaken(traffic)) {
        event->refused = true;
        event->code = kit_below(&traffic->random, 3) ? "FIELD_MISSING" : "FIELD_RANGE";
        event->regions = 0;
    } else if (kit_below(&traffic->random, 20) == 0) {
        event->duplicate = true;
        event->code = "DUPLICATE_BYTES";
    }
}
