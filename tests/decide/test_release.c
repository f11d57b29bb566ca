// SPDX-License-Identifier: Apache-2.0
// Release against a plain reading of the rules, force by force and rule by rule, on thousands of random items; and what
// must hold whatever the item is: nothing that is missing, and no higher marking, ever adds a force.
#include "tests/kit/core/random_world.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>

#define ITEMS        1500
#define REASON(name) (1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_##name)
#define GATE(name)   SIGNALBOX__V1__GATE__GATE_##name

struct world {
    struct arena arena;
    struct snapshot *snapshot;
    struct kit_random random;
};

static struct world *world_new(uint64_t seed)
{
    struct world *world = calloc(1, sizeof *world);
    arena_init(&world->arena, 0);
    world->random.state = seed;
    world->snapshot = random_world_snapshot(&world->arena, NULL, 0);
    return world;
}

static void world_free(struct world *world)
{
    snapshot_free(world->snapshot);
    arena_deinit(&world->arena);
    free(world);
}

static const Signalbox__V1__Organisation *row_of(const struct world *world, unsigned org)
{
    return registry_row(world->snapshot->registry, org);
}

static unsigned org_of(const struct world *world, const char *id)
{
    return registry_find(world->snapshot->registry, slice_text(id));
}

// Whether force stands for the one named, at the time of the tests.
static bool stands_for(const struct world *world, unsigned force, const char *named)
{
    struct org_set set = registry_resolve(world->snapshot->registry, org_of(world, named), KIT_NOW_MS);
    return *named && org_set_has(&set, force);
}

static bool stands_for_any(const struct world *world, unsigned force, size_t n, char *const *named)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= stands_for(world, force, named[i]);
    return any;
}

static uint32_t named_as(const struct world *world, const struct kit_item *item, unsigned force)
{
    const Signalbox__V1__Header *header = item->header;
    const Signalbox__V1__Routing *routing = item->routing;
    return (stands_for_any(world, force, header->n_exporter_forces, header->exporter_forces) ? REASON(EXPORTER) : 0) |
           (stands_for_any(world, force, header->n_importer_forces, header->importer_forces) ? REASON(IMPORTER) : 0) |
           (stands_for_any(world, force, header->n_transit_forces, header->transit_forces) ? REASON(TRANSIT) : 0) |
           (stands_for_any(world, force, routing->n_home_forces, routing->home_forces) ? REASON(HOME) : 0);
}

static bool covers_region(const Signalbox__V1__Organisation *row, const char *region)
{
    bool covers = strcmp(row->region, region) == 0;
    for (size_t i = 0; i < row->n_listens_to; i++)
        covers |= strcmp(row->listens_to[i], region) == 0;
    return covers && strcmp(row->kind, "rocu") == 0;
}

static bool serves_pursue(const Signalbox__V1__Header *header)
{
    bool serves = false;
    for (size_t i = 0; i < header->n_strands; i++)
        serves |= header->strands[i] == SIGNALBOX__V1__STRAND__STRAND_PURSUE;
    return serves;
}

static uint32_t expected_reasons(const struct world *world, const struct kit_item *item, unsigned force)
{
    const Signalbox__V1__Header *header = item->header;
    const char *id = row_of(world, force)->id;
    if (header->kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE)
        return REASON(GUIDANCE);
    bool addressed = false, regional = false;
    for (unsigned other = 0; other < registry_size(world->snapshot->registry); other++) {
        bool named = named_as(world, item, other) != 0;
        addressed |= named;
        regional |= named && covers_region(row_of(world, force), row_of(world, other)->region);
    }
    uint32_t centre = strcmp(id, "nclcc") == 0 ? REASON(CENTRE) : 0;
    if (!addressed)
        return centre;
    return centre | named_as(world, item, force) | (regional ? REASON(REGION) : 0) |
           (header->n_modes && strcmp(id, "btp") == 0 ? REASON(RAIL) : 0) |
           (serves_pursue(header) && strcmp(id, "nca") == 0 ? REASON(STRAND_LEAD) : 0);
}

