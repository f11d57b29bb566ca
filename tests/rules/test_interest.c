// SPDX-License-Identifier: Apache-2.0
// Interest against a plain scan over the subscriptions, written from the contract's words, on thousands of random
// cases; and the rules that must hold whatever the subscriptions are.
#include "tests/kit/core/random_world.h"
#include "hub/decide/interest_match.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>

#define ROUNDS 24
#define ITEMS  60

static bool listed(size_t n, char *const *texts, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

static bool any_listed(size_t n, char *const *wanted, size_t n_texts, char *const *texts)
{
    bool found = n == 0;
    for (size_t i = 0; i < n_texts; i++)
        found |= listed(n, wanted, texts[i]);
    return found;
}

static bool any_enum(size_t n, const void *wanted, size_t n_values, const void *values)
{
    bool found = n == 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n_values; j++)
            found |= ((const int *)wanted)[i] == ((const int *)values)[j];
    return found;
}

// Forces and regions as the scan sees them: those that the item names, and those that stand for them at its time.
struct places {
    char *forces[ORGANISATIONS_MAX], *regions[ORGANISATIONS_MAX];
    size_t n;
};

static void add_place(struct places *places, const struct snapshot *snapshot, const char *id)
{
    unsigned org = registry_find(snapshot->registry, slice_text(id));
    struct org_set set = registry_resolve(snapshot->registry, org, KIT_NOW_MS);
    org_set_add(&set, org);
    for (unsigned i = org_set_next(&set, 0); i < ORGANISATIONS_MAX; i = org_set_next(&set, i + 1)) {
        places->forces[places->n] = registry_row(snapshot->registry, i)->id;
        places->regions[places->n++] = registry_row(snapshot->registry, i)->region;
    }
}

static struct places places_of(const struct snapshot *snapshot, const Signalbox__V1__Header *header)
{
    struct places places = {.n = 0};
    for (size_t i = 0; i < header->n_exporter_forces; i++)
        add_place(&places, snapshot, header->exporter_forces[i]);
    for (size_t i = 0; i < header->n_importer_forces; i++)
        add_place(&places, snapshot, header->importer_forces[i]);
    for (size_t i = 0; i < header->n_transit_forces; i++)
        add_place(&places, snapshot, header->transit_forces[i]);
    return places;
}

static bool covers_region(const Signalbox__V1__Organisation *row, const char *region)
{
    bool covers = strcmp(row->region, region) == 0;
    for (size_t i = 0; i < row->n_listens_to; i++)
        covers |= strcmp(row->listens_to[i], region) == 0;
    return covers && strcmp(row->kind, "rocu") == 0;
}

// Home forces of people at risk stand in no header: one that stands for a home force knows itself, and its region; a
// regional unit knows the region.
static void add_homes(struct places *places, const struct snapshot *snapshot, const struct kit_item *item,
    const Signalbox__V1__Organisation *reader)
{
    unsigned own = registry_find(snapshot->registry, slice_text(reader->id));
    for (size_t i = 0; i < item->routing->n_home_forces; i++) {
        unsigned home = registry_find(snapshot->registry, slice_text(item->routing->home_forces[i]));
        struct org_set living = registry_resolve(snapshot->registry, home, KIT_NOW_MS);
        for (unsigned org = org_set_next(&living, 0); org < ORGANISATIONS_MAX; org = org_set_next(&living, org + 1)) {
            char *region = registry_row(snapshot->registry, org)->region;
            if (org != own && !covers_region(reader, region))
                continue;
            places->forces[places->n] = org == own ? reader->id : (char *)"";
            places->regions[places->n++] = region;
        }
        if (covers_region(reader, registry_row(snapshot->registry, home)->region)) {
            places->forces[places->n] = (char *)"";
            places->regions[places->n++] = registry_row(snapshot->registry, home)->region;
        }
    }
}

static bool asks(
    const Signalbox__V1__Subscription *row, const Signalbox__V1__Header *header, const struct places *places)
{
    char *product = header->product;
    return !row->withdrawn && any_listed(row->n_forces, row->forces, places->n, places->forces) &&
           any_listed(row->n_regions, row->regions, places->n, places->regions) &&
           any_listed(row->n_themes, row->themes, header->n_themes, header->themes) &&
           any_listed(row->n_products, row->products, 1, &product) &&
           any_enum(row->n_strands, row->strands, header->n_strands, header->strands) &&
           any_enum(row->n_kinds, row->kinds, 1, &header->kind) &&
           any_enum(row->n_priorities, row->priorities, 1, &header->priority);
}

struct answer {
    bool wanted;
    uint64_t revision;
};

