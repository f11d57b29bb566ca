// SPDX-License-Identifier: Apache-2.0
// The verdict: a table of rules from the most painful on, the first that holds is told. Here are those on
// silence, and those that are well.
#include "hub/observe/judge/rhythm_view.h"
#include "hub/observe/judge/span.h"
#include "hub/observe/words.h"
#include <inttypes.h>
#include <math.h>

#define KNOWN_MS      (14 * RHYTHM_DAY_MS)
#define KNOWN_RECORDS 12
#define LEAST_GAP     2.5                    // expected records
#define LEAST_GAP_MS  (3 * RHYTHM_MINUTE_MS) // a hub that fails over is no silent agency

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
    return ((double)now.low + (double)now.high) / 2 * part +
           ((double)before.low + (double)before.high) / 2 * (1 - part);
}

struct finding rhythm_found(enum verdict verdict, const char *rule, const char *numbers, const char *detail)
{
    return (struct finding){
        .verdict = verdict, .rule = rule, .numbers = numbers ? numbers : "", .detail = detail ? detail : ""};
}

// While no broker answered, nobody could publish.
static int64_t away_since(const struct rhythm_view *view, int64_t ms)
{
    return outages_between(view->settings->outages, ms, view->now_ms);
}

static bool never_came(const struct rhythm_view *view, struct finding *out)
{
    if (view->rhythm->last_ms > 0 || view->settings->waiting_ms > 0)
        return false;
    int64_t since_ms = view->settings->known_since_ms, limit_ms = view->settings->silent_after_ms;
    if (since_ms <= 0 || view->now_ms - since_ms - away_since(view, since_ms) < limit_ms)
        return false;
    const char *past = span_text(view->arena, view->now_ms - since_ms);
    *out = rhythm_found(VERDICT_SOURCE_SILENT, "never-published",
        words_print(view->arena, "records=0 known_for=%" PRId64 "s limit=%" PRId64 "s",
            (view->now_ms - since_ms) / 1000, limit_ms / 1000),
        words_print(view->arena, "Nothing has ever come, and it has been known for %s.", past));
    out->since_ms = since_ms;
    return true;
}

static bool fell_silent(const struct rhythm_view *view, struct finding *out)
{
    int64_t past_ms = view->now_ms - view->from_ms;
    if (view->rhythm->last_ms == 0 || view->silent_after_ms == INT64_MAX ||
        past_ms - away_since(view, view->from_ms) < view->silent_after_ms)
        return false;
    double expected = usual_between(&view->rhythm->usual, view->from_ms, view->now_ms);
    const char *past = span_text(view->arena, past_ms), *limit = span_text(view->arena, view->silent_after_ms);
    if (!view->known)
        *out = rhythm_found(VERDICT_SOURCE_SILENT, "silent-too-long",
            words_print(
                view->arena, "silent=%" PRId64 "s limit=%" PRId64 "s", past_ms / 1000, view->silent_after_ms / 1000),
            words_print(view->arena, "Nothing came for %s. Its rhythm is not known yet; silence is told after %s.",
                past, limit));
    else
        *out = rhythm_found(VERDICT_SOURCE_SILENT, "silence-improbable",
            words_print(view->arena,
                "silent=%" PRId64 "s expected=%.1f limit=%.1f limit_time=%" PRId64 "s false_once_in=%dw",
                past_ms / 1000, expected, fmax((double)view->rhythm->books[BOOK_GAP].limit, LEAST_GAP),
                view->silent_after_ms / 1000, RHYTHM_FALSE_WEEKS),
            words_print(view->arena,
                "Nothing came for %s, in which %.0f records are usual; at this time silence is told after %s.", past,
                expected, limit));
    out->since_ms = view->from_ms;
    return true;
}

static bool is_learning(const struct rhythm_view *view, struct finding *out)
{
    if (view->known)
        return false;
    int64_t first_ms = view->rhythm->usual.first * RHYTHM_HOUR_MS;
    const char *detail = first_ms == 0 ? "Nothing has come yet."
                         : view->now_ms - first_ms < KNOWN_MS
                             ? words_print(view->arena, "%s of it are known; two weeks are needed.",
                                   span_text(view->arena, view->now_ms - first_ms))
                             : "So far it comes too seldom for a rhythm.";
    *out = rhythm_found(VERDICT_SOURCE_LEARNING, "rhythm-not-known",
        words_print(view->arena, "records=%" PRIu64, view->rhythm->taken), detail);
    return true;
}

static bool is_quiet(const struct rhythm_view *view, struct finding *out)
{
    if (view->hour.records > 0)
        return false;
    const char *past = span_text(view->arena, view->now_ms - view->from_ms);
    *out = rhythm_found(VERDICT_SOURCE_QUIET, "silence-usual",
        words_print(view->arena, "silent=%" PRId64 "s expected=%.1f", (view->now_ms - view->from_ms) / 1000,
            usual_between(&view->rhythm->usual, view->from_ms, view->now_ms)),
        view->silent_after_ms == INT64_MAX
            ? words_print(view->arena, "Nothing came for %s, which is usual.", past)
            : words_print(view->arena, "Nothing came for %s, which is usual; silence would be told after %s.", past,
                  span_text(view->arena, view->silent_after_ms)));
    return true;
}

static bool as_usual(const struct rhythm_view *view, struct finding *out)
{
    *out = rhythm_found(VERDICT_SOURCE_OK, "as-usual",
        words_print(view->arena, "records=%u expected=%.1f window=3600s", view->hour.records,
            usual_hour(view->rhythm, view->now_ms)),
        "");
    return true;
}

static rhythm_rule *const rules[] = {
    never_came,
    fell_silent,
    rhythm_refusals_burst,
    rhythm_refusals_above,
    rhythm_strange_regions,
    rhythm_forwarded_most,
    rhythm_drop_hour,
    rhythm_drop_day,
    rhythm_burst,
    is_learning,
    is_quiet,
    as_usual,
};

static struct figure figure_if(bool known, int64_t value)
{
    return (struct figure){known ? FIGURE_KNOWN : FIGURE_UNKNOWN, known ? value : 0};
}

void rhythm_judge(const struct rhythm *rhythm, const struct rhythm_settings *settings, int64_t now_ms,
    struct arena *arena, struct source_health *out)
{
    struct rhythm_view view = {.rhythm = rhythm, .settings = settings, .arena = arena, .out = out, .now_ms = now_ms};
    view.known = is_known(rhythm, now_ms);
    view.from_ms = settings->waiting_ms > rhythm->last_ms ? settings->waiting_ms : rhythm->last_ms;
    view.silent_after_ms = silent_after(rhythm, view.known, view.from_ms, settings->silent_after_ms);
    view.hour = recent_sum(&rhythm->recent, now_ms, 60);
    view.minutes = recent_sum(&rhythm->recent, now_ms, 10);
    recent_report(&rhythm->recent, now_ms, arena, out);
    out->last_ms = figure_of(rhythm->last_ms);
    out->expected_hour = figure_if(view.known, (int64_t)(usual_hour(rhythm, now_ms) * 1000 + 0.5));
    out->silent_after_ms = figure_if(view.silent_after_ms != INT64_MAX, view.silent_after_ms);
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !rules[i](&view, &out->finding); i++)
        ;
}
