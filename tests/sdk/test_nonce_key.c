// SPDX-License-Identifier: Apache-2.0
// The key by which references become ids: the same for life, so it is never overwritten, and a wrong or missing file is
// told with what to do instead of making another.
#include "connectors/sdk/nonce_key.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char folder[64], path[128];
static struct error error;

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/signalbox-nonce-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/kent.nonce", folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(nonce_key, .init = make_folder, .fini = remove_folder);

static void write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(path, mode) == 0);
}

Test(nonce_key, is_saved_for_its_owner_alone_and_read_back)
{
    struct nonce_key key, back;
    struct stat status;
    cr_assert(nonce_key_generate(&key) && nonce_key_save(&key, path, &error), "%s", error.text);
    cr_assert(stat(path, &status) == 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    cr_assert(nonce_key_load(path, &back, &error), "%s", error.text);
    cr_expect_arr_eq(key.bytes, back.bytes, sizeof key.bytes);
    cr_expect_not(nonce_key_save(&key, path, &error));
    cr_expect(strstr(error.text, "exists already"), "%s", error.text);
}

static const struct {
    const char *text;
    mode_t mode;
    const char *error;
} files[] = {
    {DIGITS "\n", 0600, NULL},
    {DIGITS, 0600, NULL},
    {"", 0600, "holds no nonce key"},
    {DIGITS "00\n", 0600, "holds no nonce key"},
    {DIGITS "\n\n", 0600, "holds no nonce key"},
    {"x" DIGITS, 0600, "holds no nonce key"},
    {DIGITS "\n", 0640, "can be read by others (mode 640)"},
    {DIGITS "\n", 0604, "can be read by others (mode 604)"},
};

Test(nonce_key, is_read_from_a_good_file_alone)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct nonce_key key;
        write_file(files[i].text, files[i].mode);
        bool good = nonce_key_load(path, &key, &error);
        cr_expect_eq(good, files[i].error == NULL, "%zu: %s", i, error.text);
        cr_expect(good || strstr(error.text, files[i].error), "%s", error.text);
        cr_expect(!good || (key.bytes[0] == 0 && key.bytes[31] == 31));
    }
}

Test(nonce_key, that_is_missing_is_told_with_what_to_do)
{
    struct nonce_key key;
    cr_expect_not(nonce_key_load(path, &key, &error));
    cr_expect(strstr(error.text, "is not there"), "%s", error.text);
    cr_expect(strstr(error.text, "signalbox key new --nonce-only"), "%s", error.text);
    cr_expect_not(nonce_key_load(folder, &key, &error));
    cr_expect(strstr(error.text, "is not a file"), "%s", error.text);
}

static const struct {
    const char *signing_key, *beside; // NULL: too long
} places[] = {
    {"kent.pem", "kent.nonce"},
    {"keys/kent-2027.pem", "keys/kent.nonce"},
    {"/etc/keys/x", "/etc/keys/kent.nonce"},
    {"/a/folder/with/a/long/name/of/more/bytes/than/fit/x", NULL},
};

Test(nonce_key, lies_beside_the_signing_key_under_the_name_of_its_agency)
{
    char beside[32];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bool fits = nonce_key_beside(places[i].signing_key, "kent", beside, sizeof beside);
        cr_expect_eq(fits, places[i].beside != NULL);
        if (fits)
            cr_expect_str_eq(beside, places[i].beside);
    }
}

// HMAC-SHA-256, as Python's hmac has it.
Test(nonce_key, makes_the_same_nonce_of_a_reference_as_any_other_implementation)
{
    static const uint8_t expected[NONCE_BYTES] = {
        0x6f, 0x44, 0xc1, 0xb3, 0xcd, 0xfb, 0x5e, 0x4a, 0xe5, 0xe5, 0x51, 0xaa, 0xff, 0x45, 0xe0, 0x95};
    struct nonce_key key;
    uint8_t nonce[NONCE_BYTES];
    write_file(DIGITS, 0600);
    cr_assert(nonce_key_load(path, &key, &error), "%s", error.text);
    cr_assert(nonce_key_make(&key, slice_text("KL-2026-17"), nonce));
    cr_expect_arr_eq(nonce, expected, sizeof nonce);
}
