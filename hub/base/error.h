// SPDX-License-Identifier: Apache-2.0
// Why a call failed: the one type for it, and the rules by which it is used.
//
// 1. A call that can fail for a reason that somebody should read takes `struct error *error` last, and returns false,
//    NULL or a status. What stands in the error after a call that did not fail means nothing.
// 2. The text is for people: a whole sentence, or more, that says what to do. The cause is for programs. It is made
//    where the failure is known (from Kafka's codes, errno, a missing allocation), never from words, and whoever passes
//    an error on keeps it.
// 3. What can fail in one way only has no error: NULL or false says that there is no memory, and the header says so.
// 4. Having no memory is a failure like any other. Beside the lanes it ends the request, the page or the look at hand.
//    In a lane it ends the batch: the lane forgets and replays. Neither ends the process.
// 5. abort() says that the program is wrong: an index outside a table, an option that a command does not list. Nothing
//    from outside, no record, file, request or broker, can lead there, and no lack of memory does.
// 6. A refused item is no failure: it has an outcome (hub/contract/outcomes.def), and its sentence comes from there.
#pragma once
#include <stdarg.h>
#include <stdbool.h>

enum cause {
    CAUSE_OTHER,         // settings, wrong use, what a record or a file holds
    CAUSE_UNREACHABLE,   // nobody answers, or not in time; so it looks, too, when TLS or a login fails
    CAUSE_NOT_PERMITTED, // the broker refuses this user, or the system a file
    CAUSE_MISSING,       // there is no such topic or partition
    CAUSE_NO_MEMORY,
};

#define ERROR_BYTES 1280

struct error {
    enum cause cause;
    char text[ERROR_BYTES]; // terminated, cut if it is longer
};

// Writes cause and sentence. Always false, so that a call can end with `return error_say(...)`. The text of the error
// itself may be among the arguments: a sentence can be put around the one that stands there.
bool error_say(struct error *error, enum cause cause, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool error_say_list(struct error *error, enum cause cause, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));
void error_tell_no_memory(struct error *error, const char *what);

// There is no memory for what: "the control data". Always false, and every reader of the code, a compiler too, can see
// it.
static inline bool error_no_memory(struct error *error, const char *what)
{
    error_tell_no_memory(error, what);
    return false;
}
