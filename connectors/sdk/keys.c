// SPDX-License-Identifier: Apache-2.0
// Signing keys on disk. A private key that others can read is as good as lost, so such a file is refused, not warned
// about; and an existing file is never overwritten, since nobody could sign with its key again.
#include "connectors/sdk/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

EVP_PKEY *keys_generate(void)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

struct public_key keys_public(EVP_PKEY *key)
{
    struct public_key public;
    size_t len = sizeof public.raw;
    if (EVP_PKEY_get_raw_public_key(key, public.raw, &len) != 1 || len != sizeof public.raw)
        abort(); // keys_generate and keys_load give Ed25519 keys only
    proof_key_id(public.raw, public.id);
    return public;
}

static bool write_all(int file, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(file, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return fsync(file) == 0;
}

static bool write_key(int file, EVP_PKEY *key)
{
    BIO *memory = BIO_new(BIO_s_secmem());
    char *bytes;
    bool ok = memory && PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1;
    long len = ok ? BIO_get_mem_data(memory, &bytes) : 0;
    ok = ok && len > 0 && write_all(file, bytes, (size_t)len);
    BIO_free(memory);
    return ok;
}

bool keys_save(EVP_PKEY *key, const char *path, struct error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return errno == EEXIST ? error_say(error, CAUSE_OTHER,
                                     "%s exists already; a key file is never overwritten, choose another name", path)
                               : error_say(error, errno == EACCES ? CAUSE_NOT_PERMITTED : CAUSE_OTHER,
                                     "%s cannot be written: %s", path, strerror(errno));
    }
    bool ok = write_key(file, key);
    int why = errno;
    if (close(file) == 0 && ok)
        return true;
    unlink(path); // half a key is worth nothing
    return error_say(error, CAUSE_OTHER, "%s cannot be written: %s", path, strerror(why));
}

static bool acceptable_file(int file, const char *path, struct error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return error_say(error, CAUSE_OTHER, "%s is not a file; name the file that holds the private key", path);
    if ((status.st_mode & 077) != 0)
        return error_say(error, CAUSE_OTHER,
            "%s can be read by others (mode %03o); chmod 600 it, and register a new key if somebody may have read it",
            path, (unsigned)status.st_mode & 0777);
    return true;
}

// An encrypted file must be refused, not ask for a passphrase on the terminal.
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static EVP_PKEY *read_key(FILE *stream, const char *path, struct error *error)
{
    EVP_PKEY *key = PEM_read_PrivateKey(stream, NULL, no_passphrase, NULL);
    if (key && EVP_PKEY_is_a(key, "ED25519"))
        return key;
    EVP_PKEY_free(key);
    ERR_clear_error();
    error_say(error, CAUSE_OTHER, "%s holds no unencrypted Ed25519 private key in PEM; make one with signalbox key new",
        path);
    return NULL;
}

EVP_PKEY *keys_load(const char *path, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        error_say(
            error, errno == EACCES ? CAUSE_NOT_PERMITTED : CAUSE_OTHER, "%s cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    if (!acceptable_file(file, path, error)) {
        close(file);
        return NULL;
    }
    FILE *stream = fdopen(file, "r");
    EVP_PKEY *key = stream ? read_key(stream, path, error) : NULL;
    if (stream)
        fclose(stream);
    else
        close(file);
    return key;
}
