// SPDX-License-Identifier: Apache-2.0
#include "hub/console/html/html.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void expect_markup(struct html *html, const char *wanted)
{
    cr_assert_not(html->failed);
    cr_assert_str_eq(html->data, wanted);
    cr_assert_eq(html->len, strlen(wanted));
    html_deinit(html);
}

Test(html, texts_are_escaped_for_elements_and_quoted_attributes)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"' onload='x", "&#39; onload=&#39;x"},
        {"&lt;", "&amp;lt;"},
        {"a&b<c>d\"e'f", "a&amp;b&lt;c&gt;d&quot;e&#39;f"},
        {"two\nlines\tand a tab", "two\nlines\tand a tab"},
        {"a\x01z\x1b[31m\x7f\r", "a\uFFFDz\uFFFD[31m\uFFFD\uFFFD"},
        {"Dyfed-Powys \u00e2\u20ac", "Dyfed-Powys \u00e2\u20ac"},
        {"\u202Eknow\u2066n\u2069", "\uFFFDknow\uFFFDn\uFFFD"},
        {"a dash \u2013 and \u2027 and \u202F stay", "a dash \u2013 and \u2027 and \u202F stay"},
        {"cut \xE2\x80", "cut \xE2\x80"},
        {"%s %n %d", "%s %n %d"},
        {NULL, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct html html = {0};
        html_put(&html, "%s", cases[i].text);
        expect_markup(&html, cases[i].wanted);
    }
}

Test(html, every_single_byte_is_either_itself_or_harmless)
{
    for (int byte = 1; byte < 256; byte++) {
        struct html html = {0};
        html_put(&html, "%c", byte);
        cr_assert_null(strpbrk(html.data, "<>\"'"), "byte %d", byte);
        if (byte >= 0x20 && byte != 0x7f && !strchr("&<>\"'", byte))
            cr_assert(html.len == 1 && (unsigned char)html.data[0] == byte, "byte %d", byte);
        html_deinit(&html);
    }
}

Test(html, markup_of_the_format_stands_as_it_is)
{
    struct html html = {0};
    html_put(&html, "<a href=\"%s\">%s</a> 100%% & more", "/x?a=1&b=2", "a<b");
    expect_markup(&html, "<a href=\"/x?a=1&amp;b=2\">a&lt;b</a> 100% & more");
}

Test(html, numbers_of_every_length)
{
    struct html html = {0};
    html_put(&html, "%d %u %ld %lu %lld %llu %zu %c", -1, UINT32_MAX, -2L, UINT64_MAX, (long long)INT64_MIN,
        (unsigned long long)UINT64_MAX, SIZE_MAX, 'x');
    html_put(&html, " %02d %5d %.1f %.0f %04u", 3, 42, 4.25, 1e300, 7U);
    char wanted[1024];
    snprintf(wanted, sizeof(wanted), "%d %u %ld %lu %lld %llu %zu %c %02d %5d %.1f %.0f %04u", -1, UINT32_MAX, -2L,
        UINT64_MAX, (long long)INT64_MIN, (unsigned long long)UINT64_MAX, SIZE_MAX, 'x', 3, 42, 4.25, 1e300, 7U);
    expect_markup(&html, wanted);
}

Test(html, texts_of_any_length_fit)
{
    static char text[300000];
    memset(text, '<', sizeof(text) - 1);
    struct html html = {0};
    html_put(&html, "%s", text);
    html_put(&html, "end");
    cr_assert_eq(html.len, 4 * (sizeof(text) - 1) + 3);
    cr_assert_str_eq(html.data + html.len - 7, "&lt;end");
    html_deinit(&html);
}

Test(html, an_empty_page_is_terminated)
{
    struct html html = {0};
    html_put(&html, "%s", "");
    expect_markup(&html, "");
}

// A way around the compiler's check of formats.
static const char *volatile format;

#define FAILS(name, text)                                                                                              \
    Test(html, name)                                                                                                   \
    {                                                                                                                  \
        struct html html = {0};                                                                                        \
        format = "before " text " after";                                                                              \
        html_put(&html, format, "x", "x");                                                                             \
        cr_expect(html.failed && !strstr(html.data, "x") && !strstr(html.data, "after"));                              \
        html_put(&html, "%s", "what comes later is not taken");                                                        \
        cr_expect_str_eq(html.data, "before ");                                                                        \
        html_deinit(&html);                                                                                            \
    }
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
FAILS(a_pointer_fails, "%p")
FAILS(a_count_of_bytes_written_fails, "%n")
FAILS(a_text_with_a_width_fails, "%10s")
FAILS(a_text_with_a_length_fails, "%.3s")
FAILS(a_length_out_of_the_arguments_fails, "%.*s")
FAILS(a_wide_text_fails, "%ls")
FAILS(a_percent_sign_before_a_blank_fails, "%")
FAILS(a_conversion_without_a_letter_fails, "%ll")
FAILS(three_longs_fail, "%llld")

Test(html, a_format_that_ends_within_a_conversion_fails)
{
    static const char *const cases[] = {"%", "%ll", "%0", "%."};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html html = {0};
        format = cases[i];
        html_put(&html, format, "x", "x");
        cr_expect(html.failed, "%s", cases[i]);
        html_deinit(&html);
    }
}
