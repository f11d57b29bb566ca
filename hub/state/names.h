// SPDX-License-Identifier: Apache-2.0
// Names to small numbers, counted from 0 in order of adding: inbound topics of a lane, agencies of a batch.
#pragma once
#include "hub/base/slice.h"

#define NAMES_MAX  4096
#define NAME_BYTES 256

struct names {
    char (*texts)[NAME_BYTES]; // terminated, by number
    uint16_t lens[NAMES_MAX];
    uint16_t slots[2 * NAMES_MAX]; // number + 1; 0 for a free slot
    uint32_t n, capacity;
    uint32_t last; // found last: records come in runs
};

struct names *names_new(void);
struct names *names_free(struct names *names); // takes NULL, returns NULL
void names_clear(struct names *names);

// -1 if it is not there.
int names_find(struct names *names, struct slice name);
// Its number, whether it was there or not; -1 if it is too long, there are too many, or there is no memory.
int names_add(struct names *names, struct slice name);
// Valid until the next add.
struct slice names_text(const struct names *names, int number);
