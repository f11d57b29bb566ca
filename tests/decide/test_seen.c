// SPDX-License-Identifier: Apache-2.0
// The set against a plain list that cannot be wrong, over random fingerprints and over ones chosen to hurt; its memory
// at every size; and its way to the state topic and back.
#include "hub/decide/seen.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define KEYS       20000
#define OPERATIONS 400000

// Fingerprint number i of each kind.
static struct fingerprint uniform(uint32_t i)
{
    struct kit_random random = {i};
    struct fingerprint fingerprint;
    kit_bytes(&random, fingerprint.bytes, sizeof fingerprint.bytes);
    return fingerprint;
}

static struct fingerprint in_one_shard(uint32_t i)
{
    struct fingerprint fingerprint = uniform(i);
    fingerprint.bytes[0] = 0x5a;
    return fingerprint;
}

// All at one home: they differ in their last three bytes only, which are not where homes come from.
static struct fingerprint at_one_home(uint32_t i)
{
    struct fingerprint fingerprint = {{0x5a, 1, 2, 3, 4, 5, 6, 7}};
    i %= 600;
    fingerprint.bytes[8] = (uint8_t)(i >> 16);
    fingerprint.bytes[9] = (uint8_t)(i >> 8);
    fingerprint.bytes[10] = (uint8_t)i;
    return fingerprint;
}

static struct fingerprint at_the_last_home(uint32_t i)
{
    struct fingerprint fingerprint = at_one_home(i);
    memset(fingerprint.bytes, 0xff, 8);
    return fingerprint;
}

static struct fingerprint at_the_first_home(uint32_t i)
{
    struct fingerprint fingerprint = at_one_home(i);
    memset(fingerprint.bytes, 0, 8);
    return fingerprint;
}

static const struct {
    const char *name;
    struct fingerprint (*make)(uint32_t);
    uint32_t keys;
} kinds[] = {
    {"uniform", uniform, KEYS},
    {"in one shard", in_one_shard, KEYS},
    {"at one home", at_one_home, 600},
    {"at the last home", at_the_last_home, 600},
    {"at the first home", at_the_first_home, 600},
};

struct model {
    uint64_t first[KEYS], floor, sequence;
};

static uint64_t model_find(const struct model *model, uint32_t key)
{
    return model->first[key] >= model->floor ? model->first[key] : 0;
}

// One step of a long life: mostly finds and adds, now and then some more is forgotten. false if set and model disagree.
static bool agree(struct seen *seen, struct model *model, struct kit_random *random, size_t kind)
{
    uint32_t key = (uint32_t)kit_below(random, kinds[kind].keys);
    struct fingerprint fingerprint = kinds[kind].make(key);
    uint64_t choice = kit_below(random, 1000);
    if (choice == 0 && model->sequence > kinds[kind].keys / 2) {
        uint64_t floor = model->sequence - kit_below(random, kinds[kind].keys / 2);
        model->floor = floor > model->floor ? floor : model->floor; // what is forgotten stays forgotten
        seen_expire(seen, floor);
    } else if (choice < 500) {
        if (!model_find(model, key))
            model->first[key] = model->sequence + 1;
        if (!seen_add(seen, fingerprint, ++model->sequence))
            return false;
    }
    return seen_find(seen, fingerprint) == model_find(model, key);
}

static bool all_agree(const struct seen *seen, const struct model *model, size_t kind)
{
    for (uint32_t key = 0; key < kinds[kind].keys; key++)
        if (seen_find(seen, kinds[kind].make(key)) != model_find(model, key))
            return false;
    return true;
}

Test(seen, says_what_a_plain_list_says, .timeout = 60)
{
    static struct model model;
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        struct kit_random random = {kind};
        struct seen *seen = seen_new();
        memset(&model, 0, sizeof model);
        model.floor = 1;
        for (int i = 0; i < OPERATIONS; i++)
            if (!agree(seen, &model, &random, kind))
                cr_assert(false, "%s: operation %d", kinds[kind].name, i);
        cr_assert(all_agree(seen, &model, kind), "%s", kinds[kind].name);
        cr_assert_null(seen_free(seen));
    }
}

Test(seen, the_first_sequence_stays_until_it_has_expired)
{
    struct seen *seen = seen_new();
    struct fingerprint fingerprint = uniform(1);
    cr_assert_eq(seen_find(seen, fingerprint), 0);
    cr_assert(seen_add(seen, fingerprint, 10) && seen_add(seen, fingerprint, 20));
    cr_assert_eq(seen_find(seen, fingerprint), 10);
    seen_expire(seen, 10);
    cr_assert_eq(seen_find(seen, fingerprint), 10, "the floor itself still counts");
    seen_expire(seen, 11);
    cr_assert_eq(seen_find(seen, fingerprint), 0);
    cr_assert(seen_add(seen, fingerprint, 10));
    cr_assert_eq(seen_find(seen, fingerprint), 0, "what lies below the floor is not kept");
    cr_assert(seen_add(seen, fingerprint, 30));
    seen_expire(seen, 5);
    cr_assert_eq(seen_find(seen, fingerprint), 30);
    cr_assert_eq(seen_count(seen), 1, "its room was used again");
    seen_free(seen);
}

