// SPDX-License-Identifier: Apache-2.0
#include "hub/decide/holder_sets.h"
#include "hub/base/list.h"
#include "hub/base/table.h"
#include <stdlib.h>

#define SET_BYTES 128

struct holder_sets {
    struct slice *sets; // number 1 first, each an allocation of its own
    size_t room;
    uint32_t n, committed;
    struct table numbers;
    size_t bytes;
};

struct holder_sets *holder_sets_new(void)
{
    return calloc(1, sizeof(struct holder_sets));
}

struct holder_sets *holder_sets_free(struct holder_sets *sets)
{
    if (!sets)
        return NULL;
    for (uint32_t i = 0; i < sets->n; i++)
        free((void *)sets->sets[i].data);
    table_deinit(&sets->numbers);
    free(sets->sets);
    free(sets);
    return NULL;
}

struct slice holder_sets_bits(const struct holder_sets *sets, uint32_t number)
{
    return number > 0 && number <= sets->n ? sets->sets[number - 1] : (struct slice){0};
}

static uint32_t add_set(struct holder_sets *sets, struct slice bits)
{
    if (sets->n == HOLDER_SETS_MAX || !list_room(&sets->sets, &sets->room, (size_t)sets->n + 1, sizeof *sets->sets))
        return 0;
    uint8_t *copy = malloc(bits.len);
    if (!copy)
        return 0;
    memcpy(copy, bits.data, bits.len);
    if (!table_add(&sets->numbers, slice_of(copy, bits.len), sets->n)) {
        free(copy);
        return 0;
    }
    sets->sets[sets->n++] = slice_of(copy, bits.len);
    sets->bytes += bits.len;
    return sets->n;
}

uint32_t holder_sets_join(struct holder_sets *sets, uint32_t before, struct slice bits)
{
    uint8_t joined[SET_BYTES] = {0};
    struct slice had = holder_sets_bits(sets, before);
    size_t len = bits.len < SET_BYTES ? bits.len : SET_BYTES;
    if (had.len)
        memcpy(joined, had.data, had.len);
    for (size_t i = 0; i < len; i++)
        joined[i] |= bits.data[i];
    len = len > had.len ? len : had.len;
    while (len > 0 && joined[len - 1] == 0)
        len--;
    if (len == 0)
        return 0;
    uint32_t number = table_find(&sets->numbers, slice_of(joined, len));
    return number != TABLE_NONE ? number + 1 : add_set(sets, slice_of(joined, len));
}

uint32_t holder_sets_committed(const struct holder_sets *sets)
{
    return sets->committed;
}

uint32_t holder_sets_count(const struct holder_sets *sets)
{
    return sets->n;
}

void holder_sets_merge(struct holder_sets *sets)
{
    sets->committed = sets->n;
}

// The room for all of them is there, so adding those that stay cannot fail.
void holder_sets_forget(struct holder_sets *sets)
{
    if (sets->n == sets->committed)
        return;
    for (; sets->n > sets->committed; sets->n--) {
        sets->bytes -= sets->sets[sets->n - 1].len;
        free((void *)sets->sets[sets->n - 1].data);
    }
    table_clear(&sets->numbers);
    for (uint32_t i = 0; i < sets->n; i++)
        (void)table_add(&sets->numbers, sets->sets[i], i);
}

size_t holder_sets_bytes(const struct holder_sets *sets)
{
    return sets->bytes + sets->room * sizeof *sets->sets + (size_t)sets->n * 64; // slots of the table, at a quarter
}
