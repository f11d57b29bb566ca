// SPDX-License-Identifier: Apache-2.0
// A point of the curve -x^2 + y^2 = 1 + d x^2 y^2 modulo p = 2^255 - 19 is written as y, little-endian, with the sign
// of x in the highest bit. So x^2 = (y^2 - 1) / (d y^2 + 1), and there is a point if that is a square. The eight points
// of small order have five values of y; the two with x = 0, for which there is no sign, are among them.
#include "hub/contract/public_key.h"
#include <openssl/bn.h>
#include <string.h>

#define SIGN_BYTE (PUBLIC_KEY_BYTES - 1)

static const char prime[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
                  curve_d[] = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";

// y of the points of order 4, 1, 2 and, twice, 8.
static const uint8_t small_order[][PUBLIC_KEY_BYTES] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac,
        0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53,
        0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

static bool has_small_order(const uint8_t y[PUBLIC_KEY_BYTES])
{
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++)
        if (memcmp(y, small_order[i], PUBLIC_KEY_BYTES) == 0)
            return true;
    return false;
}

struct field {
    BIGNUM *p, *d, *y, *u, *v;
    BN_CTX *context;
};

static bool field_init(struct field *field, const uint8_t y[PUBLIC_KEY_BYTES])
{
    *field = (struct field){.context = BN_CTX_new(), .u = BN_new(), .v = BN_new()};
    field->y = BN_lebin2bn(y, PUBLIC_KEY_BYTES, NULL);
    return field->context && field->u && field->v && field->y && BN_hex2bn(&field->p, prime) &&
           BN_hex2bn(&field->d, curve_d);
}

static void field_deinit(struct field *field)
{
    BIGNUM *const numbers[] = {field->p, field->d, field->y, field->u, field->v};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        BN_free(numbers[i]);
    BN_CTX_free(field->context);
}

// u / v is a square where u * v is: v is never 0, because -1 / d is no square.
static bool has_point(struct field *f, bool *found)
{
    bool good = BN_mod_sqr(f->u, f->y, f->p, f->context) && BN_mod_mul(f->v, f->u, f->d, f->p, f->context) &&
                BN_add_word(f->v, 1) && BN_sub_word(f->u, 1) && BN_mod_mul(f->u, f->u, f->v, f->p, f->context);
    int symbol = good ? BN_kronecker(f->u, f->p, f->context) : -2;
    *found = symbol >= 0;
    return symbol != -2;
}

static bool check_point(struct field *field, struct error *error)
{
    bool found;
    if (BN_cmp(field->y, field->p) >= 0)
        return error_say(error, CAUSE_OTHER, "is not written in the canonical way: its number is not below 2^255 - 19");
    if (!has_point(field, &found))
        return error_no_memory(error, "the check of a key");
    return found || error_say(error, CAUSE_OTHER, "is no point of the curve");
}

bool public_key_check(const uint8_t key[PUBLIC_KEY_BYTES], struct error *error)
{
    uint8_t y[PUBLIC_KEY_BYTES];
    struct field field;
    memcpy(y, key, sizeof y);
    y[SIGN_BYTE] &= 0x7f;
    if (has_small_order(y))
        return error_say(error, CAUSE_OTHER, "is of small order: anybody can sign under it");
    bool good = field_init(&field, y) ? check_point(&field, error) : error_no_memory(error, "the check of a key");
    field_deinit(&field);
    return good;
}
