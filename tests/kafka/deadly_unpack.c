// SPDX-License-Identifier: Apache-2.0
// Loaded before protobuf-c: a parser with a fault that one subject sets off. What such a record does to the hub is
// shown by check_poison.
#include <dlfcn.h>
#include <protobuf-c/protobuf-c.h>
#include <signal.h>
#include <string.h>

typedef ProtobufCMessage *unpacker(const ProtobufCMessageDescriptor *, ProtobufCAllocator *, size_t, const uint8_t *);

ProtobufCMessage *protobuf_c_message_unpack(
    const ProtobufCMessageDescriptor *type, ProtobufCAllocator *allocator, size_t len, const uint8_t *data)
{
    static const char deadly[] = "line-deadly";
    unpacker *real = (unpacker *)dlsym(RTLD_NEXT, "protobuf_c_message_unpack");
    if (memmem(data, len, deadly, sizeof deadly - 1))
        raise(SIGSEGV);
    return real(type, allocator, len, data);
}
