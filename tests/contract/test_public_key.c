// SPDX-License-Identifier: Apache-2.0
// Which 32 bytes are taken as a public key. The points were worked out by another implementation, from the curve's
// equation; every way to write a point of small order is there, and every number that is not below the prime.
#include "hub/contract/public_key.h"
#include "hub/base/hex.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define NOT_CANONICAL "is not written in the canonical way"
#define SMALL         "is of small order: anybody can sign under it"
#define NO_POINT      "is no point of the curve"

static void expect_fault(const uint8_t key[PUBLIC_KEY_BYTES], const char *fault)
{
    struct error error = {.text = ""};
    char hex[2 * PUBLIC_KEY_BYTES + 1];
    hex_encode(slice_of(key, PUBLIC_KEY_BYTES), hex);
    cr_expect_eq(public_key_check(key, &error), fault == NULL, "%s: %s", hex, error.text);
    if (fault)
        cr_expect(strncmp(error.text, fault, strlen(fault)) == 0, "%s: %s", hex, error.text);
}

static const struct {
    const char *key, *fault; // NULL for a good one
} keys[] = {
    // The eight points of small order: of order 1, 8, 4, 8, 2, 8, 4, 8.
    {"0100000000000000000000000000000000000000000000000000000000000000", SMALL},
    {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", SMALL},
    {"0000000000000000000000000000000000000000000000000000000000000080", SMALL},
    {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", SMALL},
    {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", SMALL},
    {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", SMALL},
    {"0000000000000000000000000000000000000000000000000000000000000000", SMALL},
    {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", SMALL},
    // The two with x = 0, with a sign that 0 does not have.
    {"0100000000000000000000000000000000000000000000000000000000000080", SMALL},
    {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", SMALL},
    // y = 2 and 7, of which there is no point, and y = 3 to 6, of which there are two each.
    {"0200000000000000000000000000000000000000000000000000000000000000", NO_POINT},
    {"0200000000000000000000000000000000000000000000000000000000000080", NO_POINT},
    {"0700000000000000000000000000000000000000000000000000000000000000", NO_POINT},
    {"0300000000000000000000000000000000000000000000000000000000000000", NULL},
    {"0300000000000000000000000000000000000000000000000000000000000080", NULL},
    {"0600000000000000000000000000000000000000000000000000000000000080", NULL},
    // The base point, and the base point with a point of order 8 added.
    {"5866666666666666666666666666666666666666666666666666666666666666", NULL},
    {"98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819", NULL},
    // RFC 8032, section 7.1.
    {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", NULL},
    {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", NULL},
    {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", NULL},
};

Test(public_key, every_key_of_the_table_is_what_it_is)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        uint8_t key[PUBLIC_KEY_BYTES];
        cr_assert_eq(hex_decode(slice_text(keys[i].key), key, sizeof key), PUBLIC_KEY_BYTES);
        expect_fault(key, keys[i].fault);
    }
}

// 2^255 - 19 to 2^255 - 1: 0 to 18 once more, those of small order (0 and 1) among them.
Test(public_key, every_number_at_or_above_the_prime_is_refused_with_and_without_sign)
{
    for (unsigned low = 0xed; low <= 0xff; low++)
        for (unsigned sign = 0; sign <= 1; sign++) {
            uint8_t key[PUBLIC_KEY_BYTES];
            memset(key, 0xff, sizeof key);
            key[0] = (uint8_t)low;
            key[PUBLIC_KEY_BYTES - 1] = sign ? 0xff : 0x7f;
            expect_fault(key, NOT_CANONICAL);
        }
}

Test(public_key, keys_as_agencies_make_them_are_good)
{
    for (int i = 0; i < 200; i++) {
        char name[32];
        snprintf(name, sizeof name, "agency-%d", i);
        expect_fault(kit_key(name)->public_key, NULL);
    }
}

// Half of all numbers are y of a point.
Test(public_key, about_half_of_random_bytes_are_a_point)
{
    struct kit_random random = {7};
    int points = 0;
    for (int i = 0; i < 1000; i++) {
        uint8_t key[PUBLIC_KEY_BYTES];
        struct error error;
        for (size_t b = 0; b < sizeof key; b++)
            key[b] = (uint8_t)kit_next(&random);
        points += public_key_check(key, &error);
    }
    cr_expect(points > 430 && points < 570, "%d", points);
}
