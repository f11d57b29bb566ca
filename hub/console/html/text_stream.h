// SPDX-License-Identifier: Apache-2.0
// A file whose bytes become a text in memory, for what writes to files. All of it or none: open_memstream loses bytes
// that there is no memory for and sets no error.
#pragma once
#include <stdbool.h>
#include <stdio.h>

struct text_stream {
    FILE *file;
    char *text;
    size_t n, room;
    bool failed;
};

// NULL without memory. Closed by text_stream_close in any case.
FILE *text_stream_open(struct text_stream *stream);
// What was written, terminated, its length in *len if len is not NULL. To be freed; NULL without memory.
char *text_stream_close(struct text_stream *stream, size_t *len);
