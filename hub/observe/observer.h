// SPDX-License-Identifier: Apache-2.0
// The thread that asks Kafka, reads ledger, quarantine, desk, pulse and control topics as they grow, and makes a new
// health snapshot every few seconds. Whoever shows health takes the newest snapshot; nobody asks Kafka because a page
// was opened.
#pragma once
#include "hub/base/digest.h"
#include "hub/kafka/kafka.h"
#include "hub/observe/book/book.h"
#include "hub/observe/health.h"
#include <signalbox/v1/desk.pb-c.h>

struct observer;

struct observer_settings {
    uint32_t every_ms;         // between two collections; default 5,000
    int64_t silent_after_ms;   // rhythm.h; default one day
    int64_t history_ms;        // how far back the ledger is read at the start; default 56 days
    size_t ledger_cache_bytes; // of ledger blocks kept for looking items up; default 64 MiB
    uint32_t slow_ms; // age of an inbound record, and of a canary's round trip, that is too long; default 10,000
    // --transaction-ms of the hubs; a transaction open for longer than this and a half is stuck
    uint32_t transaction_ms;
    const char *version; // of the program, for health->version
};

// kafka and what it names must outlive it. NULL with a sentence if the settings are refused or there is no memory; an
// absent broker is no error, it is what the first snapshot says. A look that lacks memory later gives no snapshot.
struct observer *observer_start(
    const struct kafka_settings *kafka, const struct observer_settings *settings, struct error *error);
struct observer *observer_stop(struct observer *observer); // takes NULL, returns NULL

// The certificate that this process's console serves from now on, for key/console/<SHA-256>. Any thread.
void observer_console_certificate(struct observer *observer, const struct digest *sha256, int64_t to_ms);

// The newest snapshot, held for the caller: health_drop it. Never NULL; before the first collection all of it is
// unknown.
const struct health *observer_health(struct observer *observer);
// Waits until there is one with a greater number, at most timeout_ms. NULL if there is none.
const struct health *observer_wait(struct observer *observer, uint64_t number, int timeout_ms);

// The course of one figure of one thing: at most TRAIL_POINTS points, one a minute at the least.
#define TRAIL_POINTS 360
enum trail_figure { TRAIL_LAG, TRAIL_LAG_MS, TRAIL_PER_MINUTE, TRAIL_HUB_MS, TRAIL_FIGURES };
struct trail {
    size_t n;
    int64_t at_ms[TRAIL_POINTS];
    struct figure values[TRAIL_POINTS];
};
// thing as in trouble.thing. false if there is no such thing.
bool observer_trail(struct observer *observer, const char *thing, enum trail_figure figure, struct trail *trail);

// From here on, what is read is whole unless arena->failed: then there was no memory for all or some of it.

// The registry in force, unpacked into the arena; NULL where there is none.
const Signalbox__V1__Registry *observer_registry(struct observer *observer, struct arena *arena);
struct observer_subscription {
    const Signalbox__V1__Subscription *subscription;
    uint64_t revision;
    const char *problem; // why it can never get what it asks for, or NULL
};
size_t observer_subscriptions(
    struct observer *observer, struct arena *arena, const struct observer_subscription **rows);

// What the ledger blocks kept in memory say of an item, oldest first. And
// since when blocks are kept.
void observer_story(struct observer *observer, const uint8_t item[ITEM_ID_BYTES], struct arena *arena,
    struct book_story *story, int64_t *kept_since_ms);
// The newest entries, newest first, at most max, with a sequence in their lane below before (0: from the newest; lane
// -1: all).
size_t observer_ledger(struct observer *observer, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct book_line **lines);

// Refused records, newest first: facts only, no content.
struct observer_refused {
    int32_t partition; // on quarantine
    int64_t offset;
    int64_t at_ms;
    const char *topic; // inbound
    int32_t inbound_partition;
    int64_t inbound_offset;
    const char *agency, *code, *path, *sha256; // sha256 in hex
    int64_t byte_offset;                       // -1 if none
    uint64_t size, ledger_sequence;
    bool kept;             // its bytes are in the quarantine
    bool told, dealt_with; // by desk entries whose object is quarantine/<partition>/<offset>; the last one counts: told
                           // is undone by an entry that is not done and has the refusal NOT_WRITTEN
};
// agency and code may be NULL for all. max rows from the one after skip.
size_t observer_quarantine(struct observer *observer, const char *agency, const char *code, bool dealt_with_too,
    size_t skip, size_t max, struct arena *arena, const struct observer_refused **rows);
// How far those of "<agency>/<code>" reach that wait and were refused until then: the offset behind the last of them by
// partition, 0 where none is. Returns the number of partitions; 0 if none waits.
size_t observer_refused_reach(
    struct observer *observer, const char *pile, int64_t until_ms, struct arena *arena, const int64_t **before_offsets);
// One of them by its place on quarantine. false if there is none.
bool observer_refused_at(
    struct observer *observer, int32_t partition, int64_t offset, struct arena *arena, struct observer_refused *row);

// What people did, newest first.
size_t observer_desk(
    struct observer *observer, size_t max, struct arena *arena, const Signalbox__V1__DeskEntry *const **rows);
