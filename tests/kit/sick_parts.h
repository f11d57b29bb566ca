// SPDX-License-Identifier: Apache-2.0
// What the fixtures of health are put together from.
#pragma once
#include "hub/observe/things.h"
#include "tests/kit/sick.h"

#define SICK_SECOND 1000LL
#define SICK_MINUTE (60 * SICK_SECOND)
#define SICK_HOUR   (60 * SICK_MINUTE)
#define SICK_DAY    (24 * SICK_HOUR)

// The forces of the sample registry: police, regional units and agencies that no date ends.
void sick_forces(struct health *health);
void sick_topics(struct health *health); // after forces and sources
void sick_groups(struct health *health); // after forces
void sick_sources(struct health *health);
void sick_hub(struct health *health, uint32_t n_lanes); // lanes, processes, canaries, ledgers
void sick_keys(struct health *health);                  // after forces

void *sick_array(struct health *health, size_t n, size_t size);
const char *sick_hex(struct health *health, uint32_t seed, size_t bytes);
struct finding sick_finding(const struct health *health, enum verdict verdict, int64_t ago_ms, const char *rule,
    const char *numbers, const char *detail);