Test(seen, a_sequence_outside_forty_bits_is_refused)
{
    struct seen *seen = seen_new();
    cr_assert_not(seen_add(seen, uniform(1), 0));
    cr_assert_not(seen_add(seen, uniform(1), UINT64_C(1) << 40));
    cr_assert(seen_add(seen, uniform(1), (UINT64_C(1) << 40) - 1));
    cr_assert_eq(seen_find(seen, uniform(1)), (UINT64_C(1) << 40) - 1);
    cr_assert_eq(seen_count(seen), 1);
    seen_free(seen);
}

// Every byte of a fingerprint counts.
Test(seen, fingerprints_that_differ_in_one_bit_are_two)
{
    struct seen *seen = seen_new();
    struct fingerprint base = uniform(7);
    seen_add(seen, base, 1);
    for (unsigned bit = 0; bit < FINGERPRINT_BYTES * 8; bit++) {
        struct fingerprint other = base;
        other.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert_eq(seen_find(seen, other), 0, "bit %u", bit);
        seen_add(seen, other, bit + 2);
        cr_assert_eq(seen_find(seen, other), bit + 2, "bit %u", bit);
    }
    cr_assert_eq(seen_find(seen, base), 1);
    cr_assert_eq(seen_count(seen), FINGERPRINT_BYTES * 8 + 1);
    seen_free(seen);
}

#ifdef __SANITIZE_ADDRESS__
#define HEAP_IS_KNOWN false
#else
#define HEAP_IS_KNOWN true
#endif

static size_t heap_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

Test(seen, takes_less_than_24_bytes_an_entry_at_every_size, .timeout = 60)
{
    size_t before = heap_bytes();
    struct seen *seen = seen_new();
    for (uint32_t i = 1; i <= 2000000; i++) {
        if (!seen_add(seen, uniform(i), i))
            cr_assert(false, "add %u", i);
        if (i < 100000 || i % 1000)
            continue;
        size_t heap = heap_bytes() - before;
        if (seen_bytes(seen) > (size_t)i * 24 || (HEAP_IS_KNOWN && heap > (size_t)i * 24))
            cr_assert(false, "%.2f bytes an entry of %u, %.2f of the heap", (double)seen_bytes(seen) / i, i,
                (double)heap / i);
    }
    cr_assert_eq(seen_count(seen), 2000000);
    for (uint32_t i = 1; i <= 2000000; i += 7)
        if (seen_find(seen, uniform(i)) != i || seen_find(seen, uniform(i + 2000000)))
            cr_assert(false, "find %u", i);
    seen_free(seen);
}

Test(seen, a_window_that_moves_on_does_not_grow, .timeout = 60)
{
    struct seen *seen = seen_new();
    const uint32_t window = 200000;
    for (uint32_t i = 1; i <= 8 * window; i++) {
        if (i > window && i % 500 == 0)
            seen_expire(seen, i - window);
        if (!seen_add(seen, uniform(i), i))
            cr_assert(false, "add %u", i);
        if (i > window && i % 1000 == 0 && seen_bytes(seen) > (size_t)window * 28)
            cr_assert(false, "%zu bytes at %u", seen_bytes(seen), i);
    }
    cr_assert(seen_count(seen) < window * 13 / 10, "%zu entries are held for a window of %u", seen_count(seen), window);
    cr_assert_eq(seen_find(seen, uniform(7 * window - 1)), 0);
    cr_assert_eq(seen_find(seen, uniform(7 * window)), 7 * window);
    seen_free(seen);
}

Test(seen, a_swept_set_gives_its_room_back)
{
    struct seen *seen = seen_new();
    for (uint32_t i = 1; i <= 100000; i++)
        seen_add(seen, uniform(i), i);
    size_t full = seen_bytes(seen);
    seen_expire(seen, 100001);
    for (uint32_t i = 100001; i <= 140000; i++)
        seen_add(seen, uniform(i), i);
    cr_assert(seen_bytes(seen) <= full, "%zu bytes, %zu before", seen_bytes(seen), full);
    for (uint32_t i = 1; i <= 100000; i += 11)
        cr_assert_eq(seen_find(seen, uniform(i)), 0);
    seen_free(seen);
}

