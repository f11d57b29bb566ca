// SPDX-License-Identifier: Apache-2.0
// Unpacked twice: in an arena, which tells how many bytes it takes, and then into one piece that is just as large. The
// first that protobuf-c asks for is the message itself, so the message is where the piece begins.
#include "hub/observe/collect/unpack.h"
#include "hub/base/arena.h"
#include <stdlib.h>

struct piece {
    unsigned char *bytes;
    size_t used;
};

// In the same steps as the arena.
static void *piece_alloc(void *context, size_t size)
{
    struct piece *piece = context;
    void *memory = piece->bytes + piece->used;
    piece->used += size ? (size + 15) & ~(size_t)15 : 16;
    return memory;
}

static void piece_free(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

bool unpack_value(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message)
{
    struct arena arena;
    struct piece piece = {0};
    arena_init(&arena, 0);
    bool valid = arena_unpack(&arena, descriptor, value) != NULL, had_memory = !arena.failed;
    size_t bytes = arena.used_bytes;
    arena_deinit(&arena);
    if (valid)
        piece.bytes = malloc(bytes);
    ProtobufCAllocator allocator = {piece_alloc, piece_free, &piece};
    *message = piece.bytes ? protobuf_c_message_unpack(descriptor, &allocator, value.len, value.data) : NULL;
    return had_memory && (!valid || *message);
}
