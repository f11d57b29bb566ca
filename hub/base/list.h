// SPDX-License-Identifier: Apache-2.0
// Lists that grow: a pointer, a count and the room there is, kept by whoever has the list.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Makes room for n elements of size bytes each: afterwards *room is at least n. list is the address of the pointer to
// the first element, which may move; the pointer is NULL and the room 0 at the start, and the owner ends it with
// free(). At least doubles what was there, so that adding one by one costs no more than a constant each. What is new is
// not initialised. false without memory, or if there is no such number of bytes; the list is as it was then.
bool list_room(void *list, size_t *room, size_t n, size_t size);
