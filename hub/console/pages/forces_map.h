// SPDX-License-Identifier: Apache-2.0
// The country as equal tiles, one a force: a big rural force is not more important than a small one.
#pragma once
#include "hub/console/html/page.h"

// The map, and below it the forces without a place on it, by kind. Forces that do not pass the page's filter are faint.
void forces_map(const struct request *request, struct html *html);
// Whether a force passes the page's filter.
bool forces_map_passes(const struct request *request, const struct force_health *force);