// The gate that stops a force at a part: GATE_UNSPECIFIED if none does.
static Signalbox__V1__Gate gate_of_part(const struct world *world, const Signalbox__V1__PartInfo *part, unsigned force)
{
    bool recipients_only = part->n_instructions && strcmp(part->instructions[0], "RECIPIENTS ONLY") == 0;
    bool use_only = part->n_instructions && strcmp(part->instructions[0], "ORGANISATION USE ONLY") == 0;
    bool conditional = part->handling == SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C;
    if (part->classification > row_of(world, force)->clearance)
        return GATE(CLEARANCE);
    if ((recipients_only || conditional || part->n_recipients) &&
        !stands_for_any(world, force, part->n_recipients, part->recipients))
        return GATE(RECIPIENTS);
    return use_only && !stands_for(world, force, part->organisation) ? GATE(ORGANISATION) : GATE(UNSPECIFIED);
}

struct expected {
    uint32_t reasons, parts;
    Signalbox__V1__Gate gate;
};

static struct expected expect(
    const struct world *world, const struct kit_item *item, Signalbox__V1__Standing standing, unsigned force)
{
    struct expected expected = {.gate = GATE(UNSPECIFIED)};
    const Signalbox__V1__Organisation *row = row_of(world, force);
    if (!row->subscribes || !registry_in_force(world->snapshot->registry, force, KIT_NOW_MS))
        return expected;
    expected.reasons = expected_reasons(world, item, force);
    if (!expected.reasons) {
        expected.gate = GATE(AUDIENCE);
    } else if (standing != SIGNALBOX__V1__STANDING__STANDING_RELEASED) {
        expected.gate = GATE(STANDING);
    } else if (item->header->status == SIGNALBOX__V1__STATUS__STATUS_TEST) {
        expected.gate = GATE(TEST);
    } else {
        for (size_t i = 0; i < item->n_parts; i++) {
            Signalbox__V1__Gate gate = gate_of_part(world, item->infos[i], force);
            expected.parts |= gate == GATE(UNSPECIFIED) ? 1u << i : 0;
            expected.gate = gate > expected.gate ? gate : expected.gate;
        }
        expected.gate = expected.parts ? GATE(UNSPECIFIED) : expected.gate;
    }
    return expected;
}

static void plan_with(
    const struct world *world, const struct kit_item *item, Signalbox__V1__Standing standing, struct release *release)
{
    struct facts facts = random_world_facts(world->snapshot, item);
    release_plan(world->snapshot, &facts, standing, release);
}

static void plan(const struct world *world, const struct kit_item *item, struct release *release)
{
    plan_with(world, item, SIGNALBOX__V1__STANDING__STANDING_RELEASED, release);
}

static void compare(const struct world *world, const struct kit_item *item, Signalbox__V1__Standing standing)
{
    struct release release;
    memset(&release, 0xa5, sizeof release);
    plan_with(world, item, standing, &release);
    for (unsigned force = 0; force < registry_size(world->snapshot->registry); force++) {
        struct expected expected = expect(world, item, standing, force);
        bool right = org_set_has(&release.cleared, force) == (expected.parts != 0);
        right &= !expected.parts || release.parts[force] == expected.parts;
        right &= !expected.reasons || release.audience[force] == expected.reasons;
        for (int gate = 0; gate < GATE_COUNT; gate++)
            right &= org_set_has(&release.withheld[gate], force) ==
                     (gate != GATE(UNSPECIFIED) && gate == (int)expected.gate);
        if (!right)
            cr_assert_fail("%s: expected parts %x, reasons %x, gate %d", row_of(world, force)->id, expected.parts,
                expected.reasons, (int)expected.gate);
    }
}

Test(release, decides_as_a_plain_reading_of_the_rules_does)
{
    struct world *world = world_new(1);
    for (size_t i = 0; i < ITEMS; i++) {
        Signalbox__V1__Standing standing = SIGNALBOX__V1__STANDING__STANDING_RELEASED;
        if (kit_below(&world->random, 20) == 0) // restricted, recalled or erased
            standing = (Signalbox__V1__Standing)(standing + 1 + (int)kit_below(&world->random, 3));
        compare(world, random_world_item(&world->arena, &world->random), standing);
    }
    world_free(world);
}

static void no_more_than(const struct release *before, const struct release *after, const char *what)
{
    for (unsigned org = org_set_next(&after->cleared, 0); org < ORGANISATIONS_MAX;
         org = org_set_next(&after->cleared, org + 1))
        cr_assert(org_set_has(&before->cleared, org) && !(after->parts[org] & ~before->parts[org]),
            "%s adds a force or a part", what);
}

