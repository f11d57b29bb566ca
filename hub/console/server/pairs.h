// SPDX-License-Identifier: Apache-2.0
// Names with values, as addresses and forms carry them.
#pragma once
#include <stddef.h>

#define PAIRS_MOST 256

struct pair {
    const char *name, *value;
};
struct pairs {
    struct pair items[PAIRS_MOST];
    size_t n;
};

// The value, or NULL.
const char *pairs_find(const struct pairs *pairs, const char *name);
