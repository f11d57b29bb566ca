// SPDX-License-Identifier: Apache-2.0
// A key that others know lets them tell from an item id which of an agency's records it is, by trying references: so
// its file is guarded as the signing key's is.
#include "connectors/sdk/nonce_key.h"
#include "connectors/sdk/key_file.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/base/text.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <unistd.h>

#define DIGITS ((size_t)2 * NONCE_KEY_BYTES)

bool nonce_key_generate(struct nonce_key *key)
{
    return RAND_bytes(key->bytes, sizeof key->bytes) == 1;
}

bool nonce_key_save(const struct nonce_key *key, const char *path, struct error *error)
{
    char text[DIGITS + 2];
    hex_encode(slice_of(key->bytes, sizeof key->bytes), text);
    text[DIGITS] = '\n';
    bool saved = key_file_write(path, slice_of(text, DIGITS + 1), error);
    OPENSSL_cleanse(text, sizeof text);
    return saved;
}

static bool read_digits(int file, struct nonce_key *key)
{
    char text[DIGITS + 2];
    size_t len = 0;
    ssize_t n;
    while (len < sizeof text && ((n = read(file, text + len, sizeof text - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    len -= len > 0 && text[len - 1] == '\n';
    bool good = len == DIGITS && hex_decode(slice_of(text, len), key->bytes, sizeof key->bytes) == NONCE_KEY_BYTES;
    OPENSSL_cleanse(text, sizeof text);
    return good;
}

bool nonce_key_load(const char *path, struct nonce_key *key, struct error *error)
{
    int file = key_file_open(path, "keep on using it: another one would give your items other ids", error);
    if (file == KEY_FILE_MISSING)
        return error_say(error, CAUSE_OTHER,
            "%s is not there; item ids are made with it. Restore it from your copy; an agency that has never published "
            "makes it with signalbox key new --nonce-only",
            path);
    if (file < 0)
        return false;
    bool good = read_digits(file, key);
    close(file);
    return good ||
           error_say(error, CAUSE_OTHER,
               "%s holds no nonce key (64 hexadecimal digits); restore it from your copy, another one would give "
               "your items other ids",
               path);
}

bool nonce_key_beside(const char *signing_key, const char *agency, char *path, size_t size)
{
    const char *slash = strrchr(signing_key, '/');
    int folder = slash ? (int)(slash - signing_key + 1) : 0;
    int len = text_print(path, size, "%.*s%s.nonce", folder, signing_key, agency);
    return len >= 0 && (size_t)len < size;
}

bool nonce_key_make(const struct nonce_key *key, struct slice reference, uint8_t nonce[NONCE_BYTES])
{
    uint8_t whole[DIGEST_BYTES];
    size_t len = 0;
    if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key->bytes, sizeof key->bytes, reference.data, reference.len,
            whole, sizeof whole, &len) ||
        len != sizeof whole)
        return false;
    memcpy(nonce, whole, NONCE_BYTES);
    return true;
}
