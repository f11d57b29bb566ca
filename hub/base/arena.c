// SPDX-License-Identifier: Apache-2.0
// A chain of blocks with a bump pointer. Blocks double up to a ceiling; what is larger gets a block of its own. A reset
// keeps the blocks at the head of the chain, so that a steady load stops asking the system for memory after its first
// batch.
#include "hub/base/arena.h"
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_ALIGN       ((size_t)16)
#define ARENA_FIRST_BYTES ((size_t)16 * 1024)
#define ARENA_BLOCK_BYTES ((size_t)256 * 1024)
#define ARENA_KEEP_BYTES  ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size, used; // of data
    alignas(16) unsigned char data[];
};

static void *allocator_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void allocator_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

void arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){.limit_bytes = limit_bytes, .keep_bytes = ARENA_KEEP_BYTES};
    arena->allocator = (ProtobufCAllocator){.alloc = allocator_alloc, .free = allocator_free, .allocator_data = arena};
}

static void free_chain(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_deinit(struct arena *arena)
{
    size_t keep_bytes = arena->keep_bytes;
    free_chain(arena->first);
    arena_init(arena, arena->limit_bytes);
    arena->keep_bytes = keep_bytes;
}

static bool has_room(const struct arena_block *block, size_t size)
{
    return block && block->size - block->used >= size;
}

static size_t block_size(const struct arena_block *before, size_t size)
{
    size_t grown = before ? before->size * 2 : ARENA_FIRST_BYTES;
    if (grown > ARENA_BLOCK_BYTES)
        grown = ARENA_BLOCK_BYTES;
    return size > grown ? size : grown;
}

// Puts a block that has room for size after the current one; what was kept from an earlier batch comes first.
static bool next_block(struct arena *arena, size_t size)
{
    struct arena_block *current = arena->current;
    struct arena_block *kept = current ? current->next : arena->first;
    if (has_room(kept, size)) {
        arena->current = kept;
        return true;
    }
    size_t bytes = block_size(current, size);
    struct arena_block *block = malloc(sizeof *block + bytes);
    if (!block)
        return false;
    *block = (struct arena_block){.next = kept, .size = bytes};
    if (current)
        current->next = block;
    else
        arena->first = block;
    arena->current = block;
    return true;
}

static bool make_room(struct arena *arena, size_t size)
{
    if (arena->limit_bytes && size > arena->limit_bytes - arena->used_bytes)
        return false;
    return has_room(arena->current, size) || next_block(arena, size);
}

static void *take_bytes(struct arena *arena, size_t asked)
{
    size_t size = asked ? (asked + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1) : ARENA_ALIGN;
    if (asked > SIZE_MAX / 2 || !make_room(arena, size)) {
        arena->failed = true;
        return NULL;
    }
    void *memory = arena->current->data + arena->current->used;
    arena->current->used += size;
    arena->used_bytes += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = take_bytes(arena, size);
    return memory ? memset(memory, 0, size) : NULL;
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
    void *copy = bytes.len ? take_bytes(arena, bytes.len) : NULL;
    return copy ? slice_of(memcpy(copy, bytes.data, bytes.len), bytes.len) : (struct slice){0};
}

char *arena_text(struct arena *arena, struct slice bytes)
{
    char *text = arena_alloc(arena, bytes.len + 1);
    if (text && bytes.len)
        memcpy(text, bytes.data, bytes.len);
    return text;
}

char *arena_print_list(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = arena_alloc(arena, len < 0 ? SIZE_MAX : (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_print_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

void arena_reset(struct arena *arena)
{
    size_t kept = 0;
    struct arena_block **link = &arena->first;
    while (*link && kept + (*link)->size <= arena->keep_bytes) {
        (*link)->used = 0;
        kept += (*link)->size;
        link = &(*link)->next;
    }
    free_chain(*link);
    *link = NULL;
    arena->current = arena->first;
    arena->used_bytes = 0;
    arena->failed = false;
}

ProtobufCAllocator *arena_allocator(struct arena *arena)
{
    arena->allocator.allocator_data = arena; // an arena may have been moved since it was made
    return &arena->allocator;
}

struct unpacking {
    struct arena *arena;
    jmp_buf without_memory;
};

// Leaves protobuf-c where it stands. All that it has is of the arena, so nothing is lost.
static void *unpack_alloc(void *context, size_t size)
{
    struct unpacking *unpacking = context;
    void *memory = arena_alloc(unpacking->arena, size);
    if (!memory)
        longjmp(unpacking->without_memory, 1);
    return memory;
}

ProtobufCMessage *arena_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor, struct slice value)
{
    struct unpacking unpacking = {.arena = arena};
    ProtobufCAllocator allocator = {.alloc = unpack_alloc, .free = allocator_free, .allocator_data = &unpacking};
    if (setjmp(unpacking.without_memory))
        return NULL;
    return protobuf_c_message_unpack(descriptor, &allocator, value.len, value.data);
}
