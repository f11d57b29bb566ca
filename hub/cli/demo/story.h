// SPDX-License-Identifier: Apache-2.0
// Three items of the samples that show what routing is about, and who is asked about them.
#pragma once
#include "hub/cli/demo/process.h"

#define STORY_ID_BYTES 33

struct story {
    const char *file;            // under samples/agencies
    const char *object, *member; // the first item whose first part's info, or header, has this member
    const char *what;            // what a reader should look at
    const char *got, *not_got;   // a force that got it and one that did not; not_got may be NULL
};

extern const struct story stories[];
extern const size_t n_stories;

// The item id of a story, in hexadecimal, and its title. false if the samples do not hold it.
bool story_find(
    const struct story *story, const char *samples, char id[STORY_ID_BYTES], char *title, size_t title_size);
// Asks `signalbox item why` and `whynot` about it and prints the answers with the commands.
bool story_tell(const struct story *story, const struct process_place *place, const char *samples, FILE *out);
