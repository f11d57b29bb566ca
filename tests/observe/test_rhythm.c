// SPDX-License-Identifier: Apache-2.0
// What a rhythm finds, how soon, and when it lets go: each row learns ten weeks of one kind of traffic, then something
// happens to it for a while. Judged every ten seconds from there on.
#include "tests/kit/core/cost.h"
#include "tests/kit/health/traffic.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define FIRST_MS              INT64_C(1751328000000) // 2025-07-01 00:00 UTC, a Tuesday
#define MINUTE                INT64_C(60000)
#define DAY(n)                (FIRST_MS + 70 * KIT_DAY_MS + (n)*KIT_DAY_MS) // 0: Tuesday, 2025-09-09
#define AT(day, hour, minute) (DAY(day) + (hour)*KIT_HOUR_MS + (minute)*MINUTE)

enum happens { NOTHING, STOPS, SLOWS, FLOODS, REFUSED, MORE_REFUSED, ELSEWHERE, MISPLACED };

struct scene {
    struct rhythm *rhythm;
    struct kit_traffic traffic;
    struct arena arena;
    struct rhythm_settings settings;
    struct source_health health;
};

static void begin(struct scene *scene, enum kit_traffic_kind kind)
{
    memset(scene, 0, sizeof *scene);
    scene->rhythm = rhythm_new();
    scene->settings = (struct rhythm_settings){.silent_after_ms = KIT_DAY_MS, .known_since_ms = FIRST_MS};
    arena_init(&scene->arena, 0);
    kit_traffic_begin(&scene->traffic, kind, 7, FIRST_MS);
}

static void end(struct scene *scene)
{
    scene->rhythm = rhythm_free(scene->rhythm);
    arena_deinit(&scene->arena);
}

static enum verdict judge(struct scene *scene, int64_t now_ms)
{
    arena_reset(&scene->arena);
    memset(&scene->health, 0, sizeof scene->health);
    rhythm_judge(scene->rhythm, &scene->settings, now_ms, &scene->arena, &scene->health);
    return scene->health.finding.verdict;
}

static void take(struct scene *scene, struct rhythm_event event, enum happens happens, uint64_t place)
{
    switch (happens) {
    case STOPS:
        return;
    case SLOWS:
        if (place % 5 != 0)
            return;
        break;
    case REFUSED:
        event.refused = true, event.duplicate = false, event.code = "SIGNATURE_BAD";
        break;
    case MORE_REFUSED:
        if (place % 3 == 0)
            event.refused = true, event.duplicate = false, event.code = "MARKING_INVALID";
        break;
    case ELSEWHERE:
        event.regions = UINT32_C(1) << 20;
        break;
    case MISPLACED: {
        struct rhythm_event forwarded = event;
        forwarded.forwarded = true;
        if (place % 4 != 0)
            rhythm_take(scene->rhythm, &forwarded);
        break;
    }
    case FLOODS:
        for (int i = 0; i < 9; i++)
            rhythm_take(scene->rhythm, &event);
        break;
    case NOTHING:
        break;
    }
    rhythm_take(scene->rhythm, &event);
}

struct story {
    const char *name;
    enum kit_traffic_kind kind;
    enum happens happens;
    int64_t from_ms, to_ms;
    enum verdict verdict;
    int64_t within_ms;  // of from_ms; 0: it must not come at all
    int64_t cleared_ms; // within so long of to_ms
};

struct course {
    int64_t told_ms, cleared_ms; // 0: never; when it was told first and last
    enum verdict other;          // a trouble that was told and was not asked for
};

static void look(struct scene *scene, const struct story *story, int64_t now_ms, struct course *course)
{
    enum verdict verdict = judge(scene, now_ms);
    if (verdict == story->verdict) {
        course->told_ms = course->told_ms ? course->told_ms : now_ms;
        course->cleared_ms = now_ms;
    } else if (verdict_severity(verdict) != SEVERITY_OK) {
        course->other = verdict;
    }
}

static struct course live(struct scene *scene, const struct story *story)
{
    struct course course = {.other = VERDICT_SOURCE_OK};
    struct rhythm_event event;
    int64_t now_ms = story->from_ms, end_ms = story->to_ms + KIT_DAY_MS + story->cleared_ms;
    int64_t every_ms = end_ms - now_ms > 3 * KIT_DAY_MS ? 10 * MINUTE : 10000;
    uint64_t place = 0;
    while (now_ms < end_ms) {
        kit_traffic_next(&scene->traffic, &event);
        for (; now_ms < event.at_ms && now_ms < end_ms; now_ms += every_ms)
            look(scene, story, now_ms, &course);
        bool during = event.at_ms >= story->from_ms && event.at_ms < story->to_ms;
        take(scene, event, during ? story->happens : NOTHING, place++);
    }
    return course;
}

