// SPDX-License-Identifier: Apache-2.0
// The canary's two walls: whatever names it and whatever makes it a part of an audience, nobody else's item reaches it;
// and whatever its own item names, it reaches nobody else.
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"
#include "hub/base/duration.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>

#define CANARY     "test-canary"
#define GATE(name) SIGNALBOX__V1__GATE__GATE_##name

// An item of an agency, and the registry and policy that it meets, before they are compiled.
struct country {
    struct arena arena;
    Signalbox__V1__Registry *registry;
    Signalbox__V1__Policy *policy;
    struct kit_item *item;
    Signalbox__V1__Header *header; // the item's
    Signalbox__V1__Standing standing;
    const char *who; // the organisation that the case is about
};

static void set_all(struct country *country, size_t *n, char ***list)
{
    kit_set_texts(&country->arena, n, list, &country->who, 1);
}

static void nothing(struct country *country)
{
    (void)country;
}
static void exporter(struct country *country)
{
    kit_set_exporter(&country->arena, country->header, country->who);
}
static void importer(struct country *country)
{
    set_all(country, &country->header->n_importer_forces, &country->header->importer_forces);
}
static void transit(struct country *country)
{
    set_all(country, &country->header->n_transit_forces, &country->header->transit_forces);
}
static void home(struct country *country)
{
    set_all(country, &country->item->routing->n_home_forces, &country->item->routing->home_forces);
}
static void centre(struct country *country)
{
    kit_set_text(&country->arena, &country->policy->centre, country->who);
}
static void rail(struct country *country)
{
    static Signalbox__V1__TransportMode modes[] = {SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
    kit_set_text(&country->arena, &country->policy->rail_force, country->who);
    country->header->modes = modes;
    country->header->n_modes = 1;
}
static void strand_lead(struct country *country)
{
    Signalbox__V1__StrandLead *lead = arena_alloc(&country->arena, sizeof *lead);
    signalbox__v1__strand_lead__init(lead);
    lead->strand = country->header->strands[0];
    lead->in_audience = true;
    kit_set_text(&country->arena, &lead->organisation, country->who);
    country->policy->strand_leads[0] = lead;
}
static void region(struct country *country)
{
    const Signalbox__V1__Organisation *row = kit_organisation(country->registry, country->who);
    kit_set_texts(&country->arena, &country->policy->n_region_audience_kinds, &country->policy->region_audience_kinds,
        (const char *const *)&row->kind, 1);
    kit_set_text(&country->arena, &kit_organisation(country->registry, "kent")->region, row->region);
}
static void successor(struct country *country)
{
    Signalbox__V1__Organisation *essex = kit_organisation(country->registry, "essex");
    essex->valid_to_unix_ms = KIT_NOW_MS - DAY_MS;
    set_all(country, &essex->n_successors, &essex->successors);
    kit_set_exporter(&country->arena, country->header, "essex");
}
static void guidance(struct country *country)
{
    country->item = kit_guidance(&country->arena, country->header->agency, 1);
    country->header = country->item->header;
}
static void recipients(struct country *country)
{
    importer(country);
    set_all(country, &country->item->infos[0]->n_recipients, &country->item->infos[0]->recipients);
}

static const struct way {
    const char *name;
    void (*into)(struct country *country);
} ways[] = {{"nothing", nothing}, {"exporter", exporter}, {"importer", importer}, {"transit", transit}, {"home", home},
    {"centre", centre}, {"rail", rail}, {"strand lead", strand_lead}, {"region", region}, {"successor", successor},
    {"guidance to all", guidance}, {"recipients", recipients}};

static void add_canary(struct country *country)
{
    Signalbox__V1__Registry *registry = country->registry;
    Signalbox__V1__Organisation **rows = arena_alloc(&country->arena, (registry->n_organisations + 1) * sizeof *rows);
    memcpy(rows, registry->organisations, registry->n_organisations * sizeof *rows);
    Signalbox__V1__Organisation *row = rows[registry->n_organisations++] = arena_alloc(&country->arena, sizeof *row);
    *row = *rows[0];
    kit_set_text(&country->arena, &row->id, CANARY);
    kit_set_text(&country->arena, &row->kind, "canary");
    row->number = (uint32_t)registry->n_organisations;
    kit_give_key(&country->arena, row);
    registry->organisations = rows;
}

static void random_world_init(struct country *country, const char *agency, const char *who)
{
    *country = (struct country){.who = who, .standing = SIGNALBOX__V1__STANDING__STANDING_RELEASED};
    arena_init(&country->arena, 0);
    country->registry = kit_registry(&country->arena);
    country->policy = kit_policy(&country->arena);
    add_canary(country);
    country->item = kit_report(&country->arena, agency, 1);
    country->header = country->item->header;
}

static struct snapshot *compile(const struct country *country)
{
    struct error error;
    struct snapshot *snapshot = snapshot_new(country->registry, country->policy, NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    return snapshot;
}

static void plan(
    const struct snapshot *snapshot, const struct country *country, const char *agency, struct release *release)
{
    struct facts facts;
    struct refusal why;
    unsigned org = registry_find(snapshot->registry, slice_text(agency));
    struct item_view view = kit_view(country->item);
    cr_assert(facts_from_item(snapshot, &view, org, KIT_NOW_MS, &facts, &why), "%s", outcome_row(why.outcome)->code);
    release_plan(snapshot, &facts, country->standing, release);
}

// The canary takes part in nothing, yet the ledger says so: it stands behind the audience gate like everybody not
// concerned.
static void expect_out(const struct snapshot *snapshot, const struct release *release, const char *way)
{
    unsigned canary = registry_find(snapshot->registry, slice_text(CANARY));
    cr_expect_not(org_set_has(&release->cleared, canary), "%s lets the canary in", way);
    cr_expect(org_set_has(&release->withheld[GATE(AUDIENCE)], canary), "%s", way);
    for (int gate = GATE(CLEARANCE); gate < GATE_COUNT; gate++)
        cr_expect_not(org_set_has(&release->withheld[gate], canary), "%s counts the canary in the audience", way);
}

Test(release_canary, nothing_of_anybody_else_reaches_it)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct country country;
        struct release release;
        random_world_init(&country, "kent", CANARY);
        ways[i].into(&country);
        struct snapshot *snapshot = compile(&country);
        plan(snapshot, &country, "kent", &release);
        expect_out(snapshot, &release, ways[i].name);
        snapshot_free(snapshot);
        arena_deinit(&country.arena);
    }
}

