// SPDX-License-Identifier: Apache-2.0
// Items and what can be wrong with them. An item is one JSON object, in the form that the README of the connectors' SDK
// explains.
#pragma once
#include <signalbox/connection.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIGNALBOX_NAME_BYTES    48 // "<32 hexadecimal digits>-<revision>" and the terminator
#define SIGNALBOX_PATH_BYTES    256
#define SIGNALBOX_PROBLEM_BYTES 512

// Why an item was refused. Never holds what the item says.
struct signalbox_problem {
    const char *code;                   // stable, such as "FIELD_MISSING"; lives for ever
    char path[SIGNALBOX_PATH_BYTES];    // of the field that is to blame, such as "header.subject"; or empty
    char text[SIGNALBOX_PROBLEM_BYTES]; // one sentence
    const char *remedy;                 // another, that says what to do; lives for ever
};

// Checks an item as publishing would, and sends nothing. control may be NULL: then only what needs neither registry nor
// policy is looked at. folder is where paths of attachments start; NULL for the working directory. false with *problem.
SIGNALBOX_API bool signalbox_item_check(const char *json, size_t len, const char *agency,
    const struct signalbox_control *control, const char *folder, struct signalbox_problem *problem);

#ifdef __cplusplus
}
#endif
