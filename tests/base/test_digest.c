// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4 examples), hexadecimal, and the partition hash, against values of Kafka's Java client.
#include "hub/base/digest.h"
#include "hub/base/murmur2.h"
#include "hub/base/hex.h"
#include <criterion/criterion.h>
#include <threads.h>

static const struct {
    const char *text, *sha256;
} hashed[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void check_hash(struct digest digest, const char *expected)
{
    char hex[2 * DIGEST_BYTES + 1];
    hex_encode(digest_slice(&digest), hex);
    cr_assert_str_eq(hex, expected);
}

static int hash_all(void *unused)
{
    (void)unused;
    for (int round = 0; round < 100; round++)
        for (size_t i = 0; i < sizeof hashed / sizeof *hashed; i++)
            check_hash(digest_of(slice_text(hashed[i].text)), hashed[i].sha256);
    return 0;
}

Test(digest, sha256_gives_the_published_values_on_every_thread)
{
    thrd_t other[2];
    for (int i = 0; i < 2; i++)
        cr_assert(thrd_create(&other[i], hash_all, NULL) == thrd_success);
    hash_all(NULL);
    for (int i = 0; i < 2; i++)
        thrd_join(other[i], NULL);
}

Test(digest, parts_are_hashed_as_if_they_were_joined)
{
    struct slice parts[] = {slice_text("a"), {0}, slice_text("b"), slice_text(""), slice_text("c")};
    check_hash(digest_of_parts(parts, 5), hashed[1].sha256);
    check_hash(digest_of_parts(NULL, 0), hashed[0].sha256);
}

Test(hex, encodes_and_decodes)
{
    uint8_t bytes[4];
    char text[9];
    cr_assert_eq(hex_decode(slice_text("00fFaB10"), bytes, 4), 4);
    hex_encode(slice_of(bytes, 4), text);
    cr_assert_str_eq(text, "00ffab10");
    cr_assert_eq(hex_decode(slice_text(""), bytes, 4), 0);
    hex_encode(slice_of(bytes, 0), text);
    cr_assert_str_eq(text, "");
}

Test(hex, refuses_what_is_odd_too_long_or_no_hexadecimal)
{
    static const char *const wrong[] = {"0", "000", "0g", "g0", "0011223344", " 0", "0x", "-1", "0\n"};
    uint8_t bytes[4];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_assert_eq(hex_decode(slice_text(wrong[i]), bytes, 4), -1, "%s", wrong[i]);
}

static const struct {
    const char *key;
    int32_t murmur2; // as the Java client's own tests have it, before it is made positive
} partitioned[] = {
    {"21", -973932308},
    {"foobar", -790332482},
    {"a-little-bit-long-string", -985981536},
    {"a-little-bit-longer-string", -1486304829},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    {"abc", 479470107},
};

Test(murmur2, agrees_with_the_java_client)
{
    for (size_t i = 0; i < sizeof partitioned / sizeof *partitioned; i++)
        cr_assert_eq(murmur2_positive(slice_text(partitioned[i].key)), (uint32_t)partitioned[i].murmur2 & 0x7fffffff,
            "%s", partitioned[i].key);
}
