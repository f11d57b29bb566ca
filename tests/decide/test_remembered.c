// SPDX-License-Identifier: Apache-2.0
// The table against a plain list that cannot be wrong, in several shapes, over random keys and over ones chosen to
// hurt; its memory at every size; and its way to the state topic and back.
#include "hub/decide/remembered.h"
#include "hub/base/big_endian.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define KEYS        20000
#define OPERATIONS  400000
#define ENTRY_BYTES 16
#define KEY_BYTES   11

struct key {
    uint8_t bytes[KEY_BYTES];
};

static const struct shape marks = {.key = KEY_BYTES, .stamp = 5, .value = 5};

static void pack(const struct shape *shape, struct key key, uint64_t stamp, uint8_t *out)
{
    memset(out, 0, shape_width(shape));
    memcpy(out, key.bytes, shape->key < KEY_BYTES ? shape->key : KEY_BYTES);
    big_endian_write(out + shape->key, shape->stamp, stamp);
    for (size_t i = shape->stamp; i < shape->value; i++)
        out[shape->key + i] = (uint8_t)(stamp * 31 + i);
}

// The stamp if the whole value is there, 0 if nothing is, UINT64_MAX if anything else is.
static uint64_t find_in(const struct shape *shape, const struct remembered *table, struct key key)
{
    uint8_t wanted[SHAPE_WIDTH_MAX];
    pack(shape, key, 0, wanted);
    const uint8_t *value = remembered_find(table, wanted);
    if (!value)
        return 0;
    uint64_t stamp = big_endian_read(value, shape->stamp);
    pack(shape, key, stamp, wanted);
    return memcmp(value, wanted + shape->key, shape->value) == 0 ? stamp : UINT64_MAX;
}

static bool put_in(const struct shape *shape, struct remembered *table, struct key key, uint64_t stamp)
{
    uint8_t entry[SHAPE_WIDTH_MAX];
    pack(shape, key, stamp, entry);
    return remembered_put(table, slice_of(entry, shape_width(shape)));
}

static uint64_t find(const struct remembered *table, struct key key)
{
    return find_in(&marks, table, key);
}

static bool put(struct remembered *table, struct key key, uint64_t stamp)
{
    return put_in(&marks, table, key, stamp);
}

// Key number i of each kind.
static struct key uniform(uint32_t i)
{
    struct kit_random random = {i};
    struct key key;
    kit_bytes(&random, key.bytes, sizeof key.bytes);
    return key;
}

static struct key in_one_shard(uint32_t i)
{
    struct key key = uniform(i);
    key.bytes[0] = 0x5a;
    return key;
}

// All at one home: they differ in their last three bytes only, which are not where homes come from.
static struct key at_one_home(uint32_t i)
{
    struct key key = {{0x5a, 1, 2, 3, 4, 5, 6, 7}};
    i %= 600;
    key.bytes[8] = (uint8_t)(i >> 16);
    key.bytes[9] = (uint8_t)(i >> 8);
    key.bytes[10] = (uint8_t)i;
    return key;
}

static struct key at_the_last_home(uint32_t i)
{
    struct key key = at_one_home(i);
    memset(key.bytes, 0xff, 8);
    return key;
}

static struct key at_the_first_home(uint32_t i)
{
    struct key key = at_one_home(i);
    memset(key.bytes, 0, 8);
    return key;
}

static const struct {
    const char *name;
    struct key (*make)(uint32_t);
    uint32_t keys;
} kinds[] = {
    {"uniform", uniform, KEYS},
    {"in one shard", in_one_shard, KEYS},
    {"at one home", at_one_home, 600},
    {"at the last home", at_the_last_home, 600},
    {"at the first home", at_the_first_home, 600},
};

static const struct shape shapes[] = {
    {.key = 11, .stamp = 5, .value = 5},
    {.key = 11, .stamp = 5, .value = 25},
    {.key = 8, .stamp = 3, .value = 7},
    {.key = 16, .stamp = 8, .value = 8},
};

// Keys of eight bytes are not told apart by those behind them.
static bool fits(const struct shape *shape, size_t kind)
{
    return shape->key >= KEY_BYTES || kinds[kind].keys == KEYS;
}

struct model {
    uint64_t stamp[KEYS], floor, last;
};

static uint64_t model_find(const struct model *model, uint32_t key)
{
    return model->stamp[key] >= model->floor ? model->stamp[key] : 0;
}

