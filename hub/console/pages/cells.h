// SPDX-License-Identifier: Apache-2.0
// Cells that several tables have, and figures made of others.
#pragma once
#include "hub/console/html/table.h"

// A link with a name, and the id below it where it says more.
void cell_name(struct html *html, const char *url, const char *name, const char *id);
// An agency by its id: a link where it has a page. The hub's own canary has none.
void cell_agency(const struct request *request, struct html *html, const char *agency);
void cell_count(struct html *html, uint64_t count);
void cell_moment(const struct request *request, struct html *html, struct figure at_ms);
// "grows", "steady", "shrinks" with an arrow.
void cell_trend(struct html *html, int trend);
// One of the big figures at the head of a page, between <dl class="figures"> and </dl>.
void cell_figure_begin(struct html *html, const char *term);
void cell_figure_end(struct html *html, const char *small); // a few words below it; NULL for none
void cell_figure_count(struct html *html, const char *term, struct figure figure, const char *small);
void cell_figure_duration(struct html *html, const char *term, struct figure ms, const char *small);
void cell_figure_time(const struct request *request, struct html *html, const char *term, struct figure at_ms);
// The delays from source over hub to reader, as three figures.
void cell_delays(struct html *html, const struct delays *delays);

// Unknown if one of them is.
struct figure cell_sum(struct figure a, struct figure b);
struct figure cell_difference(struct figure a, struct figure b);
struct figure cell_records(const struct topic_health *topic); // held by offsets, of all partitions
// Thousandths of a record as "12" or "0.4".
void cell_thousandths(struct html *html, struct figure thousandths);
// How long a topic keeps what it has; "for ever" for -1.
void cell_retention(struct html *html, struct figure retention_ms);
struct figure cell_retention_key(struct figure retention_ms); // for ever is the longest
void cell_bytes(struct html *html, struct figure bytes);      // "12.3 MiB"
// The first 8 characters of a long id in hex.
const char *cell_short(const struct request *request, const char *id);