static struct answer scan(const struct subscription_row *rows, size_t n, const Signalbox__V1__Header *header,
    const struct places *places, const char *force)
{
    bool by_default = header->kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    struct answer answer = {.revision = UINT64_MAX};
    for (size_t i = 0; i < n; i++) {
        const Signalbox__V1__Subscription *row = rows[i].subscription;
        if (strcmp(row->force, force) != 0)
            continue;
        for (size_t j = 0; !row->withdrawn && j < row->n_kinds; j++)
            by_default &= row->kinds[j] != SIGNALBOX__V1__KIND__KIND_GUIDANCE;
        if (asks(row, header, places) && rows[i].revision < answer.revision)
            answer.revision = rows[i].revision;
    }
    answer.wanted = by_default || answer.revision != UINT64_MAX;
    answer.revision = by_default ? 0 : answer.revision;
    return answer;
}

static struct org_set everybody(const struct snapshot *snapshot)
{
    struct org_set all = {0};
    for (unsigned org = 0; org < registry_size(snapshot->registry); org++)
        org_set_add(&all, org);
    return all;
}

static void compare(
    const struct snapshot *snapshot, const struct subscription_row *rows, size_t n, const struct kit_item *item)
{
    uint64_t revisions[ORGANISATIONS_MAX];
    const Signalbox__V1__Header *header = item->header;
    struct facts facts = random_world_facts(snapshot, item);
    struct org_set all = everybody(snapshot), wanted = interest_match(snapshot, &facts, all, revisions);
    for (unsigned org = 0; org < registry_size(snapshot->registry); org++) {
        struct places places = places_of(snapshot, header);
        add_homes(&places, snapshot, item, registry_row(snapshot->registry, org));
        struct answer answer = scan(rows, n, header, &places, registry_row(snapshot->registry, org)->id);
        if (org_set_has(&wanted, org) != answer.wanted || (answer.wanted && revisions[org] != answer.revision))
            cr_assert_fail("%s: the scan says %d %lu", registry_row(snapshot->registry, org)->id, answer.wanted,
                (unsigned long)answer.revision);
    }
}

Test(interest, answers_as_a_scan_over_all_subscriptions_does)
{
    for (size_t round = 0; round < ROUNDS; round++) {
        struct kit_random random = {round};
        struct arena arena;
        arena_init(&arena, 0);
        size_t n = (size_t)kit_below(&random, round < 4 ? 8 : 500);
        struct subscription_row *rows = random_world_subscriptions(&arena, &random, n);
        struct snapshot *snapshot = random_world_snapshot(&arena, rows, n);
        for (size_t i = 0; i < ITEMS; i++)
            compare(snapshot, rows, n, random_world_item(&arena, &random));
        snapshot_free(snapshot);
        arena_deinit(&arena);
    }
}

// A force with so many that most of them are in wide blocks; the last block is full, or has one, or none.
Test(interest, answers_as_the_scan_does_for_a_force_with_very_many)
{
    static const size_t sizes[] = {64, 65, 512, 576, 577, 1088, 1500};
    for (size_t round = 0; round < sizeof sizes / sizeof *sizes; round++) {
        struct kit_random random = {round + 40};
        struct arena arena;
        arena_init(&arena, 0);
        struct subscription_row *rows = random_world_subscriptions(&arena, &random, sizes[round]);
        for (size_t i = 0; i < sizes[round]; i++) {
            Signalbox__V1__Subscription *row = (Signalbox__V1__Subscription *)rows[i].subscription;
            static const char *const rare[] = {"force-30"};
            kit_set_text(&arena, &row->force, "force-03");
            if (i % 3)
                kit_set_texts(&arena, &row->n_forces, &row->forces, rare, 1);
            row->withdrawn = false;
        }
        struct snapshot *snapshot = random_world_snapshot(&arena, rows, sizes[round]);
        for (size_t i = 0; i < 12; i++)
            compare(snapshot, rows, sizes[round], random_world_item(&arena, &random));
        snapshot_free(snapshot);
        arena_deinit(&arena);
    }
}

// One of 1,200 subscriptions of a force asks for the item: wherever it stands, it is found.
Test(interest, the_only_one_that_asks_is_found_in_any_word)
{
    static const size_t places[] = {0, 63, 64, 127, 128, 300, 575, 576, 640, 1087, 1088, 1199};
    static const char *const asked[] = {"force-30"}, *const other[] = {"force-31"};
    struct arena arena;
    arena_init(&arena, 0);
    struct subscription_row rows[1200];
    for (size_t i = 0; i < 1200; i++)
        rows[i].subscription = kit_subscription(&arena, "force-03", arena_printf(&arena, "n-%zu", i)),
        rows[i].revision = i + 1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (size_t j = 0; j < 1200; j++) {
            Signalbox__V1__Subscription *row = (Signalbox__V1__Subscription *)rows[j].subscription;
            row->n_forces = 1;
            row->forces = (char **)(j == places[i] ? asked : other);
        }
        struct snapshot *snapshot = random_world_snapshot(&arena, rows, 1200);
        struct kit_item *item = kit_report(&arena, "nca", 1);
        item->header->n_importer_forces = 0;
        kit_set_exporter(&arena, item->header, "force-30");
        struct facts facts = random_world_facts(snapshot, item);
        uint64_t revisions[ORGANISATIONS_MAX] = {0};
        unsigned org = registry_find(snapshot->registry, slice_text("force-03"));
        struct org_set wanted = interest_match(snapshot, &facts, everybody(snapshot), revisions);
        cr_expect(org_set_has(&wanted, org));
        cr_expect_eq(revisions[org], places[i] + 1);
        snapshot_free(snapshot);
    }
    arena_deinit(&arena);
}

