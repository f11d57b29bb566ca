// SPDX-License-Identifier: Apache-2.0
// The snapshot as JSON: the stable form that status, check, top and other programs read (GET /health.json). Every field
// of health.h under its own name; a figure is its number, null if not known, or "not permitted"; a finding is an object
// with verdict, severity, word, meaning, remedy, since_ms, rule, numbers, detail; a trouble has verdict, severity and
// word. What operators have a name for carries it as "thing": "group/feed-kent". The length of a list is not repeated
// as n_.
#pragma once
#include "hub/observe/health.h"
#include <jansson.h>

// Says what it is and in which version: programs look at this first. It grows with every change that is not an
// addition.
#define HEALTH_JSON_SCHEMA  "signalbox_health"
#define HEALTH_JSON_VERSION 1

// A new reference. NULL without memory.
json_t *health_json(const struct health *health);
