// SPDX-License-Identifier: Apache-2.0
// Text into a buffer, as snprintf does it, for code that may not see the streams of stdio.
#pragma once
#include <stdarg.h>
#include <stddef.h>

// Always terminated if size is not 0. Returns the length that the whole text has.
int text_print(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int text_print_list(char *out, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));
