// SPDX-License-Identifier: Apache-2.0
// Organisations from a table; see registry_file.h.
#pragma once
#include "hub/control/registry_file.h"

Signalbox__V1__Registry *registry_csv_parse(char *text, size_t len, struct arena *arena, struct error *error);