// One step of a long life: mostly finds and puts, now and then some more is forgotten. false if table and model
// disagree.
static bool agree(
    const struct shape *shape, struct remembered *table, struct model *model, struct kit_random *random, size_t kind)
{
    uint32_t number = (uint32_t)kit_below(random, kinds[kind].keys);
    struct key key = kinds[kind].make(number);
    uint64_t choice = kit_below(random, 1000);
    if (choice == 0 && model->last > kinds[kind].keys / 2) {
        uint64_t floor = model->last - kit_below(random, kinds[kind].keys / 2);
        model->floor = floor > model->floor ? floor : model->floor; // what is forgotten stays forgotten
        remembered_expire(table, floor);
    } else if (choice < 500) {
        model->stamp[number] = ++model->last;
        if (!put_in(shape, table, key, model->last))
            return false;
    }
    return find_in(shape, table, key) == model_find(model, number);
}

static bool all_agree(const struct shape *shape, const struct remembered *table, const struct model *model, size_t kind)
{
    for (uint32_t key = 0; key < kinds[kind].keys; key++)
        if (find_in(shape, table, kinds[kind].make(key)) != model_find(model, key))
            return false;
    return true;
}

static void live_long(const struct shape *shape, size_t kind)
{
    static struct model model;
    struct kit_random random = {kind};
    struct remembered *table = remembered_new(shape);
    memset(&model, 0, sizeof model);
    model.floor = 1;
    for (int i = 0; i < OPERATIONS; i++)
        if (!agree(shape, table, &model, &random, kind))
            cr_assert(false, "%s, key of %d: operation %d", kinds[kind].name, shape->key, i);
    cr_assert(all_agree(shape, table, &model, kind), "%s, key of %d", kinds[kind].name, shape->key);
    cr_assert_null(remembered_free(table));
}

Test(remembered, says_what_a_plain_list_says)
{
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++)
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            if (fits(&shapes[shape], kind))
                live_long(&shapes[shape], kind);
}

Test(remembered, the_last_value_of_a_key_counts_and_what_expired_is_gone)
{
    struct remembered *table = remembered_new(&marks);
    struct key key = uniform(1);
    cr_assert_eq(find(table, key), 0);
    cr_assert(put(table, key, 20) && put(table, key, 10));
    cr_assert_eq(find(table, key), 10);
    remembered_expire(table, 10);
    cr_assert_eq(find(table, key), 10, "the floor itself still counts");
    remembered_expire(table, 11);
    cr_assert_eq(find(table, key), 0);
    cr_assert(put(table, uniform(2), 10));
    cr_assert_eq(find(table, uniform(2)), 0, "what lies below the floor is not kept");
    cr_assert(put(table, key, 30));
    remembered_expire(table, 5);
    cr_assert_eq(find(table, key), 30);
    cr_assert_eq(remembered_count(table), 1, "its room was used again");
    cr_assert(put(table, key, 10));
    cr_assert_eq(find(table, key), 0, "the last value counts, and it has expired");
    remembered_free(table);
}

static bool is_odd(const uint8_t *value)
{
    return value[5] & 1;
}

// Of the entries below the floor the odd ones stay, through every rebuild and export, until a value lets them go.
Test(remembered, what_a_shape_keeps_outlives_the_floor)
{
    const struct shape shape = {.key = 11, .stamp = 5, .value = 6, .keeps = is_odd};
    struct remembered *table = remembered_new(&shape), *again = remembered_new(&shape);
    static uint8_t all[40000 * 17];
    uint64_t cursor = 0;
    for (uint32_t i = 1; i <= 10000; i++)
        put_in(
            &shape, table, uniform(i), i); // the byte behind the stamp is stamp * 31 + 5: odd where the stamp is even
    remembered_expire(table, 10001);
    for (uint32_t i = 10001; i <= 30000; i++)
        put_in(&shape, table, uniform(i), i);
    size_t n = remembered_export(table, &cursor, all, 40000);
    cr_assert_eq(n, 25000);
    remembered_expire(again, 10001);
    cr_assert(remembered_put(again, slice_of(all, n * 17)));
    for (uint32_t i = 1; i <= 30000; i++) {
        uint64_t expected = i > 10000 || i % 2 == 0 ? i : 0;
        if (find_in(&shape, table, uniform(i)) != expected || find_in(&shape, again, uniform(i)) != expected)
            cr_assert(false, "entry %u", i);
    }
    cr_assert(put_in(&shape, table, uniform(2), 9));
    cr_assert_eq(find_in(&shape, table, uniform(2)), 0, "its last value is none that is kept");
    remembered_free(table);
    remembered_free(again);
}

