// SPDX-License-Identifier: Apache-2.0
// Fixtures of health as a client sees them, and what a sheet says as text.
#pragma once
#include "hub/cli/health/report.h"
#include "hub/observe/tell/health_json.h"
#include "tests/kit/health/unwell_health.h"
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1700000000000)

typedef struct health *make_health(int64_t now_ms);

static make_health *const all_fixtures[] = {kit_health_well, kit_health_night, kit_health_unwell, kit_health_cut,
    kit_health_control_behind, kit_health_control_missing, kit_health_hostile};
#define N_FIXTURES (sizeof all_fixtures / sizeof *all_fixtures)

static inline struct health_view *health_view_of(make_health *make)
{
    struct error error;
    struct health *health = make(NOW_MS);
    struct health_view *view = health_view_new(health_json(health), 0, &error);
    health_drop(health);
    return view;
}

static inline struct report report_of(const struct health_view *view)
{
    return (struct report){.view = view, .now_ms = NOW_MS + 2000, .at = "http://127.0.0.1:9309"};
}

// To be freed.
static inline char *text_of(const struct styled_text *styled)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    styled_text_write(styled, 0, styled->n, false, out);
    fclose(out);
    return text;
}
