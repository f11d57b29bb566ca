// SPDX-License-Identifier: Apache-2.0
// Signing keys on disk, in PEM.
#include "connectors/sdk/keys.h"
#include "connectors/sdk/key_file.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
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

bool keys_save(EVP_PKEY *key, const char *path, struct error *error)
{
    BIO *memory = BIO_new(BIO_s_secmem());
    char *bytes = NULL;
    bool ok = memory && PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1;
    long len = ok ? BIO_get_mem_data(memory, &bytes) : 0;
    ok = len > 0 ? key_file_write(path, slice_of(bytes, (size_t)len), error)
                 : error_no_memory(error, "a private key in PEM");
    BIO_free(memory);
    return ok;
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
    int file = key_file_open(path, "register a new key if somebody may have read it", error);
    if (file < 0)
        return NULL;
    FILE *stream = fdopen(file, "r");
    EVP_PKEY *key = stream ? read_key(stream, path, error) : NULL;
    if (stream)
        fclose(stream);
    else
        close(file);
    return key;
}
