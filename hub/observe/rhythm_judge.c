// SPDX-License-Identifier: Apache-2.0
// The verdict: a table of rules from the most painful on, the first that holds is told. A rule asks for both, a limit that
// ordinary days do not pass, and an effect that a person would call much.
#include "hub/observe/rhythm_state.h"
#include "hub/observe/span.h"
#include <inttypes.h>
#include <math.h>

#define KNOWN_MS      (14 * RHYTHM_DAY_MS)
#define KNOWN_RECORDS 12
#define LEAST_GAP     2.5  // expected records
#define LEAST_GAP_MS  (3 * RHYTHM_MINUTE_MS) // a hub that fails over is no silent agency
#define LEAST_COUNT   20   // expected or seen, before a rate says anything
#define LEAST_SOME    10   // refusals, forwarded records
#define LEAST_STRANGE 8
// -ln(1e-5): an hourly figure of one agency that is this improbable is rare enough even where no book says more.
#define LEAST_SURPRISE 11.5

struct look {
    const struct rhythm *rhythm;
    const struct rhythm_settings *settings;
    struct arena *arena;
    const struct source_health *out;
    int64_t now_ms, from_ms;          // from_ms: since when nothing came
    bool known;
    int64_t silent_after_ms;          // after from_ms; INT64_MAX if it cannot be said
    struct recent_counts hour, minutes; // the last 60 and the last 10 minutes
};

static double limit_of(const struct look *look, enum rhythm_book book)
{
    return fmax((double)look->rhythm->books[book].limit, LEAST_SURPRISE);
}

static bool is_known(const struct rhythm *rhythm, int64_t now_ms)
{
    return rhythm->usual.first > 0 && now_ms - rhythm->usual.first * RHYTHM_HOUR_MS >= KNOWN_MS &&
        rhythm->taken >= KNOWN_RECORDS && rhythm->books[BOOK_GAP].limit > 0;
}

// An agency that is not known yet may be a rare one: three times its longest pause is waited for.
static int64_t silent_after(const struct rhythm *rhythm, bool known, int64_t from_ms, int64_t silent_after_ms)
{
    if (!known)
        return rhythm->longest_ms * 3 > silent_after_ms ? rhythm->longest_ms * 3 : silent_after_ms;
    double limit = fmax((double)rhythm->books[BOOK_GAP].limit, LEAST_GAP);
    int64_t at_ms = usual_reaches_ms(&rhythm->usual, from_ms, limit);
    if (at_ms == INT64_MAX)
        return INT64_MAX;
    return at_ms - from_ms > LEAST_GAP_MS ? at_ms - from_ms : LEAST_GAP_MS;
}

static double usual_hour(const struct rhythm *rhythm, int64_t now_ms)
{
    struct usual_rate now = usual_rate(&rhythm->usual, now_ms / RHYTHM_HOUR_MS);
    struct usual_rate before = usual_rate(&rhythm->usual, now_ms / RHYTHM_HOUR_MS - 1);
    double part = (double)(now_ms % RHYTHM_HOUR_MS) / (double)RHYTHM_HOUR_MS;
    return ((double)now.low + (double)now.high) / 2 * part + ((double)before.low + (double)before.high) / 2 * (1 - part);
}

static struct finding found(enum verdict verdict, const char *rule, const char *numbers, const char *detail)
{
    return (struct finding){.verdict = verdict, .rule = rule, .numbers = numbers ? numbers : "", .detail = detail ? detail : ""};
}

static bool never_came(const struct look *look, struct finding *out)
{
    if (look->rhythm->last_ms > 0 || look->settings->waiting_ms > 0)
        return false;
    int64_t since_ms = look->settings->known_since_ms, limit_ms = look->settings->silent_after_ms;
    if (since_ms <= 0 || look->now_ms - since_ms < limit_ms)
        return false;
    const char *past = span_text(look->arena, look->now_ms - since_ms);
    *out = found(VERDICT_SOURCE_SILENT, "never-published",
        arena_printf(look->arena, "records=0 known_for=%" PRId64 "s limit=%" PRId64 "s", (look->now_ms - since_ms) / 1000,
            limit_ms / 1000),
        arena_printf(look->arena, "Nothing has ever come, and it has been known for %s.", past));
    return true;
}

