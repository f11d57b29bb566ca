// SPDX-License-Identifier: Apache-2.0
// The deployment that a program works with: told, or the first that it saw, and never another.
#include "connectors/sdk/deployment.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

#define OWN "61206d6f64656c206875620000000000"

static struct snapshot *of_deployment(uint8_t first)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    registry->deployment_id.data[0] = first;
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    arena_deinit(&arena);
    return snapshot;
}

Test(deployment, is_read_from_hexadecimal_digits_or_left_open)
{
    static const struct {
        const char *hex;
        bool good, known;
    } rows[] = {{NULL, true, false}, {OWN, true, true}, {"61206D6F64656C206875620000000000", true, true},
        {"", false, true}, {"61206d6f64656c2068756200000000", false, true}, {OWN "00", false, true},
        {"g1206d6f64656c206875620000000000", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct deployment deployment;
        struct error error = {.text = ""};
        cr_expect_eq(deployment_read(&deployment, rows[i].hex, &error), rows[i].good, "case %zu", i);
        if (rows[i].good)
            cr_expect_eq(deployment_id(&deployment).len, rows[i].known ? PROOF_DEPLOYMENT_BYTES : 0, "case %zu", i);
        if (rows[i].good && rows[i].known)
            cr_expect(slice_equal(deployment_id(&deployment), kit_deployment()), "case %zu", i);
        cr_expect_eq(*error.text != 0, !rows[i].good, "case %zu", i);
    }
}

Test(deployment, the_first_that_is_seen_is_kept_and_what_was_told_counts_from_the_start)
{
    struct snapshot *own = of_deployment('a'), *other = of_deployment('b');
    struct error error;
    for (int told = 0; told < 2; told++) {
        struct deployment deployment;
        cr_assert(deployment_read(&deployment, told ? OWN : NULL, &error));
        cr_expect(told || deployment_keep(&deployment, own, &error));
        cr_expect_not(deployment_keep(&deployment, other, &error));
        cr_expect(strstr(error.text, "works with " OWN " alone"), "%s", error.text);
        cr_expect(deployment_keep(&deployment, own, &error));
    }
    snapshot_free(own);
    snapshot_free(other);
}
