// SPDX-License-Identifier: Apache-2.0
// What the rules of a source's verdict look at. A rule gives true and fills the finding if it holds. Between
// rhythm_judge.c and rhythm_rules.c only.
#pragma once
#include "hub/observe/judge/rhythm_state.h"

struct rhythm_view {
    const struct rhythm *rhythm;
    const struct rhythm_settings *settings;
    struct arena *arena;
    const struct source_health *out;
    int64_t now_ms, from_ms; // from_ms: since when nothing came
    bool known;
    int64_t silent_after_ms;            // after from_ms; INT64_MAX if it cannot be said
    struct recent_counts hour, minutes; // the last 60 and the last 10 minutes
};

typedef bool rhythm_rule(const struct rhythm_view *view, struct finding *out);

struct finding rhythm_found(enum verdict verdict, const char *rule, const char *numbers, const char *detail);

// On what is refused, on what is named, on where it comes, and on how much it is.
rhythm_rule rhythm_refusals_burst, rhythm_refusals_above, rhythm_strange_regions, rhythm_forwarded_most,
    rhythm_drop_hour, rhythm_drop_day, rhythm_burst;
