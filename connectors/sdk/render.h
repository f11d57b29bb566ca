// SPDX-License-Identifier: Apache-2.0
// An item as a person reads it.
#pragma once
#include "connectors/sdk/inspect.h"
#include <stdio.h>

// Marking banner, what it is and from whom, whom it names, why this force has it (bits AudienceReason; 0 if not known),
// then every part with its statements and grades; a part that was withheld is shown as such. Safe for a terminal.
void render_item(FILE *out, const struct inspected *item, uint32_t audience);
