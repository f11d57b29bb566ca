// SPDX-License-Identifier: Apache-2.0
#include "hub/daemon/deployment_secret.h"
#include "connectors/sdk/key_file.h"
#include "hub/base/hex.h"
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>

#define DIGITS ((size_t)2 * DEPLOYMENT_SECRET_BYTES)

bool deployment_secret_random(uint8_t secret[DEPLOYMENT_SECRET_BYTES])
{
    return RAND_bytes(secret, DEPLOYMENT_SECRET_BYTES) == 1;
}

bool deployment_secret_make(const char *path, struct error *error)
{
    uint8_t secret[DEPLOYMENT_SECRET_BYTES];
    char text[DIGITS + 2];
    if (!deployment_secret_random(secret))
        return error_say(error, CAUSE_OTHER, "The machine has no random numbers");
    hex_encode(slice_of(secret, sizeof secret), text);
    text[DIGITS] = '\n';
    bool written = key_file_write(path, slice_of(text, DIGITS + 1), error);
    OPENSSL_cleanse(secret, sizeof secret);
    OPENSSL_cleanse(text, sizeof text);
    return written;
}

static bool read_digits(int file, uint8_t secret[DEPLOYMENT_SECRET_BYTES])
{
    char text[DIGITS + 2];
    size_t len = 0;
    ssize_t n;
    while (len < sizeof text && ((n = read(file, text + len, sizeof text - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    len -= len > 0 && text[len - 1] == '\n';
    bool good =
        len == DIGITS && hex_decode(slice_of(text, len), secret, DEPLOYMENT_SECRET_BYTES) == DEPLOYMENT_SECRET_BYTES;
    OPENSSL_cleanse(text, sizeof text);
    return good;
}

bool deployment_secret_load(const char *path, uint8_t secret[DEPLOYMENT_SECRET_BYTES], struct error *error)
{
    int file = key_file_open(path, "keep on using it: lanes do not open with another one", error);
    if (file == KEY_FILE_MISSING)
        return error_say(error, CAUSE_OTHER,
            "%s is not there. Copy it from another hub of this deployment; for a new deployment make it with "
            "signalbox key secret %s",
            path, path);
    if (file < 0)
        return false;
    bool good = read_digits(file, secret);
    close(file);
    return good || error_say(error, CAUSE_OTHER,
                       "%s holds no deployment secret (64 hexadecimal digits); copy it from another hub of this "
                       "deployment",
                       path);
}
