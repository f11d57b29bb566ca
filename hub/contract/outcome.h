// SPDX-License-Identifier: Apache-2.0
// How the journey of a record can end, from the table in outcomes.def.
#pragma once
#include <signalbox/v1/receipt.pb-c.h>
#include <stddef.h>

enum outcome {
#define OUTCOME(code, verdict, text, remedy) OUTCOME_##code,
#include "hub/contract/outcomes.def"
#undef OUTCOME
    OUTCOME_COUNT
};

struct outcome_row {
    const char *code; // stable, such as "SIGNATURE_BAD"
    Signalbox__V1__Verdict verdict;
    const char *text;   // one sentence for the sender
    const char *remedy; // what the sender should do
};

// The row of an outcome; aborts on a value outside the table.
const struct outcome_row *outcome_row(enum outcome outcome);
// OUTCOME_COUNT if there is no such code.
enum outcome outcome_by_code(const char *code);
