// SPDX-License-Identifier: Apache-2.0
// The plug-in's line: its status is the verdict's or worse, its data can be parsed, and no name can forge it.
#include "hub/cli/health/check.h"
#include "tests/cli/health.h"
#include <criterion/criterion.h>
#include <regex.h>

static char *check_health(
    struct health_view *view, const char *name, struct check_limits limits, enum severity *severity)
{
    char *text;
    size_t size;
    struct report report = report_of(view);
    report.now_ms = view->at_ms + 2000;
    FILE *out = open_memstream(&text, &size);
    *severity = check_write(&report, name, &limits, out);
    fclose(out);
    return text;
}

static json_t *group_of(struct health_view *view, const char *name)
{
    return (json_t *)health_view_find(view, name)->object;
}

#define S 1000

static const struct {
    const char *name;
    int64_t lag_ms; // of the reader of Essex; -1 unknown
    struct check_limits limits;
    enum severity severity;
    const char *begins, *says;
} cases[] = {
    {"group/feed-essex", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - group/feed-essex: ", " | lag="},
    {"group/feed-essex", 59 * S, {60 * S, 300 * S}, SEVERITY_OK, "SIGNALBOX OK - ", "; lag 59 s | "},
    {"group/feed-essex", 60 * S, {60 * S, 300 * S}, SEVERITY_WARNING, "SIGNALBOX WARNING - ",
        " lag_seconds=60s;60;300 "},
    {"group/feed-essex", 300 * S, {60 * S, 300 * S}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ",
        " lag_seconds=300s;60;300 "},
    {"group/feed-essex", 300 * S, {60 * S, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - ", " lag_seconds=300s;60; "},
    {"group/feed-essex", 1500, {0, 300 * S}, SEVERITY_OK, "SIGNALBOX OK - ", " lag_seconds=1.500s;;300 "},
    {"group/feed-essex", -1, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - ", " lag_seconds=U;; "},
    {"group/feed-essex", -1, {60 * S, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - group/feed-essex: ",
        "lag not known. What --warn and --crit would be held against is not known | lag="},
    {"group/feed-kent", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - group/feed-kent: stopped; lag ",
        "70 records wait"},
    {"group/feed-btp", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - group/feed-btp: not permitted", " lag=U;;"},
    {"group/feed-norfolk", 0, {0, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - group/feed-norfolk: falling behind",
        "lag=400;;"},
    {"groups", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ", "\nCRITICAL: group/feed-kent: stopped; lag "},
    {"lanes", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - 4 lanes: 4 ok, 0 warning, 0 critical, 0 unknown",
        " doubts=0;;\n"},
    {"brokers", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - 1 broker: 1 ok, ", "silent_seconds="},
    {"broker", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - broker: reachable", "silent_seconds="},
    {"keys", 0, {24 * 3600 * S, 0}, SEVERITY_OK, "SIGNALBOX OK - ", ";86400:;"},
    {"keys", 0, {INT64_C(1000000) * 86400 * S, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - ", "left_seconds="},
    {"keys", 0, {60 * S, 3600 * S}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - --warn is shorter than --crit",
        "the longer one"},
    {"group/feed-essex", 0, {300 * S, 60 * S}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - --warn is longer than --crit",
        "the shorter one"},
    {"lanes", 0, {300 * S, 60 * S}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - --warn is longer than --crit",
        "the shorter one"},
    {"lanes", 0, {60 * S, 60 * S}, SEVERITY_OK, "SIGNALBOX OK - 4 lanes: ", ";60;60"},
    {"all", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ", "| critical=3;; warning=1;; unknown=1;; age=2s;;\n"},
    {"all", 0, {60 * S, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - all has no duration", "--warn"},
    {"topics", 0, {0, 60 * S}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - topics has no duration", "--crit"},
    {"kent", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - There is no kent.", "force/kent, source/kent"},
    {"zzzzzzzz", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - There is no zzzzzzzz.", "signalbox top"},
};

Test(check, the_line_says_what_its_status_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct health_view *view = health_view_of(kit_health_night);
        enum severity severity;
        json_t *lag = cases[i].lag_ms < 0 ? json_null() : json_integer(cases[i].lag_ms);
        json_object_set_new(group_of(view, "group/feed-essex"), "lag_ms", lag);
        char *text = check_health(view, cases[i].name, cases[i].limits, &severity);
        cr_expect_eq(severity, cases[i].severity, "case %zu: %s", i, text);
        cr_expect_eq(strncmp(text, cases[i].begins, strlen(cases[i].begins)), 0, "case %zu: %s", i, text);
        cr_expect(strstr(text, cases[i].says), "case %zu: %s", i, text);
        free(text);
        health_view_free(view);
    }
}

Test(check, data_that_is_too_old_is_unknown_whatever_it_says)
{
    struct health_view *view = health_view_of(kit_health_well);
    struct report report = report_of(view);
    struct check_limits none = {0, 0};
    char text[512] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    report.now_ms = view->at_ms + 600000;
    cr_expect_eq(check_write(&report, "all", &none, out), SEVERITY_UNKNOWN);
    fclose(out);
    cr_expect_str_eq(text, "SIGNALBOX UNKNOWN - The data is 10 min old, so nobody knows how all is now.\n");
    health_view_free(view);
}

// "SIGNALBOX STATUS - text | label=value;warn;crit ..." and no second bar.
static void expect_line(const char *text, const char *name)
{
    static regex_t line;
    static bool ready;
    if (!ready)
        ready = regcomp(&line,
                    "^SIGNALBOX (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+( \\|( "
                    "[a-z_]+=(U|-?[0-9]+(\\.[0-9]{3})?(s|B)?);[0-9:.]*;[0-9:.]*)+)?$",
                    REG_EXTENDED | REG_NOSUB) == 0;
    char *first = strndup(text, strcspn(text, "\n"));
    cr_expect_eq(regexec(&line, first, 0, NULL, 0), 0, "%s: %s", name, first);
    free(first);
}

Test(check, of_every_thing_is_a_proper_line_with_the_severity_of_its_verdict)
{
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct health_view *view = health_view_of(all_fixtures[f]);
        for (size_t i = 0; i < view->n_things; i++) {
            enum severity severity;
            char *text = check_health(view, view->things[i].name, (struct check_limits){0, 0}, &severity);
            cr_expect_eq(severity, view->things[i].severity, "%s: %s", view->things[i].name, text);
            expect_line(text, view->things[i].name);
            free(text);
        }
        health_view_free(view);
    }
}

static bool has_any(const struct health_view *view, enum thing of)
{
    for (size_t i = 0; i < view->n_things; i++)
        if (view->things[i].of == of)
            return true;
    return false;
}

Test(check, of_every_kind_is_a_proper_line_and_as_bad_as_its_worst)
{
    const struct health_view_kind *kinds;
    size_t n = health_view_kinds(&kinds);
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct health_view *view = health_view_of(all_fixtures[f]);
        for (size_t kind = 0; kind < n; kind++) {
            int pain = has_any(view, kinds[kind].of) ? 0 : severity_pain(SEVERITY_UNKNOWN);
            enum severity severity;
            for (size_t i = 0; i < view->n_things; i++)
                if (view->things[i].of == kinds[kind].of && severity_pain(view->things[i].severity) > pain)
                    pain = severity_pain(view->things[i].severity);
            char *text = check_health(view, kinds[kind].plural, (struct check_limits){0, 0}, &severity);
            cr_expect_eq(severity_pain(severity), pain, "%s: %s", kinds[kind].plural, text);
            expect_line(text, kinds[kind].plural);
            free(text);
        }
        health_view_free(view);
    }
}

// How the things of one kind look in the cases below.
static void make_alike(struct health_view *view, enum thing of, const char *key, json_t *value)
{
    for (size_t i = 0; i < view->n_things; i++)
        if (view->things[i].of == of)
            json_object_set((json_t *)view->things[i].object, key, value);
    json_decref(value);
}

static void expect_check(
    struct health_view *view, const char *name, struct check_limits limits, enum severity severity, const char *says)
{
    enum severity found;
    char *text = check_health(view, name, limits, &found);
    cr_expect_eq(found, severity, "%s", text);
    cr_expect(strstr(text, says), "no %s in %s", says, text);
    free(text);
}

Test(check, of_the_quarantine_adds_up_what_waits_and_takes_the_oldest)
{
    struct health_view *view = health_view_of(kit_health_night);
    const struct check_limits none = {0, 0}, second = {S, 0}, year = {INT64_C(365) * 86400 * S, 0};
    int64_t waiting = 0, oldest_ms = 0;
    char sums[80];
    for (size_t i = 0; i < view->n_things; i++) {
        const struct health_view_thing *thing = &view->things[i];
        if (thing->of != THING_QUARANTINE || thing->single)
            continue;
        int64_t begun_ms = health_view_figure(thing->object, "oldest_ms").value;
        waiting += health_view_figure(thing->object, "waiting").value;
        if (begun_ms && view->at_ms + 2000 - begun_ms > oldest_ms)
            oldest_ms = view->at_ms + 2000 - begun_ms;
    }
    cr_assert_eq(waiting, 22);
    snprintf(sums, sizeof sums, " | waiting=22;; oldest_seconds=%lld", (long long)oldest_ms / S);
    expect_check(view, "quarantine", none, SEVERITY_OK, sums);
    expect_check(view, "quarantines", none, SEVERITY_OK, sums);
    expect_check(view, "quarantines", none, SEVERITY_OK, " 5 quarantines: 5 ok, ");
    expect_check(view, "quarantine", second, SEVERITY_WARNING, "quarantine: waiting; oldest ");
    expect_check(view, "quarantine", year, SEVERITY_OK, "SIGNALBOX OK");
    health_view_free(view);
}

Test(check, of_a_quarantine_does_not_know_a_sum_of_what_is_not_known)
{
    struct error error;
    struct health_view *night = health_view_of(kit_health_night);
    json_t *json = json_deep_copy(night->json);
    json_object_set_new(json_array_get(json_object_get(json, "refused"), 1), "waiting", json_null());
    struct health_view *view = health_view_new(json, 0, &error);
    expect_check(view, "quarantine", (struct check_limits){0, 0}, SEVERITY_OK, " | waiting=U;; oldest_seconds=1");
    health_view_free(view);
    health_view_free(night);
}

Test(check, of_a_quarantine_that_is_worse_than_each_of_its_rows_says_so)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    expect_check(view, "quarantines", (struct check_limits){0, 0}, SEVERITY_CRITICAL, ", together spill; oldest ");
    expect_check(view, "quarantines", (struct check_limits){0, 0}, SEVERITY_CRITICAL, "\nCRITICAL: quarantine: spill");
    health_view_free(view);
}

Test(check, of_an_empty_quarantine_is_ok_with_any_limits_and_of_one_that_cannot_be_read_is_unknown)
{
    struct health_view *view = health_view_of(kit_health_well), *cut = health_view_of(kit_health_cut);
    const struct check_limits second = {S, 2 * S};
    expect_check(view, "quarantine", second, SEVERITY_OK, " | waiting=0;; oldest_seconds=0s;1;2\n");
    expect_check(view, "quarantines", second, SEVERITY_OK, " 1 quarantine: 1 ok, ");
    expect_check(cut, "quarantine", second, SEVERITY_UNKNOWN, " | waiting=U;; oldest_seconds=U;1;2\n");
    health_view_free(view);
    health_view_free(cut);
}

Test(check, of_a_kind_adds_up_counts_and_does_not_know_a_sum_of_what_is_not_known)
{
    struct health_view *view = health_view_of(kit_health_well);
    const struct check_limits none = {0, 0};
    make_alike(view, THING_LANE, "waiting", json_integer(7));
    make_alike(view, THING_LANE, "waiting_ms", json_integer(3000));
    expect_check(view, "lanes", none, SEVERITY_OK, " | waiting=28;; waiting_seconds=3s;; ");
    json_object_set_new((json_t *)health_view_find(view, "lane/1")->object, "waiting", json_null());
    expect_check(view, "lanes", none, SEVERITY_OK, " | waiting=U;; waiting_seconds=3s;; ");
    health_view_free(view);
}

Test(check, with_limits_counts_and_names_what_they_make_of_each_thing)
{
    struct health_view *view = health_view_of(kit_health_well);
    make_alike(view, THING_LANE, "waiting_ms", json_integer(3 * S));
    json_object_set_new((json_t *)health_view_find(view, "lane/1")->object, "waiting_ms", json_integer(90 * S));
    json_object_set_new((json_t *)health_view_find(view, "lane/2")->object, "waiting_ms", json_integer(400 * S));
    const struct check_limits limits = {60 * S, 300 * S};
    expect_check(
        view, "lanes", limits, SEVERITY_CRITICAL, " 4 lanes: 2 ok, 1 warning, 1 critical, 0 unknown; waiting 6 min | ");
    expect_check(view, "lanes", limits, SEVERITY_CRITICAL,
        "\nCRITICAL: lane/2: running; waiting 6 min\nWARNING: lane/1: running; waiting 90 s\n");
    health_view_free(view);
}

Test(check, with_limits_of_what_should_be_known_and_is_not_is_unknown)
{
    struct health_view *view = health_view_of(kit_health_well);
    const struct check_limits limits = {60 * S, 0}, none = {0, 0};
    expect_check(view, "forces", limits, SEVERITY_OK, " 0 unknown; lag 0 s | "); // one of them has no reader
    json_object_set_new((json_t *)health_view_find(view, "force/kent")->object, "lag_ms", json_null());
    expect_check(view, "forces", none, SEVERITY_OK, " 0 unknown; lag 0 s | ");
    expect_check(view, "forces", limits, SEVERITY_UNKNOWN, " 1 unknown; lag 0 s | ");
    expect_check(view, "forces", limits, SEVERITY_UNKNOWN, "\nUNKNOWN: force/kent: served; lag not known\n");
    make_alike(view, THING_FORCE, "lag_ms", json_null());
    expect_check(view, "forces", limits, SEVERITY_UNKNOWN, ": 1 ok, 0 warning, ");
    health_view_free(view);
}

Test(check, of_what_is_critical_stays_so_when_its_number_is_not_known)
{
    struct health_view *view = health_view_of(kit_health_night);
    json_object_set_new(group_of(view, "group/feed-kent"), "lag_ms", json_null());
    expect_check(
        view, "group/feed-kent", (struct check_limits){60 * S, 0}, SEVERITY_CRITICAL, "is not known. Nobody has read");
    health_view_free(view);
}

Test(check, of_nothing_is_unknown)
{
    struct health *health = kit_health_well(NOW_MS);
    health->n_groups = 0;
    for (size_t i = 0; i < health->n_forces; i++)
        health->forces[i].finding.verdict = VERDICT_FORCE_NO_READER, health->forces[i].lag_ms = (struct figure){0};
    struct error error;
    struct health_view *view = health_view_new(health_json(health), 0, &error);
    const struct check_limits none = {0, 0}, limits = {60 * S, 0};
    expect_check(view, "groups", none, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - There are no groups to check.\n");
    expect_check(view, "forces", none, SEVERITY_OK, "SIGNALBOX OK - ");
    expect_check(view, "forces", limits, SEVERITY_UNKNOWN, "is not known | ");
    expect_check(view, "force/kent", none, SEVERITY_OK, "SIGNALBOX OK - force/kent: no reader | ");
    expect_check(view, "force/kent", limits, SEVERITY_UNKNOWN, "is not known | ");
    health_view_free(view);
    health_drop(health);
}

static const struct {
    const char *text;
    int64_t ms;
} durations[] = {{"90", 90000}, {"90s", 90000}, {"5m", 300000}, {"5min", 300000}, {"2h", 7200000}, {"1d", 86400000},
    {"0", -1}, {"-5", -1}, {"", -1}, {"s", -1}, {"5x", -1}, {" 5", -1}, {"+5", -1}, {"1.5h", -1}, {"1000001", -1},
    {"99999999999999999999", -1}};

Test(check, durations_are_whole_numbers_with_a_unit)
{
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        cr_expect_eq(check_duration(durations[i].text), durations[i].ms, "%s", durations[i].text);
}
