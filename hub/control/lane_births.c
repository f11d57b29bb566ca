// SPDX-License-Identifier: Apache-2.0
// Lanes are born with the topic state: the first record of each partition says that the lane is new, so that an empty
// partition later on means that something was lost.
#include "hub/control/lane_births.h"
#include "hub/base/message.h"
#include "hub/control/control_write.h"
#include "hub/kafka/reader.h"
#include <signalbox/v1/state.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOKED_AT 4096 // records of state among which a birth must be

static bool pack_birth(Signalbox__V1__LaneBirth *birth, struct control_record *record, uint32_t lane, char key[16])
{
    Signalbox__V1__StateRecord state = SIGNALBOX__V1__STATE_RECORD__INIT;
    state.content_case = SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH;
    state.birth = birth;
    size_t len = signalbox__v1__state_record__get_packed_size(&state);
    uint8_t *value = malloc(len);
    if (!value)
        return false;
    signalbox__v1__state_record__pack(&state, value);
    snprintf(key, 16, "%u", lane);
    *record = (struct control_record){(int32_t)lane, slice_text(key), slice_of(value, len)};
    return true;
}

bool lane_births_write_some(const struct kafka_settings *settings, uint32_t lanes, const bool *which, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error)
{
    Signalbox__V1__LaneBirth birth = SIGNALBOX__V1__LANE_BIRTH__INIT;
    birth.lanes = lanes;
    birth.made_unix_ms = now_ms;
    birth.deployment_id = (ProtobufCBinaryData){16, (uint8_t *)(uintptr_t)deployment_id};
    struct control_record *records = calloc(lanes, sizeof *records);
    char(*keys)[16] = calloc(lanes, sizeof *keys);
    size_t n = 0, written;
    bool good = (records && keys) || error_no_memory(error, "the births of lanes");
    for (uint32_t lane = 0; good && lane < lanes; lane++)
        if (which[lane]) {
            good = pack_birth(&birth, &records[n], lane, keys[n]) || error_no_memory(error, "the births of lanes");
            n += good;
        }
    good = good && control_write(settings, "state", records, n, NULL, &written, error);
    for (size_t i = 0; i < n; i++)
        free((void *)(uintptr_t)records[i].value.data);
    free(records);
    free(keys);
    return good;
}

bool lane_births_write(const struct kafka_settings *settings, uint32_t lanes, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error)
{
    bool *which = malloc(lanes * sizeof *which);
    if (!which)
        return error_no_memory(error, "the births of lanes");
    memset(which, true, lanes * sizeof *which);
    bool good = lane_births_write_some(settings, lanes, which, now_ms, deployment_id, error);
    free(which);
    return good;
}

static bool take_id(struct slice value, uint8_t deployment_id[16])
{
    ProtobufCMessage *message = NULL;
    message_unpack(&signalbox__v1__state_record__descriptor, value, &message);
    Signalbox__V1__StateRecord *state = (Signalbox__V1__StateRecord *)(void *)message;
    bool found = state && state->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH &&
                 state->birth->deployment_id.len == 16;
    if (found)
        memcpy(deployment_id, state->birth->deployment_id.data, 16);
    if (state)
        signalbox__v1__state_record__free_unpacked(state, NULL);
    return found;
}

bool lane_births_deployment(const struct kafka_settings *settings, uint8_t deployment_id[16], struct error *error)
{
    const struct reader_source source = {"state", -1, 0};
    struct reader_settings reading = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(settings, &reading, error);
    if (!reader)
        return false;
    enum reader_status status = READER_NOTHING;
    bool found = false, more = true;
    for (int i = 0; more && !found && i < LOOKED_AT; i++) {
        struct kafka_record record;
        status = reader_next(reader, 1000, &record);
        found = status == READER_RECORD && take_id(record.value, deployment_id);
        more = status == READER_RECORD || status == READER_NOTHING;
    }
    if (status == READER_FAILED)
        *error = *reader_error(reader);
    else if (!found)
        error_say(error, CAUSE_MISSING, "No lane has been born yet: \"signalbox topics apply\" makes the lanes.");
    reader_free(reader);
    return found;
}
