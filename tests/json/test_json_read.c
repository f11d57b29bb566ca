// SPDX-License-Identifier: Apache-2.0
// JSON to messages and back: what is taken, what it means, what is refused and how that is said.
#include "hub/json/json.h"
#include "tests/json/line.h"
#include <criterion/criterion.h>
#include <signalbox/v1/control.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <signalbox/v1/receipt.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <signalbox/v1/state.pb-c.h>

static const ProtobufCMessageDescriptor *const header = &signalbox__v1__header__descriptor;
static const ProtobufCMessageDescriptor *const report = &signalbox__v1__report_body__descriptor;
static const ProtobufCMessageDescriptor *const receipt = &signalbox__v1__receipt__descriptor;
static const ProtobufCMessageDescriptor *const state = &signalbox__v1__state_record__descriptor;
static const ProtobufCMessageDescriptor *const registry = &signalbox__v1__registry__descriptor;

struct row {
    const ProtobufCMessageDescriptor *const *type;
    const char *input, *expected; // canonical JSON, or the whole error
};

// Reads the row's input; the message as canonical JSON, or the error. Out of the arena.
static const char *run(const struct row *row, struct arena *arena, bool *ok)
{
    struct error *error = arena_alloc(arena, sizeof *error);
    ProtobufCMessage *message;
    json_t *value = json_from_text(slice_text(row->input), error);
    cr_assert(value, "%s: %s", row->input, error->text);
    *ok = json_to_message(*row->type, value, arena, &message, error);
    json_decref(value);
    if (!*ok)
        return error->text;
    json_t *back = json_from_message(message);
    const char *line = json_line(back, arena);
    json_decref(back);
    return line;
}

static void check(const struct row *rows, size_t n, bool expected_ok)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++) {
        bool ok;
        const char *found = run(&rows[i], &arena, &ok);
        cr_expect(ok == expected_ok && strcmp(found, rows[i].expected) == 0, "%s\n gave     %s\n expected %s",
            rows[i].input, found, rows[i].expected);
    }
    arena_deinit(&arena);
}

static const struct row good[] = {
    {&header, "{}", "{}"},
    {&header, "{\"madeUnixMs\":\"1790000000000\"}", "{\"madeUnixMs\":\"1790000000000\"}"},
    {&header, "{\"made_unix_ms\":1790000000000}", "{\"madeUnixMs\":\"1790000000000\"}"},
    {&header, "{\"madeUnixMs\":-5}", "{\"madeUnixMs\":\"-5\"}"},
    {&header, "{\"madeUnixMs\":\"-9223372036854775808\"}", "{\"madeUnixMs\":\"-9223372036854775808\"}"},
    {&header, "{\"madeUnixMs\":\"9223372036854775807\"}", "{\"madeUnixMs\":\"9223372036854775807\"}"},
    {&header, "{\"madeUnixMs\":1.79e12}", "{\"madeUnixMs\":\"1790000000000\"}"},
    {&registry, "{\"version\":\"18446744073709551615\"}", "{\"version\":\"18446744073709551615\"}"},
    {&header, "{\"revision\":4294967295}", "{\"revision\":4294967295}"},
    {&header, "{\"revision\":\"7\"}", "{\"revision\":7}"},
    {&header, "{\"revision\":2.0}", "{\"revision\":2}"},
    {&header, "{\"revision\":-0}", "{}"},
    {&header, "{\"kind\":\"KIND_REPORT\"}", "{\"kind\":\"KIND_REPORT\"}"},
    {&header, "{\"kind\":\"REPORT\"}", "{\"kind\":\"KIND_REPORT\"}"},
    {&header, "{\"kind\":2}", "{\"kind\":\"KIND_GUIDANCE\"}"},
    {&header, "{\"kind\":\"KIND_UNSPECIFIED\"}", "{}"},
    {&header, "{\"strands\":[\"PURSUE\",\"STRAND_PREVENT\",4]}",
        "{\"strands\":[\"STRAND_PURSUE\",\"STRAND_PREVENT\",\"STRAND_PREPARE\"]}"},
    {&header, "{\"themes\":[\"drugs\",\"\"]}", "{\"themes\":[\"drugs\",\"\"]}"},
    {&header, "{\"themes\":[]}", "{}"},
    {&header, "{\"themes\":null,\"subject\":null,\"kind\":null,\"derivedFrom\":null}", "{}"},
    {&header, "{\"subject\":\"caf\\u00e9 \\ud83d\\ude00\"}", "{\"subject\":\"caf\xc3\xa9 \xf0\x9f\x98\x80\"}"},
    {&header, "{\"itemId\":\"AAECAwQFBgcICQoLDA0ODw==\"}", "{\"itemId\":\"AAECAwQFBgcICQoLDA0ODw==\"}"},
    {&header, "{\"itemId\":\"--__\"}", "{\"itemId\":\"++//\"}"},
    {&header, "{\"itemId\":\"/w\"}", "{\"itemId\":\"/w==\"}"},
    {&header, "{\"itemId\":\"\"}", "{}"},
    {&header, "{\"derivedFrom\":[{},{\"agency\":\"kent\"}]}", "{\"derivedFrom\":[{},{\"agency\":\"kent\"}]}"},
    {&report, "{\"line\":{},\"statements\":[{\"opinion\":true},{\"opinion\":false}]}",
        "{\"statements\":[{\"opinion\":true},{}],\"line\":{}}"},
    {&receipt, "{\"offset\":\"0\",\"byteOffset\":\"-1\",\"valueSha256\":\"AA==\"}",
        "{\"byteOffset\":\"-1\",\"valueSha256\":\"AA==\"}"},
    {&state, "{\"birth\":{}}", "{\"birth\":{}}"},
    {&state, "{\"birth\":null,\"delta\":{\"continued\":true}}", "{\"delta\":{\"continued\":true}}"},
};