Test(release, a_higher_marking_never_adds_a_force)
{
    struct world *world = world_new(2);
    struct release before, after;
    for (size_t i = 0; i < 1000; i++) {
        struct kit_item *item = random_world_item(&world->arena, &world->random);
        plan(world, item, &before);
        Signalbox__V1__PartInfo *part = item->infos[kit_below(&world->random, item->n_parts)];
        part->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
        plan(world, item, &after);
        no_more_than(&before, &after, "a higher marking");
    }
    world_free(world);
}

static void drop_exporter(struct kit_item *item)
{
    item->header->n_exporter_forces = 0;
}
static void drop_importers(struct kit_item *item)
{
    item->header->n_importer_forces = 0;
}
static void drop_transits(struct kit_item *item)
{
    item->header->n_transit_forces = 0;
}
static void drop_homes(struct kit_item *item)
{
    item->routing->n_home_forces = 0;
}
static void drop_modes(struct kit_item *item)
{
    item->header->n_modes = 0;
}
static void drop_all_but_one_strand(struct kit_item *item)
{
    item->header->n_strands = 1;
}

// Facts are made from a header that passed; what the gates find in it later may only take away.
static void drop_recipients(struct kit_item *item)
{
    item->infos[0]->n_recipients = 0;
}
static void drop_status(struct kit_item *item)
{
    item->header->status = SIGNALBOX__V1__STATUS__STATUS_UNSPECIFIED;
}
static void drop_classification(struct kit_item *item)
{
    item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_UNSPECIFIED;
}

Test(release, a_missing_field_never_adds_a_force)
{
    static const struct {
        const char *what;
        void (*drop)(struct kit_item *);
    } addressing[] = {{"exporter", drop_exporter}, {"importers", drop_importers}, {"transit", drop_transits},
        {"homes", drop_homes}, {"modes", drop_modes}, {"strands", drop_all_but_one_strand}};
    struct world *world = world_new(3);
    struct release before, after;
    for (size_t i = 0; i < 1200; i++) {
        struct kit_item *item = random_world_item(&world->arena, &world->random);
        size_t which = i % (sizeof addressing / sizeof *addressing);
        plan(world, item, &before);
        addressing[which].drop(item);
        plan(world, item, &after);
        no_more_than(&before, &after, addressing[which].what);
    }
    world_free(world);
}

static bool demands_recipients(const Signalbox__V1__PartInfo *part)
{
    return part->handling == SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C ||
           (part->n_instructions && strcmp(part->instructions[0], "RECIPIENTS ONLY") == 0);
}

Test(release, a_gate_whose_field_is_missing_lets_nobody_through)
{
    static void (*const drops[])(struct kit_item *) = {drop_status, drop_classification, drop_recipients};
    struct world *world = world_new(4);
    size_t restricted = 0;
    for (size_t i = 0; i < 1000; i++) {
        struct release release;
        struct kit_item *item = random_world_item(&world->arena, &world->random);
        struct facts facts = random_world_facts(world->snapshot, item);
        facts.item.n_parts = 1;
        if (i % 3 == 2) {
            if (!demands_recipients(item->infos[0]))
                continue;
            facts.recipients[0] = (struct org_set){0};
            restricted++;
        }
        drops[i % 3](item);
        release_plan(world->snapshot, &facts, SIGNALBOX__V1__STANDING__STANDING_RELEASED, &release);
        cr_expect(org_set_empty(&release.cleared));
        release_plan(world->snapshot, &facts, SIGNALBOX__V1__STANDING__STANDING_UNSPECIFIED, &release);
        cr_expect(org_set_empty(&release.cleared), "a standing that is not known lets nobody through");
    }
    cr_expect_gt(restricted, 50);
    world_free(world);
}

struct centre_case {
    const char *exporter, *importer;
};

