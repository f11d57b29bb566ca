// SPDX-License-Identifier: Apache-2.0
// Reads certificates and keys as whole files, and nothing that others may read where only one may.
#include "hub/console/server/pem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES (256u << 10)

bool pem_fail(struct error *error, const char *what, const char *path, const char *why)
{
    return error_say(error, CAUSE_OTHER, "The console's %s %.200s %.200s.", what, path, why);
}

// A regular file of a sensible size. own: nobody but its owner may read it.
static int open_file(const char *what, const char *path, bool own, size_t *size, struct error *error)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    const char *why = NULL;
    if (file < 0) {
        pem_fail(error, what, path, errno == ENOENT ? "does not exist" : "cannot be read: give this user the right to");
        return -1;
    }
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > FILE_BYTES)
        why = "is not a PEM file of up to 256 KiB";
    else if (own && (status.st_mode & 077))
        why = "may be read by others: chmod 600 it";
    if (why) {
        close(file);
        pem_fail(error, what, path, why);
        return -1;
    }
    *size = (size_t)status.st_size;
    return file;
}

bool pem_read(char **text, const char *what, const char *path, bool own, struct error *error)
{
    size_t size, n = 0;
    int file = open_file(what, path, own, &size, error);
    if (file < 0)
        return false;
    *text = calloc(1, size + 1);
    for (ssize_t got = 1; *text && n < size && got > 0; n += got > 0 ? (size_t)got : 0)
        got = read(file, *text + n, size - n);
    close(file);
    if (!*text)
        return error_no_memory(error, what);
    return n == size || pem_fail(error, what, path, "cannot be read to its end");
}
