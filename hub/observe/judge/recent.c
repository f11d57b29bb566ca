// SPDX-License-Identifier: Apache-2.0
// A slot knows which time it stands for: what is too old is left out when read, so that nothing has to be cleared while
// time passes without records. Delays fall into four buckets for each doubling, from one millisecond to seven weeks.
#include "hub/observe/judge/recent.h"
#include "hub/base/duration.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define TENS_MS  (10 * MINUTE_MS)

struct recent_minute *recent_minute(struct recent *recent, int64_t at_ms)
{
    int64_t minute = at_ms / MINUTE_MS;
    struct recent_minute *slot = &recent->minutes[(size_t)minute % COUNT(recent->minutes)];
    if (slot->minute < minute)
        *slot = (struct recent_minute){.minute = minute};
    return slot->minute == minute ? slot : NULL;
}

struct recent_hour *recent_hour(struct recent *recent, int64_t at_ms)
{
    int64_t hour = at_ms / HOUR_MS;
    struct recent_hour *slot = &recent->hours[(size_t)hour % COUNT(recent->hours)];
    if (slot->hour < hour) {
        memset(slot, 0, sizeof *slot);
        slot->hour = hour;
    }
    return slot->hour == hour ? slot : NULL;
}

void recent_refused(struct recent *recent, struct recent_hour *hour, const char *code)
{
    size_t i = 0;
    code = code ? code : "UNKNOWN";
    while (i < recent->n_codes && recent->codes[i] != code && strcmp(recent->codes[i], code) != 0)
        i++;
    if (i == RECENT_CODES)
        return;
    if (i == recent->n_codes)
        recent->codes[recent->n_codes++] = code;
    hour->codes[i]++;
}

static size_t bucket_of(int64_t ms)
{
    double at = ms > 1 ? 4 * log2((double)ms) : 0;
    return at < RECENT_DELAYS - 1 ? (size_t)at : RECENT_DELAYS - 1;
}

void recent_delayed(struct recent *recent, int64_t at_ms, int64_t source_ms, int64_t hub_ms)
{
    int64_t tens = at_ms / TENS_MS;
    struct recent_tens *slot = &recent->tens[(size_t)tens % COUNT(recent->tens)];
    if (slot->tens < tens) {
        memset(slot, 0, sizeof *slot);
        slot->tens = tens;
    }
    if (slot->tens != tens)
        return;
    if (source_ms >= 0)
        slot->source[bucket_of(source_ms)]++;
    if (hub_ms >= 0)
        slot->hub[bucket_of(hub_ms)]++;
}

struct recent_counts recent_sum(const struct recent *recent, int64_t now_ms, int64_t minutes)
{
    struct recent_counts sum = {0};
    int64_t now = now_ms / MINUTE_MS;
    for (size_t i = 0; i < COUNT(recent->minutes); i++) {
        const struct recent_minute *slot = &recent->minutes[i];
        if (slot->minute <= now - minutes ||
            slot->minute > now + 1) // clocks of broker and observer may differ a little
            continue;
        sum.records += slot->counts.records;
        sum.refused += slot->counts.refused;
        sum.forwarded += slot->counts.forwarded;
        sum.placed += slot->counts.placed;
        sum.strange += slot->counts.strange;
    }
    return sum;
}

const struct recent_hour *recent_held(const struct recent *recent, int64_t hour)
{
    const struct recent_hour *slot = &recent->hours[(size_t)hour % COUNT(recent->hours)];
    return slot->hour == hour ? slot : NULL;
}

// The delay that a share of all did not pass: the upper bound of its bucket, 19 % too much at most.
static struct figure percentile_of(const uint64_t counts[RECENT_DELAYS], double share)
{
    uint64_t all = 0, sum = 0;
    size_t i = 0;
    for (size_t k = 0; k < RECENT_DELAYS; k++)
        all += counts[k];
    if (all == 0)
        return (struct figure){FIGURE_UNKNOWN, 0};
    while (i < RECENT_DELAYS - 1 && (double)(sum += counts[i]) < share * (double)all)
        i++;
    return figure_of((int64_t)exp2((double)(i + 1) / 4));
}

static void report_delays(const struct recent *recent, int64_t now_ms, struct delays *out)
{
    uint64_t source[RECENT_DELAYS] = {0}, hub[RECENT_DELAYS] = {0};
    int64_t now = now_ms / TENS_MS;
    for (size_t i = 0; i < COUNT(recent->tens); i++) {
        const struct recent_tens *slot = &recent->tens[i];
        for (size_t k = 0; slot->tens > now - 7 && k < RECENT_DELAYS; k++) {
            source[k] += slot->source[k];
            hub[k] += slot->hub[k];
        }
    }
    *out = (struct delays){.source_p50_ms = percentile_of(source, 0.5),
        .source_p95_ms = percentile_of(source, 0.95),
        .hub_p50_ms = percentile_of(hub, 0.5),
        .hub_p95_ms = percentile_of(hub, 0.95)};
}

static int most_first(const void *a, const void *b)
{
    const struct code_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : strcmp(x->code, y->code);
}

static void report_refusals(
    const struct recent *recent, const uint64_t codes[RECENT_CODES], struct arena *arena, struct source_health *out)
{
    out->refusals = arena_alloc(arena, recent->n_codes * sizeof *out->refusals);
    out->n_refusals = 0;
    for (size_t i = 0; out->refusals && i < recent->n_codes; i++)
        if (codes[i] > 0)
            out->refusals[out->n_refusals++] = (struct code_count){recent->codes[i], codes[i]};
    if (out->n_refusals > 1)
        qsort(out->refusals, out->n_refusals, sizeof *out->refusals, most_first);
}

void recent_report(const struct recent *recent, int64_t now_ms, struct arena *arena, struct source_health *out)
{
    uint64_t codes[RECENT_CODES] = {0};
    out->accepted = out->duplicates = out->refused = out->forwarded = figure_of(0);
    for (size_t i = 0; i < COUNT(recent->hours); i++) {
        const struct recent_hour *slot = &recent->hours[i];
        if (slot->hour <= now_ms / HOUR_MS - 24)
            continue;
        out->accepted.value += slot->accepted;
        out->duplicates.value += slot->duplicates;
        out->refused.value += slot->refused;
        out->forwarded.value += slot->forwarded;
        for (size_t k = 0; slot->refused > 0 && k < recent->n_codes; k++)
            codes[k] += slot->codes[k];
    }
    out->last_hour = figure_of(recent_sum(recent, now_ms, 60).records);
    out->last_day = figure_of(out->accepted.value + out->duplicates.value + out->refused.value);
    report_refusals(recent, codes, arena, out);
    report_delays(recent, now_ms, &out->delays);
}
