// SPDX-License-Identifier: Apache-2.0
// Facts of refused records, without their bytes, and their depth by agency and code.
#pragma once
#include "hub/base/digest.h"
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/followed.h"
#include "hub/observe/collect/observe_desk.h"
#include "hub/observe/observer.h"

struct cycle;

#define REFUSED_MAX 200000 // the oldest half goes when there are more

struct refused_pile {
    char *name, *agency, *code; // "kent/FIELD_RANGE"
    uint64_t waiting, dealt_with;
    int64_t oldest_ms, newest_ms; // of those that wait
};

struct refused_fact {
    struct refused_pile *pile;
    int32_t partition, inbound_partition;
    int64_t offset, at_ms, inbound_offset, byte_offset;
    uint64_t size, sequence;
    const char *topic, *path; // interned
    uint8_t sha256[DIGEST_BYTES];
    bool kept, told, dealt_with;
};

struct observe_quarantine {
    struct followed topic;
    struct refused_fact *facts; // by partition and offset once sorted
    size_t n, room;
    bool sorted;
    struct thing_table piles, texts;
    int64_t *starts; // first offset held, by partition
};

void observe_quarantine_init(struct observe_quarantine *quarantine);
void observe_quarantine_deinit(struct observe_quarantine *quarantine);
void observe_quarantine_keep(struct observe_quarantine *quarantine, const struct followed *desk, struct cycle *cycle);
// false without memory: then nothing of the record is taken.
bool observe_quarantine_take(
    struct observe_quarantine *quarantine, const struct kafka_record *record, const struct observe_desk *desk);
// The desk has something to say of a record, or of all of one kind.
void observe_quarantine_mark(
    struct observe_quarantine *quarantine, const char *object, const struct observe_desk *desk);
// Fills health->refused and health->quarantine.
void observe_quarantine_report(struct observe_quarantine *quarantine, struct cycle *cycle);
// For the accessors. Without memory there are none, and arena->failed says so.
size_t observe_quarantine_list(struct observe_quarantine *quarantine, const char *agency, const char *code,
    bool dealt_with_too, size_t skip, size_t max, struct arena *arena, const struct observer_refused **rows);
size_t observe_quarantine_reach(struct observe_quarantine *quarantine, const char *pile, int64_t until_ms,
    struct arena *arena, const int64_t **before_offsets);
bool observe_quarantine_at(struct observe_quarantine *quarantine, int32_t partition, int64_t offset,
    struct arena *arena, struct observer_refused *row);
