// SPDX-License-Identifier: Apache-2.0
// A snapshot as its clients see it: the JSON of /health.json, how old it is, and all its things in one list, each with
// the name that operators use. What status, check and top show comes from here.
#pragma once
#include "hub/base/error.h"
#include "hub/observe/verdict.h"
#include <jansson.h>

struct health_view_thing {
    const char *name; // "group/feed-kent"
    enum thing of;
    enum severity severity;
    const char *word;      // "stopped"
    const json_t *object;  // its row; the snapshot itself for broker and control; the sums of all rows for quarantine
    const json_t *finding; // NULL for refused records of one agency and code
    bool single;           // there is one of it, and its finding is the snapshot's
    bool sums;             // a single one that stands for others of its kind, which are listed, too: counted apart
};

struct health_view {
    json_t *json;
    int64_t at_ms; // when it was collected, by the hub's clock; 0 if nothing has been yet
    int64_t every_ms;
    int64_t clock_ms;       // what the hub's clock is ahead of ours
    enum severity severity; // as the hub says; health_view_severity adds the age
    struct health_view_thing *things;
    size_t n_things;
    json_t *refused; // what all refused records come to: waiting, dealt_with, oldest_ms
};

struct health_view_kind {
    enum thing of;
    const char *plural, *list, *single, *title;
};
size_t health_view_kinds(const struct health_view_kind **kinds);
const struct health_view_kind *health_view_kind(const char *plural); // NULL if there is none

// Takes the reference, whatever comes of it. NULL with a sentence if it is no snapshot of a Signalbox, or of a version
// that this program does not know. clock_ms is the hub's clock minus ours.
struct health_view *health_view_new(json_t *json, int64_t clock_ms, struct error *error);
struct health_view *health_view_free(struct health_view *view); // takes NULL, returns NULL

int64_t health_view_age_ms(const struct health_view *view, int64_t now_ms);
// Older than three collections, or never collected: then nobody knows how it is now.
bool health_view_is_stale(const struct health_view *view, int64_t now_ms);
enum severity health_view_severity(const struct health_view *view, int64_t now_ms);

// Of all things of a kind the worst; unknown if there are none.
enum severity health_view_severity_of_kind(const struct health_view *view, enum thing of);

const struct health_view_thing *health_view_find(
    const struct health_view *view, const char *name); // NULL if there is none
// The names nearest to one that is not there, "force/kent, source/kent"; empty if nothing is near.
void health_view_nearest(const struct health_view *view, const char *name, char *text, size_t size);

// Members, whatever the JSON holds: "" for a text that is not there, an unknown figure for a number that is not.
const char *health_view_text(const json_t *object, const char *key);
struct figure health_view_figure(const json_t *object, const char *key);
enum severity health_view_severity_of(const json_t *object); // of its "severity"; unknown if it has none
