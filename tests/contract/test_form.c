// SPDX-License-Identifier: Apache-2.0
// Which texts have a form, and which only look as if.
#include "hub/contract/form.h"
#include <criterion/criterion.h>

struct form_case {
    const char *text;
    bool code, language, decimal;
};

static const struct form_case cases[] = {
    {"", false, false, false},
    {"cy", true, true, false},
    {"en-GB", false, true, false},
    {"sr-latn-rs", true, true, false},
    {"de-1996", true, true, false},
    {"c", true, false, false},
    {"1cy", true, false, false},
    {"cy-", false, false, false},
    {"-cy", false, false, false},
    {"en--gb", false, false, false},
    {"en_gb", false, false, false},
    {"Welsh (cy)", false, false, false},
    {"Cymraeg", false, true, false},
    {"abcdefgh", true, true, false},
    {"abcdefghi", true, false, false},
    {"en-abcdefghi", true, false, false},
    {"cymr\xc3\xa6g", false, false, false},
    {"children-social-care", true, true, false},
    {"county-lines-in-the-north", true, true, false},
    {"neighbourhood-policing", true, false, false},
    {"Third sector", false, false, false},
    {"third sector", false, false, false},
    {"per-100000-people", true, true, false},
    {"0", true, false, true},
    {"15500", true, false, true},
    {"007", true, false, true},
    {"-12", false, false, true},
    {"0.5", false, false, true},
    {"-0.25", false, false, true},
    {"-", false, false, false},
    {".5", false, false, false},
    {"5.", false, false, false},
    {"-.5", false, false, false},
    {"1.2.3", false, false, false},
    {"15,500", false, false, false},
    {"+5", false, false, false},
    {"--5", false, false, false},
    {"5 ", false, false, false},
    {"about 5", false, false, false},
    {"1e3", true, false, false},
    {"5%", false, false, false},
};

Test(form, is_told_from_what_only_looks_like_it)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice text = slice_text(cases[i].text);
        cr_expect_eq(form_is_code(text), cases[i].code, "code: %s", cases[i].text);
        cr_expect_eq(form_is_language(text), cases[i].language, "language: %s", cases[i].text);
        cr_expect_eq(form_is_decimal(text), cases[i].decimal, "decimal: %s", cases[i].text);
    }
}

Test(form, of_bytes_that_are_no_text_is_none)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t bytes[3] = {'a', (uint8_t)byte, '1'};
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        cr_expect_eq(form_is_code(slice_of(bytes, 3)), letter || byte == '-', "%u", byte);
        bytes[0] = '2';
        cr_expect_eq(form_is_decimal(slice_of(bytes, 3)), (byte >= '0' && byte <= '9') || byte == '.', "%u", byte);
    }
    cr_expect_not(form_is_code((struct slice){0}));
    cr_expect_not(form_is_language((struct slice){0}));
    cr_expect_not(form_is_decimal((struct slice){0}));
}