static struct seen *copy(const struct seen *from, size_t piece)
{
    struct seen *to = seen_new();
    uint8_t *bytes = malloc(piece * SEEN_ENTRY_BYTES), last[SEEN_ENTRY_BYTES] = {0};
    uint64_t cursor = 0;
    for (size_t n; (n = seen_export(from, &cursor, bytes, piece)) > 0;
         memcpy(last, bytes + (n - 1) * SEEN_ENTRY_BYTES, sizeof last)) {
        cr_assert(n <= piece);
        cr_assert(memcmp(last, bytes, FINGERPRINT_BYTES) < 0, "pieces are in order");
        cr_assert(seen_add_packed(to, slice_of(bytes, n * SEEN_ENTRY_BYTES)));
    }
    cr_assert_eq(seen_export(from, &cursor, bytes, piece), 0, "the end stays the end");
    free(bytes);
    return to;
}

Test(seen, what_is_exported_and_imported_is_the_same_set)
{
    static const size_t pieces[] = {1, 7, 1000, 32768};
    struct seen *seen = seen_new();
    for (uint32_t i = 1; i <= 5000; i++)
        seen_add(seen, i % 3 ? uniform(i) : at_the_last_home(i), i);
    seen_expire(seen, 1000);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        struct seen *other = copy(seen, pieces[p]);
        size_t n = 0;
        for (uint32_t i = 1; i <= 5000; i++) {
            struct fingerprint fingerprint = i % 3 ? uniform(i) : at_the_last_home(i);
            n += seen_find(other, fingerprint) == i;
            if (seen_find(other, fingerprint) != seen_find(seen, fingerprint))
                cr_assert(false, "entry %u in pieces of %zu", i, pieces[p]);
        }
        cr_assert_eq(seen_count(other), n, "nothing that had expired was exported");
        seen_free(other);
    }
    seen_free(seen);
}

static double seconds_to_import(const uint8_t *entries, size_t n)
{
    struct seen *seen = seen_new();
    clock_t start = clock();
    cr_assert(seen_add_packed(seen, slice_of(entries, n * SEEN_ENTRY_BYTES)));
    clock_t end = clock();
    cr_assert_eq(seen_count(seen), n);
    seen_free(seen);
    return (double)(end - start) / CLOCKS_PER_SEC;
}

// An export comes back in order, which fills a shard from one side: that must not take time by the square.
Test(seen, an_import_in_order_takes_about_as_long_as_any_other)
{
    enum { N = 100000 };
    static uint8_t shuffled[N * SEEN_ENTRY_BYTES], sorted[N * SEEN_ENTRY_BYTES];
    struct seen *seen = seen_new();
    uint64_t cursor = 0;
    for (uint32_t i = 0; i < N; i++)
        seen_entry_pack(in_one_shard(i), i + 1, shuffled + i * SEEN_ENTRY_BYTES);
    seen_add_packed(seen, slice_of(shuffled, sizeof shuffled));
    cr_assert_eq(seen_export(seen, &cursor, sorted, N), N);
    double any = seconds_to_import(shuffled, N), in_order = seconds_to_import(sorted, N);
    cr_assert(in_order < any * 5 + 0.02, "%.3f s in order, %.3f s shuffled", in_order, any);
    seen_free(seen);
}

Test(seen, an_empty_set_exports_nothing)
{
    struct seen *seen = seen_new();
    uint8_t bytes[SEEN_ENTRY_BYTES];
    uint64_t cursor = 0;
    cr_assert_eq(seen_export(seen, &cursor, bytes, 1), 0);
    seen_free(seen);
}

Test(seen, packed_entries_have_the_bytes_of_the_contract)
{
    struct fingerprint fingerprint = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
    uint8_t packed[SEEN_ENTRY_BYTES],
        expected[SEEN_ENTRY_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xab, 0, 0, 1, 2};
    seen_entry_pack(fingerprint, UINT64_C(0xab00000102), packed);
    cr_assert_arr_eq(packed, expected, sizeof packed);
    struct seen *seen = seen_new();
    cr_assert(seen_add_packed(seen, slice_of(packed, sizeof packed)));
    cr_assert_eq(seen_find(seen, fingerprint), UINT64_C(0xab00000102));
    cr_assert_not(seen_add_packed(seen, slice_of(packed, sizeof packed - 1)), "half an entry");
    memset(packed + FINGERPRINT_BYTES, 0, 5);
    cr_assert_not(seen_add_packed(seen, slice_of(packed, sizeof packed)), "an entry without a sequence");
    cr_assert(seen_add_packed(seen, (struct slice){0}));
    seen_free(seen);
}