Test(release, a_report_that_names_no_living_force_goes_to_the_centre_only)
{
    static const struct centre_case cases[] = {{"", NULL}, {"gone", NULL}, {"", "future"}, {"future", "gone"}};
    struct world *world = world_new(5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct release release;
        struct kit_item *item = kit_report(&world->arena, "nca", 1);
        Signalbox__V1__Header *header = item->header;
        static Signalbox__V1__TransportMode rail[] = {SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
        kit_set_exporter(&world->arena, header, cases[i].exporter);
        kit_set_texts(&world->arena, &header->n_importer_forces, &header->importer_forces, &cases[i].importer,
            cases[i].importer != NULL);
        header->n_transit_forces = 0;
        header->modes = rail;
        header->n_modes = 1;
        plan(world, item, &release);
        unsigned centre = org_of(world, "nclcc");
        cr_expect_eq(org_set_next(&release.cleared, 0), centre);
        cr_expect_eq(org_set_next(&release.cleared, centre + 1), ORGANISATIONS_MAX);
        cr_expect_eq(release.audience[centre], REASON(CENTRE));
    }
    world_free(world);
}

// The country, with bodies of the past as its centre, its rail force and the lead of pursue.
static struct snapshot *country_led_by(struct arena *arena, const char *centre, const char *rail, const char *lead)
{
    struct error error;
    Signalbox__V1__Policy *policy = random_world_policy(arena);
    kit_set_text(arena, &policy->centre, centre);
    kit_set_text(arena, &policy->rail_force, rail);
    kit_set_text(arena, &policy->strand_leads[0]->organisation, lead);
    struct snapshot *snapshot = snapshot_new(random_world_registry(arena), policy, NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    return snapshot;
}

Test(release, who_took_the_place_of_centre_rail_force_and_strand_lead_gets_what_they_would_get)
{
    static const struct {
        const char *centre, *rail, *lead;
        uint32_t reason;
    } cases[] = {
        {"past-1", "btp", "nca", REASON(CENTRE)},
        {"nclcc", "past-1", "nca", REASON(RAIL)},
        {"nclcc", "btp", "past-1", REASON(STRAND_LEAD)},
    };
    static Signalbox__V1__TransportMode rail[] = {SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world = {0};
        struct release release;
        const char *importer = "force-07";
        arena_init(&world.arena, 0);
        world.snapshot = country_led_by(&world.arena, cases[i].centre, cases[i].rail, cases[i].lead);
        struct kit_item *item = kit_report(&world.arena, "nca", 1);
        Signalbox__V1__Header *header = item->header;
        kit_set_exporter(&world.arena, header, "force-06");
        kit_set_texts(&world.arena, &header->n_importer_forces, &header->importer_forces, &importer, 1);
        header->modes = rail;
        header->n_modes = 1;
        plan(&world, item, &release);
        const char *const successors[] = {"force-00", "force-11"};
        for (size_t k = 0; k < 2; k++) {
            unsigned org = org_of(&world, successors[k]);
            cr_assert(org_set_has(&release.cleared, org), "case %zu: %s gets nothing", i, successors[k]);
            cr_expect_eq(release.audience[org], cases[i].reason, "case %zu: %x", i, release.audience[org]);
        }
        snapshot_free(world.snapshot);
        arena_deinit(&world.arena);
    }
}

Test(release, the_leads_of_all_strands_of_an_item_get_it)
{
    struct world world = {0};
    struct release release;
    struct error error;
    const char *importer = "force-07";
    arena_init(&world.arena, 0);
    Signalbox__V1__Policy *policy = random_world_policy(&world.arena);
    policy->strand_leads[1]->in_audience = true;
    kit_set_text(&world.arena, &policy->strand_leads[1]->organisation, "force-20");
    world.snapshot = snapshot_new(random_world_registry(&world.arena), policy, NULL, 0, 0, &error);
    cr_assert(world.snapshot, "%s", error.text);
    Signalbox__V1__Header *header = kit_guidance(&world.arena, "nca", 1)->header; // of all strands
    struct kit_item *report = kit_report(&world.arena, "nca", 1);
    report->header->n_strands = 2;
    report->header->strands = header->strands;
    kit_set_exporter(&world.arena, report->header, "force-06");
    kit_set_texts(&world.arena, &report->header->n_importer_forces, &report->header->importer_forces, &importer, 1);
    plan(&world, report, &release);
    cr_expect(release.audience[org_of(&world, "nca")] & REASON(STRAND_LEAD));
    cr_expect(org_set_has(&release.cleared, org_of(&world, "force-20")));
    snapshot_free(world.snapshot);
    arena_deinit(&world.arena);
}

Test(release, what_any_instruction_of_a_part_demands_is_a_gate)
{
    struct world *world = world_new(6);
    for (size_t swap = 0; swap < 2; swap++) {
        const char *instructions[] = {"EMBARGOED", "ORGANISATION USE ONLY"};
        struct release release;
        struct kit_item *item = kit_guidance(&world->arena, "nca", 1);
        Signalbox__V1__PartInfo *part = item->infos[0];
        item->header->not_before_unix_ms = KIT_NOW_MS;
        const char *const ordered[] = {instructions[swap], instructions[1 - swap]};
        kit_set_texts(&world->arena, &part->n_instructions, &part->instructions, ordered, 2);
        kit_set_text(&world->arena, &part->organisation, "force-20");
        struct facts facts = random_world_facts(world->snapshot, item);
        kit_set_text(&world->arena, &part->organisation, ""); // what the instruction demands holds without it
        facts.organisation[0] = ORG_NONE;
        release_plan(world->snapshot, &facts, SIGNALBOX__V1__STANDING__STANDING_RELEASED, &release);
        cr_expect(org_set_empty(&release.cleared), "order %zu", swap);
    }
    world_free(world);
}

Test(release, an_exercise_goes_out_as_an_item_does_and_a_test_to_nobody)
{
    static const struct {
        Signalbox__V1__Status status;
        bool leaves;
    } cases[] = {
        {SIGNALBOX__V1__STATUS__STATUS_ACTUAL, true},
        {SIGNALBOX__V1__STATUS__STATUS_EXERCISE, true},
        {SIGNALBOX__V1__STATUS__STATUS_TEST, false},
    };
    struct world *world = world_new(7);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct release release;
        struct kit_item *item = kit_guidance(&world->arena, "nca", 1);
        item->header->status = cases[i].status;
        plan(world, item, &release);
        cr_expect_eq(org_set_empty(&release.cleared), !cases[i].leaves, "status %d", (int)cases[i].status);
    }
    world_free(world);
}

// Two kinds of organisations hear of their region, and one of them listens to two others beside its own.
Test(release, every_kind_that_the_policy_names_hears_of_each_region_that_it_listens_to)
{
    static const char *const kinds[] = {"rocu", "council"}, *const heard[] = {"region-5", "region-6"};
    struct world world = {0};
    struct error error;
    arena_init(&world.arena, 0);
    Signalbox__V1__Registry *registry = random_world_registry(&world.arena);
    Signalbox__V1__Policy *policy = random_world_policy(&world.arena);
    Signalbox__V1__Organisation *unit = kit_organisation(registry, "unit-1");
    kit_set_texts(&world.arena, &policy->n_region_audience_kinds, &policy->region_audience_kinds, kinds, 2);
    kit_set_texts(&world.arena, &unit->n_listens_to, &unit->listens_to, heard, 2);
    world.snapshot = snapshot_new(registry, policy, NULL, 0, 0, &error);
    cr_assert(world.snapshot, "%s", error.text);
    static const struct {
        const char *force, *hears; // of region i
    } cases[] = {{"force-01", "unit-1"}, {"force-05", "unit-1"}, {"force-06", "unit-1"}, {"force-09", "council-07"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct release release;
        struct kit_item *item = kit_report(&world.arena, "nca", 1);
        Signalbox__V1__Header *header = item->header;
        kit_set_exporter(&world.arena, header, "");
        kit_set_texts(&world.arena, &header->n_importer_forces, &header->importer_forces, &cases[i].force, 1);
        plan(&world, item, &release);
        cr_expect_eq(release.audience[org_of(&world, cases[i].hears)], REASON(REGION), "of %s", cases[i].force);
    }
    snapshot_free(world.snapshot);
    arena_deinit(&world.arena);
}

Test(release, a_change_of_standing_is_addressed_to_nobody_and_asks_no_subscription)
{
    struct world *world = world_new(8);
    struct release release;
    struct kit_item *item = kit_report(&world->arena, "nca", 1);
    kit_set_exporter(&world->arena, item->header, "force-06");
    kit_set_texts(&world->arena, &item->header->n_importer_forces, &item->header->importer_forces, NULL, 0);
    struct facts facts = random_world_facts(world->snapshot, item);
    cr_expect(release_asks_interest(&facts));
    item = kit_standing(&world->arena, item, "nca", SIGNALBOX__V1__STANDING__STANDING_RECALLED, 1);
    facts = random_world_facts(world->snapshot, item);
    plan(world, item, &release);
    cr_expect(org_set_empty(&release.cleared) && !release_asks_interest(&facts));
    world_free(world);
}
