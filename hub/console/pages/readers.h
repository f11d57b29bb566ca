// SPDX-License-Identifier: Apache-2.0
// Reading groups as a table.
#pragma once
#include "hub/console/html/table.h"

// All groups that pass the filter of the page if topic and force are NULL; else those that read the topic, or the
// force's feed.
void readers_put(
    const struct request *request, struct html *html, const char *path, const char *topic, const char *force);
// For each topic of the snapshot the worst group that reads it, or NULL; in the request's arena. NULL without memory.
const struct group_health **readers_worst(const struct request *request);