Test(json, takes_every_form_that_the_mapping_allows_and_writes_the_canonical_one)
{
    check(good, sizeof good / sizeof *good, true);
}

#define NUMBER   ": must be a whole number within the range of its type"
#define NO_FIELD ": the contract has no such field; correct the name or remove it"

static const struct row bad[] = {
    {&header, "{\"prodct\":\"x\"}", "prodct" NO_FIELD},
    {&header, "{\"a b; secret\":\"x\"}", "(unreadable name)" NO_FIELD},
    {&header, "{\"derivedFrom\":[{},{\"markings\":1}]}", "derivedFrom[1].markings" NO_FIELD},
    {&header, "{\"itemId\":\"\",\"item_id\":\"\"}", "item_id: stands twice, under both of its names; keep one of them"},
    {&header, "{\"product\":\"\",\"madeUnixMs\":\"1\",\"made_unix_ms\":\"2\"}",
        "made_unix_ms: stands twice, under both of its names; keep one of them"},
    {&header, "{\"revision\":-1}", "revision" NUMBER},
    {&header, "{\"revision\":4294967296}", "revision" NUMBER},
    {&header, "{\"revision\":1.5}", "revision" NUMBER},
    {&header, "{\"revision\":\"\"}", "revision" NUMBER},
    {&header, "{\"revision\":\"-\"}", "revision" NUMBER},
    {&header, "{\"revision\":\" 1\"}", "revision" NUMBER},
    {&header, "{\"revision\":\"1x\"}", "revision" NUMBER},
    {&header, "{\"revision\":true}", "revision" NUMBER},
    {&header, "{\"madeUnixMs\":\"9223372036854775808\"}", "madeUnixMs" NUMBER},
    {&header, "{\"madeUnixMs\":\"-9223372036854775809\"}", "madeUnixMs" NUMBER},
    {&header, "{\"madeUnixMs\":1e300}", "madeUnixMs" NUMBER},
    {&registry, "{\"version\":\"18446744073709551616\"}", "version" NUMBER},
    {&header, "{\"subject\":1}", "subject: must be a text in quotes"},
    {&header, "{\"itemId\":[1]}", "itemId: must be base64 in quotes"},
    {&header, "{\"itemId\":\"A\"}", "itemId: must be base64, standard or URL-safe"},
    {&header, "{\"itemId\":\"AA=\"}", "itemId: must be base64, standard or URL-safe"},
    {&header, "{\"itemId\":\"AB==\"}", "itemId: must be base64, standard or URL-safe"},
    {&header, "{\"itemId\":\"A A=\"}", "itemId: must be base64, standard or URL-safe"},
    {&header, "{\"status\":\"SECRET_WORD\"}", "status: must be one of STATUS_ACTUAL, STATUS_EXERCISE, STATUS_TEST"},
    {&header, "{\"status\":9}", "status: must be one of STATUS_ACTUAL, STATUS_EXERCISE, STATUS_TEST"},
    {&header, "{\"status\":{}}", "status: must be one of STATUS_ACTUAL, STATUS_EXERCISE, STATUS_TEST"},
    {&header, "{\"themes\":\"drugs\"}", "themes: must be a list in square brackets"},
    {&header, "{\"themes\":[\"a\",null]}", "themes[1]: must not be null; leave the entry out"},
    {&header, "{\"derivedFrom\":[[]]}", "derivedFrom[0]: must be an object in curly brackets"},
    {&report, "{\"line\":[]}", "line: must be an object in curly brackets"},
    {&report, "{\"statements\":[{\"opinion\":\"true\"}]}", "statements[0].opinion: must be true or false"},
    {&report, "{\"people\":[{\"roles\":[\"a\",2]}]}", "people[0].roles[1]: must be a text in quotes"},
    {&state, "{\"birth\":{},\"delta\":{}}", "delta: only one of these members may be set"},
};

Test(json, refuses_what_the_contract_does_not_know_and_names_the_field_without_its_value)
{
    check(bad, sizeof bad / sizeof *bad, false);
}

Test(json, puts_the_path_of_the_whole_before_that_of_the_field)
{
    struct arena arena;
    struct error error;
    ProtobufCMessage *message;
    arena_init(&arena, 0);
    json_t *value = json_from_text(slice_text("{\"line\":{\"brand\":7}}"), &error);
    cr_assert(value);
    cr_expect_not(json_to_message_at("parts[1].report", report, value, &arena, &message, &error));
    cr_expect_str_eq(error.text, "parts[1].report.line.brand: must be a text in quotes");
    json_decref(value);
    arena_deinit(&arena);
}

Test(json, says_so_when_the_memory_given_is_not_enough)
{
    struct error error;
    ProtobufCMessage *message;
    json_t *value = json_from_text(slice_text("{\"subject\":\"line\",\"themes\":[\"a\"],\"itemId\":\"AAAA\"}"), &error);
    cr_assert(value);
    bool ever_good = false, ever_bad = false;
    for (size_t limit = 16; limit < 4096; limit += 16) {
        struct arena arena;
        arena_init(&arena, limit);
        bool ok = json_to_message(header, value, &arena, &message, &error);
        ever_good = ever_good || ok;
        ever_bad = ever_bad || !ok;
        cr_expect(ok || strstr(error.text, "memory"), "%s", error.text);
        arena_deinit(&arena);
    }
    cr_expect(ever_good && ever_bad);
    json_decref(value);
}
