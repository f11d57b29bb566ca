// SPDX-License-Identifier: Apache-2.0
// The expected ids were computed apart, by another program: hashlib of Python over the bytes that the header names.
#include "hub/contract/item_id.h"
#include "hub/base/hex.h"
#include <criterion/criterion.h>

#define COUNTED "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
#define DOWN    "\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08\x07\x06\x05\x04\x03\x02\x01\x00"
#define ZERO    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct row {
    const char *what, *agency, *subject, *nonce, *id;
} rows[] = {
    {"an item", "kent", "line-1", COUNTED, "8abef2032d4580619a8cd25a77c9f73e"},
    {"the same letters cut elsewhere", "kentl", "ine-1", COUNTED, "2ce13e89ce6e8b00982850e849be6b1b"},
    {"another subject", "kent", "line-2", COUNTED, "a43c66e5f59c8b7e934861baccf07f73"},
    {"another agency", "essex", "line-1", COUNTED, "4941583d6a408ec58488a28ae4d43b8f"},
    {"another nonce", "kent", "line-1", ZERO, "eb4200911cdf842f953a48874fc43cd1"},
    {"a subject beyond ASCII", "nca", "Ca\xcc\x81lum line", DOWN, "75d2af9e9e7181689eb4aaa7f8494ac9"},
};

Test(item_id, names_agency_subject_and_nonce_as_another_program_computes_it)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct item_id id;
        char hex[2 * ITEM_ID_BYTES + 1];
        cr_assert(item_id_make(slice_text(row->agency), slice_text(row->subject), slice_of(row->nonce, 16), &id));
        hex_encode(item_id_slice(&id), hex);
        cr_expect_str_eq(hex, row->id, "%s", row->what);
    }
}

static const struct size {
    size_t agency, subject, nonce;
    const char *id; // NULL: there is none
} sizes[] = {
    {0, 0, 0, "9d9f290527a68e62aa8f5985b26e19b2"},
    {255, 255, 255, "e1342c13844587a5b47698c33d3b8286"},
    {256, 1, 16, NULL},
    {1, 256, 16, NULL},
    {1, 1, 256, NULL},
};

Test(item_id, is_made_of_what_a_length_of_one_byte_can_say)
{
    uint8_t a[256], s[256], n[256];
    memset(a, 'a', sizeof a);
    memset(s, 's', sizeof s);
    memset(n, 'n', sizeof n);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct item_id id = {{0}};
        char hex[2 * ITEM_ID_BYTES + 1];
        bool made =
            item_id_make(slice_of(a, sizes[i].agency), slice_of(s, sizes[i].subject), slice_of(n, sizes[i].nonce), &id);
        cr_assert_eq(made, sizes[i].id != NULL, "row %zu", i);
        hex_encode(item_id_slice(&id), hex);
        cr_expect_str_eq(hex, made ? sizes[i].id : "00000000000000000000000000000000", "row %zu", i);
    }
}