#define NEVER 0, 0
static const struct story stories[] = {
    {"silence in a busy hour", KIT_TRAFFIC_STEADY, STOPS, AT(0, 11, 20), AT(0, 12, 0), VERDICT_SOURCE_SILENT,
        20 * MINUTE, MINUTE},
    {"silence of an office by day", KIT_TRAFFIC_OFFICE, STOPS, AT(1, 10, 0), AT(1, 14, 0), VERDICT_SOURCE_SILENT,
        60 * MINUTE, 5 * MINUTE},
    {"an office at night", KIT_TRAFFIC_OFFICE, STOPS, AT(1, 17, 0), AT(2, 7, 0), VERDICT_SOURCE_SILENT, NEVER},
    {"an office on Friday evening and the weekend", KIT_TRAFFIC_OFFICE, STOPS, AT(3, 17, 0), AT(6, 7, 0),
        VERDICT_SOURCE_SILENT, NEVER},
    {"silence of the police in the evening", KIT_TRAFFIC_POLICE, STOPS, AT(2, 19, 0), AT(2, 21, 0),
        VERDICT_SOURCE_SILENT, 35 * MINUTE, 5 * MINUTE},
    {"a nightly batch that does not come", KIT_TRAFFIC_NIGHTLY, STOPS, AT(1, 0, 0), AT(1, 12, 0), VERDICT_SOURCE_SILENT,
        180 * MINUTE, 24 * KIT_HOUR_MS},
    {"a nightly batch, by day", KIT_TRAFFIC_NIGHTLY, NOTHING, AT(1, 3, 0), AT(2, 1, 0), VERDICT_SOURCE_SILENT, NEVER},
    {"silence between heaps", KIT_TRAFFIC_BURSTY, STOPS, AT(1, 3, 0), AT(1, 23, 0), VERDICT_SOURCE_SILENT,
        12 * KIT_HOUR_MS, 4 * KIT_HOUR_MS},
    {"clockwork that stands still", KIT_TRAFFIC_CLOCKWORK, STOPS, AT(1, 3, 0), AT(1, 8, 0), VERDICT_SOURCE_SILENT,
        150 * MINUTE, 16 * MINUTE},
    {"a weekly list that does not come", KIT_TRAFFIC_WEEKLY, STOPS, AT(6, 0, 0), AT(6, 23, 0), VERDICT_SOURCE_SILENT,
        24 * KIT_HOUR_MS, 7 * KIT_DAY_MS},
    {"a rare one that stops for months", KIT_TRAFFIC_SPARSE, STOPS, AT(1, 3, 0), AT(61, 3, 0), VERDICT_SOURCE_SILENT,
        35 * KIT_DAY_MS, 12 * KIT_DAY_MS},
    {"a drop to a fifth", KIT_TRAFFIC_STEADY, SLOWS, AT(1, 10, 0), AT(1, 18, 0), VERDICT_SOURCE_DROP, 61 * MINUTE,
        61 * MINUTE},
    {"a drop of an office", KIT_TRAFFIC_OFFICE, SLOWS, AT(1, 9, 0), AT(1, 16, 0), VERDICT_SOURCE_DROP, 121 * MINUTE,
        20 * KIT_HOUR_MS},
    {"ten times as much", KIT_TRAFFIC_STEADY, FLOODS, AT(1, 10, 0), AT(1, 12, 0), VERDICT_SOURCE_BURST, 30 * MINUTE,
        61 * MINUTE},
    {"all refused", KIT_TRAFFIC_STEADY, REFUSED, AT(1, 10, 0), AT(1, 11, 0), VERDICT_SOURCE_REFUSED, 20 * MINUTE,
        50 * MINUTE},
    {"all refused, of the police", KIT_TRAFFIC_POLICE, REFUSED, AT(1, 18, 0), AT(1, 19, 0), VERDICT_SOURCE_REFUSED,
        20 * MINUTE, 50 * MINUTE},
    {"a third refused", KIT_TRAFFIC_STEADY, MORE_REFUSED, AT(1, 10, 0), AT(1, 14, 0), VERDICT_SOURCE_REFUSED,
        60 * MINUTE, 60 * MINUTE},
    {"a region never named", KIT_TRAFFIC_STEADY, ELSEWHERE, AT(1, 10, 0), AT(1, 12, 0), VERDICT_SOURCE_WRONG_REGION,
        60 * MINUTE, 60 * MINUTE},
    {"three of four on a wrong lane", KIT_TRAFFIC_STEADY, MISPLACED, AT(1, 10, 0), AT(1, 13, 0),
        VERDICT_SOURCE_WRONG_LANE, 60 * MINUTE, 60 * MINUTE},
};

