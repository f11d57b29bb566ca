// SPDX-License-Identifier: Apache-2.0
// The allocator of tests/kit/memory fails where it is told to, for libraries too, and nowhere else.
#include "tests/kit/memory/failing_allocator.h"
#include "hub/base/arena.h"
#include "hub/base/list.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// Which of four allocations fail, as bits.
static unsigned failures_of(size_t nth, size_t failures, bool *any)
{
    void *volatile memory[4]; // or a compiler leaves the calls out, since nobody looks into what they give
    unsigned failed = 0;
    failing_allocator_begin(nth, failures);
    memory[0] = malloc(10);
    memory[1] = calloc(2, 10);
    memory[2] = realloc(NULL, 10);
    memory[3] = strdup("kent");
    *any = failing_allocator_end();
    for (unsigned i = 0; i < 4; i++) {
        failed |= (unsigned)!memory[i] << i;
        free(memory[i]);
    }
    return failed;
}

Test(failing_allocator, the_nth_allocation_fails_or_all_from_there_on)
{
    bool any;
    for (size_t nth = 1; nth <= 4; nth++) {
        cr_expect_eq(failures_of(nth, 1, &any), 1u << (nth - 1));
        cr_expect(any);
        cr_expect_eq(failures_of(nth, FAILING_ALLOCATOR_ALL, &any), 15u & ~0u << (nth - 1));
        cr_expect(any);
    }
    cr_expect_eq(failures_of(5, 1, &any), 0);
    cr_expect(!any);
}

static char *print_number(int number)
{
    char *text = NULL;
    return asprintf(&text, "number %d", number) < 0 ? NULL : text;
}

Test(failing_allocator, what_the_c_library_allocates_for_itself_counts)
{
    failing_allocator_begin(1, FAILING_ALLOCATOR_ALL);
    char *text = print_number(7);
    FILE *stream = open_memstream(&(char *){NULL}, &(size_t){0});
    cr_assert(failing_allocator_end());
    cr_expect_null(text);
    cr_expect_null(stream);
    text = print_number(7);
    cr_expect_str_eq(text, "number 7");
    free(text);
}

Test(failing_allocator, arenas_and_lists_stay_as_they_were)
{
    struct arena arena;
    arena_init(&arena, 0);
    int *list = NULL;
    size_t room = 0;
    cr_assert(list_room(&list, &room, 4, sizeof *list));
    int *before = list;
    failing_allocator_begin(1, FAILING_ALLOCATOR_ALL);
    bool grown = list_room(&list, &room, 4000, sizeof *list);
    void *memory = arena_alloc(&arena, 1);
    cr_assert(failing_allocator_end());
    cr_expect(!grown && list == before && room >= 4 && room < 4000);
    cr_expect(!memory && arena.failed);
    cr_expect(arena_alloc(&arena, 1));
    free(list);
    arena_deinit(&arena);
}

static void *allocate_some(void *context)
{
    void *memory = malloc(100);
    *(bool *)context = memory != NULL;
    free(memory);
    return NULL;
}

Test(failing_allocator, other_threads_have_memory)
{
    pthread_t thread;
    bool had = false;
    cr_assert_eq(pthread_create(&thread, NULL, allocate_some, &had), 0);
    failing_allocator_begin(1, FAILING_ALLOCATOR_ALL);
    pthread_join(thread, NULL);
    failing_allocator_end();
    cr_expect(had);
}
