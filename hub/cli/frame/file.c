// SPDX-License-Identifier: Apache-2.0
// A whole file in memory, within a bound, so that no input can take all of the machine's.
#include "hub/cli/frame/file.h"
#include "hub/base/list.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES (64u * 1024)

// Reads until the end, or until there are more than max_bytes. false without memory.
static bool read_bytes(FILE *file, size_t max_bytes, char **text, size_t *len)
{
    size_t room = 0;
    while (!feof(file) && !ferror(file) && *len <= max_bytes) {
        if (!list_room(text, &room, *len + READ_BYTES + 1, 1))
            return false;
        *len += fread(*text + *len, 1, room - *len - 1, file);
    }
    return true;
}

static char *read_stream(FILE *file, const char *name, size_t max_bytes, size_t *len, struct error *error)
{
    char *text = NULL;
    *len = 0;
    bool whole = read_bytes(file, max_bytes, &text, len);
    if (!whole)
        error_no_memory(error, name);
    else if (*len > max_bytes)
        whole = error_say(error, CAUSE_OTHER, "%s is larger than %zu bytes.", name, max_bytes);
    else if (ferror(file))
        whole = error_say(error, CAUSE_OTHER, "%s cannot be read.", name);
    if (whole && text) {
        text[*len] = 0;
        return text;
    }
    free(text);
    return NULL;
}

char *file_read(const char *path, size_t max_bytes, size_t *len, struct error *error)
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, "Standard input", max_bytes, len, error);
    FILE *file = fopen(path, "rbe");
    if (!file) {
        error_say(error, errno == EACCES ? CAUSE_NOT_PERMITTED : CAUSE_OTHER, "%s cannot be opened: %s.", path,
            strerror(errno));
        return NULL;
    }
    char *text = read_stream(file, path, max_bytes, len, error);
    fclose(file);
    return text;
}
