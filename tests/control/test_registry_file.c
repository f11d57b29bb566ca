// SPDX-License-Identifier: Apache-2.0
#include "hub/control/registry_file.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "id,name,kind,region,clearance,valid_from,valid_to,successor\n"
#define KEY  "\"bZbunxQWRbHJRWLMYb4Dvrn3W3vNtPeTVVZutE6B/T4=\""

static struct arena arena;
static struct error error;

static void begin(void)
{
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_deinit(&arena);
}

TestSuite(registry_file, .init = begin, .fini = end);

static Signalbox__V1__Registry *parse(const char *text)
{
    char *copy = arena_text(&arena, slice_text(text));
    return registry_file_parse(copy, strlen(copy), &arena, &error);
}

Test(registry_file, reads_a_table_in_order_of_id_with_the_last_day_counting)
{
    Signalbox__V1__Registry *registry = parse(
        HEAD "kent,Kent Police,territorial,eastern,official-sensitive,,,\n"
             "glaa,\"Gangmasters, and more\",agency,national,official,2005-04-01,2026-03-31,fair-work-agency other\n");
    cr_assert(registry, "%s", error.text);
    cr_assert_eq(registry->n_organisations, 2);
    const Signalbox__V1__Organisation *glaa = registry->organisations[0];
    cr_expect_str_eq(glaa->id, "glaa");
    cr_expect_str_eq(glaa->name, "Gangmasters, and more");
    cr_expect_eq(glaa->clearance, SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL);
    cr_expect_eq(glaa->valid_from_unix_ms, 1112313600000);
    cr_expect_eq(glaa->valid_to_unix_ms, 1775001600000, "2026-04-01, exclusive");
    cr_expect_eq(glaa->n_successors, 2);
    cr_expect_str_eq(glaa->successors[1], "other");
    cr_expect(glaa->publishes && glaa->subscribes);
    cr_expect_eq(registry->organisations[1]->valid_to_unix_ms, 0);
}

static const struct {
    const char *text, *expected;
} wrong[] = {
    {"id,name\n", "line 1: the column \"kind\" is missing."},
    {"id,name,kind,region,clearance,colour\n", "line 1: there is no column \"colour\""},
    {HEAD "kent,Kent,territorial,eastern,secret,,,\n",
        "line 2: clearance is official or official-sensitive, not \"secret\"."},
    {HEAD "kent,Kent,territorial,eastern,official,31.3.2026,,\n", "line 2: valid_from is a day as YYYY-MM-DD"},
    {HEAD "kent,Kent,territorial,eastern,official,,2026-02-30,\n", "line 2: valid_to is a day as YYYY-MM-DD"},
    {HEAD "kent,Kent,territorial\n", "line 2: it has 3 fields"},
    {"id,name,kind,region,clearance,publishes\nk,K,t,r,official,yes\n", "line 2: publishes is true or false"},
    {"id,name,kind,region,clearance,number\nk,K,t,r,official,-1\n", "line 2: number is a whole number of 0 to 1023"},
    {"id,name,kind,region,clearance,number\nk,K,t,r,official,1024\n", "line 2: number is a whole number of 0 to 1023"},
    {"id,name,kind,region,clearance,number\nk,K,t,r,official,7 \n", "line 2: number is a whole number of 0 to 1023"},
    {"id,name,kind,region,clearance,signs\nk,K,t,r,official,items post\n",
        "line 2: signs is a list of items, answers, forms and notices; it has \"post\"."},
    {"{\"organisations\":[{\"idd\":\"kent\"}]}", "organisations[0]"},
    {"{\"organisations\":", "column"},
};

Test(registry_file, says_where_a_file_is_wrong)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_null(parse(wrong[i].text));
        cr_expect(strstr(error.text, wrong[i].expected), "case %zu: %s", i, error.text);
    }
}

static const struct {
    const char *lines, *expected; // NULL if they are good
} keys[] = {
    {"{\"agency\":\"kent\",\"publicKey\":" KEY "}\n\n", NULL},
    {"{\"agency\":\"kent\",\"keyId\":\"Cm25tnXZjl06BXgCX/3lLA==\",\"publicKey\":" KEY
     ",\"state\":\"REVOKED\",\"revokedUnixMs\":5}",
        NULL},
    {"\n{\"agency\":\"essex\",\"publicKey\":" KEY "}", "k.json, line 2: agency \"essex\" is not in the registry."},
    {"{\"publicKey\":" KEY "}", "k.json, line 1: agency is missing."},
    {"{\"agency\":\"kent\",\"publicKey\":\"AAAA\"}", "publicKey must be the 32 bytes"},
    {"{\"agency\":\"kent\",\"publicKey\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
        "k.json, line 1: publicKey is of small order: anybody can sign under it. Ask for"},
    {"{\"agency\":\"kent\",\"publicKey\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
        "k.json, line 1: publicKey is no point of the curve."},
    {"{\"agency\":\"kent\",\"publicKey\":\"8P///////////////////////////////////////38=\"}",
        "k.json, line 1: publicKey is not written in the canonical way"},
    {"{\"agency\":\"kent\",\"publickey\":\"AAAA\"}", "k.json, line 1: "},
    {"kent", "k.json, line 1: "},
};

