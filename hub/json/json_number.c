// SPDX-License-Identifier: Apache-2.0
// Whole numbers as JSON may write them: 12, 12.0, 1.2e1 or "12". All become a sign and a magnitude, so that the full
// range of both int64 and uint64 fits, and are then held against the range of the field's type.
#include "hub/json/json_number.h"

#include <math.h>

struct number {
    bool negative;
    uint64_t magnitude;
};

static bool number_from_text(const char *text, struct number *number)
{
    *number = (struct number){.negative = *text == '-'};
    text += number->negative;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number->magnitude, 10u, &number->magnitude) ||
            __builtin_add_overflow(number->magnitude, (uint64_t)(*text - '0'), &number->magnitude))
            return false;
    }
    return true;
}

static bool number_from_real(double real, struct number *number)
{
    const double exact = 9007199254740992.0; // 2^53: beyond it a double no longer tells neighbours apart
    if (!(real >= -exact && real <= exact) || real != floor(real))
        return false;
    *number = (struct number){.negative = real < 0, .magnitude = (uint64_t)fabs(real)};
    return true;
}

static bool number_from(const json_t *value, struct number *number)
{
    if (json_is_string(value))
        return number_from_text(json_string_value(value), number);
    if (json_is_real(value))
        return number_from_real(json_real_value(value), number);
    if (!json_is_integer(value))
        return false;
    int64_t integer = json_integer_value(value);
    *number =
        (struct number){.negative = integer < 0, .magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer};
    return true;
}

bool json_number_signed(const json_t *value, int64_t min, int64_t max, int64_t *out)
{
    struct number number;
    if (!number_from(value, &number))
        return false;
    if (number.magnitude > (uint64_t)INT64_MAX + (number.negative ? 1u : 0u))
        return false;
    *out = (int64_t)(number.negative ? 0 - number.magnitude : number.magnitude);
    return *out >= min && *out <= max;
}

bool json_number_unsigned(const json_t *value, uint64_t max, uint64_t *out)
{
    struct number number;
    if (!number_from(value, &number) || (number.negative && number.magnitude != 0) || number.magnitude > max)
        return false;
    *out = number.magnitude;
    return true;
}
