// SPDX-License-Identifier: Apache-2.0
// The snapshot as JSON: the stable form that status, check, top and other programs read (GET /health.json). Every field of
// health.h under its own name; a figure is its number, null if not known, or "not permitted"; a finding is an object with verdict,
// severity, word, meaning, remedy, since_ms, rule, numbers, detail.
#pragma once
#include "hub/observe/health.h"
#include <jansson.h>

json_t *health_json(const struct health *health);
