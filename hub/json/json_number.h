// SPDX-License-Identifier: Apache-2.0
// Whole numbers from JSON, as numbers or as text. False if it is none, or outside of the range.
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

bool json_number_signed(const json_t *value, int64_t min, int64_t max, int64_t *out);
bool json_number_unsigned(const json_t *value, uint64_t max, uint64_t *out);
