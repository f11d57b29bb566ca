// SPDX-License-Identifier: Apache-2.0
// The snapshot's JSON has every field that the header has, and says of a figure no more than is known.
#include "hub/observe/tell/health_json.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1700000000000)

static json_t *json_of(struct health *health)
{
    json_t *json = health_json(health);
    health_drop(health);
    return json;
}

// The first of a list whose own list is not empty, if one is asked for.
static const json_t *first(const json_t *object, const char *list, const char *inner)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(object, list), i, element)
    {
        if (!inner || json_array_size(json_object_get(element, inner)))
            return inner ? json_array_get(json_object_get(element, inner), 0) : element;
    }
    return NULL;
}

static const json_t *sample(const json_t *json, const char *name)
{
    const struct {
        const char *name;
        const json_t *object;
    } samples[] = {
        {"finding", json_object_get(json, "broker")},
        {"partition_health", first(json, "topics", "partitions")},
        {"topic_health", first(json, "topics", NULL)},
        {"group_partition", first(json, "groups", "partitions")},
        {"group_health", first(json, "groups", NULL)},
        {"delays", json_object_get(first(json, "forces", NULL), "delays")},
        {"code_count", first(json, "sources", "refusals")},
        {"source_health", first(json, "sources", NULL)},
        {"force_health", first(json, "forces", NULL)},
        {"lane_health", first(json, "lanes", NULL)},
        {"counter_health", first(json, "processes", "counters")},
        {"process_health", first(json, "processes", NULL)},
        {"key_health", first(json, "keys", NULL)},
        {"quarantine_health", first(json, "refused", NULL)},
        {"canary_health", first(json, "canaries", NULL)},
        {"ledger_health", first(json, "ledgers", NULL)},
        {"trouble", first(json, "troubles", NULL)},
        {"health", json},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (strcmp(samples[i].name, name) == 0)
            return samples[i].object;
    return NULL;
}

static bool is_absent_on_purpose(const json_t *object, const char *structure, const char *field)
{
    if (strcmp(structure, "health") == 0 && (strcmp(field, "holders") == 0 || strcmp(field, "arena") == 0))
        return true;
    if (strcmp(structure, "finding") == 0 && strncmp(field, "known", 5) == 0)
        return true; // for the next snapshot only
    return strncmp(field, "n_", 2) == 0 && json_is_array(json_object_get(object, field + 2)); // its length says it
}

// The names that a line declares: "struct figure start, stable, end;" has three.
static size_t check_line(const json_t *object, const char *structure, char *line)
{
    size_t n = 0;
    char *end = strchr(line, ';'), *rest = line, *part;
    if (!end)
        return 0;
    *end = 0;
    while ((part = strsep(&rest, ","))) {
        part[strcspn(part, "[")] = 0;
        char *name = part + strlen(part);
        while (name > part && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
            name--;
        bool there = json_object_get(object, name) || is_absent_on_purpose(object, structure, name);
        cr_expect(there, "struct %s has %s, its JSON has not", structure, name);
        n++;
    }
    return n;
}

Test(health_json, has_every_field_of_the_header_under_its_own_name)
{
    json_t *json = json_of(kit_health_unwell(NOW_MS));
    FILE *header = fopen(SOURCE_DIR "/hub/observe/health.h", "r");
    cr_assert(header);
    char line[512], structure[64] = "";
    size_t structures = 0, fields = 0;
    while (fgets(line, sizeof line, header)) {
        char *comment = strstr(line, "//");
        if (comment)
            *comment = 0;
        if (sscanf(line, "struct %63[a-z_] {", structure) == 1 && strchr(line, '{')) {
            structures++;
            cr_expect(sample(json, structure), "struct %s has no sample in the fixture", structure);
        } else if (strncmp(line, "    ", 4) == 0 && *structure)
            fields += check_line(sample(json, structure), structure, line);
        else if (*line == '}')
            structure[0] = 0;
    }
    fclose(header);
    cr_expect_geq(structures, 18);
    cr_expect_geq(fields, 150);
    json_decref(json);
}

Test(health_json, a_figure_is_its_number_or_null_or_not_permitted)
{
    struct health *health = kit_health_well(NOW_MS);
    health->groups[0].lag = figure_of(0);
    health->groups[0].lag_ms = (struct figure){FIGURE_UNKNOWN, 7};
    health->groups[0].members = (struct figure){FIGURE_NOT_PERMITTED, 7};
    json_t *json = json_of(health), *group = json_array_get(json_object_get(json, "groups"), 0);
    cr_expect(json_is_integer(json_object_get(group, "lag")) && json_integer_value(json_object_get(group, "lag")) == 0);
    cr_expect(json_is_null(json_object_get(group, "lag_ms")));
    cr_expect_str_eq(json_string_value(json_object_get(group, "members")), "not permitted");
    json_decref(json);
}

Test(health_json, a_finding_says_the_verdict_in_all_its_words)
{
    struct health *health = kit_health_well(NOW_MS);
    health->groups[0].finding = (struct finding){.verdict = VERDICT_READER_STOPPED,
        .since_ms = NOW_MS - 5,
        .rule = "no-member-and-lag",
        .numbers = "end=190",
        .detail = NULL};
    json_t *json = json_of(health),
           *found = json_object_get(json_array_get(json_object_get(json, "groups"), 0), "finding");
    const struct verdict_row *row = verdict_row(VERDICT_READER_STOPPED);
    json_t *should = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s}", "verdict", "READER_STOPPED", "severity",
        "critical", "word", "stopped", "meaning", row->meaning, "remedy", row->remedy, "since_ms",
        (json_int_t)(NOW_MS - 5), "rule", "no-member-and-lag", "numbers", "end=190", "detail", "");
    cr_expect(json_equal(found, should));
    json_decref(should);
    json_decref(json);
}

Test(health_json, things_carry_the_name_that_operators_use)
{
    static const struct {
        const char *list, *begin;
    } lists[] = {{"groups", "group/"}, {"topics", "topic/"}, {"sources", "source/"}, {"forces", "force/"},
        {"lanes", "lane/"}, {"processes", "process/"}, {"keys", "key/"}, {"refused", "quarantine/"},
        {"canaries", "canary/"}, {"ledgers", "ledger/"}};
    json_t *json = json_of(kit_health_unwell(NOW_MS));
    cr_expect_eq(json_integer_value(json_object_get(json, HEALTH_JSON_SCHEMA)), HEALTH_JSON_VERSION);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *thing = json_string_value(json_object_get(first(json, lists[i].list, NULL), "thing"));
        cr_expect(thing && strncmp(thing, lists[i].begin, strlen(lists[i].begin)) == 0, "%s: %s", lists[i].list, thing);
    }
    json_decref(json);
}

Test(health_json, is_json_whatever_names_strangers_choose)
{
    struct health *health = kit_health_hostile(NOW_MS);
    health->groups[0].name = "broken\xff\"\\\x1b[2J";
    json_t *json = json_of(health);
    char *text = json_dumps(json, JSON_COMPACT);
    json_t *back = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    cr_expect(json_equal(json, back));
    cr_expect_str_eq(json_string_value(json_object_get(first(json, "groups", NULL), "name")), "broken?\"\\\x1b[2J");
    free(text);
    json_decref(back);
    json_decref(json);
}
