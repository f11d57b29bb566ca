// SPDX-License-Identifier: Apache-2.0
#include "hub/console/desk/record_place.h"
#include <criterion/criterion.h>

Test(place, is_a_topic_a_partition_and_an_offset_and_nothing_else)
{
    static const struct {
        const char *text, *topic;
        int32_t partition;
        int64_t offset;
    } cases[] = {
        {"in.kent/0/12", "in.kent", 0, 12},
        {"quarantine/2147483647/9223372036854775807", "quarantine", INT32_MAX, INT64_MAX},
        {"relane/3/0", "relane", 3, 0},
        {"in.kent/0/9223372036854775808", NULL, 0, 0},
        {"in.kent/2147483648/1", NULL, 0, 0},
        {"in.kent/0/-1", NULL, 0, 0},
        {"in.kent/+1/1", NULL, 0, 0},
        {"in.kent/ 1/1", NULL, 0, 0},
        {"in.kent/1/", NULL, 0, 0},
        {"in.kent//1", NULL, 0, 0},
        {"/1/1", NULL, 0, 0},
        {"a/b/1/1", NULL, 0, 0},
        {"in.kent", NULL, 0, 0},
        {"", NULL, 0, 0},
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record_place place;
        bool good = record_place_parse(cases[i].text, &arena, &place);
        cr_expect_eq(good, cases[i].topic != NULL, "%s", cases[i].text);
        if (!good || !cases[i].topic)
            continue;
        cr_expect_str_eq(place.topic, cases[i].topic);
        cr_expect_eq(place.partition, cases[i].partition);
        cr_expect_eq(place.offset, cases[i].offset);
        cr_expect_str_eq(record_place_text(&place, &arena), cases[i].text);
    }
    arena_deinit(&arena);
}
