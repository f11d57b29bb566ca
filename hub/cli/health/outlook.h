// SPDX-License-Identifier: Apache-2.0
// A snapshot as its clients see it: the JSON of /health.json, how old it is, and all its things in one list, each with
// the name that operators use. What status, check and top show comes from here.
#pragma once
#include "hub/observe/verdict.h"
#include <jansson.h>

#define OUTLOOK_ERROR_BYTES 256

struct outlook_thing {
    const char *name; // "group/feed-kent"
    enum thing of;
    enum severity severity;
    const char *word;      // "stopped"
    const json_t *object;  // its row; the snapshot itself for broker and control; the sums of all rows for quarantine
    const json_t *finding; // NULL for refused records of one agency and code
    bool single;           // there is one of it, and its finding is the snapshot's
    bool sums;             // a single one that stands for others of its kind, which are listed, too: counted apart
};

struct outlook {
    json_t *json;
    int64_t at_ms; // when it was collected, by the hub's clock; 0 if nothing has been yet
    int64_t every_ms;
    int64_t clock_ms;       // what the hub's clock is ahead of ours
    enum severity severity; // as the hub says; outlook_severity adds the age
    struct outlook_thing *things;
    size_t n_things;
    json_t *refused; // what all refused records come to: waiting, dealt_with, oldest_ms
};

struct outlook_kind {
    enum thing of;
    const char *plural, *list, *single, *title;
};
size_t outlook_kinds(const struct outlook_kind **kinds);
const struct outlook_kind *outlook_kind(const char *plural); // NULL if there is none

// Takes the reference, whatever comes of it. NULL with a sentence if it is no snapshot of a Signalbox, or of a version
// that this program does not know. clock_ms is the hub's clock minus ours.
struct outlook *outlook_new(json_t *json, int64_t clock_ms, char error[OUTLOOK_ERROR_BYTES]);
struct outlook *outlook_free(struct outlook *outlook); // takes NULL, returns NULL

int64_t outlook_age_ms(const struct outlook *outlook, int64_t now_ms);
// Older than three collections, or never collected: then nobody knows how it is now.
bool outlook_is_stale(const struct outlook *outlook, int64_t now_ms);
enum severity outlook_severity(const struct outlook *outlook, int64_t now_ms);

// Of all things of a kind the worst; unknown if there are none.
enum severity outlook_severity_of_kind(const struct outlook *outlook, enum thing of);

const struct outlook_thing *outlook_find(const struct outlook *outlook, const char *name); // NULL if there is none
// The names nearest to one that is not there, "force/kent, source/kent"; empty if nothing is near.
void outlook_nearest(const struct outlook *outlook, const char *name, char *text, size_t size);

// Members, whatever the JSON holds: "" for a text that is not there, an unknown figure for a number that is not.
const char *outlook_text(const json_t *object, const char *key);
struct figure outlook_figure(const json_t *object, const char *key);
enum severity outlook_severity_of(const json_t *object); // of its "severity"; unknown if it has none