Test(remembered, a_stamp_of_nought_is_refused)
{
    struct remembered *table = remembered_new(&marks);
    cr_assert_not(put(table, uniform(1), 0));
    cr_assert(put(table, uniform(1), (UINT64_C(1) << 40) - 1));
    cr_assert_not(put(table, uniform(1), 0));
    cr_assert_eq(find(table, uniform(1)), (UINT64_C(1) << 40) - 1);
    cr_assert_eq(remembered_count(table), 1);
    remembered_free(table);
}

// Every byte of a key counts.
Test(remembered, keys_that_differ_in_one_bit_are_two)
{
    struct remembered *table = remembered_new(&marks);
    struct key base = uniform(7);
    put(table, base, 1);
    for (unsigned bit = 0; bit < KEY_BYTES * 8; bit++) {
        struct key other = base;
        other.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert_eq(find(table, other), 0, "bit %u", bit);
        put(table, other, bit + 2);
        cr_assert_eq(find(table, other), bit + 2, "bit %u", bit);
    }
    cr_assert_eq(find(table, base), 1);
    cr_assert_eq(remembered_count(table), KEY_BYTES * 8 + 1);
    remembered_free(table);
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

Test(remembered, takes_less_than_24_bytes_an_entry_at_every_size)
{
    size_t before = heap_bytes();
    struct remembered *table = remembered_new(&marks);
    for (uint32_t i = 1; i <= 2000000; i++) {
        if (!put(table, uniform(i), i))
            cr_assert(false, "add %u", i);
        if (i < 100000 || i % 1000)
            continue;
        size_t heap = heap_bytes() - before;
        if (remembered_bytes(table) > (size_t)i * 24 || (HEAP_IS_KNOWN && heap > (size_t)i * 24))
            cr_assert(false, "%.2f bytes an entry of %u, %.2f of the heap", (double)remembered_bytes(table) / i, i,
                (double)heap / i);
    }
    cr_assert_eq(remembered_count(table), 2000000);
    for (uint32_t i = 1; i <= 2000000; i += 7)
        if (find(table, uniform(i)) != i || find(table, uniform(i + 2000000)))
            cr_assert(false, "find %u", i);
    remembered_free(table);
}

Test(remembered, a_window_that_moves_on_does_not_grow)
{
    struct remembered *table = remembered_new(&marks);
    const uint32_t window = 200000;
    for (uint32_t i = 1; i <= 8 * window; i++) {
        if (i > window && i % 500 == 0)
            remembered_expire(table, i - window);
        if (!put(table, uniform(i), i))
            cr_assert(false, "add %u", i);
        if (i > window && i % 1000 == 0 && remembered_bytes(table) > (size_t)window * 28)
            cr_assert(false, "%zu bytes at %u", remembered_bytes(table), i);
    }
    cr_assert(remembered_count(table) < window * 13 / 10, "%zu entries are held for a window of %u",
        remembered_count(table), window);
    cr_assert_eq(find(table, uniform(7 * window - 1)), 0);
    cr_assert_eq(find(table, uniform(7 * window)), 7 * window);
    remembered_free(table);
}

Test(remembered, a_swept_table_gives_its_room_back)
{
    struct remembered *table = remembered_new(&marks);
    for (uint32_t i = 1; i <= 100000; i++)
        put(table, uniform(i), i);
    size_t full = remembered_bytes(table);
    remembered_expire(table, 100001);
    for (uint32_t i = 100001; i <= 140000; i++)
        put(table, uniform(i), i);
    cr_assert(remembered_bytes(table) <= full, "%zu bytes, %zu before", remembered_bytes(table), full);
    for (uint32_t i = 1; i <= 100000; i += 11)
        cr_assert_eq(find(table, uniform(i)), 0);
    remembered_free(table);
}

static struct remembered *copy(const struct remembered *from, size_t piece)
{
    struct remembered *to = remembered_new(&marks);
    uint8_t *bytes = malloc(piece * ENTRY_BYTES), last[ENTRY_BYTES] = {0};
    uint64_t cursor = 0;
    for (size_t n; (n = remembered_export(from, &cursor, bytes, piece)) > 0;
         memcpy(last, bytes + (n - 1) * ENTRY_BYTES, sizeof last)) {
        cr_assert(n <= piece);
        cr_assert(memcmp(last, bytes, KEY_BYTES) < 0, "pieces are in order");
        cr_assert(remembered_put(to, slice_of(bytes, n * ENTRY_BYTES)));
    }
    cr_assert_eq(remembered_export(from, &cursor, bytes, piece), 0, "the end stays the end");
    free(bytes);
    return to;
}

Test(remembered, what_is_exported_and_imported_is_the_same_table)
{
    static const size_t pieces[] = {1, 7, 1000, 32768};
    struct remembered *table = remembered_new(&marks);
    for (uint32_t i = 1; i <= 5000; i++)
        put(table, i % 3 ? uniform(i) : at_the_last_home(i), i);
    remembered_expire(table, 1000);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        struct remembered *other = copy(table, pieces[p]);
        size_t n = 0;
        for (uint32_t i = 1; i <= 5000; i++) {
            struct key key = i % 3 ? uniform(i) : at_the_last_home(i);
            n += find(other, key) == i;
            if (find(other, key) != find(table, key))
                cr_assert(false, "entry %u in pieces of %zu", i, pieces[p]);
        }
        cr_assert_eq(remembered_count(other), n, "nothing that had expired was exported");
        remembered_free(other);
    }
    remembered_free(table);
}

