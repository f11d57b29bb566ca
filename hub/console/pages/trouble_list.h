// SPDX-License-Identifier: Apache-2.0
// Troubles as cards: what is wrong, since when, whom it hurts, the likely cause, what to do, and the command to copy.
#pragma once
#include "hub/console/html/page.h"

// All that is wrong now, worst first.
void trouble_list(const struct request *request, struct html *html);
// Those of one thing, or that hurt a force, under a heading; nothing at all if there are none. thing or force may be
// NULL. Whether there are any.
bool trouble_list_about(const struct request *request, struct html *html, const char *thing, const char *force);
