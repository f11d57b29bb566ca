// SPDX-License-Identifier: Apache-2.0
// What people did at the desk, and what it says of refused records.
#pragma once
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/followed.h"
#include <signalbox/v1/desk.pb-c.h>

struct cycle;

#define DESK_KEPT 2000 // entries that are shown; marks are kept of all

struct desk_mark {
    bool told, dealt_with;
};

// How far all of one kind was dealt with.
struct desk_reach {
    size_t n, room;
    int64_t *before; // offset by partition
};

struct observe_desk {
    struct followed topic;
    Signalbox__V1__DeskEntry *entries[DESK_KEPT]; // a ring
    uint64_t n;                                   // ever taken
    struct thing_table marks;                     // struct desk_mark by object
    struct thing_table reaches;                   // struct desk_reach by "<agency>/<code>"
};

void observe_desk_init(struct observe_desk *desk);
void observe_desk_deinit(struct observe_desk *desk);
void observe_desk_keep(struct observe_desk *desk, struct cycle *cycle);
// *object is the object whose mark has changed, valid until the next call, or NULL. false without memory: then nothing
// of the record is taken.
bool observe_desk_take(struct observe_desk *desk, const struct kafka_record *record, const char **object);
// Whether a record of "<agency>/<code>" was dealt with together with all others of its kind.
bool observe_desk_reaches(const struct observe_desk *desk, const char *pile, int32_t partition, int64_t offset);
// NULL if nobody did anything to it.
const struct desk_mark *observe_desk_mark(const struct observe_desk *desk, const char *object);
