// SPDX-License-Identifier: Apache-2.0
// Lines from a pipe: whole ones only, long ones skipped and counted, silence noticed.
#include "connectors/sdk/lines.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX 8

static int ends[2];

static struct lines *lines_of(const char *text)
{
    cr_assert(pipe(ends) == 0);
    cr_assert(write(ends[1], text, strlen(text)) == (ssize_t)strlen(text));
    return lines_new(ends[0], MAX);
}

// "1:a 2:! " for a line and for one that was too long.
static void read_all(struct lines *lines, char *out, size_t size)
{
    struct slice line;
    enum lines_status status;
    *out = '\0';
    while ((status = lines_next(lines, 0, &line)) == LINES_LINE || status == LINES_TOO_LONG) {
        size_t len = strlen(out);
        snprintf(out + len, size - len, "%d:%.*s ", (int)lines_number(lines), status == LINES_LINE ? (int)line.len : 1,
            status == LINES_LINE ? (const char *)line.data : "!");
    }
    cr_expect_eq(status, LINES_END);
}

static const struct {
    const char *text, *expected;
} rows[] = {
    {"", ""},
    {"a", "1:a "},
    {"a\nb\n", "1:a 2:b "},
    {"a\r\nb\r\n", "1:a 2:b "},
    {"\n\n  \na\n", "4:a "},
    {"\xef\xbb\xbf"
     "a\n\xef\xbb\xbf"
     "b\n",
        "1:a 2:\xef\xbb\xbf"
        "b "},
    {"12345678\n", "1:12345678 "},
    {"123456789\na\n", "1:! 2:a "},
    {"123456789", "1:! "},
    {"12345678901234567890\n12345678901234567890\nz", "1:! 2:! 3:z "},
};

Test(lines, are_handed_out_one_by_one_with_their_numbers)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char found[256];
        struct lines *lines = lines_of(rows[i].text);
        close(ends[1]);
        read_all(lines, found, sizeof found);
        cr_expect_str_eq(found, rows[i].expected, "%s gave %s, expected %s", rows[i].text, found, rows[i].expected);
        lines_free(lines);
        close(ends[0]);
    }
}

Test(lines, longer_than_the_buffer_are_skipped_whole)
{
    char block[1000], found[64];
    memset(block, 'x', sizeof block);
    struct lines *lines = lines_of("");
    struct slice line;
    for (int i = 0; i < 60; i++)
        cr_assert(write(ends[1], block, sizeof block) == sizeof block);
    cr_expect_eq(lines_next(lines, 0, &line), LINES_NOTHING);
    for (int i = 0; i < 60; i++)
        cr_assert(write(ends[1], block, sizeof block) == sizeof block);
    cr_expect_eq(lines_next(lines, 0, &line), LINES_NOTHING);
    cr_assert(write(ends[1], "\na\n", 3) == 3);
    close(ends[1]);
    read_all(lines, found, sizeof found);
    cr_expect_str_eq(found, "1:! 2:a ", "%s", found);
    lines_free(lines);
    close(ends[0]);
}

Test(lines, that_are_not_whole_yet_are_waited_for)
{
    struct slice line;
    struct lines *lines = lines_of("ab");
    cr_expect_eq(lines_next(lines, 0, &line), LINES_NOTHING);
    cr_assert(write(ends[1], "c\nd", 3) == 3);
    cr_expect_eq(lines_next(lines, 0, &line), LINES_LINE);
    cr_expect(slice_equal(line, slice_text("abc")));
    cr_expect_eq(lines_next(lines, 0, &line), LINES_NOTHING);
    close(ends[1]);
    cr_expect_eq(lines_next(lines, 0, &line), LINES_LINE);
    cr_expect(slice_equal(line, slice_text("d")));
    cr_expect_eq(lines_next(lines, 0, &line), LINES_END);
    lines_free(lines);
    close(ends[0]);
}
