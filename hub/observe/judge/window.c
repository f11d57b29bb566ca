// SPDX-License-Identifier: Apache-2.0
// Samples of a reader's place, ten of them, and what they say when they are looked at together.
#include "hub/observe/judge/window_view.h"

static bool lies_before(const struct window_sample *sample)
{
    // A transaction ends in a marker, so an empty log whose end is one ahead of the place has lost nothing but that
    // marker.
    bool only_marker = sample->start == sample->end && sample->committed + 1 == sample->start;
    return sample->committed >= 0 && sample->committed < sample->start && !sample->caught_up && !only_marker;
}

static int64_t lag_of(const struct window_sample *sample)
{
    int64_t place = sample->committed > sample->start ? sample->committed : sample->start;
    return sample->caught_up || place > sample->end ? 0 : sample->end - place;
}

static bool has_reached(const struct window *window, const struct window_sample *sample)
{
    // A feed that was made anew may never grow to the old place: its end is enough.
    int64_t goal = window->high_committed < sample->end ? window->high_committed : sample->end;
    return sample->committed >= goal || sample->caught_up;
}

void window_add(struct window *window, const struct window_sample *sample)
{
    const struct window_sample *before = window->n ? &window->samples[window->n - 1] : NULL;
    if (sample->committed >= 0) {
        bool known = before && before->committed >= 0;
        if (known && before->committed != sample->committed)
            window->moved_ms = sample->at_ms;
        if (known && sample->committed < before->committed)
            window->rewound_ms = sample->at_ms;
        if (has_reached(window, sample)) {
            window->rewound_ms = 0;
            window->high_committed = sample->committed;
        }
    }
    if (before && before->at_ms == sample->at_ms)
        window->n--;
    else if (window->n == WINDOW_SAMPLES)
        memmove(window->samples, window->samples + 1, --window->n * sizeof *window->samples);
    window->samples[window->n++] = *sample;
}

static size_t count_standing(const struct window *window)
{
    size_t n = 0;
    const struct window_sample *samples = window->samples;
    while (n < window->n && lag_of(&samples[window->n - 1 - n]) > 0 &&
           samples[window->n - 1 - n].committed == samples[window->n - 1].committed)
        n++;
    return n;
}

static void view_pair(struct window_view *view, const struct window_sample *before, const struct window_sample *after)
{
    if (before->committed >= 0 && after->committed > before->committed)
        view->moved += after->committed - before->committed;
    view->shrank |= lag_of(after) < lag_of(before);
    view->new_data |= after->end != before->end;
}

struct window_view window_view(const struct window *window, const struct window_facts *facts, int64_t now_ms)
{
    struct window_view view = {.facts = facts, .window = window, .now_ms = now_ms};
    if (!window->n)
        return view;
    const struct window_sample *samples = window->samples;
    view.last = &samples[window->n - 1];
    view.lag = lag_of(view.last);
    view.lost = lies_before(view.last) ? view.last->start - view.last->committed : 0;
    view.span_ms = view.last->at_ms - samples[0].at_ms;
    bool comparable = view.last->committed < 0 || samples[0].committed >= 0;
    view.full = window->n == WINDOW_SAMPLES && view.span_ms >= WINDOW_STOPPED_MS && comparable;
    view.standing = count_standing(window);
    if (view.standing)
        view.standing_ms = view.last->at_ms - samples[window->n - view.standing].at_ms;
    for (size_t i = 0; i < window->n; i++) {
        view.was_caught_up |= lag_of(&samples[i]) == 0;
        view.committed_in_window |= samples[i].committed >= 0;
        if (i)
            view_pair(&view, &samples[i - 1], &samples[i]);
    }
    return view;
}

void window_halves(const struct window *window, int64_t *older, int64_t *newer)
{
    size_t half = window->n / 2;
    *older = *newer = 0;
    for (size_t i = 0; i < half; i++) {
        *older += lag_of(&window->samples[i]);
        *newer += lag_of(&window->samples[window->n - 1 - i]);
    }
    if (half) {
        *older /= (int64_t)half;
        *newer /= (int64_t)half;
    }
}

int window_trend(int64_t older, int64_t newer)
{
    int64_t greater = older > newer ? older : newer;
    int64_t apart = older > newer ? older - newer : newer - older;
    if (apart == 0 || apart * 10 <= greater)
        return 0;
    return newer > older ? 1 : -1;
}