// Asking for nothing else: what follows a long silence may be told as well, as less came that day.
static bool follows(enum verdict verdict, enum verdict other)
{
    return other == VERDICT_SOURCE_OK || (verdict == VERDICT_SOURCE_SILENT && other == VERDICT_SOURCE_DROP) ||
           (verdict == VERDICT_SOURCE_DROP && other == VERDICT_SOURCE_SILENT);
}

Test(rhythm, what_happens_is_told_in_time_and_lets_go_by_itself, .timeout = 120)
{
    static struct scene scene;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        const struct story *story = &stories[i];
        begin(&scene, story->kind);
        struct course course = live(&scene, story);
        int64_t told = course.told_ms ? (course.told_ms - story->from_ms) / MINUTE : -1;
        int64_t kept = course.told_ms ? (course.cleared_ms - story->to_ms) / MINUTE : -1;
        printf("%-45s told after %5d min, cleared after %5d min\n", story->name, (int)told, (int)kept);
        if (story->within_ms == 0)
            cr_expect_eq(course.told_ms, 0, "%s: told after %d min", story->name, (int)told);
        else
            cr_expect(course.told_ms >= story->from_ms && course.told_ms <= story->from_ms + story->within_ms &&
                          course.cleared_ms <= story->to_ms + story->cleared_ms,
                "%s: told after %d min, cleared %d min after", story->name, (int)told, (int)kept);
        cr_expect(follows(story->verdict, course.other), "%s: %s", story->name, verdict_row(course.other)->id);
        end(&scene);
    }
}

// An agency that nobody knows yet: n records, of which some are refused, the last one now.
struct stranger {
    const char *name;
    unsigned n, refused; // refused: the last ones
    int64_t apart_ms, later_ms;
    enum verdict verdict;
    const char *rule;
};

static const struct stranger strangers[] = {
    {"nothing, known for an hour", 0, 0, 0, 0, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"one record", 1, 0, 0, 0, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"nothing more for just less than a day", 3, 0, 1000, KIT_DAY_MS - 1, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"nothing more for a day", 3, 0, 1000, KIT_DAY_MS, VERDICT_SOURCE_SILENT, "silent-too-long"},
    {"a day, but it has paused for nine hours before", 3, 0, 9 * KIT_HOUR_MS, KIT_DAY_MS + KIT_HOUR_MS,
        VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"three times nine hours", 3, 0, 9 * KIT_HOUR_MS, 27 * KIT_HOUR_MS, VERDICT_SOURCE_SILENT, "silent-too-long"},
    {"nine refused", 9, 9, 10, 0, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"ten refused at once", 10, 10, 10, 0, VERDICT_SOURCE_REFUSED, "refusals-burst"},
    {"ten refused of twenty", 20, 10, 10, 0, VERDICT_SOURCE_REFUSED, "refusals-above-usual"},
    {"eleven refused of twenty", 20, 11, 10, 0, VERDICT_SOURCE_REFUSED, "refusals-burst"},
    {"ten refused of three hundred", 300, 10, 10, 0, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
    {"ten refused, an hour ago", 10, 10, 10, 61 * MINUTE, VERDICT_SOURCE_LEARNING, "rhythm-not-known"},
};

Test(rhythm, an_agency_that_is_not_known_yet_is_judged_by_plain_rules)
{
    static struct scene scene;
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        const struct stranger *row = &strangers[i];
        begin(&scene, KIT_TRAFFIC_STEADY);
        int64_t now_ms = DAY(0) + KIT_HOUR_MS;
        scene.settings.known_since_ms = DAY(0);
        for (unsigned n = 0; n < row->n; n++) {
            now_ms += row->apart_ms;
            bool refused = n >= row->n - row->refused;
            rhythm_take(
                scene.rhythm, &(struct rhythm_event){
                                  .at_ms = now_ms, .refused = refused, .code = refused ? "DIGEST_BAD" : "ACCEPTED"});
        }
        enum verdict verdict = judge(&scene, now_ms + row->later_ms);
        cr_expect_eq(verdict, row->verdict, "%s: %s", row->name, verdict_row(verdict)->id);
        cr_expect_str_eq(scene.health.finding.rule, row->rule, "%s: %s", row->name, scene.health.finding.rule);
        end(&scene);
    }
}

