// SPDX-License-Identifier: Apache-2.0
// An item as a person reads it: for the forces' command line and for the console.
#pragma once
#include "hub/contract/envelope.h"
#include <stdio.h>

// Marking banner, what it is and from whom, whom it names, why this force has it (bits AudienceReason; 0 if not known),
// then every part with its statements and grades; a part that was withheld (bodies[i] is NULL) is shown as such. Safe
// for a terminal.
void render_item(
    FILE *out, const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies, uint32_t audience);
// "OFFICIAL-SENSITIVE" and so on.
const char *render_classification(Signalbox__V1__Classification classification);
