// SPDX-License-Identifier: Apache-2.0
// Why a check said no: the outcome, and where in the record. Filled by the check that refuses; never holds content.
#pragma once
#include <stdint.h>

#define REFUSAL_PATH_BYTES 256

#define OUTCOMES_MAX 64 // most outcomes that there can be: for arrays of one place each

// An outcome is a number here and in all headers that pass one on, so that a new one concerns only the files that name
// some: they include hub/contract/outcome.h.
struct refusal {
    unsigned outcome;              // enum outcome
    char path[REFUSAL_PATH_BYTES]; // such as "header.parts[1].digest"; empty if no field is to blame
    int64_t offset;                // of the field in the record's value, in bytes; -1 if none
};
