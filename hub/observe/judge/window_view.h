// SPDX-License-Identifier: Apache-2.0
// A window in plain numbers, for the rules.
#pragma once
#include "hub/observe/judge/window.h"

struct window_view {
    const struct window_facts *facts;
    const struct window *window;
    const struct window_sample *last; // NULL: no sample
    int64_t now_ms;
    int64_t lag, lost;      // now
    int64_t moved, span_ms; // over the window
    size_t standing;        // newest samples in which the place stood while records waited
    int64_t standing_ms;
    bool full;                                                 // ten samples that can be compared, over long enough
    bool was_caught_up, shrank, new_data, committed_in_window; // at any point of it
};

struct window_view window_view(const struct window *window, const struct window_facts *facts, int64_t now_ms);
