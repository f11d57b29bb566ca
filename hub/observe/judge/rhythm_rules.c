// SPDX-License-Identifier: Apache-2.0
// The rules on counts. A rule asks for both, a limit that ordinary days do not pass, and an effect that a person would
// call much.
#include "hub/observe/judge/rhythm_view.h"
#include "hub/observe/words.h"
#include <inttypes.h>
#include <math.h>

#define LEAST_COUNT   20 // expected or seen, before a rate says anything
#define LEAST_SOME    10 // refusals, forwarded records
#define LEAST_STRANGE 8
#define AWAY_PART     10 // no broker for more than this part of a time
// -ln(1e-5): an hourly figure of one agency that is this improbable is rare enough even where no book says more.
#define LEAST_SURPRISE 11.5

static double limit_of(const struct rhythm_view *view, enum rhythm_book book)
{
    return fmax((double)view->rhythm->books[book].limit, LEAST_SURPRISE);
}

// It is over if far fewer of the newest records are refused than of those that it rests on.
static bool is_over(const struct rhythm_view *view, double share)
{
    return view->rhythm->newest * 3.5 < share;
}

bool rhythm_refusals_burst(const struct rhythm_view *view, struct finding *out)
{
    const struct recent_counts *last = &view->minutes;
    double usually = rhythm_share_of(&view->rhythm->refused);
    if (last->refused < LEAST_SOME || last->refused * 2 <= last->records || is_over(view, 0.5) || usually > 0.25)
        return false;
    double surprise = rhythm_share_surprise(last->refused, last->records, usually);
    if (surprise < limit_of(view, BOOK_REFUSED))
        return false;
    *out = rhythm_found(VERDICT_SOURCE_REFUSED, "refusals-burst",
        words_print(
            view->arena, "refused=%u of=%u window=600s usual=%.1f%%", last->refused, last->records, usually * 100),
        words_print(view->arena, "%u of %u records of the last 10 min were refused, most of all with %s.",
            last->refused, last->records, view->out->n_refusals ? view->out->refusals[0].code : "UNKNOWN"));
    return true;
}

bool rhythm_refusals_above(const struct rhythm_view *view, struct finding *out)
{
    const struct recent_counts *last = &view->hour;
    double usually = rhythm_share_of(&view->rhythm->refused);
    double share = last->records ? (double)last->refused / last->records : 0;
    if (last->refused < LEAST_SOME || share < 3 * usually || share < usually + 0.05 || is_over(view, share))
        return false;
    double surprise = rhythm_share_surprise(last->refused, last->records, usually);
    if (surprise < limit_of(view, BOOK_REFUSED))
        return false;
    *out = rhythm_found(VERDICT_SOURCE_REFUSED, "refusals-above-usual",
        words_print(view->arena, "refused=%u of=%u window=3600s usual=%.1f%% surprise=%.1f limit=%.1f", last->refused,
            last->records, usually * 100, surprise, limit_of(view, BOOK_REFUSED)),
        words_print(view->arena,
            "%u of %u records of the last hour were refused, most of all with %s; usual are %.0f %%.", last->refused,
            last->records, view->out->n_refusals ? view->out->refusals[0].code : "UNKNOWN", usually * 100));
    return true;
}

bool rhythm_strange_regions(const struct rhythm_view *view, struct finding *out)
{
    const struct recent_counts *last = &view->hour;
    if (!view->known || last->strange < LEAST_STRANGE || last->strange * 2 <= last->placed)
        return false;
    double usually = rhythm_share_of(&view->rhythm->strange);
    double surprise = rhythm_share_surprise(last->strange, last->placed, usually);
    if (surprise < limit_of(view, BOOK_STRANGE))
        return false;
    *out = rhythm_found(VERDICT_SOURCE_WRONG_REGION, "regions-unusual",
        words_print(view->arena, "unusual=%u of=%u window=3600s usual=%.1f%% surprise=%.1f limit=%.1f", last->strange,
            last->placed, usually * 100, surprise, limit_of(view, BOOK_STRANGE)),
        words_print(view->arena, "%u of %u items of the last hour name only regions that it hardly ever named before.",
            last->strange, last->placed));
    return true;
}

