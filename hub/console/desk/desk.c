// SPDX-License-Identifier: Apache-2.0
// One entry at a time, each on the shoulders of the one before, each acknowledged before the next. A writer whose entry
// was not acknowledged may have written it all the same, so it is given up with its chain, and another one begins.
#include "hub/console/desk/desk.h"
#include "hub/base/arena.h"
#include "hub/base/clock.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/kafka/writer.h"
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WRITER_BYTES 16
#define WRITE_MS     10000 // after which the library itself gives an entry up; who waits for it has less
#define OFFICERS     64

struct refusals {
    char officer[65];
    int64_t minute;
    unsigned n;
};

struct desk {
    const struct kafka_settings *kafka;
    pthread_mutex_t lock;
    struct writer *writer; // NULL until the first entry and after a failure
    uint8_t id[WRITER_BYTES];
    uint64_t sequence; // of the last entry acknowledged
    struct digest head;
    enum desk_answer answer;  // about the entry at hand
    struct error *error;      // where the broker's reason goes
    pthread_mutex_t counting; // over refusals; never held while the broker is waited for
    struct refusals refusals[OFFICERS];
};

struct desk *desk_new(const struct kafka_settings *kafka)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        return NULL;
    pthread_mutex_init(&desk->lock, NULL);
    pthread_mutex_init(&desk->counting, NULL);
    desk->kafka = kafka;
    return desk;
}

struct desk *desk_free(struct desk *desk)
{
    if (!desk)
        return NULL;
    writer_free(desk->writer);
    pthread_mutex_destroy(&desk->lock);
    pthread_mutex_destroy(&desk->counting);
    free(desk);
    return NULL;
}

static int ms_left(int64_t by_ms)
{
    int64_t left_ms = by_ms - clock_steady_ms();
    return left_ms > 1 ? (int)left_ms : 1;
}

static void take_report(void *context, const struct writer_report *r)
{
    struct desk *desk = context;
    desk->answer = !r->error ? DESK_WRITTEN : r->perhaps ? DESK_IN_DOUBT : DESK_NOT_WRITTEN;
    if (r->error && desk->error)
        *desk->error = *r->error;
}

static bool begin_chain(struct desk *desk, uint32_t within_ms, struct error *error)
{
    const struct writer_settings settings = {
        .report = take_report, .context = desk, .queue_records = 1, .timeout_ms = WRITE_MS, .ask_ms = within_ms};
    if (RAND_bytes(desk->id, sizeof desk->id) != 1)
        return error_say(error, CAUSE_OTHER, "This machine has no random numbers, which name a new chain at the desk.");
    desk->sequence = 0;
    desk->head = (struct digest){0};
    desk->writer = writer_new(desk->kafka, &settings, error);
    return desk->writer != NULL;
}

// Empty without memory.
static struct slice pack_entry(const struct desk *desk, const struct desk_act *act, struct arena *arena)
{
    Signalbox__V1__DeskEntry entry = SIGNALBOX__V1__DESK_ENTRY__INIT;
    entry.writer = (ProtobufCBinaryData){sizeof desk->id, (uint8_t *)desk->id};
    entry.sequence = desk->sequence + 1;
    entry.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)desk->head.bytes};
    entry.at_unix_ms = clock_wall_ms();
    entry.officer = (char *)act->officer;
    entry.action = act->action;
    entry.object = (char *)act->object;
    entry.reason = (char *)act->reason;
    entry.done = act->refusal == NULL;
    entry.refusal = (char *)(act->refusal ? act->refusal : "");
    entry.before_offsets = (int64_t *)act->before_offsets;
    entry.n_before_offsets = act->n_before_offsets;
    size_t len = signalbox__v1__desk_entry__get_packed_size(&entry);
    uint8_t *bytes = arena_alloc(arena, len);
    if (!bytes)
        return (struct slice){0};
    signalbox__v1__desk_entry__pack(&entry, bytes);
    return slice_of(bytes, len);
}

