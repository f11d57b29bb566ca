// SPDX-License-Identifier: Apache-2.0
// Keys that --keys names, brought into a registry.
#pragma once
#include "hub/base/arena.h"
#include "hub/cli/frame/command.h"
#include <signalbox/v1/control.pb-c.h>

// Gives the registry rows of its own, so that keys can be changed without touching the one that it was copied from.
void registry_copy_rows(Signalbox__V1__Registry *registry, struct arena *arena);
// Adds the keys of --keys, if it was given. COMMAND_OK, or the status to end with, said already.
int registry_add_keys(const struct cli *cli, Signalbox__V1__Registry *registry, struct arena *arena);
