// SPDX-License-Identifier: Apache-2.0
// What nobody knows stands on a page as a question mark, never as zero, "never" or "none".
#include "hub/console/server/routes.h"
#include "hub/console/pages/hub_parts.h"
#include "hub/console/html/table.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>

#define NOW_MS       INT64_C(1700000000000)
#define DENIED       "<span class=\"dim\">not permitted</span>"
#define NOBODY_KNOWS "<span class=\"dim\" title=\"not known\">?</span>"

struct scene {
    struct arena arena;
    struct health *health;
    struct html html;
};

static struct scene begin_scene(void)
{
    struct scene scene = {.health = kit_health_well(NOW_MS)};
    arena_init(&scene.arena, 0);
    return scene;
}

static void end_scene(struct scene *scene)
{
    html_deinit(&scene->html);
    health_drop(scene->health);
    arena_deinit(&scene->arena);
}

static struct request request_of(struct scene *scene)
{
    return (struct request){
        .path = "/", .rest = "", .health = scene->health, .arena = &scene->arena, .officer = "local", .csrf = ""};
}

static const char *page_text(struct scene *scene, handler *handler)
{
    struct request request = request_of(scene);
    struct reply reply = {0};
    handler(&request, &reply);
    html_deinit(&scene->html);
    scene->html = reply.body;
    return scene->html.data;
}

// How often a page says something.
static size_t count_of(const char *html, const char *what)
{
    size_t n = 0;
    for (const char *at = html; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static void forget_ledger(struct health *health, struct figure figure)
{
    for (size_t i = 0; i < health->n_sources; i++) {
        struct source_health *source = &health->sources[i];
        source->last_ms = source->last_hour = source->last_day = source->refused = figure;
    }
    for (size_t i = 0; i < health->n_forces; i++)
        health->forces[i].last_ms = health->forces[i].last_hour = health->forces[i].last_day = figure;
}

Test(unknown_pages, sources_and_forces_whose_ledger_was_not_read_have_no_figures)
{
    static const struct {
        struct figure figure;
        const char *text;
    } cases[] = {{{FIGURE_UNKNOWN, 0}, NOBODY_KNOWS}, {{FIGURE_NOT_PERMITTED, 0}, DENIED}};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene = begin_scene();
        forget_ledger(scene.health, cases[i].figure);
        const char *html = page_text(&scene, page_now);
        cr_expect(strstr(html, arena_printf(&scene.arena, "<dt>Came in the last hour</dt><dd>%s", cases[i].text)));
        cr_expect(strstr(html, arena_printf(&scene.arena, "<dt>Delivered in the last hour</dt><dd>%s", cases[i].text)));
        html = page_text(&scene, page_sources);
        cr_expect_eq(count_of(html, cases[i].text), 4 * scene.health->n_sources);
        cr_expect_null(strstr(html, "never"));
        cr_expect_geq(count_of(page_text(&scene, page_forces), cases[i].text), 3 * scene.health->n_forces);
        end_scene(&scene);
    }
}

Test(unknown_pages, sources_that_are_known_have_figures_while_nobody_knows_more)
{
    struct scene scene = begin_scene();
    for (size_t i = 0; i < scene.health->n_sources; i++)
        scene.health->sources[i].finding.verdict = VERDICT_SOURCE_UNKNOWN;
    cr_expect_null(strstr(page_text(&scene, page_sources), NOBODY_KNOWS));
    cr_expect_null(strstr(page_text(&scene, page_now), "Came in the last hour</dt><dd>0"));
    end_scene(&scene);
}

Test(unknown_pages, a_lane_of_which_nobody_speaks_has_no_owner_no_transaction_and_no_count)
{
    struct scene scene = begin_scene();
    struct request request = request_of(&scene);
    scene.health->n_lanes = scene.health->n_processes = 1;
    scene.health->lanes[0] = (struct lane_health){
        .finding = {.verdict = VERDICT_LANE_UNKNOWN}, .process = "", .state = "", .ledger_head = "", .problem = ""};
    scene.health->processes[0].n_lanes = (struct figure){0};
    hub_lanes(&request, &scene.html);
    cr_expect_eq(count_of(scene.html.data, NOBODY_KNOWS), 8);
    cr_expect(!strstr(scene.html.data, "nobody") && !strstr(scene.html.data, "none open"));
    html_deinit(&scene.html);
    hub_processes(&request, &scene.html);
    cr_expect_eq(count_of(scene.html.data, NOBODY_KNOWS), 1);
    end_scene(&scene);
}
