// SPDX-License-Identifier: Apache-2.0
// Every rule on a reader's window and both sides of each of its boundaries. A window is written as its samples, oldest
// first: "3*100+10/200+5" is three samples, the place from 100 by tens, the end from 200 by fives; "-" is no commit,
// "@50" the first offset held, "~" known to be caught up.
#include "hub/observe/judge/window.h"
#include "hub/base/duration.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define BEGAN_MS  1790000000000
#define UNKNOWN   (-1)
#define FORBIDDEN (-2)

struct row {
    const char *name, *samples;
    int64_t members, age_ms; // of the group; of the oldest record not read
    const char *verdict, *rule;
    int64_t lag;
    int64_t every_ms; // 0: 5,000
};

static const struct row rows[] = {
    // What the broker tells of the group at all.
    {"no sample", "", 1, UNKNOWN, "READER_UNKNOWN", "not-asked-yet", UNKNOWN, 0},
    {"not permitted", "10*100/200", FORBIDDEN, UNKNOWN, "READER_NOT_PERMITTED", "not-permitted", FORBIDDEN, 0},
    {"not permitted, and no sample", "", FORBIDDEN, UNKNOWN, "READER_NOT_PERMITTED", "not-permitted", FORBIDDEN, 0},

    // No commit.
    {"no commit on an empty feed", "10*-/0", 1, UNKNOWN, "READER_IDLE", "nothing-to-read", UNKNOWN, 0},
    {"no commit on an empty feed, first sample", "-/0", 0, UNKNOWN, "READER_IDLE", "nothing-to-read", UNKNOWN, 0},
    {"no commit on a feed that retention emptied", "10*-/50@50", 1, UNKNOWN, "READER_IDLE", "nothing-to-read", UNKNOWN,
        0},
    {"no commit, one record held", "10*-/51@50", 1, UNKNOWN, "READER_NO_COMMIT", "no-commit", UNKNOWN, 0},
    {"no commit, only markers held", "10*-/51@50~", 1, UNKNOWN, "READER_IDLE", "nothing-to-read", UNKNOWN, 0},
    {"no commit with members for the whole window", "10*-/190", 1, 9000, "READER_NO_COMMIT", "no-commit", UNKNOWN, 0},
    {"no commit with members, one sample short", "9*-/190", 1, 9000, "READER_UNKNOWN", "no-commit-yet", UNKNOWN, 0},
    {"no commit, and the first record came in the window", "-/0 9*-/2", 1, 9000, "READER_UNKNOWN", "no-commit-yet",
        UNKNOWN, 0},
    {"the commit was taken back in the window", "100/190 9*-/190", 1, 9000, "READER_UNKNOWN", "no-commit-yet", UNKNOWN,
        0},
    {"no commit and nobody there", "10*-/190", 0, 9000, "READER_UNKNOWN", "no-commit-and-no-member", UNKNOWN, 0},
    {"no commit and members not known", "10*-/190", UNKNOWN, 9000, "READER_UNKNOWN", "no-commit-and-members-not-known",
        UNKNOWN, 0},
    {"no commit and members not permitted", "10*-/190", FORBIDDEN, 9000, "READER_UNKNOWN",
        "no-commit-and-members-not-known", UNKNOWN, 0},

    // Retention.
    {"the place is the first offset held", "10*100/190@100", 0, 9000, "READER_STOPPED", "no-member-and-lag", 90, 0},
    {"the place is one before the first held", "10*99/190@100", 0, 9000, "READER_BEHIND_RETENTION", "before-first-held",
        90, 0},
    {"lost, told by the first sample", "20/190@100", 0, 9000, "READER_BEHIND_RETENTION", "before-first-held", 90, 0},
    {"lost comes before went back", "200/210 20/210@100", 1, 9000, "READER_BEHIND_RETENTION", "before-first-held", 110,
        0},
    {"lost while it reads", "3*10+10/190@100", 1, 9000, "READER_BEHIND_RETENTION", "before-first-held", 90, 0},
    {"the last marker went by retention", "10*99/100@100", 0, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"a record and its marker went by retention", "10*98/100@100", 0, UNKNOWN, "READER_BEHIND_RETENTION",
        "before-first-held", 0, 0},
    {"a marker went, records came after it", "10*99/103@100", 0, 9000, "READER_BEHIND_RETENTION", "before-first-held",
        3, 0},
    {"known to be caught up, and the log emptied after it", "10*95/100@100~", 0, UNKNOWN, "READER_IDLE", "nothing-new",
        0, 0},

    // Of a group that is there no more.
    {"forgotten, and records wait", "10*100/190", 0, 9000, "READER_STOPPED", "forgotten", 90, 0},
    {"forgotten, three samples ago", "100/190 100/190 100/190 100/190", 0, 9000, "READER_STOPPED", "forgotten", 90, 0},
    {"forgotten, for less than that", "100/190 100/190 100/190", 0, 9000, "READER_UNKNOWN", "window-not-full", 90, 0},
    {"forgotten, and it had read all there is", "10*190/190", 0, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"forgotten, and its place went by retention", "10*20/190@100", 0, 9000, "READER_BEHIND_RETENTION",
        "before-first-held", 90, 0},

    // Going back.
    {"went back just now", "200/210 50/210", 1, 9000, "READER_REWOUND", "went-back", 160, 0},
    {"went back by one", "200/210 199/210", 1, 9000, "READER_REWOUND", "went-back", 11, 0},
    {"went back, reads again, one short of its old place", "200/260 50/260 100/260 199/260", 1, 9000, "READER_REWOUND",
        "went-back", 61, 0},
    {"went back and has reached its old place", "200/260 50/260 100/260 200/260", 1, 9000, "READER_OK",
        "window-not-full", 60, 0},
    {"went back and is beyond its old place", "200/260 50/260 100/260 201/260", 1, 9000, "READER_OK", "window-not-full",
        59, 0},
    {"went back longer ago than the window", "200/400 12*50+5/400", 1, 9000, "READER_REWOUND", "went-back", 295, 0},
    {"went back twice, above the first fall", "200/400 50/400 150/400 140/400", 1, 9000, "READER_REWOUND", "went-back",
        260, 0},
    {"went back and nobody is left", "200/400 12*50/400", 0, 9000, "READER_REWOUND", "went-back", 350, 0},
    {"the feed was made anew and is read to its end", "200/210 1/5 4/5~", 1, UNKNOWN, "READER_OK", "caught-up-now", 0,
        0},
    {"the feed was made anew, and no marker ends it", "200/210 1/5 5/5", 1, UNKNOWN, "READER_OK", "caught-up-now", 0,
        0},
    {"its old place is one short of the end", "199/200 50/200 199/200", 1, 9000, "READER_OK", "window-not-full", 1, 0},
    {"the feed was made anew and is not read to its end", "200/210 1/5 4/6", 1, 9000, "READER_REWOUND", "went-back", 2,
        0},
    {"the same place again is not back", "2*200/210", 1, 9000, "READER_UNKNOWN", "window-not-full", 10, 0},

    // All read.
    {"all read, nothing new in a full window", "10*190/190", 1, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"all read, nobody there: nothing waits", "10*190/190", 0, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"all read but the transaction's marker", "10*189/190~", 1, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"all read, five markers at the end, nobody there", "10*185/190~", 0, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"a marker at the end that is not known to be one", "10*189/190", 1, UNKNOWN, "READER_STALLED", "not-moved", 1, 0},
    {"all read, one sample short of a window", "9*190/190", 1, UNKNOWN, "READER_OK", "caught-up-now", 0, 0},
    {"all read, one sample", "190/190", 1, UNKNOWN, "READER_OK", "caught-up-now", 0, 0},
    {"all read, data in the oldest step", "189/189 9*190/190", 1, UNKNOWN, "READER_OK", "caught-up-now", 0, 0},
    {"all read, data in the newest step", "9*189/189 190/190", 1, UNKNOWN, "READER_OK", "caught-up-now", 0, 0},
    {"all read, data just left the window", "189/189 10*190/190", 1, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"all read, members not known", "10*190/190", UNKNOWN, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"its place lies beyond the last stable offset", "10*195/190", 1, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},
    {"an empty feed read from its beginning", "10*0/0", 1, UNKNOWN, "READER_IDLE", "nothing-new", 0, 0},

    // Caught up at some time, and records wait now.
    {"a record has just come", "9*190/190 190/191", 1, 800, "READER_OK", "caught-up-in-window", 1, 0},
    {"a record waits for nine samples", "190/190 9*190/191", 1, 41000, "READER_OK", "caught-up-in-window", 1, 0},
    {"a record waits for the whole window", "10*190/191", 1, 46000, "READER_STALLED", "not-moved", 1, 0},
    {"caught up but for markers, then a record", "9*189/190~ 189/192", 1, 800, "READER_OK", "caught-up-in-window", 3,
        0},
    {"caught up in the middle", "4*100+10/190 190/190 5*190/290+10", 1, 20000, "READER_OK", "caught-up-in-window", 140,
        0},

    // Nobody is left.
    {"nobody left, waits for 10 s", "7*190/190 3*190/191", 0, 11000, "READER_OK", "caught-up-in-window", 1, 0},
    {"nobody left, waits for 15 s", "6*190/190 4*190/191", 0, 16000, "READER_STOPPED", "no-member-and-lag", 1, 0},
    {"nobody left from the first sample on, 10 s", "3*100/190", 0, 90000, "READER_UNKNOWN", "window-not-full", 90, 0},
    {"nobody left from the first sample on, 15 s", "4*100/190", 0, 90000, "READER_STOPPED", "no-member-and-lag", 90, 0},
    {"nobody left, two samples 20 s apart", "2*100/190", 0, 90000, "READER_UNKNOWN", "window-not-full", 90, 20000},
    {"nobody left, three samples 7.5 s apart", "3*100/190", 0, 90000, "READER_STOPPED", "no-member-and-lag", 90, 7500},
    {"nobody left, three samples 7.499 s apart", "3*100/190", 0, 90000, "READER_UNKNOWN", "window-not-full", 90, 7499},
    {"nobody left, full window of a fast cycle, under 15 s", "10*100/190", 0, 90000, "READER_UNKNOWN",
        "window-not-full", 90, 1000},
    {"nobody left, full window of a fast cycle, 15 s", "10*100/190", 0, 90000, "READER_STOPPED", "no-member-and-lag",
        90, 1667},
    {"it moved 10 s ago and nobody is left", "7*90+10/190 2*150/190", 0, 90000, "READER_OK", "window-not-full", 40, 0},
    {"it moved 10 s ago in a full window and nobody is left", "8*80+10/190 2*150/190", 0, 90000, "READER_OK",
        "lag-shrank", 40, 0},
    {"it moved 15 s ago and nobody is left", "6*90+10/190 4*150/190", 0, 90000, "READER_STOPPED", "no-member-and-lag",
        40, 0},
    {"nobody left for the whole window, and more comes", "10*100/190+10", 0, 90000, "READER_STOPPED",
        "no-member-and-lag", 180, 0},
    {"all the same, and the clock stands", "10*100/190", 0, 90000, "READER_UNKNOWN", "window-not-full", 90, -1},

    // Somebody is there and nothing moves.
    {"stands for the whole window", "10*100/190", 1, 90000, "READER_STALLED", "not-moved", 90, 0},
    {"stands for nine samples", "9*100/190", 1, 90000, "READER_UNKNOWN", "window-not-full", 90, 0},
    {"stands while more comes", "10*100/190+10", 2, 90000, "READER_STALLED", "not-moved", 180, 0},
    {"stands after one step", "99/190 9*100/190", 1, 90000, "READER_OK", "lag-shrank", 90, 0},
    {"stands, step left the window", "99/190 10*100/190", 1, 90000, "READER_STALLED", "not-moved", 90, 0},
    {"stands, members not known", "10*100/190", UNKNOWN, 90000, "READER_STALLED", "not-moved-and-members-not-known", 90,
        0},
    {"stands, members not permitted", "10*100/190", FORBIDDEN, 90000, "READER_STALLED",
        "not-moved-and-members-not-known", 90, 0},
    {"stands, full window of a fast cycle, under 15 s", "10*100/190", 1, 90000, "READER_UNKNOWN", "window-not-full", 90,
        1666},
    {"stands, full window of a fast cycle, 15 s", "10*100/190", 1, 90000, "READER_STALLED", "not-moved", 90, 1667},
    {"stands, and the clock stands", "10*100/190", 1, 90000, "READER_UNKNOWN", "window-not-full", 90, -1},
    {"stands at the first offset held", "10*0/190@0", 1, 90000, "READER_STALLED", "not-moved", 190, 0},
    {"first commit within the window, then stands", "-/190 9*0/190", 1, 90000, "READER_UNKNOWN", "window-not-full", 190,
        0},

    // It moves.
    {"reads, one sample", "100/190", 1, 90000, "READER_UNKNOWN", "window-not-full", 90, 0},
    {"reads, two samples", "100/190 101/191", 1, 90000, "READER_OK", "window-not-full", 90, 0},
    {"falls behind for nine samples", "9*100+10/1000+20", 1, 90000, "READER_OK", "window-not-full", 980, 0},
    {"falls behind for the whole window", "10*100+10/1000+20", 1, 90000, "READER_BEHIND", "lag-never-shrank", 990, 0},
    {"keeps its distance, far behind", "10*100+10/1000+10", 1, 90000, "READER_BEHIND", "lag-never-shrank", 900, 0},
    {"keeps its distance of two cycles' reading", "10*100+10/120+10", 1, 9000, "READER_OK", "keeps-pace", 20, 0},
    {"keeps its distance of one more than that", "10*100+10/121+10", 1, 9000, "READER_BEHIND", "lag-never-shrank", 21,
        0},
    {"loses one record a cycle, hardly behind", "10*100+100/110+101", 1, 900, "READER_OK", "keeps-pace", 19, 0},
    {"falls behind, nobody known", "10*100+10/1000+20", UNKNOWN, 90000, "READER_BEHIND", "lag-never-shrank", 990, 0},
    {"falls behind but shrank by one in the newest step", "9*100+10/1000+20 191/1160", 1, 90000, "READER_OK",
        "lag-shrank", 969, 0},
    {"falls behind but shrank by one in the oldest step", "100/1011 9*110+10/1020+20", 1, 90000, "READER_OK",
        "lag-shrank", 990, 0},
    {"works off a backlog", "10*100+50/1000+10", 1, 90000, "READER_OK", "lag-shrank", 540, 0},
    {"one step in the whole window, more comes", "5*100/1000+10 5*101/1050+10", 1, 90000, "READER_BEHIND",
        "lag-never-shrank", 989, 0},
    {"offsets beyond 32 bits", "10*5000000000+10/6000000000+20", 1, 90000, "READER_BEHIND", "lag-never-shrank",
        1000000090, 0},
};

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_deinit(&arena);
}