static void expect_alone(const struct snapshot *snapshot, const struct release *release, const char *way)
{
    unsigned canary = registry_find(snapshot->registry, slice_text(CANARY));
    struct org_set others = release->cleared;
    org_set_remove(&others, canary);
    cr_expect(org_set_empty(&others), "%s lets a force in", way);
    for (int gate = 0; gate < GATE_COUNT; gate++) {
        others = release->withheld[gate];
        org_set_remove(&others, canary);
        cr_expect(org_set_empty(&others), "%s asks about a force at gate %d", way, gate);
    }
    bool narrowed = strcmp(way, "recipients") == 0;
    cr_expect_eq(org_set_has(&release->cleared, canary), !narrowed, "%s", way);
    if (!narrowed)
        cr_expect_eq(
            release->audience[canary], 1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_CANARY, "%s", way);
}

Test(release_canary, nothing_of_its_own_reaches_anybody_else)
{
    static const char *const forces[] = {"metropolitan", "merseyside", "nclcc", "lb-hackney"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (size_t force = 0; force < sizeof forces / sizeof *forces; force++) {
            struct country country;
            struct release release;
            random_world_init(&country, CANARY, forces[force]);
            ways[i].into(&country);
            struct snapshot *snapshot = compile(&country);
            plan(snapshot, &country, CANARY, &release);
            expect_alone(snapshot, &release, ways[i].name);
            snapshot_free(snapshot);
            arena_deinit(&country.arena);
        }
}

Test(release_canary, a_test_comes_back_to_it_and_to_nobody_else)
{
    static const struct test_case {
        const char *agency;
        Signalbox__V1__Status status;
        Signalbox__V1__Standing standing;
        bool returns;
    } cases[] = {
        {CANARY, SIGNALBOX__V1__STATUS__STATUS_TEST, SIGNALBOX__V1__STANDING__STANDING_RELEASED, true},
        {CANARY, SIGNALBOX__V1__STATUS__STATUS_ACTUAL, SIGNALBOX__V1__STANDING__STANDING_RELEASED, true},
        {CANARY, SIGNALBOX__V1__STATUS__STATUS_TEST, SIGNALBOX__V1__STANDING__STANDING_RECALLED, false},
        {"kent", SIGNALBOX__V1__STATUS__STATUS_TEST, SIGNALBOX__V1__STANDING__STANDING_RELEASED, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct country country;
        struct release release;
        random_world_init(&country, cases[i].agency, "kent");
        guidance(&country);
        country.header->status = cases[i].status;
        country.standing = cases[i].standing;
        struct snapshot *snapshot = compile(&country);
        plan(snapshot, &country, cases[i].agency, &release);
        cr_expect_eq(!org_set_empty(&release.cleared), cases[i].returns, "case %zu", i);
        snapshot_free(snapshot);
        arena_deinit(&country.arena);
    }
}
