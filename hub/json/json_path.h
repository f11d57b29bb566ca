// SPDX-License-Identifier: Apache-2.0
// Where a reader stands in a document, and the sentence it leaves when it refuses. Holds names from the contract, never
// values; an unknown name is shown only if it looks like a name.
#pragma once
#include "hub/base/error.h"
#include "hub/base/slice.h"
#include <stdio.h>

struct json_path {
    char text[256];
    size_t len;
    struct error *error;
};

// Both return the length to go back to.
static inline size_t json_path_member(struct json_path *path, const char *name)
{
    size_t before = path->len;
    bool plain = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
    int n = snprintf(path->text + before, sizeof path->text - before, "%s%.64s", before ? "." : "",
        plain ? name : "(unreadable name)");
    path->len = before + (size_t)n < sizeof path->text ? before + (size_t)n : sizeof path->text - 1;
    return before;
}

static inline size_t json_path_entry(struct json_path *path, size_t index)
{
    size_t before = path->len;
    int n = snprintf(path->text + before, sizeof path->text - before, "[%zu]", index);
    path->len = before + (size_t)n < sizeof path->text ? before + (size_t)n : sizeof path->text - 1;
    return before;
}

static inline void json_path_back(struct json_path *path, size_t before)
{
    path->len = before;
    path->text[before] = '\0';
}

// Always false.
static inline bool json_path_refuse(struct json_path *path, const char *sentence)
{
    return error_say(path->error, CAUSE_OTHER, "%s%s%s", path->text, path->len ? ": " : "", sentence);
}