// "100", "100+10" or "-": the value and its step.
static const char *number(const char *text, int64_t *value, int64_t *step)
{
    char *rest;
    *step = 0;
    if (*text == '-') {
        *value = -1;
        return text + 1;
    }
    *value = strtoll(text, &rest, 10);
    if (*rest == '+')
        *step = strtoll(rest + 1, &rest, 10);
    return rest;
}

static const char *token(const char *text, struct window *window, int64_t every_ms, int64_t *at_ms)
{
    int64_t committed, committed_step, last, last_step, start = 0, none, n = 1;
    const char *star = strchr(text, '*'), *space = strchr(text, ' ');
    if (star && (!space || star < space))
        text = number(text, &n, &none) + 1;
    text = number(text, &committed, &committed_step);
    text = number(text + 1, &last, &last_step);
    if (*text == '@')
        text = number(text + 1, &start, &none);
    bool caught_up = *text == '~';
    for (int64_t i = 0; i < n; i++) {
        window_add(window,
            &(struct window_sample){*at_ms, committed + i * committed_step, start, last + i * last_step, caught_up});
        *at_ms += every_ms < 0 ? 0 : every_ms ? every_ms : 5000;
    }
    return text + caught_up;
}

static struct window window_of(const char *samples, int64_t every_ms, int64_t *now_ms)
{
    struct window window = {0};
    int64_t at_ms = BEGAN_MS;
    while (*samples) {
        samples = token(samples, &window, every_ms, &at_ms);
        samples += *samples == ' ';
    }
    *now_ms = window.n ? window.samples[window.n - 1].at_ms + 100 : BEGAN_MS;
    return window;
}

