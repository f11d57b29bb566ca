// SPDX-License-Identifier: Apache-2.0
// What health can say of a thing, from verdicts.def.
#pragma once
#include "hub/observe/figure.h"
#include "hub/observe/severity.h"
#include "hub/observe/thing.h"

enum verdict {
#define VERDICT(id, of, severity, word, meaning, remedy) VERDICT_##id,
#include "hub/observe/verdicts.def"
#undef VERDICT
    VERDICT_COUNT
};

struct verdict_row {
    const char *id; // "READER_STOPPED"
    enum thing of;
    enum severity severity;
    const char *word;    // "stopped"
    const char *meaning; // one sentence
    const char *remedy;  // what to do
};

const struct verdict_row *verdict_row(enum verdict verdict); // aborts on a value outside the table
enum severity verdict_severity(enum verdict verdict);
// The worse of two of the same thing: critical before unknown before warning before ok; of equal severity the later
// row.
enum verdict verdict_worse(enum verdict a, enum verdict b);
