// SPDX-License-Identifier: Apache-2.0
// Text that is not good JSON, said without quoting it; and base64 by itself.
#include "hub/json/json.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

struct row {
    const char *text, *error;
};

#define BROKEN "this is not JSON; look for a missing comma, quote or bracket before this place"

static const struct row rows[] = {
    {"", "line 1, column 0: the text ends before the object does; close all brackets and quotes"},
    {"{\"secret\":", "line 1, column 10: the text ends before the object does; close all brackets and quotes"},
    {"{\"a\":1,\"a\":2}", "line 1, column 10: a member stands twice in the same object; keep one of them"},
    {"{\"a\":1} x", "line 1, column 9: something stands after the object; put one object on a line"},
    {"{\"a\":\"\\u0000\"}", "line 1, column 13: a text contains a NUL character; remove it"},
    {"{\"a\":99999999999999999999}",
        "line 1, column 25: a number is out of range; write 64-bit numbers as text, such as \"1792828800000\""},
    {"{\"a\" 1}", "line 1, column 6: " BROKEN},
    {"{'a':1}", "line 1, column 2: " BROKEN},
    {"{\n\"a\":x}", "line 2, column 5: " BROKEN},
    {"[]", "this is not an object; begin with { and end with }"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "brackets are nested more than 32 deep; use the format as documented"},
};

Test(json_text, says_what_is_wrong_and_where_but_never_what_it_says)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = {0};
        cr_expect_null(json_from_text(slice_text(rows[i].text), &error), "%s", rows[i].text);
        cr_expect_str_eq(
            error.text, rows[i].error, "%s\n gave     %s\n expected %s", rows[i].text, error.text, rows[i].error);
        cr_expect_null(strstr(error.text, "secret"));
    }
}

Test(json_text, refuses_broken_utf8_and_too_much_text)
{
    struct error error = {0};
    cr_expect_null(json_from_text(slice_text("{\"a\":\"\xff\"}"), &error));
    cr_expect(strstr(error.text, "not valid UTF-8"), "%s", error.text);

    char *text = malloc(JSON_LINE_BYTES + 1);
    memset(text, ' ', JSON_LINE_BYTES + 1);
    memcpy(text, "{}", 2);
    cr_expect_null(json_from_text(slice_of(text, JSON_LINE_BYTES + 1), &error));
    cr_expect(strstr(error.text, "longer than 1048576 bytes"), "%s", error.text);
    json_t *value = json_from_text(slice_of(text, JSON_LINE_BYTES), &error);
    cr_expect(value, "%s", error.text);
    json_decref(value);
    free(text);
}

Test(json_text, counts_brackets_outside_of_texts_only)
{
    struct error error = {0};
    json_t *value = json_from_text(slice_text("{\"a\":\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[[\"}"), &error);
    cr_expect(value, "%s", error.text);
    json_decref(value);
}

// RFC 4648, section 10.
static const struct row pairs[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

Test(json_text, base64_gives_the_pairs_of_the_standard_both_ways)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[32];
        uint8_t bytes[32];
        cr_assert_leq(json_base64_size(strlen(pairs[i].text)), sizeof text);
        json_base64_encode(slice_text(pairs[i].text), text);
        cr_expect_str_eq(text, pairs[i].error);
        long n = json_base64_decode(slice_text(pairs[i].error), bytes);
        cr_expect(
            n == (long)strlen(pairs[i].text) && memcmp(bytes, pairs[i].text, (size_t)n) == 0, "%s", pairs[i].error);
    }
}

// Forty brackets behind a quote that does not end its text, forty in front of one that does.
Test(json_text, a_quote_behind_a_backslash_ends_no_text_and_one_behind_two_does)
{
    static const char brackets[] = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";
    static const struct {
        const char *before, *after;
        bool good;
    } cases[] = {
        {"{\"a\":\"\\\"", "\"}", true},
        {"{\"a\":\"", "\\\"\"}", true},
        {"{\"a\":\"\\\\\\\"", "\"}", true},
        {"{\"a\":\"\\\\\",\"b\":", "}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        struct error error = {0};
        snprintf(text, sizeof text, "%s%s%s", cases[i].before, brackets, cases[i].after);
        json_t *value = json_from_text(slice_text(text), &error);
        cr_expect_eq(value != NULL, cases[i].good, "%s: %s", text, error.text);
        cr_expect(cases[i].good || strstr(error.text, "nested more than 32 deep"), "%s", error.text);
        json_decref(value);
    }
}
