// SPDX-License-Identifier: Apache-2.0
// What an agency did lately, in slots of time that are written over: the last hour by minutes, the last day by hours,
// delays by ten minutes. Pure; every number of it has a fixed size.
#pragma once
#include "hub/observe/health.h"

#define RECENT_MINUTE_MS INT64_C(60000)
#define RECENT_CODES     64 // all there are in outcomes.def, and some
#define RECENT_DELAYS    128

struct recent_counts {
    uint32_t records, refused, forwarded;
    uint32_t placed, strange; // of those accepted: regions known; none of them usual
};

struct recent_minute {
    int64_t minute;
    struct recent_counts counts;
};

struct recent_hour {
    int64_t hour;
    uint32_t accepted, duplicates, refused, forwarded, placed, strange;
    uint32_t codes[RECENT_CODES]; // refusals by place in recent.codes
};

struct recent_tens {
    int64_t tens; // of minutes
    uint32_t source[RECENT_DELAYS], hub[RECENT_DELAYS];
};

struct recent {
    struct recent_minute minutes[62];
    struct recent_hour hours[26];
    struct recent_tens tens[7];
    const char *codes[RECENT_CODES];
    size_t n_codes;
};

// The slots of a time, emptied if an older time was there; NULL if a newer one is.
struct recent_minute *recent_minute(struct recent *recent, int64_t at_ms);
struct recent_hour *recent_hour(struct recent *recent, int64_t at_ms);
// One refusal more by its code, which must be static.
void recent_refused(struct recent *recent, struct recent_hour *hour, const char *code);
// Delays in milliseconds; less than 0: not known.
void recent_delayed(struct recent *recent, int64_t at_ms, int64_t source_ms, int64_t hub_ms);

// Sum over the last minutes, at most 60.
struct recent_counts recent_sum(const struct recent *recent, int64_t now_ms, int64_t minutes);
// The hour's slot, or NULL if nothing is held of it.
const struct recent_hour *recent_held(const struct recent *recent, int64_t hour);
// Fills last_hour, last_day, accepted, duplicates, refused, forwarded, refusals and delays.
void recent_report(const struct recent *recent, int64_t now_ms, struct arena *arena, struct source_health *out);
