// SPDX-License-Identifier: Apache-2.0
// Words and sentences of a snapshot, out of an arena. None of them is ever NULL: without memory it is "", and the arena
// remembers that it failed, which whoever makes the whole asks once, at its end.
#pragma once
#include "hub/base/arena.h"

const char *words_copy(struct arena *arena, const char *text);
const char *words_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