Test(rhythm, one_that_never_published_is_silent_after_the_time_set_and_not_while_its_records_wait_in_the_hub)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    cr_expect_eq(judge(&scene, FIRST_MS + KIT_DAY_MS - 1), VERDICT_SOURCE_LEARNING);
    cr_expect_eq(judge(&scene, FIRST_MS + KIT_DAY_MS), VERDICT_SOURCE_SILENT);
    cr_expect_str_eq(scene.health.finding.rule, "never-published");
    cr_expect_eq(scene.health.last_ms.value, 0);
    scene.settings.waiting_ms = FIRST_MS + KIT_DAY_MS;
    cr_expect_eq(judge(&scene, FIRST_MS + KIT_DAY_MS), VERDICT_SOURCE_LEARNING);
    end(&scene);
}

static void learn(struct scene *scene, int64_t until_ms)
{
    struct rhythm_event event;
    for (kit_traffic_next(&scene->traffic, &event); event.at_ms < until_ms; kit_traffic_next(&scene->traffic, &event))
        rhythm_take(scene->rhythm, &event);
}

Test(rhythm, records_that_wait_in_the_hub_are_neither_silence_nor_a_drop)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    learn(&scene, AT(1, 10, 0));
    cr_assert_eq(judge(&scene, AT(1, 12, 0)), VERDICT_SOURCE_SILENT);
    scene.settings.waiting_ms = AT(1, 11, 59);
    cr_expect_eq(judge(&scene, AT(1, 12, 0)), VERDICT_SOURCE_QUIET);
    end(&scene);
}

Test(rhythm, the_time_at_which_silence_is_told_is_foretold)
{
    static struct scene scene;
    for (unsigned kind = 0; kind < KIT_TRAFFIC_SPARSE; kind++) {
        begin(&scene, (enum kit_traffic_kind)kind);
        learn(&scene, AT(1, 11, 0));
        judge(&scene, AT(1, 11, 0));
        cr_assert_eq(scene.health.silent_after_ms.state, FIGURE_KNOWN, "%s", kit_traffic_names[kind]);
        int64_t told_ms = scene.health.last_ms.value + scene.health.silent_after_ms.value;
        cr_expect_eq(judge(&scene, told_ms), VERDICT_SOURCE_SILENT, "%s", kit_traffic_names[kind]);
        cr_expect_str_neq(scene.health.finding.detail, "");
        judge(&scene, told_ms - 1);
        cr_expect_str_neq(scene.health.finding.rule, "silence-improbable", "%s", kit_traffic_names[kind]);
        end(&scene);
    }
}

Test(rhythm, counts_codes_and_delays_are_those_of_the_last_hour_and_day)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    int64_t now_ms = AT(0, 20, 0);
    rhythm_take(
        scene.rhythm, &(struct rhythm_event){.at_ms = now_ms - 25 * KIT_HOUR_MS, .refused = true, .code = "EXPIRED"});
    rhythm_take(
        scene.rhythm, &(struct rhythm_event){.at_ms = now_ms - 3 * KIT_HOUR_MS, .refused = true, .code = "EXPIRED"});
    for (unsigned i = 0; i < 100; i++)
        rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = now_ms - 1000,
                                      .made_ms = now_ms - 1000 - (i < 90 ? 100 : 60000),
                                      .decided_ms = now_ms - 1000 + (i < 90 ? 10 : 1000),
                                      .refused = i < 3,
                                      .duplicate = i == 3,
                                      .code = i < 3 ? "SPILL" : ""});
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = now_ms - 1000, .forwarded = true, .code = "FORWARDED"});
    judge(&scene, now_ms);
    const struct source_health *health = &scene.health;
    cr_expect_eq(health->last_hour.value, 100);
    cr_expect_eq(health->last_day.value, 101);
    cr_expect_eq(health->accepted.value, 96);
    cr_expect_eq(health->duplicates.value, 1);
    cr_expect_eq(health->refused.value, 4);
    cr_expect_eq(health->forwarded.value, 1);
    cr_assert_eq(health->n_refusals, 2);
    cr_expect_str_eq(health->refusals[0].code, "SPILL");
    cr_expect_eq(health->refusals[0].count, 3);
    cr_expect_str_eq(health->refusals[1].code, "EXPIRED");
    struct figure delays[] = {health->delays.source_p50_ms, health->delays.source_p95_ms, health->delays.hub_p50_ms,
        health->delays.hub_p95_ms};
    const int64_t true_ms[] = {100, 60000, 10, 1000};
    for (size_t i = 0; i < 4; i++)
        cr_expect(delays[i].value >= true_ms[i] && delays[i].value * 100 <= true_ms[i] * 120, "%zu: %d", i,
            (int)delays[i].value);
    judge(&scene, now_ms + 3 * KIT_HOUR_MS);
    cr_expect_eq(health->delays.hub_p50_ms.state, FIGURE_UNKNOWN);
    cr_expect_eq(health->last_hour.value, 0);
    end(&scene);
}

