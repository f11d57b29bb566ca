// SPDX-License-Identifier: Apache-2.0
// The rules are asked in order and the first one that fires decides. What a single sample proves (records lost, a place
// that went back, no permission) is told at once; what needs time waits for it.
#include "hub/observe/judge/phrase.h"
#include "hub/observe/judge/span.h"
#include "hub/observe/judge/window_look.h"

#define NEAR_LOSS_MS (3 * 86400000LL)

static bool members_known(const struct look *look)
{
    return look->facts->members.state == FIGURE_KNOWN;
}

static bool no_member(const struct look *look)
{
    return members_known(look) && look->facts->members.value == 0;
}

static bool without_place(const struct look *look)
{
    return look->last->committed < 0;
}

static bool not_permitted(const struct look *look)
{
    return !look->facts->permitted;
}

static bool not_answered(const struct look *look)
{
    return !look->facts->answered;
}

static bool not_asked_yet(const struct look *look)
{
    return !look->last;
}

static bool nothing_to_read(const struct look *look)
{
    return without_place(look) && look->lag == 0;
}

static bool no_commit_members_not_known(const struct look *look)
{
    return without_place(look) && !members_known(look);
}

static bool no_commit_no_member(const struct look *look)
{
    return without_place(look) && no_member(look);
}

static bool no_commit_yet(const struct look *look)
{
    return without_place(look) && (!look->full || look->committed_in_window || look->was_caught_up);
}

static bool no_commit(const struct look *look)
{
    return without_place(look);
}

static bool before_first_held(const struct look *look)
{
    return look->lost > 0;
}

static bool went_back(const struct look *look)
{
    return look->window->rewound_ms != 0;
}

static bool nothing_new(const struct look *look)
{
    return look->lag == 0 && look->full && !look->new_data;
}

static bool caught_up_now(const struct look *look)
{
    return look->lag == 0;
}

// Asked before caught_up_in_window: a place that nobody holds will not move, and need not be watched for the whole
// window.
static bool no_member_and_lag(const struct look *look)
{
    return no_member(look) && look->standing >= WINDOW_STOPPED_SAMPLES && look->standing_ms >= WINDOW_STOPPED_MS;
}

// A coordinator that has just moved may say so wrongly for a moment: this waits as long.
static bool forgotten_and_lag(const struct look *look)
{
    return look->facts->forgotten && no_member_and_lag(look);
}

static bool caught_up_in_window(const struct look *look)
{
    return look->was_caught_up;
}

static bool window_not_full_and_moves(const struct look *look)
{
    return !look->full && look->moved > 0;
}

static bool window_not_full(const struct look *look)
{
    return !look->full;
}

static bool not_moved(const struct look *look)
{
    return look->standing == look->window->n && members_known(look);
}

static bool not_moved_members_not_known(const struct look *look)
{
    return look->standing == look->window->n;
}

// Two cycles' reading: with commits as rare as samples, as much waits at each of them though the reader loses no
// ground.
static bool keeps_pace(const struct look *look)
{
    return look->lag <= 2 * look->moved / (int64_t)(look->window->n - 1);
}

static bool lag_never_shrank(const struct look *look)
{
    return !look->shrank;
}

static bool lag_shrank(const struct look *look)
{
    return look->shrank;
}

static const struct rule {
    const char *name;
    enum verdict verdict;
    bool (*fires)(const struct look *look);
    const char *sentence;
} rules[] = {
#define RULE(function, name, verdict, sentence) {name, VERDICT_##verdict, function, sentence},
#include "hub/observe/judge/window_rules.def"
#undef RULE
};

static const struct rule *first_that_fires(const struct look *look)
{
    const struct rule *rule = rules;
    while (rule < rules + sizeof rules / sizeof *rules - 1 && !rule->fires(look))
        rule++;
    return rule;
}

static int64_t age_of(const struct look *look)
{
    int64_t age = look->now_ms - look->facts->oldest_unread_ms.value;
    return age > 0 ? age : 0;
}

static struct figure lag_ms(const struct look *look)
{
    if (look->lag == 0)
        return figure_of(0);
    struct figure oldest = look->facts->oldest_unread_ms;
    return oldest.state == FIGURE_KNOWN ? figure_of(age_of(look)) : oldest;
}

