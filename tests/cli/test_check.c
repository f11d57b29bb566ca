// SPDX-License-Identifier: Apache-2.0
// The plug-in's line: its status is the verdict's or worse, its data can be parsed, and no name can forge it.
#include "hub/cli/health/check.h"
#include "tests/cli/health.h"
#include <criterion/criterion.h>
#include <regex.h>

static char *check(struct outlook *outlook, const char *name, struct check_limits limits, enum severity *severity)
{
    char *text;
    size_t size;
    struct report report = report_of(outlook);
    report.now_ms = outlook->at_ms + 2000;
    FILE *out = open_memstream(&text, &size);
    *severity = check_write(&report, name, &limits, out);
    fclose(out);
    return text;
}

static json_t *group_of(struct outlook *outlook, const char *name)
{
    return (json_t *)outlook_find(outlook, name)->object;
}

#define S 1000

static const struct {
    const char *name;
    int64_t lag_ms; // of the reader of Essex; -1 unknown
    struct check_limits limits;
    enum severity severity;
    const char *begins, *says;
} cases[] = {
    {"group/feed-essex", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - group/feed-essex is ", " | lag="},
    {"group/feed-essex", 59 * S, {60 * S, 300 * S}, SEVERITY_OK, "SIGNALBOX OK - ", ": lag 59 s | "},
    {"group/feed-essex", 60 * S, {60 * S, 300 * S}, SEVERITY_WARNING, "SIGNALBOX WARNING - ", " lag_seconds=60s;60;300 "},
    {"group/feed-essex", 300 * S, {60 * S, 300 * S}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ", " lag_seconds=300s;60;300 "},
    {"group/feed-essex", 300 * S, {60 * S, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - ", " lag_seconds=300s;60; "},
    {"group/feed-essex", 1500, {0, 300 * S}, SEVERITY_OK, "SIGNALBOX OK - ", " lag_seconds=1.500s;;300 "},
    {"group/feed-essex", -1, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - ", " lag_seconds=U;; "},
    {"group/feed-essex", -1, {60 * S, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - group/feed-essex is ", "is not known"},
    {"group/feed-kent", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - group/feed-kent is stopped", "70 records wait"},
    {"group/feed-btp", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - group/feed-btp is not permitted", " lag=U;;"},
    {"group/feed-norfolk", 0, {0, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - group/feed-norfolk is falling behind", "lag=400;;"},
    {"groups", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ", "CRITICAL: group/feed-kent is stopped\n"},
    {"lanes", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - 4 lanes: 4 ok, 0 warning, 0 critical, 0 unknown", " doubts=0;;\n"},
    {"broker", 0, {0, 0}, SEVERITY_OK, "SIGNALBOX OK - broker is reachable", "silent_seconds="},
    {"keys", 0, {24 * 3600 * S, 0}, SEVERITY_OK, "SIGNALBOX OK - ", ";86400:;"},
    {"keys", 0, {INT64_C(1000000) * 86400 * S, 0}, SEVERITY_WARNING, "SIGNALBOX WARNING - ", "left_seconds="},
    {"all", 0, {0, 0}, SEVERITY_CRITICAL, "SIGNALBOX CRITICAL - ", "| critical=3;; warning=1;; unknown=1;; age=2s;;\n"},
    {"all", 0, {60 * S, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - all has no duration", "--warn"},
    {"topics", 0, {0, 60 * S}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - topics has no duration", "--crit"},
    {"kent", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - There is no kent.", "force/kent, source/kent"},
    {"zzzzzzzz", 0, {0, 0}, SEVERITY_UNKNOWN, "SIGNALBOX UNKNOWN - There is no zzzzzzzz.", "signalbox top"},
};

Test(check, the_line_says_what_its_status_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outlook *outlook = outlook_of(kit_health_night);
        enum severity severity;
        json_t *lag = cases[i].lag_ms < 0 ? json_null() : json_integer(cases[i].lag_ms);
        json_object_set_new(group_of(outlook, "group/feed-essex"), "lag_ms", lag);
        char *text = check(outlook, cases[i].name, cases[i].limits, &severity);
        cr_expect_eq(severity, cases[i].severity, "case %zu: %s", i, text);
        cr_expect_eq(strncmp(text, cases[i].begins, strlen(cases[i].begins)), 0, "case %zu: %s", i, text);
        cr_expect(strstr(text, cases[i].says), "case %zu: %s", i, text);
        free(text);
        outlook_free(outlook);
    }
}

Test(check, data_that_is_too_old_is_unknown_whatever_it_says)
{
    struct outlook *outlook = outlook_of(kit_health_well);
    struct report report = report_of(outlook);
    struct check_limits none = {0, 0};
    char text[512] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    report.now_ms = outlook->at_ms + 600000;
    cr_expect_eq(check_write(&report, "all", &none, out), SEVERITY_UNKNOWN);
    fclose(out);
    cr_expect_str_eq(text, "SIGNALBOX UNKNOWN - The data is 10 min old, so nobody knows how all is now.\n");
    outlook_free(outlook);
}

// "SIGNALBOX STATUS - text | label=value;warn;crit ..." and no second bar.
static void expect_line(const char *text, const char *name)
{
    static regex_t line;
    static bool ready;
    if (!ready)
        ready = regcomp(&line,
                    "^SIGNALBOX (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+( \\|( [a-z_]+=(U|-?[0-9]+(\\.[0-9]{3})?(s|B)?);[0-9:.]*;[0-9:.]*)+)?$",
                    REG_EXTENDED | REG_NOSUB) == 0;
    char *first = strndup(text, strcspn(text, "\n"));
    cr_expect_eq(regexec(&line, first, 0, NULL, 0), 0, "%s: %s", name, first);
    free(first);
}

Test(check, of_every_thing_is_a_proper_line_with_the_severity_of_its_verdict)
{
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct outlook *outlook = outlook_of(all_fixtures[f]);
        for (size_t i = 0; i < outlook->n_things; i++) {
            enum severity severity;
            char *text = check(outlook, outlook->things[i].name, (struct check_limits){0, 0}, &severity);
            cr_expect_eq(severity, outlook->things[i].severity, "%s: %s", outlook->things[i].name, text);
            expect_line(text, outlook->things[i].name);
            free(text);
        }
        outlook_free(outlook);
    }
}

Test(check, of_every_kind_is_a_proper_line_and_as_bad_as_its_worst)
{
    const struct outlook_kind *kinds;
    size_t n = outlook_kinds(&kinds);
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct outlook *outlook = outlook_of(all_fixtures[f]);
        for (size_t kind = 0; kind < n; kind++) {
            int pain = 0;
            enum severity severity;
            for (size_t i = 0; i < outlook->n_things; i++)
                if (outlook->things[i].of == kinds[kind].of && severity_pain(outlook->things[i].severity) > pain)
                    pain = severity_pain(outlook->things[i].severity);
            char *text = check(outlook, kinds[kind].plural, (struct check_limits){0, 0}, &severity);
            cr_expect_eq(severity_pain(severity), pain, "%s: %s", kinds[kind].plural, text);
            expect_line(text, kinds[kind].plural);
            free(text);
        }
        outlook_free(outlook);
    }
}

static const struct {
    const char *text;
    int64_t ms;
} durations[] = {{"90", 90000}, {"90s", 90000}, {"5m", 300000}, {"5min", 300000}, {"2h", 7200000}, {"1d", 86400000}, {"0", -1},
    {"-5", -1}, {"", -1}, {"s", -1}, {"5x", -1}, {" 5", -1}, {"+5", -1}, {"1.5h", -1}, {"1000001", -1}, {"99999999999999999999", -1}};

Test(check, durations_are_whole_numbers_with_a_unit)
{
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        cr_expect_eq(check_duration(durations[i].text), durations[i].ms, "%s", durations[i].text);
}
