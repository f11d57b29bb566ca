// SPDX-License-Identifier: Apache-2.0
#include "hub/daemon/canary_item.h"
#include "hub/contract/lanes.h"
#include "hub/rules/policy.h"
#include "tests/kit/core/control.h"
#include "tests/kit/memory/failing_allocator.h"
#include <criterion/criterion.h>

Test(canary_item, a_subject_belongs_to_the_lane_it_was_made_for)
{
    const uint32_t lanes[] = {1, 2, 8, 100};
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
        for (uint32_t lane = 0; lane < lanes[i]; lane++) {
            char subject[CANARY_SUBJECT_BYTES];
            canary_item_subject(lane, lanes[i], subject);
            cr_expect_eq(lanes_place(slice_text(subject), lanes[i]), lane, "%s of %u", subject, lanes[i]);
        }
}

Test(canary_item, a_policy_without_guidance_has_no_canary_and_is_told_so)
{
    struct arena arena;
    struct error error = {.text = ""};
    arena_init(&arena, 0);
    Signalbox__V1__Policy *document = kit_policy(&arena);
    for (size_t i = 0; i < document->n_products; i++)
        document->products[i]->kind = SIGNALBOX__V1__KIND__KIND_REPORT;
    struct snapshot *snapshot = kit_snapshot();
    json_t *item = canary_item(snapshot->policy, "canary-0", 1, &error);
    cr_expect(item, "%s", error.text);
    json_decref(item);
    struct policy *without = policy_new(document, snapshot->registry, &error);
    cr_assert(without, "%s", error.text);
    cr_expect_null(canary_item(without, "canary-0", 1, &error));
    cr_expect(strstr(error.text, "lists no product of KIND_GUIDANCE"), "%s", error.text);
    policy_free(without);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(canary_item, without_memory_there_is_no_item_and_a_reason)
{
    struct snapshot *snapshot = kit_snapshot();
    bool failed = true;
    size_t nth = 1;
    for (; failed && nth < 1000; nth++) {
        struct error error = {.text = ""};
        failing_allocator_begin(nth, 1);
        json_t *item = canary_item(snapshot->policy, "canary-0", 1, &error);
        failed = failing_allocator_end();
        cr_expect_eq(item != NULL, !failed, "allocation %zu", nth);
        if (failed)
            cr_expect_eq(error.cause, CAUSE_NO_MEMORY);
        json_decref(item);
    }
    cr_expect(!failed && nth > 10);
    snapshot_free(snapshot);
}