Test(rhythm, what_comes_late_or_without_a_time_does_no_harm)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    learn(&scene, AT(1, 10, 0));
    int64_t day = (judge(&scene, AT(1, 10, 0)), scene.health.last_day.value);
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = 0});
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = -5});
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = AT(1, 5, 0)});
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = AT(-20, 5, 0)});
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = 1});
    cr_expect_eq(judge(&scene, AT(1, 10, 0)), VERDICT_SOURCE_OK);
    cr_expect_eq(scene.health.last_day.value, day + 1);
    rhythm_take(scene.rhythm, &(struct rhythm_event){.at_ms = AT(400, 10, 0)}); // after more than all that is held
    cr_expect_eq(judge(&scene, AT(400, 10, 0)), VERDICT_SOURCE_LEARNING);
    end(&scene);
}

Test(rhythm, a_time_without_a_broker_is_no_silence_of_the_agency)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    learn(&scene, AT(1, 10, 0));
    int64_t last_ms = AT(1, 10, 0), told_ms = last_ms;
    while (judge(&scene, told_ms) != VERDICT_SOURCE_SILENT)
        told_ms += 5000;
    cr_expect_eq(scene.health.finding.since_ms, scene.health.last_ms.value, "since its last record");
    struct outages outages = {.n = 1, .kept = {{last_ms + 5000, last_ms + 5000 + 3 * KIT_HOUR_MS}}};
    scene.settings.outages = &outages;
    cr_expect_neq(judge(&scene, told_ms), VERDICT_SOURCE_SILENT);
    cr_expect_neq(judge(&scene, outages.kept[0].to_ms + 1000), VERDICT_SOURCE_SILENT, "nobody could publish");
    cr_expect_neq(
        judge(&scene, outages.kept[0].to_ms + KIT_HOUR_MS), VERDICT_SOURCE_DROP, "hours without a broker say nothing");
    cr_expect_eq(judge(&scene, outages.kept[0].to_ms + (told_ms - last_ms) + 5000), VERDICT_SOURCE_SILENT,
        "but silence after it does");
    end(&scene);
}

Test(rhythm, an_agency_that_never_came_could_not_come_without_a_broker)
{
    static struct scene scene;
    begin(&scene, KIT_TRAFFIC_STEADY);
    struct outages outages = {.n = 1, .kept = {{FIRST_MS + 1000, FIRST_MS + 1000 + KIT_DAY_MS}}};
    scene.settings.outages = &outages;
    cr_expect_eq(judge(&scene, FIRST_MS + 2 * KIT_DAY_MS - 1000), VERDICT_SOURCE_LEARNING);
    cr_expect_eq(judge(&scene, FIRST_MS + 2 * KIT_DAY_MS), VERDICT_SOURCE_SILENT);
    cr_expect_eq(scene.health.finding.since_ms, FIRST_MS);
    end(&scene);
}

Test(rhythm, a_verdict_takes_no_longer_than_hashing_20_kilobytes)
{
    enum { VERDICTS = 1000 };
    static struct scene scene;
    for (unsigned kind = 0; kind < KIT_TRAFFIC_KINDS; kind++) {
        struct cost cost;
        char text[COST_TEXT_BYTES];
        begin(&scene, (enum kit_traffic_kind)kind);
        learn(&scene, AT(1, 10, 0));
        cost_begin(&cost, VERDICTS * 20000.0);
        while (cost_again(&cost)) {
            cost_start(&cost);
            for (int i = 0; i < VERDICTS; i++)
                judge(&scene, AT(1, 10, 0) + i * 5000);
            cost_stop(&cost);
        }
        printf("%-10s %d verdicts: %s\n", kit_traffic_names[kind], VERDICTS, cost_text(&cost, text));
        cr_expect(cost_kept(&cost), "%s: %s", kit_traffic_names[kind], text);
        end(&scene);
    }
}
