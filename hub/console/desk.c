// SPDX-License-Identifier: Apache-2.0
// One entry at a time, each on the shoulders of the one before, each acknowledged before the next. A writer whose entry was not
// acknowledged may have written it all the same, so it is given up with its chain, and another one begins.
#include "hub/console/desk.h"
#include "hub/base/arena.h"
#include "hub/base/digest.h"
#include "hub/base/log.h"
#include "hub/kafka/writer.h"
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WRITER_BYTES 16
#define WRITE_MS 10000
#define OFFICERS 64

struct refusals {
    char officer[65];
    int64_t minute;
    unsigned n;
};

struct desk {
    const struct kafka_settings *kafka;
    pthread_mutex_t lock;
    struct writer *writer;           // NULL until the first entry and after a failure
    uint8_t id[WRITER_BYTES];
    uint64_t sequence;               // of the last entry acknowledged
    struct digest head;
    bool acknowledged;               // the entry at hand
    char *error;                     // where its report goes
    struct refusals refusals[OFFICERS];
};

struct desk *desk_new(const struct kafka_settings *kafka)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk || pthread_mutex_init(&desk->lock, NULL) != 0)
        abort();
    desk->kafka = kafka;
    return desk;
}

struct desk *desk_free(struct desk *desk)
{
    if (!desk)
        return NULL;
    writer_free(desk->writer);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void report(void *context, const struct writer_report *r)
{
    struct desk *desk = context;
    desk->acknowledged = r->error == NULL;
    if (r->error && desk->error)
        snprintf(desk->error, KAFKA_ERROR_BYTES, "%s", r->error);
}

static bool begin_chain(struct desk *desk, char error[KAFKA_ERROR_BYTES])
{
    const struct writer_settings settings = {.report = report, .context = desk, .queue_records = 1, .timeout_ms = WRITE_MS};
    if (RAND_bytes(desk->id, sizeof desk->id) != 1)
        abort();
    desk->sequence = 0;
    desk->head = (struct digest){0};
    desk->writer = writer_new(desk->kafka, &settings, error);
    return desk->writer != NULL;
}

static struct slice pack(const struct desk *desk, const struct desk_act *act, struct arena *arena)
{
    Signalbox__V1__DeskEntry entry = SIGNALBOX__V1__DESK_ENTRY__INIT;
    entry.writer = (ProtobufCBinaryData){sizeof desk->id, (uint8_t *)desk->id};
    entry.sequence = desk->sequence + 1;
    entry.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)desk->head.bytes};
    entry.at_unix_ms = now_ms();
    entry.officer = (char *)act->officer;
    entry.action = act->action;
    entry.object = (char *)act->object;
    entry.reason = (char *)act->reason;
    entry.done = act->refusal == NULL;
    entry.refusal = (char *)(act->refusal ? act->refusal : "");
    size_t len = signalbox__v1__desk_entry__get_packed_size(&entry);
    uint8_t *bytes = arena_alloc(arena, len);
    if (!bytes)
        abort();
    signalbox__v1__desk_entry__pack(&entry, bytes);
    return slice_of(bytes, len);
}

static bool send(struct desk *desk, struct slice value, char error[KAFKA_ERROR_BYTES])
{
    char key[2 * WRITER_BYTES + 1];
    hex_encode(slice_of(desk->id, sizeof desk->id), key);
    desk->acknowledged = false;
    desk->error = error;
    snprintf(error, KAFKA_ERROR_BYTES, "The broker did not answer within %d s.", WRITE_MS / 1000);
    if (!writer_send(desk->writer, "desk", 0, slice_text(key), value, NULL, 0, NULL))
        snprintf(error, KAFKA_ERROR_BYTES, "%s", writer_error(desk->writer));
    else
        writer_flush(desk->writer, WRITE_MS);
    bool written = desk->acknowledged;
    desk->error = NULL;
    return written;
}

static bool write_one(struct desk *desk, const struct desk_act *act, char error[KAFKA_ERROR_BYTES])
{
    struct arena arena;
    if (!desk->writer && !begin_chain(desk, error))
        return false;
    arena_init(&arena, 0);
    struct slice value = pack(desk, act, &arena);
    bool written = send(desk, value, error);
    if (written) {
        desk->sequence++;
        desk->head = digest_of(value);
    } else {
        desk->writer = writer_free(desk->writer);
    }
    arena_deinit(&arena);
    return written;
}

static const char *action_name(Signalbox__V1__DeskAction action)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&signalbox__v1__desk_action__descriptor, (int)action);
    return value ? value->name : "";
}

bool desk_write(struct desk *desk, const struct desk_act *act, char error[KAFKA_ERROR_BYTES])
{
    pthread_mutex_lock(&desk->lock);
    bool written = write_one(desk, act, error);
    uint64_t sequence = desk->sequence;
    pthread_mutex_unlock(&desk->lock);
    if (written)
        log_info("DESK-ENTRY", "officer=%s action=%s object=%s sequence=%llu done=%d refusal=%s", act->officer,
                 action_name(act->action), act->object, (unsigned long long)sequence, act->refusal == NULL,
                 act->refusal ? act->refusal : "");
    else
        log_error("DESK-NOT-WRITTEN", "officer=%s action=%s object=%s error=\"%s\"", act->officer, action_name(act->action),
                  act->object, error);
    return written;
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
    int64_t minute = now_ms() / 60000;
    pthread_mutex_lock(&desk->lock);
    struct refusals *refusals = slot_of(desk, officer);
    if (refusals->minute != minute)
        refusals->n = 0;
    refusals->minute = minute;
    bool many = refusals->n >= DESK_REFUSALS_A_MINUTE;
    refusals->n += !many;
    pthread_mutex_unlock(&desk->lock);
    return many;
}

void desk_refuse(struct desk *desk, const struct desk_act *act)
{
    char error[KAFKA_ERROR_BYTES];
    if (!too_many(desk, act->officer))
        desk_write(desk, act, error);
    else
        log_warning("DESK-REFUSALS", "officer=%s action=%s refusal=%s more=not-written", act->officer,
                    action_name(act->action), act->refusal);
}
