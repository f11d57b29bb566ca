// SPDX-License-Identifier: Apache-2.0
// The control documents of the tests, compiled.
#include "tests/kit/core/control.h"
#include <stdio.h>
#include <stdlib.h>

struct snapshot *kit_snapshot(void)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    struct snapshot *snapshot =
        snapshot_new(registry, kit_policy(&arena), rows, registry->n_organisations, registry->n_organisations, &error);
    if (!snapshot) {
        fprintf(stderr, "tests/kit: the control documents do not compile: %s\n", error.text);
        abort();
    }
    arena_deinit(&arena);
    return snapshot;
}
