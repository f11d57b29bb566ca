// SPDX-License-Identifier: Apache-2.0
// Rows of a snapshot by their names.
#pragma once
#include "hub/console/server/request.h"

// NULL if there is none of that name.
const struct force_health *name_force(const struct health *health, const char *id);
const struct source_health *name_source(const struct health *health, const char *agency);
const struct topic_health *name_topic(const struct health *health, const char *name);
const struct group_health *name_group(const struct health *health, const char *name);

// What an organisation is called, as force or as source; its id if the snapshot does not know it.
const char *name_of(const struct health *health, const char *id);
