// SPDX-License-Identifier: Apache-2.0
// What the fixtures of health are put together from.
#pragma once
#include "hub/observe/things.h"
#include "tests/kit/health/unwell_health.h"

#define UNWELL_SECOND 1000LL
#define UNWELL_MINUTE (60 * UNWELL_SECOND)
#define UNWELL_HOUR   (60 * UNWELL_MINUTE)
#define UNWELL_DAY    (24 * UNWELL_HOUR)

// The forces of the sample registry: police, regional units and agencies that no date ends.
void unwell_forces(struct health *health);
void unwell_topics(struct health *health); // after forces and sources
void unwell_groups(struct health *health); // after forces
void unwell_sources(struct health *health);
void unwell_hub(struct health *health, uint32_t n_lanes); // lanes, processes, canaries, ledgers
void unwell_keys(struct health *health);                  // after forces

void *unwell_array(struct health *health, size_t n, size_t size);
const char *unwell_hex(struct health *health, uint32_t seed, size_t bytes);
struct finding unwell_finding(const struct health *health, enum verdict verdict, int64_t ago_ms, const char *rule,
    const char *numbers, const char *detail);
