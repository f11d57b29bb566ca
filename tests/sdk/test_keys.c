// SPDX-License-Identifier: Apache-2.0
// Key files: what is written can be read by its owner and by nobody else; everything doubtful is refused with a
// sentence.
#include "connectors/sdk/keys.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];
static struct error error;

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/signalbox-keys-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/kent.key", folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(keys, .init = make_folder, .fini = remove_folder);

static void write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(path, mode) == 0);
}

Test(keys, are_saved_for_their_owner_alone_and_read_back_as_the_same_key)
{
    struct stat status;
    EVP_PKEY *key = keys_generate();
    cr_assert(key && keys_save(key, path, &error), "%s", error.text);
    cr_assert(stat(path, &status) == 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    EVP_PKEY *back = keys_load(path, &error);
    cr_assert(back, "%s", error.text);
    struct public_key first = keys_public(key), second = keys_public(back);
    cr_expect_arr_eq(&first, &second, sizeof first);
    struct digest digest = digest_of(slice_of(first.raw, sizeof first.raw));
    cr_expect_arr_eq(first.id, digest.bytes, PROOF_KEY_ID_BYTES);
    EVP_PKEY_free(key);
    EVP_PKEY_free(back);
}

Test(keys, never_overwrite_a_file)
{
    EVP_PKEY *key = keys_generate();
    write_file("old", 0600);
    cr_expect_not(keys_save(key, path, &error));
    cr_expect(strstr(error.text, "exists already"), "%s", error.text);
    EVP_PKEY_free(key);
}

static const char rsa_public[] =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC "
    "KEY-----\n";
static const char x25519[] =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq\n-----END PRIVATE "
    "KEY-----\n";

static const struct {
    const char *text;
    mode_t mode;
    const char *error;
} bad[] = {
    {"", 0600, "holds no unencrypted Ed25519 private key"},
    {"not a key", 0600, "holds no unencrypted Ed25519 private key"},
    {rsa_public, 0600, "holds no unencrypted Ed25519 private key"},
    {x25519, 0600, "holds no unencrypted Ed25519 private key"},
    {"", 0640, "can be read by others (mode 640)"},
    {"", 0604, "can be read by others (mode 604)"},
};

Test(keys, refuse_files_that_others_can_read_and_files_that_hold_something_else)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(bad[i].text, bad[i].mode);
        cr_expect_null(keys_load(path, &error));
        cr_expect(strstr(error.text, bad[i].error), "%s", error.text);
    }
}

Test(keys, refuse_an_encrypted_file_without_asking_for_its_passphrase)
{
    EVP_PKEY *key = keys_generate();
    FILE *file = fopen(path, "w");
    cr_assert(file && PEM_write_PKCS8PrivateKey(file, key, EVP_aes_256_cbc(), "secret", 6, NULL, NULL) == 1);
    fclose(file);
    chmod(path, 0600);
    cr_expect_null(keys_load(path, &error));
    cr_expect(strstr(error.text, "unencrypted"), "%s", error.text);
    EVP_PKEY_free(key);
}

Test(keys, refuse_a_path_that_is_no_file)
{
    cr_expect_null(keys_load(path, &error));
    cr_expect(strstr(error.text, "No such file"), "%s", error.text);
    cr_expect_null(keys_load(folder, &error));
    cr_expect(strstr(error.text, "is not a file"), "%s", error.text);
}
