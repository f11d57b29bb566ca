// SPDX-License-Identifier: Apache-2.0
// What a client takes for a snapshot, how old it may be, and how things are found by name.
#include "tests/cli/health.h"
#include <criterion/criterion.h>

static const struct {
    const char *json, *says;
} refused[] = {
    {"{}", "no Signalbox"},
    {"[1]", "no Signalbox"},
    {"{\"status\": \"ok\"}", "no Signalbox"},
    {"{\"signalbox_health\": \"1\"}", "no Signalbox"},
    {"{\"signalbox_health\": 2}", "version 2"},
    {"<html>", "no Signalbox"},
    {"", "no Signalbox"},
};

Test(view, takes_only_a_snapshot_of_a_version_that_it_knows)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct error error = {.text = ""};
        cr_expect_null(health_view_new(json_loads(refused[i].json, 0, NULL), 0, &error));
        cr_expect(strstr(error.text, refused[i].says), "%s: %s", refused[i].json, error.text);
    }
}

Test(view, of_a_snapshot_that_lacks_everything_knows_nothing)
{
    struct error error;
    struct health_view *view = health_view_new(json_pack("{s:i}", HEALTH_JSON_SCHEMA, HEALTH_JSON_VERSION), 0, &error);
    cr_assert(view);
    cr_expect_eq(health_view_severity(view, NOW_MS), SEVERITY_UNKNOWN);
    cr_expect(health_view_is_stale(view, NOW_MS));
    cr_expect_eq(view->n_things, 0);
    health_view_free(view);
}

Test(view, is_stale_after_three_collections_and_then_unknown)
{
    struct health_view *view = health_view_of(kit_health_well);
    int64_t limit = 3 * view->every_ms;
    cr_assert_gt(limit, 0);
    cr_expect(!health_view_is_stale(view, view->at_ms + limit));
    cr_expect_eq(health_view_severity(view, view->at_ms + limit), SEVERITY_OK);
    cr_expect(health_view_is_stale(view, view->at_ms + limit + 1));
    cr_expect_eq(health_view_severity(view, view->at_ms + limit + 1), SEVERITY_UNKNOWN);
    view->clock_ms = limit + 1; // the hub's clock is ahead: by it the data is older
    cr_expect(health_view_is_stale(view, view->at_ms));
    view->clock_ms = -limit; // a clock behind makes no negative age
    cr_expect_eq(health_view_age_ms(view, view->at_ms), 0);
    health_view_free(view);
}

Test(view, lists_all_things_of_the_snapshot_by_their_names)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    static const char *const lists[] = {
        "topics", "groups", "sources", "forces", "lanes", "processes", "keys", "refused", "canaries", "ledgers"};
    size_t n = 3; // broker, control, quarantine
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        n += json_array_size(json_object_get(view->json, lists[i]));
    cr_expect_eq(view->n_things, n);
    for (size_t i = 0; i < view->n_things; i++)
        cr_expect(health_view_find(view, view->things[i].name), "%s", view->things[i].name);
    cr_expect_null(health_view_find(view, "kent"));
    health_view_free(view);
}

static const struct {
    const char *name, *says;
} near[] = {
    {"kent", "force/kent, source/kent"},
    {"group/feed-kemt", "group/feed-kent"},
    {"gruops", "groups"},
    {"force/essx", "force/essex"},
    {"force/Kent", "force/kent"},
    {"zzzzzzzz", ""},
    {"", ""},
};

Test(view, names_what_may_have_been_meant)
{
    struct health_view *view = health_view_of(kit_health_night);
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        char text[512];
        health_view_nearest(view, near[i].name, text, sizeof text);
        cr_expect_eq(strncmp(text, near[i].says, strlen(near[i].says)), 0, "%s: %s", near[i].name, text);
        cr_expect(*near[i].says || !*text, "%s: %s", near[i].name, text);
    }
    health_view_free(view);
}
