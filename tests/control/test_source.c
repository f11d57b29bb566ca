// SPDX-License-Identifier: Apache-2.0
#include "hub/control/source.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

Test(source, gives_nothing_before_the_first_snapshot_then_the_newest)
{
    struct source *source = source_new(2);
    struct control_source *interface = source_interface(source);
    cr_expect_null(interface->take(interface, 0));
    struct snapshot *first = kit_snapshot(), *second = kit_snapshot();
    source_publish(source, first);
    cr_expect_eq(interface->take(interface, 0), first);
    source_publish(source, second);
    cr_expect_eq(interface->take(interface, 1), second);
    source_free(source);
}

Test(source, keeps_an_old_snapshot_until_the_last_worker_has_moved_on)
{
    struct source *source = source_new(2);
    struct control_source *interface = source_interface(source);
    source_publish(source, kit_snapshot());
    interface->take(interface, 0);
    interface->take(interface, 1);
    source_publish(source, kit_snapshot());
    source_publish(source, kit_snapshot()); // nobody ever had the second one
    cr_expect_eq(source_sweep(source), 2);
    interface->take(interface, 0);
    cr_expect_eq(source_sweep(source), 2, "worker 1 still has the first");
    interface->take(interface, 1);
    cr_expect_eq(source_sweep(source), 1);
    source_free(source);
}
