// SPDX-License-Identifier: Apache-2.0
// The rules are asked in order and the first one that fires decides. What a single sample proves (records lost, a place
// that went back, no permission) is told at once; what needs time waits for it.
#include "hub/observe/judge/phrase.h"
#include "hub/observe/judge/span.h"
#include "hub/observe/judge/window_view.h"
#include "hub/observe/words.h"

#define NEAR_LOSS_MS (3 * 86400000LL)

static bool members_known(const struct window_view *view)
{
    return view->facts->members.state == FIGURE_KNOWN;
}

static bool no_member(const struct window_view *view)
{
    return members_known(view) && view->facts->members.value == 0;
}

static bool without_place(const struct window_view *view)
{
    return view->last->committed < 0;
}

static bool not_permitted(const struct window_view *view)
{
    return !view->facts->permitted;
}

static bool not_answered(const struct window_view *view)
{
    return !view->facts->answered;
}

static bool not_asked_yet(const struct window_view *view)
{
    return !view->last;
}

static bool nothing_to_read(const struct window_view *view)
{
    return without_place(view) && view->lag == 0;
}

static bool no_commit_members_not_known(const struct window_view *view)
{
    return without_place(view) && !members_known(view);
}

static bool no_commit_no_member(const struct window_view *view)
{
    return without_place(view) && no_member(view);
}

static bool no_commit_yet(const struct window_view *view)
{
    return without_place(view) && (!view->full || view->committed_in_window || view->was_caught_up);
}

static bool no_commit(const struct window_view *view)
{
    return without_place(view);
}

static bool before_first_held(const struct window_view *view)
{
    return view->lost > 0;
}

static bool went_back(const struct window_view *view)
{
    return view->window->rewound_ms != 0;
}

static bool nothing_new(const struct window_view *view)
{
    return view->lag == 0 && view->full && !view->new_data;
}

static bool caught_up_now(const struct window_view *view)
{
    return view->lag == 0;
}

// Asked before caught_up_in_window: a place that nobody holds will not move, and need not be watched for the whole
// window.
static bool no_member_and_lag(const struct window_view *view)
{
    return no_member(view) && view->standing >= WINDOW_STOPPED_SAMPLES && view->standing_ms >= WINDOW_STOPPED_MS;
}

// A coordinator that has just moved may say so wrongly for a moment: this waits as long.
static bool forgotten_and_lag(const struct window_view *view)
{
    return view->facts->forgotten && no_member_and_lag(view);
}

static bool caught_up_in_window(const struct window_view *view)
{
    return view->was_caught_up;
}

static bool window_not_full_and_moves(const struct window_view *view)
{
    return !view->full && view->moved > 0;
}

static bool window_not_full(const struct window_view *view)
{
    return !view->full;
}

static bool not_moved(const struct window_view *view)
{
    return view->standing == view->window->n && members_known(view);
}

static bool not_moved_members_not_known(const struct window_view *view)
{
    return view->standing == view->window->n;
}

// Two cycles' reading: with commits as rare as samples, as much waits at each of them though the reader loses no
// ground.
static bool keeps_pace(const struct window_view *view)
{
    return view->lag <= 2 * view->moved / (int64_t)(view->window->n - 1);
}

static bool lag_never_shrank(const struct window_view *view)
{
    return !view->shrank;
}

static bool lag_shrank(const struct window_view *view)
{
    return view->shrank;
}

static const struct rule {
    const char *name;
    enum verdict verdict;
    bool (*fires)(const struct window_view *view);
    const char *sentence;
} rules[] = {
#define RULE(function, name, verdict, sentence) {name, VERDICT_##verdict, function, sentence},
#include "hub/observe/judge/window_rules.def"
#undef RULE
};

static const struct rule *first_that_fires(const struct window_view *view)
{
    const struct rule *rule = rules;
    while (rule < rules + sizeof rules / sizeof *rules - 1 && !rule->fires(view))
        rule++;
    return rule;
}

static int64_t age_of(const struct window_view *view)
{
    int64_t age = view->now_ms - view->facts->oldest_unread_ms.value;
    return age > 0 ? age : 0;
}

static struct figure lag_ms(const struct window_view *view)
{
    if (view->lag == 0)
        return figure_of(0);
    struct figure oldest = view->facts->oldest_unread_ms;
    return oldest.state == FIGURE_KNOWN ? figure_of(age_of(view)) : oldest;
}