static bool silent(const struct look *look, struct finding *out)
{
    int64_t past_ms = look->now_ms - look->from_ms;
    if (look->rhythm->last_ms == 0 || look->silent_after_ms == INT64_MAX || past_ms < look->silent_after_ms)
        return false;
    double expected = usual_between(&look->rhythm->usual, look->from_ms, look->now_ms);
    const char *past = span_text(look->arena, past_ms), *limit = span_text(look->arena, look->silent_after_ms);
    if (!look->known)
        *out = found(VERDICT_SOURCE_SILENT, "silent-too-long",
            arena_printf(look->arena, "silent=%" PRId64 "s limit=%" PRId64 "s", past_ms / 1000, look->silent_after_ms / 1000),
            arena_printf(look->arena, "Nothing came for %s. Its rhythm is not known yet; silence is told after %s.", past, limit));
    else
        *out = found(VERDICT_SOURCE_SILENT, "silence-improbable",
            arena_printf(look->arena, "silent=%" PRId64 "s expected=%.1f limit=%.1f limit_time=%" PRId64 "s false_once_in=%dw",
                past_ms / 1000, expected, fmax((double)look->rhythm->books[BOOK_GAP].limit, LEAST_GAP),
                look->silent_after_ms / 1000, RHYTHM_FALSE_WEEKS),
            arena_printf(look->arena, "Nothing came for %s, in which %.0f records are usual; at this time silence is told after %s.",
                past, expected, limit));
    return true;
}

// It is over if far fewer of the newest records are refused than of those that it rests on.
static bool over(const struct look *look, double share)
{
    return look->rhythm->newest * 3.5 < share;
}

static bool refusals_burst(const struct look *look, struct finding *out)
{
    const struct recent_counts *last = &look->minutes;
    double usually = rhythm_share_of(&look->rhythm->refused);
    if (last->refused < LEAST_SOME || last->refused * 2 <= last->records || over(look, 0.5) || usually > 0.25)
        return false;
    double surprise = rhythm_share_surprise(last->refused, last->records, usually);
    if (surprise < limit_of(look, BOOK_REFUSED))
        return false;
    *out = found(VERDICT_SOURCE_REFUSED, "refusals-burst",
        arena_printf(look->arena, "refused=%u of=%u window=600s usual=%.1f%%", last->refused, last->records, usually * 100),
        arena_printf(look->arena, "%u of %u records of the last 10 min were refused, most of all with %s.", last->refused,
            last->records, look->out->n_refusals ? look->out->refusals[0].code : "UNKNOWN"));
    return true;
}

static bool refusals_above(const struct look *look, struct finding *out)
{
    const struct recent_counts *last = &look->hour;
    double usually = rhythm_share_of(&look->rhythm->refused);
    double share = last->records ? (double)last->refused / last->records : 0;
    if (last->refused < LEAST_SOME || share < 3 * usually || share < usually + 0.05 || over(look, share))
        return false;
    double surprise = rhythm_share_surprise(last->refused, last->records, usually);
    if (surprise < limit_of(look, BOOK_REFUSED))
        return false;
    *out = found(VERDICT_SOURCE_REFUSED, "refusals-above-usual",
        arena_printf(look->arena, "refused=%u of=%u window=3600s usual=%.1f%% surprise=%.1f limit=%.1f", last->refused,
            last->records, usually * 100, surprise, limit_of(look, BOOK_REFUSED)),
        arena_printf(look->arena, "%u of %u records of the last hour were refused, most of all with %s; usual are %.0f %%.",
            last->refused, last->records, look->out->n_refusals ? look->out->refusals[0].code : "UNKNOWN", usually * 100));
    return true;
}

