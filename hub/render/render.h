// SPDX-License-Identifier: Apache-2.0
// An item as a person reads it: for the forces' command line and for the console.
#pragma once
#include "hub/contract/envelope.h"
#include <stdio.h>

// Marking banner, what it is and from whom, whom it names, why this force has it (bits AudienceReason; 0 if not known),
// what its agency announces, then every part that came with its statements and grades, and whether a newer contract
// says more than is shown. What did not come leaves no trace. bodies[i] is the body of the i-th part carried, NULL if
// this program does not know its type. envelope_infos must have been read. Safe for a terminal.
void render_item(FILE *out, const struct envelope *envelope, const Signalbox__V1__Header *header,
    const ProtobufCMessage *const *bodies, uint32_t audience);
// "OFFICIAL-SENSITIVE" and so on.
const char *render_classification(Signalbox__V1__Classification classification);
