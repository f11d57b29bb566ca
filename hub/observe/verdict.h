// SPDX-License-Identifier: Apache-2.0
// What health can say of a thing, from verdicts.def; and a figure that may not be known.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_OK, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITY_UNKNOWN };

enum thing {
    THING_GROUP,
    THING_TOPIC,
    THING_SOURCE,
    THING_FORCE,
    THING_LANE,
    THING_PROCESS,
    THING_BROKER,
    THING_CONTROL,
    THING_KEY,
    THING_QUARANTINE,
    THING_CANARY,
    THING_LEDGER,
    THING_COUNT
};

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
const char *severity_name(enum severity severity); // "ok", "warning", "critical", "unknown"
const char *thing_name(enum thing thing);          // "group", "topic", ...
// The worse of two of the same thing: critical before unknown before warning before ok; of equal severity the later
// row.
enum verdict verdict_worse(enum verdict a, enum verdict b);
// How bad, for sorting and for the whole: 0 ok, 1 warning, 2 unknown, 3 critical.
int severity_pain(enum severity severity);

// A number that may not be known. Unknown is never shown as zero: "?" and "not permitted" in text, null in JSON, no
// sample in metrics.
enum figure_state { FIGURE_UNKNOWN, FIGURE_KNOWN, FIGURE_NOT_PERMITTED };
struct figure {
    enum figure_state state;
    int64_t value;
};
static inline struct figure figure_of(int64_t value)
{
    return (struct figure){FIGURE_KNOWN, value};
}
