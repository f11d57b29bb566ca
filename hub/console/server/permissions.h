// SPDX-License-Identifier: Apache-2.0
// Who may do what, from permissions.def. Every check in the console goes through permission_allows.
#pragma once
#include <signalbox/v1/control.pb-c.h>
#include <stdbool.h>
#include <stdint.h>

// Roles as a bit set: 1 << Signalbox__V1__Role.
typedef uint32_t roles;

enum permission {
#define PERMISSION(id, allowed, text) PERMISSION_##id,
#include "hub/console/server/permissions.def"
#undef PERMISSION
    PERMISSION_COUNT
};

// The bit of a role.
static inline roles role_bit(Signalbox__V1__Role role)
{
    return (roles)1 << (unsigned)role;
}

// Aborts on a permission outside the table.
bool permission_allows(enum permission permission, roles held);
// What it allows, as a sentence.
const char *permission_text(enum permission permission);
