// SPDX-License-Identifier: Apache-2.0
// What a batch may count on from its memory.
#include "hub/base/arena.h"
#include <criterion/criterion.h>
#include <signalbox/v1/report.pb-c.h>

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

static void fill_batch(struct arena *arena, const size_t *sizes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t *memory = arena_alloc(arena, sizes[i]);
        cr_assert(memory, "%zu bytes", sizes[i]);
        cr_assert((uintptr_t)memory % 16 == 0, "%zu bytes are aligned", sizes[i]);
        cr_assert(is_zero(memory, sizes[i]), "%zu bytes are zeroed", sizes[i]);
        memset(memory, 0xff, sizes[i]);
    }
}

Test(arena, everything_is_zeroed_and_aligned_also_after_a_reset)
{
    static const size_t sizes[] = {1, 16, 17, 0, 4095, 20000, 3, 300000, 1, 700000, 2000000, 5, 65536, 8};
    struct arena arena;
    arena_init(&arena, 0);
    for (int batch = 0; batch < 4; batch++) {
        fill_batch(&arena, sizes, sizeof sizes / sizeof *sizes);
        cr_assert(arena.used_bytes >= 3000000);
        arena_reset(&arena);
        cr_assert(arena.used_bytes == 0);
    }
    arena_deinit(&arena);
}

static size_t bytes_held(const struct arena *arena)
{
    size_t held = 0;
    struct {
        void *next;
        size_t size, used;
    } * block; // as the arena has it
    for (block = (void *)arena->first; block; block = block->next)
        held += block->size;
    return held;
}

static void fill_and_reset(struct arena *arena)
{
    arena_reset(arena);
    void *first = arena_alloc(arena, 100);
    for (int i = 0; i < 100; i++)
        arena_alloc(arena, 100000);
    arena_reset(arena);
    cr_assert_eq(arena_alloc(arena, 100), first, "the first block is used again");
}

Test(arena, a_reset_keeps_its_first_blocks_and_no_more_than_it_is_told)
{
    struct arena arena;
    arena_init(&arena, 0);
    fill_and_reset(&arena);
    cr_assert(
        bytes_held(&arena) >= 200000 && bytes_held(&arena) <= 1024 * 1024, "%zu bytes are kept", bytes_held(&arena));
    arena.keep_bytes = 4u << 20;
    fill_and_reset(&arena);
    cr_assert(
        bytes_held(&arena) >= 3u << 20 && bytes_held(&arena) <= 4u << 20, "%zu bytes are kept", bytes_held(&arena));
    arena_deinit(&arena);
    cr_assert_eq(arena.keep_bytes, 4u << 20);
}

Test(arena, the_limit_is_kept_and_a_reset_gives_it_back)
{
    struct arena arena;
    arena_init(&arena, 1000);
    cr_assert(arena_alloc(&arena, 900));
    cr_assert_null(arena_alloc(&arena, 200));
    cr_assert_null(arena_printf(&arena, "%0200d", 1));
    cr_assert(arena_copy(&arena, slice_of("0123456789", 10)).len == 10);
    cr_assert_null(arena_alloc(&arena, SIZE_MAX));
    cr_assert_null(arena_alloc(&arena, SIZE_MAX - 15));
    arena_reset(&arena);
    cr_assert(arena_alloc(&arena, 1000 - 16));
    arena_deinit(&arena);
}

Test(arena, copies_are_equal_and_text_is_terminated)
{
    struct arena arena;
    arena_init(&arena, 0);
    cr_assert(slice_equal(arena_copy(&arena, slice_text("county")), slice_text("county")));
    cr_assert(arena_copy(&arena, (struct slice){0}).len == 0);
    cr_assert_str_eq(arena_text(&arena, slice_of("lines and more", 5)), "lines");
    cr_assert_str_eq(arena_text(&arena, (struct slice){0}), "");
    cr_assert_str_eq(arena_printf(&arena, "%s/%d", "kent", 7), "kent/7");
    arena_deinit(&arena);
}

Test(arena, protobuf_unpacks_out_of_it)
{
    struct arena arena;
    char *methods[] = {"debt-bondage", "online-contact"};
    Signalbox__V1__ReportBody body = SIGNALBOX__V1__REPORT_BODY__INIT, *read;
    uint8_t bytes[128];
    body.title = "A title";
    body.methods = methods;
    body.n_methods = 2;
    size_t len = signalbox__v1__report_body__pack(&body, bytes);
    arena_init(&arena, 0);
    read = signalbox__v1__report_body__unpack(arena_allocator(&arena), len, bytes);
    cr_assert_str_eq(read->methods[1], "online-contact");
    signalbox__v1__report_body__free_unpacked(read, arena_allocator(&arena));
    cr_assert(arena.used_bytes > 0);
    arena_deinit(&arena);
    arena_init(&arena, 32);
    cr_assert_null(
        signalbox__v1__report_body__unpack(arena_allocator(&arena), len, bytes), "the limit ends the unpacking");
    arena_deinit(&arena);
}

Test(arena, what_it_could_not_give_is_remembered_until_all_is_forgotten)
{
    struct arena arena;
    arena_init(&arena, 64);
    cr_assert(arena_text(&arena, slice_text("sixteen bytes...")));
    cr_assert(!arena.failed);
    cr_assert_null(arena_printf(&arena, "%64s", "too long"));
    cr_assert(arena_alloc(&arena, 16), "what is small still finds its place");
    cr_assert(arena.failed, "and the whole has a gap all the same");
    arena_reset(&arena);
    cr_assert(!arena.failed);
    cr_assert_null(arena_copy(&arena, slice_of("x", SIZE_MAX)).data);
    cr_assert(arena.failed);
    arena_deinit(&arena);
    cr_assert(!arena.failed);
}
