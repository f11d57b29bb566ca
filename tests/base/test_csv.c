// SPDX-License-Identifier: Apache-2.0
#include "hub/base/csv.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Fields joined by | and rows by /, or the error.
static char *read_back(const char *text, size_t len)
{
    static char result[2048];
    struct error error;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = 0;
    struct csv csv;
    result[0] = 0;
    if (!csv_parse(&csv, copy, len, &error))
        snprintf(result, sizeof result, "! %s", error.text);
    for (size_t row = 0; result[0] != '!' && row < csv.n; row++)
        for (size_t i = 0; i < csv.rows[row].n; i++)
            snprintf(result + strlen(result), sizeof result - strlen(result), "%s%s",
                i     ? "|"
                : row ? "/"
                      : "",
                csv.rows[row].fields[i]);
    csv_deinit(&csv);
    free(copy);
    return result;
}

static const struct {
    const char *text, *expected;
} cases[] = {
    {"a,b\n1,2\n", "a|b/1|2"},
    {"a,b\r\n1,2", "a|b/1|2"},
    {"a,b\n\n1,2\n\n", "a|b/1|2"},
    {"\xef\xbb\xbf"
     "a\n1\n",
        "a/1"},
    {"a,b\n,\n", "a|b/|"},
    {"a,b\n\"1,5\",\"say \"\"yes\"\"\"\n", "a|b/1,5|say \"yes\""},
    {"a\n\"two\nlines\"\nlast\n", "a/two\nlines/last"},
    {"a,b\n\"\",x\n", "a|b/|x"},
    {"", "! the file is empty; its first line names the columns."},
    {"a,b\n1\n", "! line 2: it has 1 fields, the heading has 2; put fields that hold commas in quotes."},
    {"a,b\n\n1,2,3\n", "! line 3: it has 3 fields, the heading has 2; put fields that hold commas in quotes."},
    {"a,b\n1,x\"y\n", "! line 2, column 4: a quote within a field without quotes; put the field in quotes and write "
                      "the quote twice."},
    {"a,b\n\"1\"x,2\n", "! line 2, column 4: after a closing quote only a comma or the end of the line may come; write "
                        "a quote within a field twice."},
    {"a,b\n1,\"never\nclosed\n", "! line 4, column 1: the quote that was opened on line 2 is never closed."},
    {"a\nx\ry\n", "! line 2, column 2: a carriage return without a line feed."},
};

Test(csv, reads_what_rfc_4180_allows_and_says_where_it_is_wrong)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(read_back(cases[i].text, strlen(cases[i].text)), cases[i].expected, "case %zu", i);
    cr_expect_str_eq(read_back("a\nx\0y\n", 6), "! a NUL byte at byte 4: this is not a text file.");
}

Test(csv, has_bounds)
{
    size_t len = 2 * (CSV_ROWS + 5);
    char *text = malloc(len + 1);
    for (size_t i = 0; i < len; i += 2)
        memcpy(text + i, "x\n", 2);
    cr_expect(strstr(read_back(text, len), "more than 10000 lines"));
    memset(text, ',', CSV_FIELDS + 1);
    cr_expect(strstr(read_back(text, CSV_FIELDS + 1), "more than 64 fields"));
    free(text);
}