bool rhythm_forwarded_most(const struct rhythm_view *view, struct finding *out)
{
    const struct recent_counts *last = &view->hour;
    if (last->forwarded < LEAST_SOME || last->forwarded * 2 <= last->records)
        return false;
    *out = rhythm_found(VERDICT_SOURCE_WRONG_LANE, "forwarded-most",
        words_print(view->arena, "forwarded=%u of=%u window=3600s limit=50%%", last->forwarded, last->records),
        words_print(view->arena, "%u of %u records of the last hour came on another partition than their subject's.",
            last->forwarded, last->records));
    return true;
}

struct sums {
    double x, low;
};

static struct sums sums_of(const struct rhythm_view *view, int64_t hours)
{
    struct sums sums = {0, 0};
    int64_t now = view->now_ms / RHYTHM_HOUR_MS;
    for (int64_t hour = now - hours; hour < now; hour++) {
        sums.x += usual_counted(&view->rhythm->usual, hour);
        sums.low += (double)usual_rate(&view->rhythm->usual, hour).low;
    }
    return sums;
}

// The newest full hours in which something was to come: whether it came.
static bool well_again(const struct rhythm_view *view)
{
    struct sums sums = {0, 0};
    for (int64_t hours = 1; hours <= 24 && sums.low < 5; hours++)
        sums = sums_of(view, hours);
    return sums.x * 2 >= sums.low;
}

// So long without a broker that what came in the last full hours says nothing of the agency.
static bool was_away(const struct rhythm_view *view, int64_t hours)
{
    int64_t to_ms = view->now_ms / RHYTHM_HOUR_MS * RHYTHM_HOUR_MS, took_ms = hours * RHYTHM_HOUR_MS;
    return outages_between(view->settings->outages, to_ms - took_ms, to_ms) * AWAY_PART > took_ms;
}

static bool find_drop(
    const struct rhythm_view *view, enum rhythm_book book, int64_t hours, const char *rule, struct finding *out)
{
    if (!view->known || view->settings->waiting_ms > 0 || was_away(view, hours))
        return false;
    struct sums sums = sums_of(view, hours);
    if (sums.low < LEAST_COUNT || sums.x * 2 > sums.low || (hours > 1 && well_again(view)))
        return false;
    const struct rhythm_share *spread = hours > 1 ? &view->rhythm->spread_day : &view->rhythm->spread;
    double surprise = rhythm_surprise(sums.x, sums.low, rhythm_spread(spread));
    if (surprise < limit_of(view, book))
        return false;
    *out = rhythm_found(sums.x > 0 || view->hour.records > 0 ? VERDICT_SOURCE_DROP : VERDICT_SOURCE_SILENT, rule,
        words_print(view->arena, "records=%.0f expected=%.1f window=%" PRId64 "h surprise=%.1f limit=%.1f", sums.x,
            sums.low, hours, surprise, limit_of(view, book)),
        words_print(view->arena, "%.0f records came in the last %s; %.0f are usual.", sums.x,
            hours > 1 ? "24 full hours" : "full hour", sums.low));
    return true;
}

bool rhythm_drop_hour(const struct rhythm_view *view, struct finding *out)
{
    return find_drop(view, BOOK_DROP, 1, "hour-far-below-usual", out);
}

bool rhythm_drop_day(const struct rhythm_view *view, struct finding *out)
{
    return find_drop(view, BOOK_DROP_DAY, 24, "day-far-below-usual", out);
}

static bool burst_in(const struct rhythm_view *view, int64_t hour, struct finding *out)
{
    double x = usual_counted(&view->rhythm->usual, hour);
    double high = fmax(usual_most(&view->rhythm->usual, hour), 0.5);
    if (x < LEAST_COUNT || x < 3 * high)
        return false;
    if (x - high < (double)view->rhythm->books[BOOK_EXCESS].limit) // what comes in heaps does so at any hour
        return false;
    double surprise = rhythm_surprise(x, high, rhythm_spread(&view->rhythm->spread));
    if (surprise < limit_of(view, BOOK_BURST))
        return false;
    *out = rhythm_found(VERDICT_SOURCE_BURST, "hour-far-above-usual",
        words_print(view->arena, "records=%.0f expected=%.1f window=1h surprise=%.1f limit=%.1f", x, high, surprise,
            limit_of(view, BOOK_BURST)),
        words_print(view->arena, "%.0f records came in one hour; %.0f are usual.", x, high));
    return true;
}

bool rhythm_burst(const struct rhythm_view *view, struct finding *out)
{
    int64_t hour = view->now_ms / RHYTHM_HOUR_MS;
    return view->known && (burst_in(view, hour, out) || burst_in(view, hour - 1, out));
}
