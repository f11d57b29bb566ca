// SPDX-License-Identifier: Apache-2.0
// Addresses and forms: what is decoded, and what is refused.
#include "hub/console/server/decode.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const struct path_case {
    const char *uri, *path; // NULL: refused
} path_cases[] = {
    {"/", "/"},
    {"/topics/feed.kent", "/topics/feed.kent"},
    {"/topics/feed.kent?sort=lag", "/topics/feed.kent"},
    {"/item/a%20b", "/item/a b"},
    {"/item/a%2fb%2Fc", "/item/a/b/c"},
    {"/item/caf%C3%A9", "/item/caf\xC3\xA9"},
    {"/item/a+b", "/item/a+b"},
    {"/%252e", "/%2e"},
    {"/?", "/"},
    {"", NULL},
    {"topics", NULL},
    {"?a=b", NULL},
    {"http://127.0.0.1/", NULL},
    {"*", NULL},
    {"/%", NULL},
    {"/%4", NULL},
    {"/%g0", NULL},
    {"/%4g", NULL},
    {"/a b", NULL},
    {"/a#b", NULL},
    {"/%00", NULL},
    {"/%0a", NULL},
    {"/%0d%0a", NULL},
    {"/%09", NULL},
    {"/%7f", NULL},
    {"/%c2%85", NULL}, // NEXT LINE, a control character
    {"/%c2%80", NULL}, // the first of them
    {"/%c2%9f", NULL}, // and the last
    {"/%c2%a0", "/\xc2\xa0"},
    {"/%80", NULL},          // no UTF-8
    {"/%c0%af", NULL},       // overlong slash
    {"/%ed%a0%80", NULL},    // surrogate
    {"/%f4%90%80%80", NULL}, // above U+10FFFF
    {"/\xC3\xA9", NULL},     // not encoded
    {"/\x01", NULL},
};

Test(decode, a_path_is_decoded_once_and_what_is_malformed_is_refused)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof path_cases / sizeof *path_cases; i++) {
        const struct path_case *row = &path_cases[i];
        const char *path = decode_path(slice_text(row->uri), &arena);
        cr_expect_eq(path != NULL, row->path != NULL, "%s", row->uri);
        if (path && row->path)
            cr_expect_str_eq(path, row->path);
    }
    arena_deinit(&arena);
}

static const struct pairs_case {
    const char *text, *name, *value; // name NULL: refused; value NULL: it is not there
} pairs_cases[] = {
    {"a=1&b=2&a=3", NULL, NULL},
    {"a=1&b=2&b=3", NULL, NULL},
    {"a=1&b=2&c=3&b=4", NULL, NULL},
    {"", "a", NULL},
    {"a=b", "a", "b"},
    {"a=b", "b", NULL},
    {"a=b&c=d", "c", "d"},
    {"a=", "a", ""},
    {"verbose", "verbose", ""},
    {"verbose&a=b", "a", "b"},
    {"a=b=c", "a", "b=c"},
    {"a=b&", "a", "b"},
    {"a=x+y%2Bz", "a", "x y+z"},
    {"%61=b", "a", "b"},
    {"a=%26&b=%3D", "a", "&"},
    {"a=one%0D%0Atwo", "a", "one\ntwo"},
    {"a=one%0Atwo", "a", "one\ntwo"},
    {"a=one%09two", "a", "one two"},
    {"a=%E2%82%AC", "a", "\xE2\x82\xAC"},
    {"=b", NULL, NULL},
    {"&a=b", NULL, NULL},
    {"a=b&&c=d", NULL, NULL},
    {"a=1&a=2", NULL, NULL},
    {"a=1&%61=2", NULL, NULL},
    {"a=%", NULL, NULL},
    {"a=%zz", NULL, NULL},
    {"a=%00", NULL, NULL},
    {"a=%0D", NULL, NULL},
    {"a=%1b[2J", NULL, NULL},
    {"a=%ff", NULL, NULL},
    {"a=\xff", NULL, NULL},
    {"a=b c", NULL, NULL},
    {"a%00b=c", NULL, NULL},
};

Test(decode, pairs_are_decoded_and_what_is_malformed_refuses_all_of_them)
{
    struct arena arena;
    static struct pairs pairs;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof pairs_cases / sizeof *pairs_cases; i++) {
        const struct pairs_case *row = &pairs_cases[i];
        bool good = decode_pairs(slice_text(row->text), &arena, &pairs);
        cr_expect_eq(good, row->name != NULL, "%s", row->text);
        const char *value = good && row->name ? pairs_find(&pairs, row->name) : NULL;
        cr_expect_eq(value != NULL, row->value != NULL, "%s", row->text);
        if (value && row->value)
            cr_expect_str_eq(value, row->value);
    }
    arena_deinit(&arena);
}

Test(decode, no_more_pairs_are_taken_than_there_is_room_for)
{
    struct arena arena;
    static struct pairs pairs;
    char text[PAIRS_MOST * 8 + 16];
    int len = 0;
    arena_init(&arena, 0);
    for (int i = 0; i < PAIRS_MOST; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%sa%d=b", i ? "&" : "", i);
    cr_expect(decode_pairs(slice_text(text), &arena, &pairs));
    cr_expect_eq(pairs.n, PAIRS_MOST);
    snprintf(text + len, sizeof text - (size_t)len, "&c=d");
    cr_expect_not(decode_pairs(slice_text(text), &arena, &pairs));
    arena_deinit(&arena);
}

Test(decode, a_query_is_what_stands_behind_the_first_question_mark)
{
    static const char *const cases[][2] = {{"/", ""}, {"/?", ""}, {"/?a=b", "a=b"}, {"/?a=?", "a=?"}, {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(slice_equal(decode_query(slice_text(cases[i][0])), slice_text(cases[i][1])), "%s", cases[i][0]);
}

// The byte behind what was given is not looked at, though it would make a digit.
Test(decode, nothing_is_read_beyond_the_end)
{
    struct arena arena;
    struct pairs pairs;
    arena_init(&arena, 0);
    cr_expect_null(decode_path(slice_of("/%41", 3), &arena));
    cr_expect_null(decode_path(slice_of("/%41", 2), &arena));
    cr_expect_not(decode_pairs(slice_of("a=%41", 4), &arena, &pairs));
    cr_expect_not(decode_pairs(slice_of("a=%41", 3), &arena, &pairs));
    cr_expect(decode_pairs(slice_of("a=%41", 5), &arena, &pairs));
    arena_deinit(&arena);
}
