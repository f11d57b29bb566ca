// SPDX-License-Identifier: Apache-2.0
// Names to small numbers, counted from 0 in order of adding: inbound topics of a lane, agencies of a batch.
#pragma once
#include "hub/base/table.h"

#define NAMES_MAX  4096
#define NAME_BYTES 256

struct names {
    struct slice *texts; // by number, each an allocation of its own that a terminator follows
    size_t room;
    struct table numbers;
    uint32_t n;
    uint32_t last; // found last: records come in runs
};

struct names *names_new(void);                 // NULL if there is no memory
struct names *names_free(struct names *names); // takes NULL, returns NULL
void names_clear(struct names *names);

// -1 if it is not there.
int names_find(struct names *names, struct slice name);
// Its number, whether it was there or not; -1 if it is too long, there are too many, or there is no memory.
int names_add(struct names *names, struct slice name);
// A terminator follows. Valid until names_clear.
struct slice names_text(const struct names *names, int number);
