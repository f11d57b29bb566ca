// SPDX-License-Identifier: Apache-2.0
#include "hub/control/control_value.h"
#include <signalbox/v1/signed.pb-c.h>

static struct slice pack_message(const ProtobufCMessage *message, struct arena *arena)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(arena, len + 1);
    if (bytes)
        protobuf_c_message_pack(message, bytes);
    return slice_of(bytes, bytes ? len : 0);
}

struct slice control_value_pack(const ProtobufCMessage *document, const struct digest *predecessor, struct arena *arena)
{
    Signalbox__V1__Signed value = SIGNALBOX__V1__SIGNED__INIT;
    struct slice bytes = pack_message(document, arena);
    if (arena->failed)
        return slice_of(NULL, 0);
    value.document = (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.data};
    if (predecessor)
        value.predecessor_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)(uintptr_t)predecessor->bytes};
    return pack_message(&value.base, arena);
}
