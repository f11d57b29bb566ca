// SPDX-License-Identifier: Apache-2.0
// What a decision says of another item, and to whom: links of guidance that is an edition and a copy at once, what a
// stranger learns by naming an item, and what is told of a subscription where none was asked.
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

struct scene {
    struct arena arena;
    struct snapshot *snapshot;
    struct memory memory;
};

static void scene_init(struct scene *scene, void (*change)(Signalbox__V1__Registry *registry))
{
    static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};
    struct error error;
    *scene = (struct scene){.memory = {.lanes = 1, .secret = secret}};
    arena_init(&scene->arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&scene->arena);
    if (change)
        change(registry);
    scene->snapshot = snapshot_new(registry, kit_policy(&scene->arena), kit_subscribe_all(&scene->arena, registry),
        registry->n_organisations, 1, &error);
    cr_assert(scene->snapshot, "%s", error.text);
    cr_assert(memory_init(&scene->memory));
}

static void scene_deinit(struct scene *scene)
{
    snapshot_free(scene->snapshot);
    memory_deinit(&scene->memory);
    arena_deinit(&scene->arena);
}

static struct decision send(struct scene *scene, struct kit_item *item)
{
    struct record record = kit_record(&scene->arena, item, kit_envelope(&scene->arena, item), 1);
    struct decision decision;
    step(scene->snapshot, &scene->memory, &record, &scene->arena, &decision);
    return decision;
}

static struct kit_item *edition_of(struct scene *scene, const struct kit_item *item, uint8_t nonce)
{
    struct kit_item *edition = kit_revision(&scene->arena, item, 1);
    edition->header->nonce.data[0] = nonce;
    edition->header->about = kit_reference(&scene->arena, item, 0);
    return edition;
}

// Those who are left out must find what they are said to hold, and that is not the edition before.
Test(follow_up, a_second_copy_of_an_edition_is_linked_with_the_first_copy)
{
    struct scene scene;
    scene_init(&scene, NULL);
    struct kit_item *item = kit_guidance(&scene.arena, "kent", 1);
    send(&scene, item);
    struct decision first = send(&scene, edition_of(&scene, item, 1));
    cr_expect_eq(first.first_sequence, 1, "an edition is linked with the one before");
    struct decision second = send(&scene, edition_of(&scene, item, 2));
    cr_expect_eq(second.outcome, OUTCOME_DUPLICATE_CONTENT);
    cr_expect_eq(second.first_sequence, first.sequence);
    scene_deinit(&scene);
}

Test(follow_up, a_stranger_is_told_the_same_whether_the_item_exists_or_not)
{
    struct scene scene;
    scene_init(&scene, NULL);
    struct kit_item *known = kit_report(&scene.arena, "kent", 1);
    send(&scene, known);
    for (int exists = 0; exists < 2; exists++) {
        struct kit_item *item = exists ? known : kit_report(&scene.arena, "kent", 2);
        struct kit_item *change =
            kit_standing(&scene.arena, item, "essex", SIGNALBOX__V1__STANDING__STANDING_RECALLED, 1);
        change->header->status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
        cr_expect_eq(send(&scene, change).outcome, OUTCOME_STANDING_ISSUER);
    }
    scene_deinit(&scene);
}

static void make_canary(Signalbox__V1__Registry *registry)
{
    static char kind[] = REGISTRY_CANARY;
    kit_organisation(registry, "catch22")->kind = kind;
}

Test(follow_up, no_subscription_is_named_where_none_is_asked)
{
    struct scene scene;
    scene_init(&scene, make_canary);
    struct kit_item *item = kit_report(&scene.arena, "catch22", 1);
    cr_expect_neq(send(&scene, item).deliveries[0].subscription_revision, 0);
    struct decision change =
        send(&scene, kit_standing(&scene.arena, item, "catch22", SIGNALBOX__V1__STANDING__STANDING_RESTRICTED, 1));
    cr_assert_eq(change.n_deliveries, 1, "what a canary sends goes back to it");
    cr_expect_eq(change.deliveries[0].subscription_revision, 0);
    scene_deinit(&scene);
}