Test(interest, never_widens_release)
{
    struct kit_random random = {99};
    struct arena arena;
    arena_init(&arena, 0);
    struct snapshot *snapshot = random_world_snapshot(&arena, random_world_subscriptions(&arena, &random, 300), 300);
    for (size_t i = 0; i < 500; i++) {
        uint64_t revisions[ORGANISATIONS_MAX];
        struct facts facts = random_world_facts(snapshot, random_world_item(&arena, &random));
        struct org_set cleared = {0};
        for (unsigned org = 0; org < registry_size(snapshot->registry); org++)
            if (kit_below(&random, 2))
                org_set_add(&cleared, org);
        struct org_set outside = org_set_minus(interest_match(snapshot, &facts, cleared, revisions), cleared);
        cr_expect(org_set_empty(&outside));
    }
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

// Guidance that came by default is the one exception, and is meant: who lists guidance has taken it into its own hands.
static bool lists_guidance(const struct subscription_row *rows, size_t n)
{
    const Signalbox__V1__Subscription *added = rows[n].subscription;
    bool lists = false;
    for (size_t i = 0; i < added->n_kinds; i++)
        lists |= added->kinds[i] == SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    return lists;
}

Test(interest, a_subscription_more_never_takes_a_delivery_away)
{
    struct kit_random random = {7};
    struct arena arena;
    arena_init(&arena, 0);
    struct subscription_row *rows = random_world_subscriptions(&arena, &random, 61);
    for (size_t n = 0; n < 60; n += 3) {
        struct snapshot *before = random_world_snapshot(&arena, rows, n),
                        *after = random_world_snapshot(&arena, rows, n + 1);
        for (size_t i = 0; i < 20; i++) {
            uint64_t revisions[ORGANISATIONS_MAX];
            const struct kit_item *item = random_world_item(&arena, &random);
            struct facts facts = random_world_facts(before, item);
            struct org_set lost = interest_match(before, &facts, everybody(before), revisions);
            lost = org_set_minus(lost, interest_match(after, &facts, everybody(after), revisions));
            bool guidance = item->header->kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE;
            cr_expect(org_set_empty(&lost) || (guidance && lists_guidance(rows, n)));
        }
        snapshot_free(before);
        snapshot_free(after);
    }
    arena_deinit(&arena);
}

struct defaults_case {
    const char *what;
    bool lists_guidance, lists_reports, withdrawn, narrow, wanted;
    uint64_t revision;
};

Test(interest, guidance_comes_by_default_until_a_live_subscription_lists_it)
{
    static const struct defaults_case cases[] = {
        {"asks for everything", false, false, false, false, true, 0},
        {"lists reports", false, true, false, false, true, 0},
        {"lists guidance", true, false, false, false, true, 4},
        {"lists guidance of a theme the item has not", true, false, false, true, false, 0},
        {"listed guidance and was withdrawn", true, false, true, true, true, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        uint64_t revisions[ORGANISATIONS_MAX];
        arena_init(&arena, 0);
        Signalbox__V1__Subscription *row = kit_subscription(&arena, "force-01", "one");
        Signalbox__V1__Kind kinds[2];
        row->kinds = kinds;
        if (cases[i].lists_guidance)
            kinds[row->n_kinds++] = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
        if (cases[i].lists_reports)
            kinds[row->n_kinds++] = SIGNALBOX__V1__KIND__KIND_REPORT;
        static const char *const weapons[] = {"weapons"};
        if (cases[i].narrow)
            kit_set_texts(&arena, &row->n_themes, &row->themes, weapons, 1);
        row->withdrawn = cases[i].withdrawn;
        struct subscription_row rows = {.subscription = row, .revision = 4};
        struct snapshot *snapshot = random_world_snapshot(&arena, &rows, 1);
        struct kit_item *item = kit_guidance(&arena, "nclcc", 1);
        item->header->n_themes = 0;
        struct facts facts = random_world_facts(snapshot, item);
        unsigned org = registry_find(snapshot->registry, slice_text("force-01"));
        struct org_set wanted = interest_match(snapshot, &facts, everybody(snapshot), revisions);
        cr_expect_eq(org_set_has(&wanted, org), cases[i].wanted, "%s", cases[i].what);
        cr_expect(!cases[i].wanted || revisions[org] == cases[i].revision, "%s", cases[i].what);
        snapshot_free(snapshot);
        arena_deinit(&arena);
    }
}

// Where a person at risk lives must not show in what arrives elsewhere.
Test(interest, of_others_in_a_home_force_does_not_tell_that_it_is_one)
{
    static const char *const home[] = {"force-13"};
    static const struct {
        const char *reader;
        bool by_force, by_region;
    } cases[] = {
        {"force-13", true, true}, // the home force itself, in region-3
        {"unit-3", false, true},  // which covers it
        {"unit-5", false, false},
        {"force-23", false, false},
        {"nclcc", false, false},
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        uint64_t revisions[ORGANISATIONS_MAX];
        bool by_region = i % 2;
        static const char *const region[] = {"region-3"};
        arena_init(&arena, 0);
        Signalbox__V1__Subscription *row = kit_subscription(&arena, cases[i / 2].reader, "one");
        if (by_region)
            kit_set_texts(&arena, &row->n_regions, &row->regions, region, 1);
        else
            kit_set_texts(&arena, &row->n_forces, &row->forces, home, 1);
        struct subscription_row rows = {.subscription = row, .revision = 4};
        struct snapshot *snapshot = random_world_snapshot(&arena, &rows, 1);
        struct kit_item *item = kit_report(&arena, "nca", 1);
        kit_set_exporter(&arena, item->header, "force-06");
        item->header->n_importer_forces = 0;
        kit_set_texts(&arena, &item->routing->n_home_forces, &item->routing->home_forces, home, 1);
        struct facts facts = random_world_facts(snapshot, item);
        unsigned org = registry_find(snapshot->registry, slice_text(cases[i / 2].reader));
        struct org_set wanted = interest_match(snapshot, &facts, everybody(snapshot), revisions);
        cr_expect_eq(org_set_has(&wanted, org), by_region ? cases[i / 2].by_region : cases[i / 2].by_force, "%s by %s",
            cases[i / 2].reader, by_region ? "region" : "force");
        snapshot_free(snapshot);
        arena_deinit(&arena);
    }
}

static void spoil_force(struct arena *arena, Signalbox__V1__Subscription *row)
{
    kit_set_text(arena, &row->force, "atlantis");
}
static void spoil_name(struct arena *arena, Signalbox__V1__Subscription *row)
{
    kit_set_text(arena, &row->name, "Not/a/name");
}

static void spoil_region(struct arena *arena, Signalbox__V1__Subscription *row)
{
    static const char *const unknown[] = {"atlantis"};
    kit_set_texts(arena, &row->n_regions, &row->regions, unknown, 1);
}

static void spoil_theme(struct arena *arena, Signalbox__V1__Subscription *row)
{
    static const char *const unknown[] = {"astrology"};
    kit_set_texts(arena, &row->n_themes, &row->themes, unknown, 1);
}

static void spoil_strand(struct arena *arena, Signalbox__V1__Subscription *row)
{
    row->strands = arena_alloc(arena, sizeof *row->strands);
    row->n_strands = 1; // and it is unspecified
}

Test(interest, a_live_subscription_of_something_unknown_does_not_compile_and_a_withdrawn_one_is_history)
{
    static const struct {
        void (*spoil)(struct arena *, Signalbox__V1__Subscription *);
        const char *sentence;
    } cases[] = {
        {spoil_force, "Subscription atlantis/one: force has 'atlantis'"},
        {spoil_name, "Subscription force-01/Not/a/name: name has 'Not/a/name'"},
        {spoil_region, "Subscription force-01/one: regions has 'atlantis'"},
        {spoil_theme, "Subscription force-01/one: themes has 'astrology'"},
        {spoil_strand, "Subscription force-01/one: strands has 'an unspecified"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct error error;
        arena_init(&arena, 0);
        Signalbox__V1__Subscription *row = kit_subscription(&arena, "force-01", "one");
        struct subscription_row rows = {.subscription = row, .revision = 1};
        cases[i].spoil(&arena, row);
        cr_expect_null(snapshot_new(random_world_registry(&arena), random_world_policy(&arena), &rows, 1, 1, &error));
        cr_expect(strncmp(error.text, cases[i].sentence, strlen(cases[i].sentence)) == 0, "%s", error.text);
        row->withdrawn = true;
        struct snapshot *snapshot =
            snapshot_new(random_world_registry(&arena), random_world_policy(&arena), &rows, 1, 1, &error);
        cr_expect_not_null(snapshot);
        snapshot_free(snapshot);
        arena_deinit(&arena);
    }
}