static struct figure figure(int64_t value)
{
    return value == UNKNOWN     ? (struct figure){0}
           : value == FORBIDDEN ? (struct figure){FIGURE_NOT_PERMITTED, 0}
                                : figure_of(value);
}

static bool same(struct figure a, struct figure b)
{
    return a.state == b.state && (a.state != FIGURE_KNOWN || a.value == b.value);
}

static struct group_partition judge(const struct row *row)
{
    int64_t now_ms;
    struct window window = window_of(row->samples, row->every_ms, &now_ms);
    struct window_facts facts = {figure(row->members), figure(row->age_ms), figure_of(30 * DAY_MS), true,
        row->rule == NULL || strcmp(row->rule, "not-permitted") != 0, strncmp(row->name, "forgotten", 9) == 0};
    if (row->age_ms >= 0)
        facts.oldest_unread_ms.value = now_ms - row->age_ms;
    struct group_partition out = {.topic = "feed.kent", .partition = 3};
    window_judge(&window, &facts, now_ms, &arena, &out);
    cr_expect_str_eq(out.topic, "feed.kent");
    cr_expect_eq(out.partition, 3);
    cr_expect_eq(out.finding.since_ms, 0);
    return out;
}

Test(window, every_rule_fires_on_its_side_of_the_boundary, .init = begin, .fini = end)
{
    size_t n = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n; i++) {
        struct group_partition out = judge(&rows[i]);
        cr_expect_str_eq(
            verdict_row(out.finding.verdict)->id, rows[i].verdict, "%s: %s", rows[i].name, out.finding.numbers);
        cr_expect_str_eq(
            out.finding.rule, rows[i].rule, "%s: %s by %s", rows[i].name, out.finding.numbers, out.finding.rule);
        cr_expect(same(out.lag, figure(rows[i].lag)), "%s: lag is %lld", rows[i].name, (long long)out.lag.value);
        cr_expect(
            *out.finding.detail && !strpbrk(out.finding.detail, "{}"), "%s: %s", rows[i].name, out.finding.detail);
    }
    printf("%zu windows\n", n);
    cr_expect_geq(n, 60);
}

