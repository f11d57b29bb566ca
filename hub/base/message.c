// SPDX-License-Identifier: Apache-2.0
// Packing and unpacking is the only copy that the generated code offers: for what is small and changes seldom.
#include "hub/base/message.h"
#include <stdlib.h>

void *message_copy(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        return NULL;
    protobuf_c_message_pack(message, bytes);
    void *copy = protobuf_c_message_unpack(message->descriptor, NULL, size, bytes);
    free(bytes);
    return copy;
}
