// SPDX-License-Identifier: Apache-2.0
// Health in words: the whole for somebody who takes over a shift, one thing with all that is known of it, and the same
// as lines of JSON. Pure: the time is given.
#pragma once
#include "hub/cli/health/health_view.h"
#include "hub/cli/health/styled_text.h"

struct report {
    const struct health_view *view;
    int64_t now_ms;      // our clock
    const char *at;      // where it was asked
    const char *problem; // why there is nothing newer, or NULL
    bool elsewhere;      // that is not where commands ask by themselves: those that are shown say it
};

// What is asked for: a thing, all things of a kind, or, if both are NULL, the whole.
struct report_subject {
    const struct health_view_thing *thing;
    const struct health_view_kind *kind;
};

// "3 critical, 1 unknown", or that nothing is wrong; as the snapshot says, however old it is.
void report_counts(const struct health_view *view, char *text, size_t size);
// "■ CRITICAL: 2 critical, 1 unknown; 43 of 45 forces are served. Data is 3 s old." Begins no line; may take several.
void report_verdict(const struct report *report, struct styled_text *styled);
void report_whole(const struct report *report, struct styled_text *styled);
// All things of a kind as one table, the worst first.
void report_kind(const struct report *report, const struct health_view_kind *kind, struct styled_text *styled);
void report_thing(const struct report *report, const struct health_view_thing *thing, struct styled_text *styled);
// One trouble of the snapshot with everything it says.
void report_trouble(const struct report *report, const json_t *trouble, struct styled_text *styled);

// A command as it is shown: one that asks a hub asks this one. Lives as long as the styled text.
const char *report_command(const struct report *report, const char *command, struct styled_text *styled);

// One object a line: the snapshot, then each trouble, then each thing; or only those that are asked for, the worst
// first.
void report_lines(const struct report *report, struct report_subject subject, FILE *out);
// What is asked for as one object with its age; of a kind, "things" has them, the worst first.
json_t *report_json(const struct report *report, struct report_subject subject);