static double seconds_to_import(const uint8_t *entries, size_t n)
{
    struct remembered *table = remembered_new(&marks);
    clock_t start = clock();
    cr_assert(remembered_put(table, slice_of(entries, n * ENTRY_BYTES)));
    clock_t end = clock();
    cr_assert_eq(remembered_count(table), n);
    remembered_free(table);
    return (double)(end - start) / CLOCKS_PER_SEC;
}

// An export comes back in order, which fills a shard from one side: that must not take time by the square.
Test(remembered, an_import_in_order_takes_about_as_long_as_any_other)
{
    enum { N = 100000 };
    static uint8_t shuffled[N * ENTRY_BYTES], sorted[N * ENTRY_BYTES];
    struct remembered *table = remembered_new(&marks);
    uint64_t cursor = 0;
    for (uint32_t i = 0; i < N; i++)
        pack(&marks, in_one_shard(i), i + 1, shuffled + i * ENTRY_BYTES);
    remembered_put(table, slice_of(shuffled, sizeof shuffled));
    cr_assert_eq(remembered_export(table, &cursor, sorted, N), N);
    double any = seconds_to_import(shuffled, N), in_order = seconds_to_import(sorted, N);
    cr_assert(in_order < any * 5 + 0.02, "%.3f s in order, %.3f s shuffled", in_order, any);
    remembered_free(table);
}

Test(remembered, an_empty_table_exports_nothing)
{
    struct remembered *table = remembered_new(&marks);
    uint8_t bytes[ENTRY_BYTES];
    uint64_t cursor = 0;
    cr_assert_eq(remembered_export(table, &cursor, bytes, 1), 0);
    remembered_free(table);
}

Test(remembered, packed_entries_have_the_bytes_of_the_contract)
{
    struct key key = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
    uint8_t packed[ENTRY_BYTES], expected[ENTRY_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xab, 0, 0, 1, 2};
    pack(&marks, key, UINT64_C(0xab00000102), packed);
    cr_assert_arr_eq(packed, expected, sizeof packed);
    struct remembered *table = remembered_new(&marks);
    cr_assert(remembered_put(table, slice_of(packed, sizeof packed)));
    cr_assert_eq(find(table, key), UINT64_C(0xab00000102));
    cr_assert_not(remembered_put(table, slice_of(packed, sizeof packed - 1)), "half an entry");
    memset(packed + KEY_BYTES, 0, 5);
    cr_assert_not(remembered_put(table, slice_of(packed, sizeof packed)), "an entry without a sequence");
    cr_assert(remembered_put(table, (struct slice){0}));
    remembered_free(table);
}

// Of all keys with one start the least that lives is found, and nothing else.
Test(remembered, a_key_is_found_by_its_start)
{
    struct remembered *table = remembered_new(&marks);
    for (uint32_t i = 1; i <= 20000; i++)
        put(table, uniform(i), i);
    for (uint32_t i = 1; i <= 20000; i++) {
        const uint8_t *value = remembered_find_start(table, uniform(i).bytes, 5);
        if (!value || big_endian_read(value, 5) != i || remembered_find_start(table, uniform(i + 20000).bytes, 5))
            cr_assert(false, "key %u", i);
    }
    for (uint32_t i = 0; i < 30; i++)
        put(table, at_the_last_home(i), 30001 + i);
    remembered_expire(table, 30011);
    cr_assert_eq(big_endian_read(remembered_find_start(table, at_the_last_home(0).bytes, 5), 5), 30011);
    remembered_expire(table, 30031);
    cr_assert_null(remembered_find_start(table, at_the_last_home(0).bytes, 5));
    remembered_free(table);
}
