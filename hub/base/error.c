// SPDX-License-Identifier: Apache-2.0
#include "hub/base/error.h"
#include "hub/base/text.h"
#include <string.h>

bool error_say_list(struct error *error, enum cause cause, const char *format, va_list arguments)
{
    char text[ERROR_BYTES]; // the arguments may point into the error
    text_print_list(text, sizeof text, format, arguments);
    error->cause = cause;
    memcpy(error->text, text, strlen(text) + 1);
    return false;
}

bool error_say(struct error *error, enum cause cause, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_say_list(error, cause, format, arguments);
    va_end(arguments);
    return false;
}

void error_tell_no_memory(struct error *error, const char *what)
{
    error_say(error, CAUSE_NO_MEMORY, "There is no memory for %s: give this machine more, and try again.", what);
}
