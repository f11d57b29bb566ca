// SPDX-License-Identifier: Apache-2.0
// A control change is in force for everybody or it did not happen: so every record's fate is waited for.
#include "hub/control/write.h"
#include "hub/kafka/writer.h"
#include <signalbox/v1/state.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

#define WRITE_MS 60000

struct outcome_of_writing {
    int64_t *offsets;
    size_t written, failed;
    char *error;
};

static void report(void *context, const struct writer_report *r)
{
    struct outcome_of_writing *outcome = context;
    if (!r->error) {
        outcome->written++;
        if (outcome->offsets)
            outcome->offsets[(uintptr_t)r->cookie] = r->offset;
    } else if (outcome->failed++ == 0) {
        snprintf(outcome->error, KAFKA_ERROR_BYTES, "%s", r->error);
    }
}

static bool send_all(struct writer *writer, const char *topic, const struct control_record *records, size_t n, char *error)
{
    for (size_t i = 0; i < n; i++) {
        const struct control_record *r = &records[i];
        if (!writer_send(writer, topic, r->partition, r->key, r->value, NULL, 0, (void *)(uintptr_t)i)) {
            snprintf(error, KAFKA_ERROR_BYTES, "%s", writer_error(writer));
            return false;
        }
    }
    if (writer_flush(writer, WRITE_MS))
        return true;
    snprintf(error, KAFKA_ERROR_BYTES, "The broker did not answer within %d s.", WRITE_MS / 1000);
    return false;
}

bool control_write(const struct kafka_settings *settings, const char *topic, const struct control_record *records, size_t n,
    int64_t *offsets, size_t *written, char error[KAFKA_ERROR_BYTES])
{
    char why[KAFKA_ERROR_BYTES] = "";
    struct outcome_of_writing outcome = {.offsets = offsets, .error = why};
    struct writer_settings writing = {.report = report, .context = &outcome};
    struct writer *writer = writer_new(settings, &writing, error);
    *written = 0;
    if (!writer)
        return false;
    bool sent = send_all(writer, topic, records, n, error);
    writer_free(writer);
    *written = outcome.written;
    if (sent && outcome.failed)
        snprintf(error, KAFKA_ERROR_BYTES, "%s", why);
    return sent && !outcome.failed;
}

static void pack_birth(Signalbox__V1__LaneBirth *birth, struct control_record *record, uint32_t lane, char key[16])
{
    Signalbox__V1__StateRecord state = SIGNALBOX__V1__STATE_RECORD__INIT;
    state.content_case = SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH;
    state.birth = birth;
    size_t len = signalbox__v1__state_record__get_packed_size(&state);
    uint8_t *value = malloc(len);
    if (!value)
        abort();
    signalbox__v1__state_record__pack(&state, value);
    snprintf(key, 16, "%u", lane);
    *record = (struct control_record){(int32_t)lane, slice_text(key), slice_of(value, len)};
}

bool control_write_births(const struct kafka_settings *settings, uint32_t lanes, int64_t now_ms, const uint8_t deployment_id[16],
    char error[KAFKA_ERROR_BYTES])
{
    Signalbox__V1__LaneBirth birth = SIGNALBOX__V1__LANE_BIRTH__INIT;
    birth.lanes = lanes;
    birth.made_unix_ms = now_ms;
    birth.deployment_id = (ProtobufCBinaryData){16, (uint8_t *)(uintptr_t)deployment_id};
    struct control_record *records = calloc(lanes, sizeof *records);
    char(*keys)[16] = calloc(lanes, sizeof *keys);
    if (!records || !keys)
        abort();
    for (uint32_t lane = 0; lane < lanes; lane++)
        pack_birth(&birth, &records[lane], lane, keys[lane]);
    size_t written;
    bool good = control_write(settings, "state", records, lanes, NULL, &written, error);
    for (uint32_t lane = 0; lane < lanes; lane++)
        free((void *)(uintptr_t)records[lane].value.data);
    free(records);
    free(keys);
    return good;
}
