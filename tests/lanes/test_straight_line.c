// SPDX-License-Identifier: Apache-2.0
// The whole loop on the model cluster, undisturbed.
#include "tests/kit/loop/world.h"
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>

Test(straight_line, a_report_reaches_the_feeds_the_ledger_the_receipt_and_the_state)
{
    struct snapshot *snapshot = kit_snapshot();
    struct world world;
    world_init(&world, 2, snapshot);
    struct kit_item *item = kit_report(&world.arena, "kent", 1);
    struct slice value = kit_envelope(&world.arena, item);
    world_send_right(&world, "kent", slice_text(item->header->subject), value);
    struct world_worker *worker = world_join(&world);
    world_share(&world);
    world_settle(&world);
    cr_assert_str_empty(worker_error(worker->worker)->text);
    uint32_t lane = lanes_place(slice_text(item->header->subject), 2);
    cr_expect_eq(world_count(&world, "ledger", lane), 1);
    cr_expect_eq(world_count(&world, "receipt.kent", 0), 1);
    cr_expect_eq(world_count(&world, "state", lane), 2);
    cr_expect_eq(worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
    cr_assert_eq(world_count(&world, "feed.nclcc", 0), 1);
    struct model_record record = world_record(&world, "feed.nclcc", 0, 0);
    cr_expect(world_copy(record.value, value));
    cr_expect_eq(record.n_headers, 7);
    world_deinit(&world);
    snapshot_free(snapshot);
}
