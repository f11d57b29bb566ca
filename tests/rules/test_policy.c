// SPDX-License-Identifier: Apache-2.0
// What a policy must not say. A policy that cannot be compiled leaves the one before it in force, so each refusal is a
// sentence that an officer can act on.
#include "tests/rules/uncompiled.h"
#include "hub/rules/policy.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>

static void list_again(struct arena *arena, size_t *n_field, char ***field, size_t n)
{
    const char *texts[128];
    for (size_t i = 0; i < n; i++)
        texts[i] = arena_printf(arena, "code-%zu", i);
    kit_set_texts(arena, n_field, field, texts, n);
}

// SPOILT(name, what the sentence begins with, what is done to a good policy)
#define SPOILT_POLICIES(SPOILT)                                                                                        \
    SPOILT(no_kinds, "Policy kinds is 0; it must be 1 to 8.", policy->n_kinds = 0)                                     \
    SPOILT(notices, "Policy kinds has kind 5; this hub routes", policy->kinds[1] = SIGNALBOX__V1__KIND__KIND_NOTICE)   \
    SPOILT(no_ceiling, "Policy ceiling is 0; it must be 1 to 2.", policy->ceiling = 0)                                 \
    SPOILT(secret, "Policy ceiling is 3; it must be 1 to 2.",                                                          \
        policy->ceiling = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET)                                        \
    SPOILT(no_window, "Policy dedup_window_days is 0; it must be 1 to 366.", policy->dedup_window_days = 0)            \
    SPOILT(long_window, "Policy dedup_window_days is 367;", policy->dedup_window_days = 367)                           \
    SPOILT(older_than_window, "Policy max_age_days is 91; it must be 1 to 90.", policy->max_age_days = 91)             \
    SPOILT(no_age, "Policy max_age_days is 0;", policy->max_age_days = 0)                                              \
    SPOILT(no_unsent, "Policy unsent_changes is 0; it must be 1 to 1000000.", policy->unsent_changes = 0)              \
    SPOILT(no_markings, "Policy markings is 0;", policy->n_markings = 0)                                               \
    SPOILT(no_themes, "Policy themes is 0; it must be 1 to 64.", policy->n_themes = 0)                                 \
    SPOILT(many_themes, "Policy themes is 65;", list_again(arena, &policy->n_themes, &policy->themes, 65))             \
    SPOILT(many_regions, "Policy regions is 33;", list_again(arena, &policy->n_regions, &policy->regions, 33))         \
    SPOILT(no_bases, "Policy sharing_bases is 0;", policy->n_sharing_bases = 0)                                        \
    SPOILT(theme_twice, "Policy themes lists 'drugs' twice", kit_set_text(arena, &policy->themes[0], "drugs"))         \
    SPOILT(empty_region, "Policy regions lists '' twice or lists an empty code",                                       \
        kit_set_text(arena, &policy->regions[1], ""))                                                                  \
    SPOILT(product_twice, "Policy products lists 'line-update' twice",                                                 \
        kit_set_text(arena, &policy->products[0]->code, "line-update"))                                                \
    SPOILT(product_of_no_kind, "Policy products has kind 0;", policy->products[0]->kind = 0)                           \
    SPOILT(                                                                                                            \
        small_marking, "Policy marking 'Secret' must be", kit_set_text(arena, &policy->markings[0]->text, "Secret"))   \
    SPOILT(marking_twice, "Policy markings lists 'EMBARGOED' twice",                                                   \
        kit_set_text(arena, &policy->markings[0]->text, "EMBARGOED"))                                                  \
    SPOILT(marking_of_no_kind, "Policy marking RECIPIENTS ONLY must be an instruction", policy->markings[0]->kind = 0) \
    SPOILT(                                                                                                            \
        marking_beside_nothing, "Policy marking RECIPIENTS ONLY must stand beside", policy->markings[0]->n_beside = 0) \
    SPOILT(marking_beside_five, "Policy marking RECIPIENTS ONLY stands beside a class",                                \
        policy->markings[0]->beside[0] = 5)                                                                            \
    SPOILT(unknown_demand, "Policy marking RECIPIENTS ONLY demands something", policy->markings[0]->demand = 9)        \
    SPOILT(second_product_of_no_kind, "Policy products has kind 0;", policy->products[1]->kind = 0)                    \
    SPOILT(second_marking_beside_nothing, "Policy marking FOR PUBLIC RELEASE must stand beside",                       \
        policy->markings[1]->n_beside = 0)                                                                             \
    SPOILT(second_beside_unknown, "Policy marking RECIPIENTS ONLY stands beside a class",                              \
        policy->markings[0]->beside[1] = 5)                                                                            \
    SPOILT(no_centre, "Policy centre names ''", kit_set_text(arena, &policy->centre, ""))                              \
    SPOILT(unknown_rail, "Policy rail_force names 'atlantis'", kit_set_text(arena, &policy->rail_force, "atlantis"))   \
    SPOILT(unknown_lead, "Policy strand_leads names 'atlantis'",                                                       \
        kit_set_text(arena, &policy->strand_leads[2]->organisation, "atlantis"))                                       \
    SPOILT(lead_of_no_strand, "Policy strand_leads names strand 0", policy->strand_leads[0]->strand = 0)

#define SPOIL(name, sentence, ...)                                                                                     \
    static void spoil_##name(struct arena *arena, Signalbox__V1__Policy *policy)                                       \
    {                                                                                                                  \
        (void)arena;                                                                                                   \
        __VA_ARGS__;                                                                                                   \
    }
SPOILT_POLICIES(SPOIL)

Test(policy, one_that_the_hub_could_not_follow_does_not_compile_and_says_why)
{
    static const struct {
        const char *name, *sentence;
        void (*spoil)(struct arena *, Signalbox__V1__Policy *);
    } cases[] = {
#define ROW(name, sentence, ...) {#name, sentence, spoil_##name},
        SPOILT_POLICIES(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        Signalbox__V1__Policy *policy = kit_policy(&arena);
        cases[i].spoil(&arena, policy);
        expect_uncompiled(kit_registry(&arena), policy, cases[i].name, cases[i].sentence);
        arena_deinit(&arena);
    }
}

Test(policy, a_snapshot_outlives_the_documents_it_was_made_of)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct snapshot *snapshot = snapshot_new(kit_registry(&arena), kit_policy(&arena), NULL, 0, 77, &error);
    arena_deinit(&arena);
    cr_assert(snapshot, "%s", error.text);
    cr_expect_eq(snapshot->registry_version, 1);
    cr_expect_eq(snapshot->policy_version, 1);
    cr_expect_eq(snapshot->subscriptions_version, 77);
    cr_expect_str_eq(policy_document(snapshot->policy)->centre, "nclcc");
    cr_expect_str_eq(
        registry_row(snapshot->registry, registry_find(snapshot->registry, slice_text("kent")))->name, "Kent Police");
    cr_expect_null(snapshot_free(snapshot));
    cr_expect_null(snapshot_free(NULL));
}

Test(policy, compiles_at_the_greatest_of_each_number)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Policy *policy = kit_policy(&arena);
    policy->dedup_window_days = policy->max_age_days = 366;
    list_again(&arena, &policy->n_themes, &policy->themes, 64);
    struct snapshot *snapshot = snapshot_new(kit_registry(&arena), policy, NULL, 0, 0, &error);
    cr_expect(snapshot != NULL, "%s", error.text);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}
