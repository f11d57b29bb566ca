// SPDX-License-Identifier: Apache-2.0
#include "hub/control/difference.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static const struct {
    const char *have, *should, *expected;
} objects[] = {
    {"{\"a\":1}", "{\"a\":1}", "[]"},
    {"{\"a\":1}", "{\"a\":2}", "[{\"change\":\"changed\",\"id\":\"x\",\"field\":\"a\",\"from\":1,\"to\":2}]"},
    {"{}", "{\"a\":2}", "[{\"change\":\"changed\",\"id\":\"x\",\"field\":\"a\",\"from\":null,\"to\":2}]"},
    {"{\"a\":2}", "{}", "[{\"change\":\"changed\",\"id\":\"x\",\"field\":\"a\",\"from\":2,\"to\":null}]"},
    {"{\"time\":1}", "{\"time\":2}", "[]"},
    {"{\"l\":[1,2]}", "{\"l\":[2,3]}",
        "[{\"change\":\"changed\",\"id\":\"x\",\"field\":\"l\",\"from\":1,\"to\":null},"
        "{\"change\":\"changed\",\"id\":\"x\",\"field\":\"l\",\"from\":null,\"to\":3}]"},
    {"{\"l\":[1,2]}", "{\"l\":[2,1]}",
        "[{\"change\":\"changed\",\"id\":\"x\",\"field\":\"l\",\"from\":[1,2],\"to\":[2,1]}]"},
};

static void expect_rows(json_t *rows, const char *expected, size_t i)
{
    char *text = json_dumps(rows, JSON_COMPACT);
    cr_expect_str_eq(text, expected, "case %zu", i);
    free(text);
    json_decref(rows);
}

Test(difference, says_member_by_member_what_changes_between_two_objects)
{
    static const char *const ignore[] = {"time", NULL};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        json_t *have = json_loads(objects[i].have, 0, NULL), *should = json_loads(objects[i].should, 0, NULL),
               *rows = json_array();
        difference_of_objects(rows, "x", have, should, ignore);
        json_decref(have);
        json_decref(should);
        expect_rows(rows, objects[i].expected, i);
    }
}

Test(difference, tells_rows_of_an_array_apart_by_their_id)
{
    json_t *have = json_loads("[{\"id\":\"a\",\"n\":1},{\"id\":\"b\"}]", 0, NULL);
    json_t *should = json_loads("[{\"id\":\"c\"},{\"id\":\"a\",\"n\":2}]", 0, NULL), *rows = json_array();
    difference_of_arrays(rows, "id", have, should, NULL);
    json_decref(have);
    json_decref(should);
    expect_rows(rows,
        "[{\"change\":\"changed\",\"id\":\"a\",\"field\":\"n\",\"from\":1,\"to\":2},"
        "{\"change\":\"removed\",\"id\":\"b\",\"field\":\"\",\"from\":null,\"to\":null},"
        "{\"change\":\"added\",\"id\":\"c\",\"field\":\"\",\"from\":null,\"to\":null}]",
        0);
}
