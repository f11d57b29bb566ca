// SPDX-License-Identifier: Apache-2.0
// Fuzzes the guard against protobuf-c: what the guard passes, protobuf-c unpacks, and packing it again gives a message
// that the guard passes as well; and a reader passes whatever the hub does, without finding anything newer in it. The
// first byte of an input chooses the type of message, the rest is the message.
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <signalbox/v1/state.pb-c.h>
#include <stdlib.h>

static const ProtobufCMessageDescriptor *const types[] = {
    &signalbox__v1__envelope__descriptor,
    &signalbox__v1__header__descriptor,
    &signalbox__v1__report_body__descriptor,
    &signalbox__v1__guidance_body__descriptor,
    &signalbox__v1__standing_body__descriptor,
    &signalbox__v1__answer_body__descriptor,
    &signalbox__v1__notice_body__descriptor,
    &signalbox__v1__state_record__descriptor,
    &signalbox__v1__routing__descriptor,
    &signalbox__v1__part_info__descriptor,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_refusal(const struct refusal *why, struct slice bytes)
{
    must(why->outcome < OUTCOME_COUNT && why->outcome != OUTCOME_ACCEPTED);
    must(why->offset >= 0 && (size_t)why->offset <= bytes.len);
    must(memchr(why->path, 0, sizeof why->path) != NULL);
}

// What a reader passes and the hub does not has something newer in it, and can be unpacked all the same.
static void check_refused(const struct refusal *why, struct slice bytes, const ProtobufCMessageDescriptor *type)
{
    struct refusal of_reader;
    bool newer = false;
    check_refusal(why, bytes);
    if (!guard_check_newer(bytes, type, "", 0, &newer, &of_reader))
        return;
    ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, bytes.len, bytes.data);
    must(newer && message);
    protobuf_c_message_free_unpacked(message, NULL);
}

static void check_pass(struct slice bytes, const ProtobufCMessageDescriptor *type)
{
    struct refusal why;
    ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, bytes.len, bytes.data);
    must(message && protobuf_c_message_check(message));
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *again = malloc(size + 1);
    must(again && protobuf_c_message_pack(message, again) == size);
    bool newer = false;
    must(guard_check(slice_of(again, size), type, "", 0, &why));
    must(guard_check_newer(bytes, type, "", 0, &newer, &why) && !newer);
    free(again);
    protobuf_c_message_free_unpacked(message, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct refusal why = {.outcome = OUTCOME_ACCEPTED};
    if (size == 0)
        return 0;
    const ProtobufCMessageDescriptor *type = types[data[0] % (sizeof types / sizeof types[0])];
    struct slice bytes = slice_of(data + 1, size - 1);
    if (guard_check(bytes, type, "", 0, &why))
        check_pass(bytes, type);
    else
        check_refused(&why, bytes, type);
    return 0;
}
