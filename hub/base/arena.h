// SPDX-License-Identifier: Apache-2.0
// Memory of a batch: allocate freely, release all at once. Everything it gives is zeroed and aligned to 16 bytes.
#pragma once
#include "hub/base/slice.h"
#include <stdarg.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

struct arena_block;

struct arena {
    struct arena_block *first, *current;
    size_t used_bytes;  // handed out since the last reset
    bool failed;        // it gave NULL since then: whoever makes much of it asks once, when all of it is made
    size_t limit_bytes; // arena_alloc gives NULL beyond this; 0 for no limit
    size_t keep_bytes;  // of blocks that a reset keeps; arena_init sets it to 1 MiB, and it may be changed at any time
    ProtobufCAllocator allocator; // hands out of this arena; its free does nothing
};

// A limit of 0 means none. Nothing is allocated yet.
void arena_init(struct arena *arena, size_t limit_bytes);
void arena_deinit(struct arena *arena);

// NULL only if the limit is passed or the machine has no memory left.
void *arena_alloc(struct arena *arena, size_t size);
// A copy that lives as long as the arena. The empty slice gives an empty slice.
struct slice arena_copy(struct arena *arena, struct slice bytes);
// A terminated copy.
char *arena_text(struct arena *arena, struct slice bytes);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_print_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

// Forgets everything given out; keeps up to keep_bytes of blocks for the next batch.
void arena_reset(struct arena *arena);

// For protobuf-c's unpack and free calls.
ProtobufCAllocator *arena_allocator(struct arena *arena);
// A message of the arena; NULL if the value is none of that kind, or without memory: then arena->failed is set.
// protobuf-c itself does not bear an allocator that gives NULL: it walks over lists that it has counted and not made
// yet.
ProtobufCMessage *arena_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor, struct slice value);
