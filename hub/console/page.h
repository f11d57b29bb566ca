// SPDX-License-Identifier: Apache-2.0
// What all pages share: the frame (marking, navigation, severity of the whole, age of the data, the same as a command line), and the
// small pieces that look the same everywhere.
#pragma once
#include "hub/console/request.h"

struct page_frame {
    const char *title;   // "Forces"
    const char *here;    // path of the navigation entry that is lit
    const char *command; // the same on a command line, to copy; NULL if there is none
};

// Between begin and end the caller writes the main part.
void page_begin(const struct request *request, struct reply *reply, const struct page_frame *frame);
void page_end(const struct request *request, struct reply *reply);
// A whole page that says that something is not there, or not allowed, and what to do.
void page_problem(const struct request *request, struct reply *reply, unsigned status, const char *title, const char *sentence);

// Shape, word and colour of a verdict; its meaning as title.
void page_badge(struct html *html, enum verdict verdict);
// "1,234", "?" or "not permitted".
void page_count(struct html *html, struct figure figure);
// "4.2 s", "3 min", "2 h", "5 d", "?" or "not permitted".
void page_duration(struct html *html, struct figure ms);
// <time datetime="...">14:03:11 UTC, 3 min ago</time>; "never" for 0.
void page_time(struct html *html, int64_t at_ms, int64_t now_ms);
// A finding: badge, since, detail, rule and numbers under <details>.
void page_finding(struct html *html, const struct finding *finding, int64_t now_ms);