Test(registry_file, adds_keys_and_works_out_what_they_leave_out)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        Signalbox__V1__Registry *registry = parse(HEAD "kent,Kent,territorial,eastern,official,,,\n");
        bool good = registry_file_add_keys(registry, "k.json", keys[i].lines, strlen(keys[i].lines), &arena, &error);
        cr_expect_eq(good, keys[i].expected == NULL, "case %zu: %s", i, error.text);
        if (keys[i].expected)
            cr_expect(strstr(error.text, keys[i].expected), "case %zu: %s", i, error.text);
        if (good) {
            const Signalbox__V1__SigningKey *key = registry->organisations[0]->keys[0];
            cr_expect_eq(registry->organisations[0]->n_keys, 1);
            cr_expect_arr_eq(key->key_id.data, "\x0a\x6d\xb9\xb6\x75\xd9\x8e\x5d\x3a\x05\x78\x02\x5f\xfd\xe5\x2c", 16);
            cr_expect_neq(key->state, SIGNALBOX__V1__KEY_STATE__KEY_STATE_UNSPECIFIED);
        }
    }
}

Test(registry_file, a_key_that_is_there_is_replaced_and_bare_organisations_keep_theirs)
{
    Signalbox__V1__Registry *before = parse(HEAD "kent,Kent,territorial,eastern,official,,,\n");
    const char *active = "{\"agency\":\"kent\",\"publicKey\":" KEY "}",
               *revoked = "{\"agency\":\"kent\",\"publicKey\":" KEY ",\"state\":\"REVOKED\"}";
    cr_assert(registry_file_add_keys(before, "k", active, strlen(active), &arena, &error), "%s", error.text);
    Signalbox__V1__Registry *next = parse(HEAD "kent,Kent,territorial,eastern,official,,,\n");
    registry_file_keep_keys(next, before, &arena);
    cr_expect_eq(next->organisations[0]->n_keys, 1);
    cr_assert(registry_file_add_keys(next, "k", revoked, strlen(revoked), &arena, &error), "%s", error.text);
    cr_expect_eq(next->organisations[0]->n_keys, 1);
    cr_expect_eq(next->organisations[0]->keys[0]->state, SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED);
    cr_expect_eq(before->organisations[0]->keys[0]->state, SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE);
}

#define KEY_2 "\"1m4PTd5OVnQ2PgFLoB6QhBvxAKz1Fv9wSt3zRrN8WmU=\""

Test(registry_file, a_bare_organisation_keeps_all_its_keys_and_one_with_keys_has_those_alone)
{
    const char *rows = HEAD "kent,Kent,territorial,eastern,official,,,\n";
    const char *first = "{\"agency\":\"kent\",\"publicKey\":" KEY "}\n",
               *second = "{\"agency\":\"kent\",\"publicKey\":" KEY_2 "}\n";
    Signalbox__V1__Registry *before = parse(rows), *bare = parse(rows), *given = parse(rows);
    const char *both = arena_printf(&arena, "%s%s", first, second);
    cr_assert(registry_file_add_keys(before, "k", both, strlen(both), &arena, &error), "%s", error.text);
    cr_assert_eq(before->organisations[0]->n_keys, 2, "every line is read");
    registry_file_keep_keys(bare, before, &arena);
    cr_expect_eq(bare->organisations[0]->n_keys, 2);
    cr_assert(registry_file_add_keys(given, "k", second, strlen(second), &arena, &error), "%s", error.text);
    registry_file_keep_keys(given, before, &arena);
    cr_expect_eq(given->organisations[0]->n_keys, 1);
    cr_expect_arr_eq(
        given->organisations[0]->keys[0]->public_key.data, before->organisations[0]->keys[1]->public_key.data, 32);
}

Test(registry_file, officers_and_organisations_stand_in_order_of_id_whatever_the_file_s_order)
{
    Signalbox__V1__Registry *registry =
        parse("{\"organisations\":[{\"id\":\"kent\"},{\"id\":\"essex\"},{\"id\":\"btp\"}],"
              "\"officers\":[{\"id\":\"kent-2\"},{\"id\":\"kent-3\"},{\"id\":\"kent-1\"}]}");
    cr_assert(registry && registry->n_organisations == 3 && registry->n_officers == 3);
    static const char *const organisations[] = {"btp", "essex", "kent"}, *const officers[] = {
                                                                             "kent-1", "kent-2", "kent-3"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_str_eq(registry->organisations[i]->id, organisations[i]);
        cr_expect_str_eq(registry->officers[i]->id, officers[i]);
    }
}

