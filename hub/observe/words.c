// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/words.h"
#include <stdarg.h>

const char *words_copy(struct arena *arena, const char *text)
{
    const char *copy = arena_text(arena, slice_text(text));
    return copy ? copy : "";
}

const char *words_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_print_list(arena, format, arguments);
    va_end(arguments);
    return text ? text : "";
}
