// SPDX-License-Identifier: Apache-2.0
// What all acts of officers share: what it is done to, the reason, the entry at the desk before anything else, and
// pages that say why not. Forms carry the fields object and reason.
#pragma once
#include "hub/console/server/request.h"
#include "hub/kafka/kafka.h"
#include <signalbox/v1/desk.pb-c.h>

enum refusal_id {
#define REFUSAL(code, status, sentence, remedy) REFUSAL_##code,
#include "hub/console/actions/refusals.def"
#undef REFUSAL
    REFUSAL_COUNT
};

struct act {
    const struct request *request;
    struct reply *reply;
    const char *object, *reason;
    int64_t by_ms; // when the officer must have an answer, on the clock that only goes forward (hub/base/clock.h)
    const int64_t
        *before_offsets; // how far an act on many records goes, by partition of quarantine; none if it is on one
    size_t n_before_offsets;
};

// Takes object and reason from the request. false if the act was refused: then the page is written.
bool act_begin(struct act *act, const struct request *request, struct reply *reply);
// How to reach Kafka with the patience that the act has left: less for reading, so that a refusal can still be written
// down.
struct kafka_settings act_kafka_to_read(const struct act *act);
struct kafka_settings act_kafka_to_write(const struct act *act);
// Writes the desk's entry. Only after this content may be shown or a change made, and all that a change needs should be
// there before. false: the page is written, or there was no memory for what the act needs and nothing is.
bool act_record(const struct act *act);
// Refuses: an entry at the desk and a page. detail is one sentence more, or NULL. Always false. Neither is made where
// memory lacked: then the reason may be none.
bool act_refuse(const struct act *act, enum refusal_id why, const char *detail);
// After the entry: the change failed, or nobody knows. An entry that says so, and a page. detail as above. Always
// false.
bool act_failed(const struct act *act, const char *detail);
// It is done: leads the browser back to a page, which says what happened by said (a row of notices.def).
void act_done(const struct act *act, const char *where, const char *said);

// Somebody without the permission asked for an act: an entry at the desk, whose object is the address, since the form
// of one who may not send it is not read. The page is the server's.
void act_forbidden(const struct request *request);

// Reads a committed record of this place, if its bytes still have this SHA-256 (in hex; NULL if the caller tells by
// other means whether they are the right ones). false: the act was refused, because it is gone, differs, or cannot be
// read.
struct record_place;
bool act_read(const struct act *act, const struct record_place *place, const char *sha256, struct slice *value);
