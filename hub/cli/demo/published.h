// SPDX-License-Identifier: Apache-2.0
// What the agencies of the demo have published, as their publishers said it: which item id belongs to which reference.
#pragma once
#include <stddef.h>

struct published_item {
    char *agency, *reference, *item; // item: as on feeds, "<32 hexadecimal digits>-<revision>"
};

struct published {
    struct published_item *items;
    size_t n, room;
};

// Takes the rows of `signalbox publish --wait -o jsonl`, whatever else stands between them. Ends the program if there
// is no memory.
void published_add(struct published *published, const char *agency, const char *said);
void published_deinit(struct published *published);

// NULL if no agency has said so.
const struct published_item *published_by_item(const struct published *published, const char *item);
const struct published_item *published_by_reference(
    const struct published *published, const char *agency, const char *reference);
