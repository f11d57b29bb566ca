// SPDX-License-Identifier: Apache-2.0
// The samples fit together: registry, policy and subscriptions compile, every item of an agency is taken in by them and
// reaches whom the readme says, and the spill is one.
#include "hub/control/registry_file.h"
#include "hub/contract/outcome.h"
#include "hub/decide/facts.h"
#include "hub/decide/interest_match.h"
#include "hub/decide/release.h"
#include "hub/rules/registry.h"
#include "hub/rules/snapshot.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>

#define NOW_MS  INT64_C(1795000000000) // November 2026
#define SAMPLES SOURCE_DIR "/hub/samples/"
#define MOST    512

struct samples {
    struct arena arena;
    struct snapshot *snapshot;
    size_t items, deliveries, withheld_by_interest;
};

static char *read_file(struct arena *arena, const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    char *text = arena_alloc(arena, JSON_LINE_BYTES + 1);
    *len = fread(text, 1, JSON_LINE_BYTES, file);
    fclose(file);
    return text;
}

static json_t *parse(const char *text, size_t len)
{
    struct error error;
    json_t *value = json_from_text(slice_of(text, len), &error);
    cr_assert(value, "%s", error.text);
    return value;
}

static void *message(struct samples *samples, const ProtobufCMessageDescriptor *type, json_t *value)
{
    struct error error;
    ProtobufCMessage *made;
    cr_assert(json_to_message(type, value, &samples->arena, &made, &error), "%s", error.text);
    json_decref(value);
    return made;
}

// Calls each with every line of a file.
static void each_line(struct samples *samples, const char *path, void (*each)(struct samples *, json_t *))
{
    size_t len;
    char *text = read_file(&samples->arena, path, &len), *end;
    for (char *line = text; (end = memchr(line, '\n', len - (size_t)(line - text))); line = end + 1)
        each(samples, parse(line, (size_t)(end - line)));
}

static struct subscription_row rows[MOST];
static size_t n_rows;

static void add_subscription(struct samples *samples, json_t *line)
{
    cr_assert_lt(n_rows, MOST);
    rows[n_rows].subscription = message(samples, &signalbox__v1__subscription__descriptor, line);
    rows[n_rows].revision = n_rows + 1;
    n_rows++;
}

static Signalbox__V1__Registry *registry_of(struct samples *samples)
{
    size_t len;
    struct error error;
    char *text = read_file(&samples->arena, SAMPLES "organisations.csv", &len);
    Signalbox__V1__Registry *registry = registry_file_parse(text, len, &samples->arena, &error);
    cr_assert(registry, "%s", error.text);
    registry->deployment_id.len = kit_deployment().len; // as registry apply fills it in
    registry->deployment_id.data = (uint8_t *)(uintptr_t)kit_deployment().data;
    return registry;
}

static void samples_init(struct samples *samples)
{
    size_t len;
    struct error error;
    *samples = (struct samples){0};
    arena_init(&samples->arena, 0);
    n_rows = 0;
    each_line(samples, SAMPLES "subscriptions.jsonl", add_subscription);
    char *text = read_file(&samples->arena, SAMPLES "policy.json", &len);
    Signalbox__V1__Policy *policy = message(samples, &signalbox__v1__policy__descriptor, parse(text, len));
    samples->snapshot = snapshot_new(registry_of(samples), policy, rows, n_rows, n_rows, &error);
    cr_assert(samples->snapshot, "%s", error.text);
}

static void samples_deinit(struct samples *samples)
{
    snapshot_free(samples->snapshot);
    arena_deinit(&samples->arena);
}

// What the hub sees of the item outside of its bodies, as the publisher completes it and as far as routing looks at it.
static struct item_view view_of(struct samples *samples, json_t *line)
{
    size_t i;
    json_t *part, *routing = json_object_get(line, "routing");
    cr_assert(json_is_string(json_object_get(line, "reference")));
    Signalbox__V1__Header *header =
        message(samples, &signalbox__v1__header__descriptor, json_incref(json_object_get(line, "header")));
    header->made_unix_ms = NOW_MS;
    header->status = header->status ? header->status : SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    struct item_view view = {.header = header,
        .routing =
            message(samples, &signalbox__v1__routing__descriptor, routing ? json_incref(routing) : json_object())};
    json_array_foreach(json_object_get(line, "parts"), i, part) view.parts[view.n_parts++] =
        message(samples, &signalbox__v1__part_info__descriptor, json_incref(json_object_get(part, "info")));
    json_decref(line);
    return view;
}

static size_t count(struct org_set set)
{
    return org_set_count(&set);
}

static void route(struct samples *samples, json_t *line)
{
    struct facts facts;
    struct refusal why;
    struct release release;
    uint64_t revisions[ORGANISATIONS_MAX];
    struct item_view view = view_of(samples, line);
    cr_assert(facts_from_item(samples->snapshot, &view, 0, NOW_MS, &facts, &why), "%s: %s %s", view.header->subject,
        outcome_row(why.outcome)->code, why.path);
    release_plan(samples->snapshot, &facts, SIGNALBOX__V1__STANDING__STANDING_RELEASED, &release);
    size_t wanted = count(interest_match(samples->snapshot, &facts, release.cleared, revisions));
    cr_expect_gt(wanted, 0, "%s", view.header->subject);
    samples->items++;
    samples->deliveries += wanted;
    samples->withheld_by_interest += count(release.cleared) - wanted;
}

static void spill(struct samples *samples, json_t *line)
{
    struct facts facts;
    struct refusal why;
    struct item_view view = view_of(samples, line);
    cr_expect(!facts_from_item(samples->snapshot, &view, 0, NOW_MS, &facts, &why));
    cr_expect_eq(why.outcome, OUTCOME_SPILL);
    samples->items++;
}

Test(samples, every_item_is_taken_in_and_wanted_by_somebody)
{
    struct samples samples;
    glob_t files;
    samples_init(&samples);
    cr_assert_eq(glob(SAMPLES "agencies/*.jsonl", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        each_line(&samples, files.gl_pathv[i], route);
    cr_expect_eq(files.gl_pathc, 5);
    cr_expect_geq(samples.items, 200);
    cr_expect_gt(samples.deliveries, samples.items * 2);
    cr_expect_gt(samples.withheld_by_interest, 0); // else the demonstration could not show a "why not"
    globfree(&files);
    samples_deinit(&samples);
}

Test(samples, the_spill_is_refused_as_one)
{
    struct samples samples;
    samples_init(&samples);
    each_line(&samples, SAMPLES "spill.jsonl", spill);
    cr_expect_eq(samples.items, 1);
    samples_deinit(&samples);
}

Test(samples, every_organisation_subscribes_but_the_canary)
{
    struct samples samples;
    samples_init(&samples);
    struct org_set asked = {0};
    for (size_t i = 0; i < n_rows; i++)
        org_set_add(&asked, registry_find(samples.snapshot->registry, slice_text(rows[i].subscription->force)));
    cr_expect_eq(registry_size(samples.snapshot->registry), 141, "140, and the canary");
    cr_expect_eq(count(asked), 140);
    cr_expect_not(org_set_has(&asked, registry_find(samples.snapshot->registry, slice_text("signalbox-canary"))));
    samples_deinit(&samples);
}
