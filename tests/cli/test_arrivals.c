// SPDX-License-Identifier: Apache-2.0
// What arrived against what should have: missing, too many, twice.
#include "hub/cli/demo/arrivals.h"
#include <criterion/criterion.h>

struct row {
    const char *name;
    const char *should[4], *have[4]; // forces, each with one part of one item
    size_t missing, extra, twice;
};

static const struct row rows[] = {
    {"nothing", {0}, {0}, 0, 0, 0},
    {"the same in another order", {"kent", "essex"}, {"essex", "kent"}, 0, 0, 0},
    {"one missing", {"kent", "essex"}, {"kent"}, 1, 0, 0},
    {"one too many", {"kent"}, {"kent", "essex"}, 0, 1, 0},
    {"one twice", {"kent"}, {"kent", "kent"}, 0, 0, 1},
    {"one too many, and that twice", {"kent"}, {"essex", "essex", "kent"}, 0, 1, 1},
    {"one instead of another", {"kent"}, {"essex"}, 1, 1, 0},
};

static void fill_rows(struct arrivals *arrivals, const char *const forces[4])
{
    for (size_t i = 0; i < 4 && forces[i]; i++)
        arrivals_add(arrivals, forces[i], "mopac", "i", "Part 1");
}

Test(arrivals, are_compared_as_sets)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arrivals should = {0}, have = {0};
        fill_rows(&should, rows[i].should);
        fill_rows(&have, rows[i].have);
        struct arrivals_difference difference = arrivals_compare(&should, &have);
        cr_expect_eq(difference.missing, rows[i].missing, "%s", rows[i].name);
        cr_expect_eq(difference.extra, rows[i].extra, "%s", rows[i].name);
        cr_expect_eq(difference.twice, rows[i].twice, "%s", rows[i].name);
        cr_expect(
            (difference.example != NULL) == (rows[i].missing + rows[i].extra + rows[i].twice > 0), "%s", rows[i].name);
        arrivals_deinit(&should);
        arrivals_deinit(&have);
    }
}

Test(arrivals, tell_parts_apart_and_count_by_force)
{
    struct arrivals should = {0}, have = {0};
    arrivals_add(&should, "kent", "mopac", "i", "Part 1+Part 2");
    arrivals_add(&have, "kent", "mopac", "i", "Part 1");
    arrivals_add(&have, "kentish", "mopac", "i", "Part 1");
    cr_expect_str_eq(should.rows[0], "kent,mopac,i,Part 1+Part 2");
    cr_expect_eq(arrivals_compare(&should, &have).missing, 1);
    cr_expect_eq(arrivals_of(&have, "kent"), 1);
    arrivals_deinit(&should);
    arrivals_deinit(&have);
}
