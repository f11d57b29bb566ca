// SPDX-License-Identifier: Apache-2.0
// The table of permissions. A row names the roles that may; whoever has none of them may not, and there is no order
// among roles.
#include "hub/console/server/permissions.h"
#include <stdlib.h>

#define BIT(role)            ((roles)1 << SIGNALBOX__V1__ROLE__ROLE_##role)
#define VIEWER               BIT(VIEWER)
#define QUARANTINE_OFFICER   BIT(QUARANTINE_OFFICER)
#define SUBSCRIPTION_OFFICER BIT(SUBSCRIPTION_OFFICER)
#define CONTENT_READER       BIT(CONTENT_READER)
#define ANY                  UINT32_MAX // also those without any role

static const struct row {
    roles allowed;
    const char *text;
} rows[] = {
#define PERMISSION(id, allowed, text) [PERMISSION_##id] = {allowed, text},
#include "hub/console/server/permissions.def"
#undef PERMISSION
};

static const struct row *row_of(enum permission permission)
{
    if ((unsigned)permission >= PERMISSION_COUNT)
        abort();
    return &rows[permission];
}

bool permission_allows(enum permission permission, roles held)
{
    const struct row *row = row_of(permission);
    return row->allowed == ANY || (row->allowed & held) != 0;
}

const char *permission_text(enum permission permission)
{
    return row_of(permission)->text;
}
