// SPDX-License-Identifier: Apache-2.0
// What all pages share: the frame (marking, navigation, severity of the whole, age of the data, the same as a command
// line), and the small pieces that look the same everywhere.
#pragma once
#include "hub/console/server/request.h"
#include "hub/base/clock.h"

struct page_frame {
    const char *title;   // "Forces"
    const char *here;    // path of the navigation entry that is lit
    const char *command; // the same on a command line, to copy; NULL if there is none
    const char *marking; // of content that the page shows; NULL: it shows none
};

// Between begin and end the caller writes the main part.
void page_begin(const struct request *request, struct reply *reply, const struct page_frame *frame);
void page_end(const struct request *request, struct reply *reply);
// A whole page that says that something is not there, or not allowed, and what to do.
void page_problem(
    const struct request *request, struct reply *reply, unsigned status, const char *title, const char *sentence);

// Shape, word and colour of a verdict; its meaning as title.
void page_badge(struct html *html, enum verdict verdict);
// "1,234", "?" or "not permitted".
void page_count(struct html *html, struct figure figure);
// "4.2 s", "3 min", "2 h", "5 d", "?" or "not permitted".
void page_duration(struct html *html, struct figure ms);
// <time datetime="...">14:03:11 UTC, 3 min ago</time> of what has happened; "never" for 0.
void page_time(struct html *html, int64_t at_ms, int64_t now_ms);
// The same of what may lie ahead: "30 Dec 14:00 UTC, in 31 d".
void page_deadline(struct html *html, int64_t at_ms, int64_t now_ms);
// A finding: badge, since, detail, rule and numbers under <details>.
void page_finding(struct html *html, const struct finding *finding, int64_t now_ms);
// Which section of the runbooks is about a verdict: a row of a <dl>.
void page_runbook(struct html *html, enum verdict verdict);
// A command with a button that copies it. One about health is told where this console is, if it would not find it.
void page_command(const struct request *request, struct html *html, const char *command);
// What a chart or a table is of, with nothing to show: <p class="empty">sentence</p>.
void page_empty(struct html *html, const char *sentence);

// base and text as an address, text percent-encoded but for its slashes: ("/groups/", "a b") gives "/groups/a%20b". In
// the request's arena. text is told apart from base: only base may hold ? and &.
const char *page_url(const struct request *request, const char *base, const char *text);
// The address of a thing's page by its name everywhere ("group/feed-kent"), in the request's arena.
const char *page_thing_url(const struct request *request, const char *thing);
