// SPDX-License-Identifier: Apache-2.0
// A registry put into force, whichever command changed it.
#pragma once
#include "hub/cli/commands/officer.h"

// Shows what changes in organisations and officers, asks, and writes it: officer_apply. registry is overwritten in
// version, time, digest and note. *changes says whether there was anything to do.
int registry_put(const struct cli *cli, struct documents *documents, Signalbox__V1__Registry *registry, bool *changes);