Test(window, every_rule_and_every_verdict_has_a_window)
{
    static const char *const names[] = {
#define RULE(function, name, verdict, sentence) name,
#include "hub/observe/judge/window_rules.def"
#undef RULE
    };
    for (size_t r = 0; r < sizeof names / sizeof *names; r++) {
        if (strcmp(names[r], "not-answered") == 0)
            continue; // has a test of its own
        size_t n = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            n += strcmp(rows[i].rule, names[r]) == 0;
        cr_expect_gt(n, 0, "%s", names[r]);
    }
    for (int v = VERDICT_READER_OK; v <= VERDICT_READER_NOT_PERMITTED; v++) {
        size_t n = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            n += strcmp(rows[i].verdict, verdict_row((enum verdict)v)->id) == 0;
        cr_expect_gt(n, 0, "%s", verdict_row((enum verdict)v)->id);
    }
}

Test(window, a_group_that_the_broker_did_not_answer_for_is_unknown_whatever_was_seen_before, .init = begin, .fini = end)
{
    static const char *const windows[] = {"", "10*100/190", "10*190/190", "10*20/190@100", "200/210 50/210"};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        int64_t now_ms;
        struct window window = window_of(windows[i], 0, &now_ms);
        struct window_facts facts = {.members = figure_of(0), .permitted = true};
        struct group_partition out = {0};
        window_judge(&window, &facts, now_ms, &arena, &out);
        cr_expect_eq(out.finding.verdict, VERDICT_READER_UNKNOWN);
        cr_expect_str_eq(out.finding.rule, "not-answered");
        cr_expect_eq(out.lag.state, FIGURE_UNKNOWN);
        cr_expect_eq(out.lost.state, FIGURE_UNKNOWN);
        cr_expect_eq(out.end.state, FIGURE_UNKNOWN);
    }
}

