// SPDX-License-Identifier: Apache-2.0
#include "hub/console/html/text_stream.h"
#include "hub/base/list.h"
#include <stdlib.h>
#include <string.h>

static ssize_t add_bytes(void *cookie, const char *bytes, size_t size)
{
    struct text_stream *stream = cookie;
    stream->failed = stream->failed || !list_room(&stream->text, &stream->room, stream->n + size + 1, 1);
    if (stream->failed)
        return 0;
    memcpy(stream->text + stream->n, bytes, size);
    stream->n += size;
    stream->text[stream->n] = 0;
    return (ssize_t)size;
}

FILE *text_stream_open(struct text_stream *stream)
{
    *stream = (struct text_stream){0};
    stream->file = fopencookie(stream, "w", (cookie_io_functions_t){.write = add_bytes});
    stream->failed = !stream->file;
    return stream->file;
}

char *text_stream_close(struct text_stream *stream, size_t *len)
{
    bool whole = stream->file && !ferror(stream->file);
    whole = stream->file && fclose(stream->file) == 0 && whole;
    if (whole && (stream->text || add_bytes(stream, "", 0) == 0) && !stream->failed) {
        if (len)
            *len = stream->n;
        return stream->text;
    }
    free(stream->text);
    return NULL;
}