#define NUMBERED "id,name,kind,region,clearance,number\n"
#define REST     ",N,territorial,eastern,official,"

static const struct numbered_case {
    const char *before, *next;
    const char *expected; // the numbers in order of id, or the refusal
} numbered_cases[] = {
    {NULL, NUMBERED "c" REST "\nb" REST "\na" REST "\n", "0 1 2"},
    {NULL, NUMBERED "c" REST "0\nb" REST "5\na" REST "\n", "6 5 0"},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "c" REST "\nb" REST "\na" REST "\n", "0 7 8"},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "c" REST "3\nd" REST "\nb" REST "7\na" REST "0\n", "0 7 3 8"},
    {NUMBERED "a" REST "0\nb" REST "7\n",
        "{\"organisations\":[{\"id\":\"b\",\"number\":7},{\"id\":\"a\"},{\"id\":\"c\"}]}", "0 7 8"},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "a" REST "0\nb" REST "8\n",
        "Organisation b has the number 7 for life, and cannot have 8: leave its number as it is."},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "a" REST "0\nb" REST "7\nc" REST "7\n",
        "Organisations b and c have the same number, 7; a number is given once, to one organisation."},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "a" REST "0\n",
        "The row of organisation b is missing: rows are never dropped. Keep it, and give it a valid_to date if the "
        "organisation has ended."},
    {NUMBERED "a" REST "0\nb" REST "7\n", NUMBERED "a" REST "0\nc" REST "7\n",
        "The row of organisation b is missing: rows are never dropped. Keep it, and give it a valid_to date if the "
        "organisation has ended."},
    {NUMBERED "a" REST "1023\n", NUMBERED "a" REST "\nb" REST "\n",
        "Organisation b has number 1024; numbers are 0 to 1023."},
    {NULL, NUMBERED "A" REST "1\n", "Organisation id 'A' must be 1 to 64 characters of a-z, 0-9 and hyphen."},
};

static const char *numbers_of(const struct numbered_case *row)
{
    static struct registry_numbers numbers;
    const char *list = "";
    numbers = (struct registry_numbers){0};
    if (row->before)
        cr_assert(registry_numbers_follow(&numbers, parse(row->before), &error), "%s", error.text);
    Signalbox__V1__Registry *next = parse(row->next);
    cr_assert(next, "%s", error.text);
    if (!registry_file_number(next, &numbers, &error))
        return error.text;
    for (size_t i = 0; i < next->n_organisations; i++)
        list = arena_printf(&arena, "%s%s%u", list, i ? " " : "", next->organisations[i]->number);
    return list;
}

Test(registry_file, a_number_is_given_once_for_life_and_no_row_is_dropped)
{
    for (size_t i = 0; i < sizeof numbered_cases / sizeof *numbered_cases; i++)
        cr_expect_str_eq(numbers_of(&numbered_cases[i]), numbered_cases[i].expected, "case %zu", i);
}

#define SIGNING "id,name,kind,region,clearance,publishes,parent,desk_contact,signs\n"

static const struct {
    const char *text;
    size_t n;
    Signalbox__V1__Purpose signs[2];
} signing[] = {
    {SIGNING "a,A,council,london,official,true,,,\n", 2, {1, 2}},
    {SIGNING "a,A,council,london,official,false,,,\n", 0, {0}},
    {SIGNING "a,A,council,london,official,true,,,items\n", 1, {1}},
    {SIGNING "a,A,council,london,official,false,,,forms; answers\n", 2, {3, 2}},
    {"{\"organisations\":[{\"id\":\"a\",\"publishes\":true}]}", 2, {1, 2}},
    {"{\"organisations\":[{\"id\":\"a\",\"publishes\":true,\"signs\":[\"ANSWERS\"]}]}", 1, {2}},
};

Test(registry_file, who_publishes_signs_items_and_answers_unless_it_says_otherwise)
{
    for (size_t i = 0; i < sizeof signing / sizeof *signing; i++) {
        Signalbox__V1__Registry *registry = parse(signing[i].text);
        cr_assert(registry, "case %zu: %s", i, error.text);
        cr_assert_eq(registry->organisations[0]->n_signs, signing[i].n, "case %zu", i);
        for (size_t j = 0; j < signing[i].n; j++)
            cr_expect_eq(registry->organisations[0]->signs[j], signing[i].signs[j], "case %zu", i);
    }
}

Test(registry_file, a_table_tells_the_body_above_and_the_desk)
{
    Signalbox__V1__Registry *registry = parse(SIGNING "a,A,council,london,official,true,b,duty desk,\n");
    cr_assert(registry, "%s", error.text);
    cr_expect_str_eq(registry->organisations[0]->parent, "b");
    cr_expect_str_eq(registry->organisations[0]->desk_contact, "duty desk");
}
