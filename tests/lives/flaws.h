// SPDX-License-Identifier: Apache-2.0
// What can be wrong with the bytes of an item, by name.
#pragma once
#include "tests/kit/core/envelopes.h"

// Ends the program if there is no flaw of that name; the empty name is none. Item and header are the caller's own; what
// they point to is not changed.
void flaws_before(struct arena *arena, const char *name, struct kit_item *item);
struct slice flaws_after(struct arena *arena, const char *name, struct slice value);
