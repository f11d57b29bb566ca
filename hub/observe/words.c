// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/words.h"
#include <stdarg.h>
#include <stdio.h>

const char *words_copy(struct arena *arena, const char *text)
{
    const char *copy = arena_text(arena, slice_text(text));
    return copy ? copy : "";
}

const char *words_print(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *text = arena_alloc(arena, len < 0 ? SIZE_MAX : (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text ? text : "";
}
