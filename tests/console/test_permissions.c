// SPDX-License-Identifier: Apache-2.0
// Who may open what: every route of routes.def against each role, as it is written here a second time. A route that is
// not here, or not as here, fails.
#include "hub/console/server/permissions.h"
#include <criterion/criterion.h>
#include <string.h>

// Letters: - nobody in particular (no role at all), v viewer, q quarantine officer, s subscription officer, c content
// reader.
static const struct expected {
    const char *method, *path, *who;
} expected[] = {
    {"GET", "/healthz", "-vqsc"},
    {"GET", "/readyz", "-vqsc"},
    {"GET", "/assets/*", "-vqsc"},
    {"GET", "/metrics", "vqsc"},
    {"GET", "/health.json", "vqsc"},
    {"GET", "/trail/*", "vqsc"},
    {"GET", "/events", "vqsc"},
    {"GET", "/", "vqsc"},
    {"GET", "/find", "vqsc"},
    {"GET", "/forces", "vqsc"},
    {"GET", "/forces/*", "vqsc"},
    {"GET", "/sources", "vqsc"},
    {"GET", "/sources/*", "vqsc"},
    {"GET", "/topics", "vqsc"},
    {"GET", "/topics/*", "vqsc"},
    {"GET", "/groups/*", "vqsc"},
    {"GET", "/item", "vqsc"},
    {"GET", "/item/*", "vqsc"},
    {"GET", "/quarantine", "vqsc"},
    {"GET", "/quarantine/*", "vqsc"},
    {"GET", "/subscriptions", "vqsc"},
    {"GET", "/subscriptions/*", "vqsc"},
    {"GET", "/ledger", "vqsc"},
    {"GET", "/hub", "vqsc"},
    {"GET", "/about", "vqsc"},
    {"POST", "/item/content", "c"},
    {"POST", "/quarantine/content", "q"},
    {"POST", "/quarantine/tell", "q"},
    {"POST", "/quarantine/done", "q"},
    {"POST", "/quarantine/all-done", "q"},
    {"POST", "/subscriptions/apply", "s"},
    {"POST", "/subscriptions/withdraw", "s"},
};
#define EXPECTED (sizeof expected / sizeof *expected)

static const struct row {
    const char *method, *path;
    enum permission permission;
} rows[] = {
#define ROUTE(method, path, permission, handler) {#method, path, PERMISSION_##permission},
#include "hub/console/server/routes.def"
#undef ROUTE
};
#define ROWS (sizeof rows / sizeof *rows)

static const struct {
    char letter;
    roles roles;
} roles_of[] = {
    {'-', 0},
    {'v', 1u << SIGNALBOX__V1__ROLE__ROLE_VIEWER},
    {'q', 1u << SIGNALBOX__V1__ROLE__ROLE_QUARANTINE_OFFICER},
    {'s', 1u << SIGNALBOX__V1__ROLE__ROLE_SUBSCRIPTION_OFFICER},
    {'c', 1u << SIGNALBOX__V1__ROLE__ROLE_CONTENT_READER},
};
#define ROLES (sizeof roles_of / sizeof *roles_of)

static const struct expected *expected_of(const struct row *row)
{
    for (size_t i = 0; i < EXPECTED; i++)
        if (strcmp(expected[i].method, row->method) == 0 && strcmp(expected[i].path, row->path) == 0)
            return &expected[i];
    return NULL;
}

Test(permissions, each_role_may_open_exactly_what_is_written_down)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct expected *row = expected_of(&rows[i]);
        cr_assert(row, "%s %s is new: write down who may", rows[i].method, rows[i].path);
        for (size_t r = 0; r < ROLES; r++)
            cr_expect_eq(permission_allows(rows[i].permission, roles_of[r].roles),
                strchr(row->who, roles_of[r].letter) != NULL, "%s %s with role %c", row->method, row->path,
                roles_of[r].letter);
    }
    cr_expect_eq(ROWS, EXPECTED, "a route is gone or stands twice");
}

Test(permissions, several_roles_allow_what_each_of_them_does_and_no_more)
{
    for (size_t i = 0; i < ROWS; i++)
        for (unsigned set = 0; set < 16; set++) {
            roles held = 0;
            bool should = strchr(expected_of(&rows[i])->who, '-') != NULL;
            for (unsigned r = 1; r < ROLES; r++)
                if (set & 1u << (r - 1)) {
                    held |= roles_of[r].roles;
                    should |= strchr(expected_of(&rows[i])->who, roles_of[r].letter) != NULL;
                }
            cr_expect_eq(permission_allows(rows[i].permission, held), should, "%s with set %u", rows[i].path, set);
        }
}

Test(permissions, bits_that_are_no_role_allow_nothing)
{
    roles strange = ~(roles)0x1e;
    for (size_t i = 0; i < ROWS; i++)
        cr_expect_eq(permission_allows(rows[i].permission, strange), rows[i].permission == PERMISSION_ANYBODY, "%s",
            rows[i].path);
    cr_expect(strlen(permission_text(PERMISSION_SEE_ITEM)) > 10);
}