Test(window, a_refusal_is_an_answer, .init = begin, .fini = end)
{
    struct window none = {0};
    for (int answered = 0; answered < 2; answered++) {
        struct window_facts facts = {.answered = answered};
        struct group_partition out = {0};
        window_judge(&none, &facts, BEGAN_MS, &arena, &out);
        cr_expect_eq(out.finding.verdict, VERDICT_READER_NOT_PERMITTED);
        cr_expect_eq(out.lag.state, FIGURE_NOT_PERMITTED);
    }
}

Test(window, a_group_that_is_not_permitted_keeps_the_topics_offsets_only, .init = begin, .fini = end)
{
    struct group_partition out = judge(&(struct row){"", "2*-/190@7", FORBIDDEN, UNKNOWN, "", "not-permitted", 0, 0});
    cr_expect(same(out.start, figure_of(7)) && same(out.end, figure_of(190)));
    const struct figure *all[] = {
        &out.committed, &out.lag, &out.lag_ms, &out.per_minute, &out.until_loss_ms, &out.lost};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cr_expect_eq(all[i]->state, FIGURE_NOT_PERMITTED, "figure %zu", i);
    cr_expect_str_eq(out.finding.numbers, "");
}

struct figures_row {
    const char *name, *samples;
    int64_t age_ms, retention_ms;
    int64_t lag_ms, per_minute, until_loss_ms, lost;
};

