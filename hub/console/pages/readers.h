// SPDX-License-Identifier: Apache-2.0
// Reading groups as a table.
#pragma once
#include "hub/console/table.h"

// All groups that pass the filter of the page if topic and force are NULL; else those that read the topic, or the force's feed.
void readers_put(const struct request *request, struct html *html, const char *path, const char *topic, const char *force);
// The worst lag of the groups that read a topic; unknown if none does. *group is the one.
struct figure readers_lag(const struct health *health, const char *topic, const struct group_health **group);
