// SPDX-License-Identifier: Apache-2.0
// Why a check said no: the outcome, and where in the record. Filled by the check that refuses; never holds content.
#pragma once
#include "hub/contract/outcome.h"
#include <stdint.h>

#define REFUSAL_PATH_BYTES 256

struct refusal {
    enum outcome outcome;
    char path[REFUSAL_PATH_BYTES]; // such as "header.parts[1].digest"; empty if no field is to blame
    int64_t offset;                // of the field in the record's value, in bytes; -1 if none
};
