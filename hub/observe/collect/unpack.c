// SPDX-License-Identifier: Apache-2.0
// protobuf-c gives NULL for a value that is broken and for want of memory alike; its allocator knows which.
#include "hub/observe/collect/unpack.h"
#include <stdlib.h>

static void *allocate_bytes(void *failed, size_t size)
{
    void *memory = malloc(size);
    *(bool *)failed |= !memory;
    return memory;
}

static void free_bytes(void *failed, void *memory)
{
    (void)failed;
    free(memory);
}

bool unpack_value(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message)
{
    bool failed = false;
    ProtobufCAllocator allocator = {allocate_bytes, free_bytes, &failed};
    *message = protobuf_c_message_unpack(descriptor, &allocator, value.len, value.data);
    return *message || !failed;
}
