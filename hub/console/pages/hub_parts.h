// SPDX-License-Identifier: Apache-2.0
// The parts of the hub page, each with its heading.
#pragma once
#include "hub/console/html/page.h"

void hub_lanes(const struct request *request, struct html *html);
void hub_ledgers(const struct request *request, struct html *html);
void hub_processes(const struct request *request, struct html *html);
void hub_counters(const struct request *request, struct html *html);
void hub_canaries(const struct request *request, struct html *html);
void hub_keys(const struct request *request, struct html *html);
