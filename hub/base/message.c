// SPDX-License-Identifier: Apache-2.0
// Unpacking notes what it takes, so that all of it can be given back from wherever memory ran out. Packing and
// unpacking is the only copy that the generated code offers.
#include "hub/base/message.h"
#include "hub/base/list.h"
#include <setjmp.h>
#include <stdlib.h>

struct unpacking {
    void **taken;
    size_t n, room;
    jmp_buf without_memory;
};

static void *take_noted(void *context, size_t size)
{
    struct unpacking *unpacking = context;
    bool noted = list_room(&unpacking->taken, &unpacking->room, unpacking->n + 1, sizeof *unpacking->taken);
    void *memory = noted ? malloc(size) : NULL;
    if (!memory)
        longjmp(unpacking->without_memory, 1);
    return unpacking->taken[unpacking->n++] = memory;
}

static void give_back(void *context, void *memory)
{
    struct unpacking *unpacking = context;
    for (size_t i = unpacking->n; i-- > 0;)
        if (unpacking->taken[i] == memory)
            unpacking->taken[i] = NULL;
    free(memory);
}

// What it notes lies with the caller, where leaving by longjmp keeps it.
static bool unpack_noted(struct unpacking *unpacking, const ProtobufCMessageDescriptor *descriptor, struct slice value,
    ProtobufCMessage **message)
{
    ProtobufCAllocator allocator = {.alloc = take_noted, .free = give_back, .allocator_data = unpacking};
    if (setjmp(unpacking->without_memory))
        return false;
    *message = protobuf_c_message_unpack(descriptor, &allocator, value.len, value.data);
    return true;
}

bool message_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message)
{
    struct unpacking unpacking = {0};
    bool had_memory = unpack_noted(&unpacking, descriptor, value, message);
    if (!had_memory) {
        for (size_t i = 0; i < unpacking.n; i++)
            free(unpacking.taken[i]);
        *message = NULL;
    }
    free(unpacking.taken);
    return had_memory;
}

void *message_copy(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);
    ProtobufCMessage *copy = NULL;
    if (!bytes)
        return NULL;
    protobuf_c_message_pack(message, bytes);
    message_unpack(message->descriptor, slice_of(bytes, size), &copy);
    free(bytes);
    return copy;
}
