// SPDX-License-Identifier: Apache-2.0
// A whole file in memory, within a bound, so that no input can take all of the machine's.
#include "hub/cli/frame/command.h"
#include <errno.h>
#include <stdlib.h>

static char *read_stream(FILE *file, const char *path, size_t max_bytes, size_t *len, char error[CLI_ERROR_BYTES])
{
    size_t size = 0, room = 64 * 1024;
    char *text = malloc(room + 1);
    while (text && !feof(file) && !ferror(file) && size <= max_bytes) {
        if (size == room) {
            room *= 2;
            char *more = realloc(text, room + 1);
            if (!more)
                free(text);
            text = more;
            continue;
        }
        size += fread(text + size, 1, room - size, file);
    }
    if (!text || ferror(file) || size > max_bytes) {
        snprintf(error, CLI_ERROR_BYTES, size > max_bytes ? "%s is larger than %zu bytes." : "%s cannot be read.", path,
            max_bytes);
        free(text);
        return NULL;
    }
    text[size] = 0;
    *len = size;
    return text;
}

char *cli_read_file(const char *path, size_t max_bytes, size_t *len, char error[CLI_ERROR_BYTES])
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, "Standard input", max_bytes, len, error);
    FILE *file = fopen(path, "rbe");
    if (!file) {
        snprintf(error, CLI_ERROR_BYTES, "%s cannot be opened: %s.", path, strerror(errno));
        return NULL;
    }
    char *text = read_stream(file, path, max_bytes, len, error);
    fclose(file);
    return text;
}
