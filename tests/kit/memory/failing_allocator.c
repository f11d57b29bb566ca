// SPDX-License-Identifier: Apache-2.0
// The C library lets a program bring its own malloc and calls it from within too. Behind ours stands the one that would
// have been there otherwise: the sanitizer's, where its library is linked, which knows its own memory only by its own
// calls. free and all that aligns stay as they are.
#include "tests/kit/memory/failing_allocator.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *memory, size_t size);
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t n, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *memory, size_t size);

static _Thread_local struct {
    size_t allocations, first, last; // of the thread since failures were asked for; those from first to last fail
    bool asked, failed;
} state;

void failing_allocator_begin(size_t nth, size_t failures)
{
    state.allocations = 0;
    state.first = nth;
    state.last = failures > FAILING_ALLOCATOR_ALL - nth ? FAILING_ALLOCATOR_ALL : nth + failures - 1;
    state.asked = true;
    state.failed = false;
}

bool failing_allocator_end(void)
{
    state.asked = false;
    return state.failed;
}

static bool fails_now(void)
{
    if (!state.asked || ++state.allocations < state.first || state.allocations > state.last)
        return false;
    state.failed = true;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    if (fails_now())
        return NULL;
    return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    if (fails_now())
        return NULL;
    return __interceptor_calloc ? __interceptor_calloc(n, size) : __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
    if (fails_now())
        return NULL;
    return __interceptor_realloc ? __interceptor_realloc(memory, size) : __libc_realloc(memory, size);
}

// The sanitizer has one that does not ask malloc.
char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