static const struct figures_row figures_rows[] = {
    {"nothing waits: no age, and nothing to lose", "10*190/190", UNKNOWN, DAY_MS, 0, 0, UNKNOWN, 0},
    {"nothing waits, whatever the oldest was thought to be", "10*190/190", 5000, DAY_MS, 0, 0, UNKNOWN, 0},
    {"a marker waits: no age", "10*189/190~", 5000, DAY_MS, 0, 0, UNKNOWN, 0},
    {"age is not known", "10*100/190", UNKNOWN, DAY_MS, UNKNOWN, 0, UNKNOWN, 0},
    {"age is not permitted", "10*100/190", FORBIDDEN, DAY_MS, FORBIDDEN, 0, UNKNOWN, 0},
    {"age and what is left", "10*100/190", 5000, DAY_MS, 5000, 0, DAY_MS - 5000, 0},
    {"retention without end", "10*100/190", 5000, -1, 5000, 0, UNKNOWN, 0},
    {"exactly as old as retention", "10*100/190", DAY_MS, DAY_MS, DAY_MS, 0, 0, 0},
    {"older than retention, not taken yet", "10*100/190", DAY_MS + 1, DAY_MS, DAY_MS + 1, 0, 0, 0},
    {"a record from the future has no age", "10*100/190", -5000, DAY_MS, 0, 0, DAY_MS, 0},
    {"one sample tells no rate", "100/190", 5000, DAY_MS, 5000, UNKNOWN, DAY_MS - 5000, 0},
    {"ten every five seconds", "10*100+10/190+10", 5000, DAY_MS, 5000, 120, DAY_MS - 5000, 0},
    {"one in 45 s", "5*100/190 5*101/190", 5000, DAY_MS, 5000, 1, DAY_MS - 5000, 0},
    {"going back is not reading", "5*100/190 5*50/190", 5000, DAY_MS, 5000, 0, DAY_MS - 5000, 0},
    {"what it reads again it reads", "100/190 50/190 60/190", 5000, DAY_MS, 5000, 60, DAY_MS - 5000, 0},
    {"eighty are lost", "10*20/190@100", DAY_MS, DAY_MS, DAY_MS, 0, 0, 80},
    {"no commit: nothing of it is known", "10*-/190", 5000, DAY_MS, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN},
};

Test(window, figures_are_known_unknown_or_not_permitted_and_never_a_guess, .init = begin, .fini = end)
{
    for (size_t i = 0; i < sizeof figures_rows / sizeof *figures_rows; i++) {
        const struct figures_row *row = &figures_rows[i];
        int64_t now_ms;
        struct window window = window_of(row->samples, 0, &now_ms);
        struct window_facts facts = {
            figure_of(1), figure(row->age_ms), figure_of(row->retention_ms), true, true, false};
        if (row->age_ms != UNKNOWN && row->age_ms != FORBIDDEN)
            facts.oldest_unread_ms = figure_of(now_ms - row->age_ms);
        struct group_partition out = {0};
        window_judge(&window, &facts, now_ms, &arena, &out);
        cr_expect(same(out.lag_ms, figure(row->lag_ms)), "%s: lag_ms %lld", row->name, (long long)out.lag_ms.value);
        cr_expect(same(out.per_minute, figure(row->per_minute)), "%s: per_minute %lld", row->name,
            (long long)out.per_minute.value);
        cr_expect(same(out.until_loss_ms, figure(row->until_loss_ms)), "%s: until_loss_ms %lld", row->name,
            (long long)out.until_loss_ms.value);
        cr_expect(same(out.lost, figure(row->lost)), "%s: lost %lld", row->name, (long long)out.lost.value);
    }
}