static struct figure until_loss_ms(const struct window_view *view)
{
    struct figure oldest = view->facts->oldest_unread_ms, retention = view->facts->retention_ms;
    if (view->lag == 0 || oldest.state != FIGURE_KNOWN || retention.state != FIGURE_KNOWN || retention.value < 0)
        return (struct figure){0};
    int64_t left = retention.value - age_of(view);
    return figure_of(left > 0 ? left : 0);
}

static void write_figures(const struct window_view *view, struct group_partition *out)
{
    enum figure_state none = view->facts->permitted ? FIGURE_UNKNOWN : FIGURE_NOT_PERMITTED;
    out->committed = out->lag = out->lag_ms = out->per_minute = (struct figure){none, 0};
    out->until_loss_ms = out->lost = (struct figure){none, 0};
    out->start = out->end = (struct figure){0};
    if (!view->facts->answered || !view->last)
        return;
    out->start = figure_of(view->last->start);
    out->end = figure_of(view->last->end);
    if (none == FIGURE_NOT_PERMITTED || view->last->committed < 0)
        return;
    out->committed = figure_of(view->last->committed);
    out->lag = figure_of(view->lag);
    out->lag_ms = lag_ms(view);
    out->until_loss_ms = until_loss_ms(view);
    out->lost = figure_of(view->lost);
    if (view->span_ms > 0)
        out->per_minute = figure_of(view->moved * 60000 / view->span_ms);
}

static const char *figure_text(struct figure figure, struct arena *arena)
{
    static const char *const words[] = {[FIGURE_UNKNOWN] = "?", [FIGURE_NOT_PERMITTED] = "not-permitted"};
    return figure.state == FIGURE_KNOWN ? words_print(arena, "%lld", (long long)figure.value) : words[figure.state];
}

static const char *numbers_of(const struct window_view *view, struct arena *arena)
{
    if (!view->last)
        return "";
    const char *committed = view->last->committed < 0 ? "none" : figure_text(figure_of(view->last->committed), arena);
    const char *text =
        words_print(arena, "committed=%s start=%lld end=%lld lag=%lld moved=%lld window=%llds members=%s", committed,
            (long long)view->last->start, (long long)view->last->end, (long long)view->lag, (long long)view->moved,
            (long long)(view->span_ms / 1000), figure_text(view->facts->members, arena));
    if (view->lost)
        return words_print(arena, "%s lost=%lld", text, (long long)view->lost);
    if (view->window->rewound_ms)
        return words_print(arena, "%s was=%lld", text, (long long)view->window->high_committed);
    return text;
}

static const char *loss_text(const struct group_partition *out, struct arena *arena)
{
    if (out->until_loss_ms.state != FIGURE_KNOWN || out->until_loss_ms.value > NEAR_LOSS_MS)
        return "";
    return words_print(arena, " Retention takes them in %s.", span_text(arena, out->until_loss_ms.value));
}

static const char *oldest_text(const struct group_partition *out, struct arena *arena)
{
    if (out->lag_ms.state != FIGURE_KNOWN || out->lag_ms.value == 0)
        return "";
    return words_print(arena, ", the oldest for %s", span_text(arena, out->lag_ms.value));
}

static const char *sentence_of(
    const struct rule *rule, const struct window_view *view, const struct group_partition *out, struct arena *arena)
{
    const struct phrase_word words[] = {
        {"waits", phrase_waits(arena, view->lag)},
        {"oldest", oldest_text(out, arena)},
        {"held", phrase_count(arena, view->lag, "record")},
        {"members", members_known(view) ? phrase_count(arena, view->facts->members.value, "member") : "nobody known"},
        {"window", span_text(arena, view->span_ms)},
        {"moved", phrase_count(arena, view->moved, "record")},
        {"lost", phrase_count(arena, view->lost, "record")},
        {"was", figure_text(figure_of(view->window->high_committed), arena)},
        {"loss", loss_text(out, arena)},
    };
    return phrase_fill(arena, rule->sentence, words, sizeof words / sizeof *words);
}

void window_judge(const struct window *window, const struct window_facts *facts, int64_t now_ms, struct arena *arena,
    struct group_partition *out)
{
    struct window_view view = window_view(window, facts, now_ms);
    const struct rule *rule = first_that_fires(&view);
    write_figures(&view, out);
    out->finding = (struct finding){.verdict = rule->verdict, .rule = rule->name, .numbers = "", .detail = ""};
    if (facts->answered && facts->permitted)
        out->finding.numbers = numbers_of(&view, arena);
    out->finding.detail = sentence_of(rule, &view, out, arena);
}