static struct figure until_loss_ms(const struct look *look)
{
    struct figure oldest = look->facts->oldest_unread_ms, retention = look->facts->retention_ms;
    if (look->lag == 0 || oldest.state != FIGURE_KNOWN || retention.state != FIGURE_KNOWN || retention.value < 0)
        return (struct figure){0};
    int64_t left = retention.value - age_of(look);
    return figure_of(left > 0 ? left : 0);
}

static void write_figures(const struct look *look, struct group_partition *out)
{
    enum figure_state none = look->facts->permitted ? FIGURE_UNKNOWN : FIGURE_NOT_PERMITTED;
    out->committed = out->lag = out->lag_ms = out->per_minute = (struct figure){none, 0};
    out->until_loss_ms = out->lost = (struct figure){none, 0};
    out->start = out->end = (struct figure){0};
    if (!look->facts->answered || !look->last)
        return;
    out->start = figure_of(look->last->start);
    out->end = figure_of(look->last->end);
    if (none == FIGURE_NOT_PERMITTED || look->last->committed < 0)
        return;
    out->committed = figure_of(look->last->committed);
    out->lag = figure_of(look->lag);
    out->lag_ms = lag_ms(look);
    out->until_loss_ms = until_loss_ms(look);
    out->lost = figure_of(look->lost);
    if (look->span_ms > 0)
        out->per_minute = figure_of(look->moved * 60000 / look->span_ms);
}

static const char *figure_text(struct figure figure, struct arena *arena)
{
    static const char *const words[] = {[FIGURE_UNKNOWN] = "?", [FIGURE_NOT_PERMITTED] = "not-permitted"};
    return figure.state == FIGURE_KNOWN ? arena_printf(arena, "%lld", (long long)figure.value) : words[figure.state];
}

static const char *numbers(const struct look *look, struct arena *arena)
{
    if (!look->last)
        return "";
    const char *committed = look->last->committed < 0 ? "none" : figure_text(figure_of(look->last->committed), arena);
    const char *text =
        arena_printf(arena, "committed=%s start=%lld end=%lld lag=%lld moved=%lld window=%llds members=%s", committed,
            (long long)look->last->start, (long long)look->last->end, (long long)look->lag, (long long)look->moved,
            (long long)(look->span_ms / 1000), figure_text(look->facts->members, arena));
    if (look->lost)
        return arena_printf(arena, "%s lost=%lld", text, (long long)look->lost);
    if (look->window->rewound_ms)
        return arena_printf(arena, "%s was=%lld", text, (long long)look->window->high_committed);
    return text;
}

static const char *loss_text(const struct group_partition *out, struct arena *arena)
{
    if (out->until_loss_ms.state != FIGURE_KNOWN || out->until_loss_ms.value > NEAR_LOSS_MS)
        return "";
    return arena_printf(arena, " Retention takes them in %s.", span_text(arena, out->until_loss_ms.value));
}

static const char *oldest_text(const struct group_partition *out, struct arena *arena)
{
    if (out->lag_ms.state != FIGURE_KNOWN || out->lag_ms.value == 0)
        return "";
    return arena_printf(arena, ", the oldest for %s", span_text(arena, out->lag_ms.value));
}

static const char *sentence(
    const struct rule *rule, const struct look *look, const struct group_partition *out, struct arena *arena)
{
    const struct phrase_word words[] = {
        {"waits", phrase_waits(arena, look->lag)},
        {"oldest", oldest_text(out, arena)},
        {"held", phrase_count(arena, look->lag, "record")},
        {"members", members_known(look) ? phrase_count(arena, look->facts->members.value, "member") : "nobody known"},
        {"window", span_text(arena, look->span_ms)},
        {"moved", phrase_count(arena, look->moved, "record")},
        {"lost", phrase_count(arena, look->lost, "record")},
        {"was", figure_text(figure_of(look->window->high_committed), arena)},
        {"loss", loss_text(out, arena)},
    };
    return phrase_fill(arena, rule->sentence, words, sizeof words / sizeof *words);
}

void window_judge(const struct window *window, const struct window_facts *facts, int64_t now_ms, struct arena *arena,
    struct group_partition *out)
{
    struct look look = window_look(window, facts, now_ms);
    const struct rule *rule = first_that_fires(&look);
    write_figures(&look, out);
    out->finding = (struct finding){.verdict = rule->verdict, .rule = rule->name, .numbers = "", .detail = ""};
    if (facts->answered && facts->permitted)
        out->finding.numbers = numbers(&look, arena);
    out->finding.detail = sentence(rule, &look, out, arena);
}