Test(window, the_numbers_and_the_sentence_say_what_the_rule_rests_on, .init = begin, .fini = end)
{
    static const struct {
        const char *samples;
        int64_t members, age_ms;
        const char *numbers, *detail;
    } says[] = {
        {"10*120/190", 0, 190000, "committed=120 start=0 end=190 lag=70 moved=0 window=45s members=0",
            "No member is left and 70 records wait, the oldest for 3 min."},
        {"10*189/190", 1, 30 * DAY_MS - 7200000, "committed=189 start=0 end=190 lag=1 moved=0 window=45s members=1",
            "1 record waits, the oldest for 29 days, and its place has not moved for 45 s with 1 member there. "
            "Retention takes them in 2 h."},
        {"10*120/190", 0, 27 * DAY_MS, "committed=120 start=0 end=190 lag=70 moved=0 window=45s members=0",
            "No member is left and 70 records wait, the oldest for 27 days. Retention takes them in 3 days."},
        {"10*120/190", 0, 27 * DAY_MS - 1, "committed=120 start=0 end=190 lag=70 moved=0 window=45s members=0",
            "No member is left and 70 records wait, the oldest for 26 days."},
        {"10*20/190@100", UNKNOWN, UNKNOWN,
            "committed=20 start=100 end=190 lag=90 moved=0 window=45s members=? lost=80",
            "80 records went by retention before it read them; 90 records wait."},
        {"200/260 50/260", FORBIDDEN, 5000,
            "committed=50 start=0 end=260 lag=210 moved=0 window=5s members=not-permitted was=200",
            "Its place went back from 200 and has not reached it again; 210 records wait, the oldest for 5 s."},
        {"10*-/190", 2, UNKNOWN, "committed=none start=0 end=190 lag=190 moved=0 window=45s members=2",
            "It has said nothing of how far it has read for 45 s, with 2 members there and 190 records on the feed."},
    };
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        struct group_partition out =
            judge(&(struct row){"", says[i].samples, says[i].members, says[i].age_ms, "", NULL, 0, 0});
        cr_expect_str_eq(out.finding.numbers, says[i].numbers);
        cr_expect_str_eq(out.finding.detail, says[i].detail);
    }
}

Test(window, the_trend_is_told_by_halves_and_small_changes_are_none)
{
    static const struct {
        const char *samples;
        int64_t older, newer;
        int trend;
    } trends[] = {
        {"", 0, 0, 0},
        {"100/190", 0, 0, 0},
        {"100/190 100/191", 90, 91, 0},
        {"100/200 100/210", 100, 110, 0},
        {"100/200 100/212", 100, 112, 1},
        {"100/200 100/190", 100, 90, 0},
        {"100/212 100/200", 112, 100, -1},
        {"10*100/190+10", 110, 160, 1},
        {"10*100+10/300", 180, 130, -1},
        {"9*100+10/300+10", 200, 200, 0},
        {"5*190/190 5*190/191", 0, 1, 1},
        {"5*189/190~ 5*190/190", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof trends / sizeof *trends; i++) {
        int64_t now_ms, older, newer;
        struct window window = window_of(trends[i].samples, 0, &now_ms);
        window_halves(&window, &older, &newer);
        cr_expect_eq(older, trends[i].older, "%s: older %lld", trends[i].samples, (long long)older);
        cr_expect_eq(newer, trends[i].newer, "%s: newer %lld", trends[i].samples, (long long)newer);
        cr_expect_eq(window_trend(older, newer), trends[i].trend, "%s", trends[i].samples);
    }
}

Test(window, it_remembers_when_its_place_moved_and_went_back)
{
    int64_t now_ms;
    struct window window = window_of("10*100/190 101/190 3*101/190", 0, &now_ms);
    cr_expect_eq(window.n, WINDOW_SAMPLES);
    cr_expect_eq(window.moved_ms, BEGAN_MS + 50000);
    cr_expect_eq(window.rewound_ms, 0);
    cr_expect_eq(window.high_committed, 101);
    window = window_of("200/400 50/400 60/400", 0, &now_ms);
    cr_expect_eq(window.rewound_ms, BEGAN_MS + 5000);
    cr_expect_eq(window.moved_ms, BEGAN_MS + 10000);
    cr_expect_eq(window.high_committed, 200);
    window = window_of("12*200/400", 0, &now_ms);
    cr_expect_eq(window.moved_ms, 0, "it was never seen to move");
}
