// SPDX-License-Identifier: Apache-2.0
// Three items of the samples that show what routing is about, and who is asked about them.
#pragma once
#include "hub/cli/demo/process.h"
#include "hub/cli/demo/published.h"

struct story {
    const char *agency;          // whose file under samples/agencies
    const char *object, *member; // the first item whose first part's info, or header, has this member
    const char *what;            // what a reader should look at
    const char *got, *not_got;   // a force that got it and one that did not; not_got may be NULL
};

extern const struct story stories[];
extern const size_t n_stories;

struct story_item {
    char id[33], title[256]; // id in hexadecimal
};

// false if the samples do not hold it, or its agency has not published it.
bool story_find(
    const struct story *story, const char *samples, const struct published *published, struct story_item *item);
// Asks `signalbox item why` and `whynot` about it and prints the answers with the commands.
bool story_tell(const struct story *story, const struct process_place *place, const char *samples,
    const struct published *published, FILE *out);
