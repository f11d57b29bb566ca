// SPDX-License-Identifier: Apache-2.0
#include "hub/base/text.h"
#include <stdio.h>

int text_print_list(char *out, size_t size, const char *format, va_list arguments)
{
    return vsnprintf(out, size, format, arguments);
}

int text_print(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = text_print_list(out, size, format, arguments);
    va_end(arguments);
    return len;
}
