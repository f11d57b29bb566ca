// SPDX-License-Identifier: Apache-2.0
// Health in words: the whole for somebody who takes over a shift, one thing with all that is known of it, and the same as lines
// of JSON. Pure: the time is given.
#pragma once
#include "hub/cli/health/outlook.h"
#include "hub/cli/health/sheet.h"

struct report {
    const struct outlook *outlook;
    int64_t now_ms;          // our clock
    const char *at;          // where it was asked
    const char *problem;     // why there is nothing newer, or NULL
};

// "3 critical, 1 unknown", or that nothing is wrong; as the snapshot says, however old it is.
void report_counts(const struct outlook *outlook, char *text, size_t size);
// "■ CRITICAL: 2 critical, 1 unknown; 43 of 45 forces are served. Data is 3 s old." Begins no line; may take several.
void report_verdict(const struct report *report, struct sheet *sheet);
void report_whole(const struct report *report, struct sheet *sheet);
void report_thing(const struct report *report, const struct outlook_thing *thing, struct sheet *sheet);
// One trouble of the snapshot with everything it says.
void report_trouble(const struct report *report, const json_t *trouble, struct sheet *sheet);

// One object a line: the snapshot, then each trouble, then each thing; or only thing, if it is not NULL.
void report_lines(const struct report *report, const struct outlook_thing *thing, FILE *out);
// The whole, or thing, as one object with its age.
json_t *report_json(const struct report *report, const struct outlook_thing *thing);
