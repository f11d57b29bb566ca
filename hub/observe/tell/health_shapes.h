// SPDX-License-Identifier: Apache-2.0
// The fields of health.h as tables, for whoever writes all of them: name, place and C type of each.
#pragma once
#include "hub/observe/health.h"

#define SHAPE_THING_BYTES 320

enum shape_kind {
    KIND_TEXT,
    KIND_I32,
    KIND_U32,
    KIND_I64,
    KIND_U64,
    KIND_BOOL,
    KIND_FIGURE,
    KIND_FINDING,
    KIND_SEVERITY,
    KIND_VERDICT,
    KIND_PART,
    KIND_TEXTS,
    KIND_BUCKETS,
    KIND_STRUCT,
    KIND_LIST
};

struct shape;

struct shape_field {
    const char *name;
    size_t at;
    enum shape_kind kind;
    size_t count_at, size; // of a list: where its length stands, bytes of an element
    const struct shape *shape;
};

struct shape {
    const struct shape_field *fields;
    size_t n;
    void (*thing)(const void *object, char text[SHAPE_THING_BYTES]); // NULL if it has no name of its own
};

extern const struct shape shape_of_health;