static bool strange_regions(const struct look *look, struct finding *out)
{
    const struct recent_counts *last = &look->hour;
    if (!look->known || last->strange < LEAST_STRANGE || last->strange * 2 <= last->placed)
        return false;
    double usually = rhythm_share_of(&look->rhythm->strange);
    double surprise = rhythm_share_surprise(last->strange, last->placed, usually);
    if (surprise < limit_of(look, BOOK_STRANGE))
        return false;
    *out = found(VERDICT_SOURCE_WRONG_REGION, "regions-unusual",
        arena_printf(look->arena, "unusual=%u of=%u window=3600s usual=%.1f%% surprise=%.1f limit=%.1f", last->strange,
            last->placed, usually * 100, surprise, limit_of(look, BOOK_STRANGE)),
        arena_printf(look->arena, "%u of %u items of the last hour name only regions that it hardly ever named before.",
            last->strange, last->placed));
    return true;
}

static bool forwarded_most(const struct look *look, struct finding *out)
{
    const struct recent_counts *last = &look->hour;
    if (last->forwarded < LEAST_SOME || last->forwarded * 2 <= last->records)
        return false;
    *out = found(VERDICT_SOURCE_WRONG_LANE, "forwarded-most",
        arena_printf(look->arena, "forwarded=%u of=%u window=3600s limit=50%%", last->forwarded, last->records),
        arena_printf(look->arena, "%u of %u records of the last hour came on another partition than their subject's.",
            last->forwarded, last->records));
    return true;
}

struct sums {
    double x, low;
};

static struct sums sums_of(const struct look *look, int64_t hours)
{
    struct sums sums = {0, 0};
    int64_t now = look->now_ms / RHYTHM_HOUR_MS;
    for (int64_t hour = now - hours; hour < now; hour++) {
        sums.x += usual_counted(&look->rhythm->usual, hour);
        sums.low += (double)usual_rate(&look->rhythm->usual, hour).low;
    }
    return sums;
}

// The newest full hours in which something was to come: whether it came.
static bool well_again(const struct look *look)
{
    struct sums sums = {0, 0};
    for (int64_t hours = 1; hours <= 24 && sums.low < 5; hours++)
        sums = sums_of(look, hours);
    return sums.x * 2 >= sums.low;
}

static bool drop(const struct look *look, enum rhythm_book book, int64_t hours, const char *rule, struct finding *out)
{
    if (!look->known || look->settings->waiting_ms > 0)
        return false;
    struct sums sums = sums_of(look, hours);
    if (sums.low < LEAST_COUNT || sums.x * 2 > sums.low || (hours > 1 && well_again(look)))
        return false;
    const struct rhythm_share *spread = hours > 1 ? &look->rhythm->spread_day : &look->rhythm->spread;
    double surprise = rhythm_surprise(sums.x, sums.low, rhythm_spread(spread));
    if (surprise < limit_of(look, book))
        return false;
    *out = found(sums.x > 0 || look->hour.records > 0 ? VERDICT_SOURCE_DROP : VERDICT_SOURCE_SILENT, rule,
        arena_printf(look->arena, "records=%.0f expected=%.1f window=%" PRId64 "h surprise=%.1f limit=%.1f", sums.x, sums.low,
            hours, surprise, limit_of(look, book)),
        arena_printf(look->arena, "%.0f records came in the last %s; %.0f are usual.", sums.x,
            hours > 1 ? "24 full hours" : "full hour", sums.low));
    return true;
}

static bool drop_hour(const struct look *look, struct finding *out)
{
    return drop(look, BOOK_DROP, 1, "hour-far-below-usual", out);
}

static bool drop_day(const struct look *look, struct finding *out)
{
    return drop(look, BOOK_DROP_DAY, 24, "day-far-below-usual", out);
}

static bool burst_in(const struct look *look, int64_t hour, struct finding *out)
{
    double x = usual_counted(&look->rhythm->usual, hour);
    double high = fmax(usual_most(&look->rhythm->usual, hour), 0.5);
    if (x < LEAST_COUNT || x < 3 * high)
        return false;
    double surprise = rhythm_surprise(x, high, rhythm_spread(&look->rhythm->spread));
    if (surprise < limit_of(look, BOOK_BURST))
        return false;
    *out = found(VERDICT_SOURCE_BURST, "hour-far-above-usual",
        arena_printf(look->arena, "records=%.0f expected=%.1f window=1h surprise=%.1f limit=%.1f", x, high, surprise,
            limit_of(look, BOOK_BURST)),
        arena_printf(look->arena, "%.0f records came in one hour; %.0f are usual.", x, high));
    return true;
}

