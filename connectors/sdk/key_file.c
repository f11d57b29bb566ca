// SPDX-License-Identifier: Apache-2.0
// A secret that others can read is as good as lost, so such a file is refused, not warned about; and an existing file
// is never overwritten, since nobody could have its secret again.
#include "connectors/sdk/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int file, struct slice bytes)
{
    for (size_t done = 0; done < bytes.len;) {
        ssize_t n = write(file, bytes.data + done, bytes.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return fsync(file) == 0;
}

static enum cause cause_now(void)
{
    return errno == EACCES ? CAUSE_NOT_PERMITTED : CAUSE_OTHER;
}

bool key_file_write(const char *path, struct slice bytes, struct error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0 && errno == EEXIST)
        return error_say(
            error, CAUSE_OTHER, "%s exists already; a key file is never overwritten, choose another name", path);
    if (file < 0)
        return error_say(error, cause_now(), "%s cannot be written: %s", path, strerror(errno));
    bool ok = write_all(file, bytes);
    int why = errno;
    if (close(file) == 0 && ok)
        return true;
    unlink(path); // half a key is worth nothing
    return error_say(error, CAUSE_OTHER, "%s cannot be written: %s", path, strerror(why));
}

static bool acceptable_file(int file, const char *path, const char *if_read, struct error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return error_say(error, CAUSE_OTHER, "%s is not a file; name the file that holds the private key", path);
    if ((status.st_mode & 077) != 0)
        return error_say(error, CAUSE_OTHER, "%s can be read by others (mode %03o); chmod 600 it, and %s", path,
            (unsigned)status.st_mode & 0777, if_read);
    return true;
}

int key_file_open(const char *path, const char *if_read, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        bool missing = errno == ENOENT;
        error_say(error, cause_now(), "%s cannot be read: %s", path, strerror(errno));
        return missing ? KEY_FILE_MISSING : KEY_FILE_REFUSED;
    }
    if (acceptable_file(file, path, if_read, error))
        return file;
    close(file);
    return KEY_FILE_REFUSED;
}