static void send_entry(struct desk *desk, struct slice value, int64_t by_ms, struct error *error)
{
    char key[2 * WRITER_BYTES + 1];
    hex_encode(slice_of(desk->id, sizeof desk->id), key);
    desk->answer = DESK_IN_DOUBT; // until somebody says something else
    desk->error = error;
    if (!writer_send(desk->writer, "desk", 0, slice_text(key), value, NULL, 0, NULL)) {
        desk->answer = DESK_NOT_WRITTEN;
        *error = *writer_error(desk->writer);
    } else if (!writer_flush(desk->writer, ms_left(by_ms))) {
        error_say(error, CAUSE_UNREACHABLE, "The broker did not answer in time.");
    }
    desk->error = NULL;
    if (desk->answer != DESK_WRITTEN)
        desk->writer = writer_free(desk->writer); // which reports what nobody has answered
}

static enum desk_answer write_one(struct desk *desk, const struct desk_act *act, int64_t by_ms, struct error *error)
{
    struct arena arena;
    if (!desk->writer && !begin_chain(desk, (uint32_t)ms_left(by_ms), error))
        return DESK_NOT_WRITTEN;
    arena_init(&arena, 0);
    struct slice value = pack_entry(desk, act, &arena);
    if (value.len)
        send_entry(desk, value, by_ms, error);
    else
        error_no_memory(error, "an entry at the desk");
    if (value.len && desk->answer == DESK_WRITTEN) {
        desk->sequence++;
        desk->head = digest_of(value);
    }
    arena_deinit(&arena);
    return value.len ? desk->answer : DESK_NOT_WRITTEN;
}

static const char *action_name(Signalbox__V1__DeskAction action)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&signalbox__v1__desk_action__descriptor, (int)action);
    return value ? value->name : "";
}

static void log_outcome(const struct desk_act *act, enum desk_answer answer, uint64_t sequence, const char *error)
{
    if (answer == DESK_WRITTEN)
        log_info("DESK-ENTRY", "officer=%s action=%s object=%s sequence=%llu done=%d refusal=%s", act->officer,
            action_name(act->action), act->object, (unsigned long long)sequence, act->refusal == NULL,
            act->refusal ? act->refusal : "");
    else
        log_error(answer == DESK_IN_DOUBT ? "DESK-IN-DOUBT" : "DESK-NOT-WRITTEN",
            "officer=%s action=%s object=%s error=\"%s\"", act->officer, action_name(act->action), act->object, error);
}

enum desk_answer desk_write(struct desk *desk, const struct desk_act *act, uint32_t within_ms, struct error *error)
{
    int64_t by_ms = clock_steady_ms() + within_ms;
    const struct timespec by = {by_ms / 1000, by_ms % 1000 * 1000000};
    enum desk_answer answer = DESK_NOT_WRITTEN;
    uint64_t sequence = 0;
    if (pthread_mutex_clocklock(&desk->lock, CLOCK_MONOTONIC, &by) == 0) {
        answer = write_one(desk, act, by_ms, error);
        sequence = desk->sequence;
        pthread_mutex_unlock(&desk->lock);
    } else {
        error_say(error, CAUSE_UNREACHABLE, "Others waited for the broker before this one.");
    }
    log_outcome(act, answer, sequence, error->text);
    return answer;
}

// The officer's own slot, or the oldest of another's.
static struct refusals *slot_of(struct desk *desk, const char *officer)
{
    struct refusals *oldest = desk->refusals;
    for (size_t i = 0; i < OFFICERS; i++) {
        if (strncmp(desk->refusals[i].officer, officer, sizeof oldest->officer - 1) == 0)
            return &desk->refusals[i];
        if (desk->refusals[i].minute < oldest->minute)
            oldest = &desk->refusals[i];
    }
    *oldest = (struct refusals){0};
    snprintf(oldest->officer, sizeof oldest->officer, "%s", officer);
    return oldest;
}

static bool too_many(struct desk *desk, const char *officer)
{
    int64_t minute = clock_wall_ms() / 60000;
    pthread_mutex_lock(&desk->counting);
    struct refusals *refusals = slot_of(desk, officer);
    if (refusals->minute != minute)
        refusals->n = 0;
    refusals->minute = minute;
    bool many = refusals->n >= DESK_REFUSALS_A_MINUTE;
    refusals->n += !many;
    pthread_mutex_unlock(&desk->counting);
    return many;
}

void desk_refuse(struct desk *desk, const struct desk_act *act, uint32_t within_ms)
{
    struct error error;
    if (!too_many(desk, act->officer))
        desk_write(desk, act, within_ms, &error);
    else
        log_warning("DESK-REFUSALS", "officer=%s action=%s refusal=%s more=not-written", act->officer,
            action_name(act->action), act->refusal);
}
