// SPDX-License-Identifier: Apache-2.0
// The small pieces that look the same on all pages.
#pragma once
#include "hub/base/clock.h"
#include "hub/console/server/request.h"

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
// "signalbox status NAME", the name quoted as a shell needs it.
const char *page_status(const struct request *request, const char *name);
// What a chart or a table is of, with nothing to show: <p class="empty">sentence</p>.
void page_empty(struct html *html, const char *sentence);
