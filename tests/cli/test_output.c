// SPDX-License-Identifier: Apache-2.0
#include "hub/cli/frame/output.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static char *written_text(enum cli_format format, json_t *rows, json_t *object)
{
    static const char *const columns[] = {"name", "count:HOW MANY", "list"};
    static char *text;
    size_t size;
    free(text);
    FILE *out = open_memstream(&text, &size);
    struct cli cli = {.format = format, .out = out, .err = stderr};
    int status = rows ? output_rows(&cli, columns, 3, rows) : output_object(&cli, object);
    fclose(out);
    cr_expect_eq(status, COMMAND_OK);
    return text;
}

static json_t *two_rows(void)
{
    return json_pack("[{s:s, s:i, s:[s, s]}, {s:s, s:i, s:[], s:s}]", "name", "Dyfed-Powys", "count", 7, "list", "a",
        "b", "name", "Môn", "count", 1234, "list", "more", "only in JSON");
}

Test(output, a_table_aligns_what_people_see)
{
    cr_expect_str_eq(written_text(CLI_TABLE, two_rows(), NULL), "NAME         HOW MANY  LIST\n"
                                                                "Dyfed-Powys         7  a b\n"
                                                                "Môn              1234  \n");
    cr_expect_str_eq(written_text(CLI_TABLE, json_array(), NULL), "");
}

Test(output, json_is_whole_and_jsonl_is_one_object_a_line)
{
    cr_expect_str_eq(written_text(CLI_JSONL, two_rows(), NULL),
        "{\"name\":\"Dyfed-Powys\",\"count\":7,\"list\":[\"a\",\"b\"]}\n"
        "{\"name\":\"Môn\",\"count\":1234,\"list\":[],\"more\":\"only in JSON\"}\n");
    json_t *back = json_loads(written_text(CLI_JSON, two_rows(), NULL), 0, NULL), *same = two_rows();
    cr_expect(json_equal(back, same));
    json_decref(back);
    json_decref(same);
    cr_expect_str_eq(written_text(CLI_JSON, json_array(), NULL), "[]\n");
}

Test(output, an_object_is_a_line_a_member)
{
    cr_expect_str_eq(
        written_text(CLI_TABLE, NULL, json_pack("{s:s, s:b, s:{s:i}}", "id", "kent", "publishes", 1, "nested", "a", 1)),
        "id         kent\npublishes  yes\nnested     {\"a\":1}\n");
}

Test(output, a_result_that_cannot_be_written_is_a_failure)
{
    struct cli cli = {.format = CLI_JSON, .out = fopen("/dev/full", "w"), .err = fopen("/dev/null", "w")};
    cr_expect_eq(output_rows(&cli, NULL, 0, two_rows()), COMMAND_FAILED);
    fclose(cli.out);
    fclose(cli.err);
}
