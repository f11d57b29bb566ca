// SPDX-License-Identifier: Apache-2.0
#include "hub/console/html/hexview.h"
#include <criterion/criterion.h>
#include <string.h>

Test(hexview, the_part_shown_holds_the_marked_byte_unless_another_part_is_asked_for)
{
    static const struct {
        size_t len;
        int64_t at, asked;
        size_t wanted;
    } cases[] = {
        {0, -1, -1, 0},
        {100, -1, -1, 0},
        {100, 99, -1, 0},
        {100, 100, -1, 0},
        {10000, 3839, -1, 0},
        {10000, 3840, -1, 3584},
        {10000, 9999, -1, 9728},
        {10000, 9999, 4096, 4096},
        {10000, 9999, 4100, 4096},
        {10000, 50, 10000, 0},
        {10000, -1, 9999, 9984},
        {10000, INT64_MAX, -1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t from = hexview_from(cases[i].len, cases[i].at, cases[i].asked);
        cr_expect_eq(from, cases[i].wanted, "case %zu: %zu", i, from);
    }
}

static void expect_view(struct slice bytes, size_t from, int64_t at, const char *wanted, bool is_there)
{
    struct html html = {0};
    hexview_put(&html, bytes, from, at);
    cr_expect_eq(
        html.data && strstr(html.data, wanted), is_there, "%s in %s", wanted, html.data ? html.data : "nothing");
    html_deinit(&html);
}

Test(hexview, the_marked_byte_is_marked_in_both_columns_and_named_in_the_caption)
{
    struct slice bytes = slice_text("The county <line> \x01 end.");
    expect_view(bytes, 0, 5, "54 68 65 20 63 <mark>6f</mark> 75", true);
    expect_view(bytes, 0, 5, "The c<mark>o</mark>unty", true);
    expect_view(bytes, 0, 5, "begins at byte 5", true);
    expect_view(bytes, 0, 5, "▶ 000000", true);
    expect_view(bytes, 0, 3, "The<mark> </mark>county", true);
    expect_view(bytes, 0, 15, "65 <mark>65</mark>", false);
    expect_view(bytes, 0, -1, "mark", false);
    expect_view(bytes, 0, 400, "mark", false);
}

Test(hexview, bytes_are_text_and_never_markup)
{
    static const uint8_t hostile[] = "<script>alert(1)</script>\"'&\xc3\x28";
    struct slice bytes = slice_of(hostile, sizeof hostile);
    expect_view(bytes, 0, 1, "<script", false);
    expect_view(bytes, 0, -1, "&lt;script&gt;alert(", true);
    expect_view(bytes, 0, -1, "&quot;&#39;&amp;.(.", true);
    expect_view(bytes, 0, 0, "<mark>&lt;</mark>script", true);
}

Test(hexview, a_part_is_4096_bytes_and_the_caption_says_which)
{
    static uint8_t many[10000];
    struct slice bytes = slice_of(many, sizeof many);
    expect_view(bytes, 4096, -1, "Bytes 4096 to 8191 of 10000", true);
    expect_view(bytes, 4096, -1, "001ff0", true);
    expect_view(bytes, 4096, -1, "002000", false);
    expect_view(bytes, 9728, -1, "Bytes 9728 to 9999 of 10000", true);
    expect_view(bytes, 10000, -1, "Bytes", false);
}