static bool burst(const struct look *look, struct finding *out)
{
    int64_t hour = look->now_ms / RHYTHM_HOUR_MS;
    return look->known && (burst_in(look, hour, out) || burst_in(look, hour - 1, out));
}

static bool learning(const struct look *look, struct finding *out)
{
    if (look->known)
        return false;
    int64_t first_ms = look->rhythm->usual.first * RHYTHM_HOUR_MS;
    const char *detail = first_ms == 0 ? "Nothing has come yet."
        : look->now_ms - first_ms < KNOWN_MS
        ? arena_printf(look->arena, "%s of it are known; two weeks are needed.", span_text(look->arena, look->now_ms - first_ms))
        : "So far it comes too seldom for a rhythm.";
    *out = found(VERDICT_SOURCE_LEARNING, "rhythm-not-known",
        arena_printf(look->arena, "records=%" PRIu64, look->rhythm->taken), detail);
    return true;
}

static bool quiet(const struct look *look, struct finding *out)
{
    if (look->out->last_hour > 0)
        return false;
    const char *past = span_text(look->arena, look->now_ms - look->from_ms);
    *out = found(VERDICT_SOURCE_QUIET, "silence-usual",
        arena_printf(look->arena, "silent=%" PRId64 "s expected=%.1f", (look->now_ms - look->from_ms) / 1000,
            usual_between(&look->rhythm->usual, look->from_ms, look->now_ms)),
        look->silent_after_ms == INT64_MAX ? arena_printf(look->arena, "Nothing came for %s, which is usual.", past)
            : arena_printf(look->arena, "Nothing came for %s, which is usual; silence would be told after %s.", past,
                  span_text(look->arena, look->silent_after_ms)));
    return true;
}

static bool as_usual(const struct look *look, struct finding *out)
{
    *out = found(VERDICT_SOURCE_OK, "as-usual",
        arena_printf(look->arena, "records=%" PRIu64 " expected=%.1f window=3600s", look->out->last_hour,
            usual_hour(look->rhythm, look->now_ms)),
        "");
    return true;
}

static bool (*const rules[])(const struct look *look, struct finding *out) = {
    never_came, silent, refusals_burst, refusals_above, strange_regions, forwarded_most, drop_hour, drop_day, burst, learning,
    quiet, as_usual,
};

static struct figure figure_if(bool known, int64_t value)
{
    return (struct figure){known ? FIGURE_KNOWN : FIGURE_UNKNOWN, known ? value : 0};
}

void rhythm_judge(const struct rhythm *rhythm, const struct rhythm_settings *settings, int64_t now_ms, struct arena *arena,
    struct source_health *out)
{
    struct look look = {.rhythm = rhythm, .settings = settings, .arena = arena, .out = out, .now_ms = now_ms};
    look.known = is_known(rhythm, now_ms);
    look.from_ms = settings->waiting_ms > rhythm->last_ms ? settings->waiting_ms : rhythm->last_ms;
    look.silent_after_ms = silent_after(rhythm, look.known, look.from_ms, settings->silent_after_ms);
    look.hour = recent_sum(&rhythm->recent, now_ms, 60);
    look.minutes = recent_sum(&rhythm->recent, now_ms, 10);
    recent_report(&rhythm->recent, now_ms, arena, out);
    out->last_ms = rhythm->last_ms;
    out->expected_hour = figure_if(look.known, (int64_t)(usual_hour(rhythm, now_ms) * 1000 + 0.5));
    out->silent_after_ms = figure_if(look.silent_after_ms != INT64_MAX, look.silent_after_ms);
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !rules[i](&look, &out->finding); i++)
        ;
}
