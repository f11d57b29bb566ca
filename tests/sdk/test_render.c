// SPDX-License-Identifier: Apache-2.0
// What a person reads, as a golden page; and that no text from outside can command a terminal.
#include "connectors/sdk/inspect.h"
#include "hub/render/render.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}
static void end(void)
{
    arena_deinit(&arena);
}

TestSuite(render, .init = begin, .fini = end);

static ProtobufCMessage *message_of(const ProtobufCMessageDescriptor *type, const char *text)
{
    struct error error;
    ProtobufCMessage *message = NULL;
    json_t *value = json_from_text(slice_text(text), &error);
    cr_assert(value && json_to_message(type, value, &arena, &message, &error), "%s", error.text);
    json_decref(value);
    return message;
}

static const char *page_of(
    const char *header, const ProtobufCMessage *first, const ProtobufCMessage *second, uint32_t audience)
{
    struct inspected item = {.bodies = {first, second}};
    char *text;
    size_t len;
    item.header = (const Signalbox__V1__Header *)(const void *)message_of(&signalbox__v1__header__descriptor, header);
    FILE *out = open_memstream(&text, &len);
    render_item(out, item.header, item.bodies, audience);
    fclose(out);
    const char *page = arena_text(&arena, slice_of(text, len));
    free(text);
    return page;
}

static const char report_header[] =
    "{\"itemId\":\"DJpV4DpeSjudXmobLD1OXw==\",\"revision\":2,\"kind\":\"REPORT\",\"status\":\"EXERCISE\",\"agency\":"
    "\"btp\","
    "\"subject\":\"line-2026-0131\",\"strands\":[\"PURSUE\",\"PROTECT\"],\"themes\":[\"drugs\"],\"product\":\"line-"
    "update\","
    "\"exporterForce\":\"metropolitan\",\"importerForces\":[\"norfolk\",\"suffolk\"],\"transitForces\":[\"essex\"],"
    "\"homeForces\":[\"essex\",\"kent\"],\"boroughs\":[\"E09000025\"],\"priority\":\"TIME_CRITICAL\",\"madeUnixMs\":"
    "\"1790000000000\","
    "\"sharingBasis\":\"policing-purpose\",\"parts\":[{\"classification\":\"OFFICIAL\",\"handling\":\"P\"},"
    "{\"classification\":\"OFFICIAL_SENSITIVE\",\"instructions\":[\"RECIPIENTS ONLY\"],\"descriptors\":[\"PERSONAL "
    "DATA\"],"
    "\"handling\":\"C\",\"action\":\"A2\",\"sanitisation\":\"S2\",\"recipients\":[\"norfolk\"]}]}";

static const char report_body[] =
    "{\"title\":\"Child seen travelling\",\"statements\":[{\"text\":\"A boy bought a ticket.\\nHe was "
    "alone.\",\"sourceEvaluation\":1,"
    "\"intelligenceAssessment\":2,\"handling\":1},{\"text\":\"He runs for the line.\",\"sourceEvaluation\":3,"
    "\"intelligenceAssessment\":5,\"handling\":2,\"opinion\":true,\"verifiedUnixMs\":\"1790000000000\"}],"
    "\"provenance\":{\"text\":"
    "\"Seen by "
    "officers.\",\"sourceEvaluation\":1,\"intelligenceAssessment\":1},\"line\":{\"lineId\":\"line-2026-0131\","
    "\"brand\":\"Ace\","
    "\"aliases\":[\"Ace\",\"Acer\"]},\"identifiers\":[{\"kind\":\"msisdn\",\"value\":\"+447700900131\"}],\"people\":[{"
    "\"reference\":"
    "\"P1\",\"roles\":[\"runner\"],\"child\":true}]}";

static const char report_page[] =
    "--------------------------------------------------------------------------------\n"
    "NOT REAL: exercise - OFFICIAL\n"
    "report 0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-2 from btp, made 21 September 2026, 14:13 UTC\n"
    "Subject line-2026-0131, line-update, pursue, protect, drugs, time critical\n"
    "Line: metropolitan -> norfolk suffolk\n"
    "Through: essex\n"
    "Home force of people at risk: essex, kent\n"
    "Boroughs: E09000025\n"
    "Why: the line imports into here; it concerns the region; shared for policing-purpose\n"
    "\n"
    "Part 1: (OFFICIAL) Child seen travelling\n"
    "  1. [1BP] A boy bought a ticket.\n"
    "     He was alone.\n"
    "  2. [3EC] (opinion) He runs for the line.\n"
    "     verified: 21 September 2026, 14:13 UTC\n"
    "  Provenance [1A]: Seen by officers.\n"
    "  line:\n"
    "    line id: line-2026-0131\n"
    "    brand: Ace\n"
    "    aliases: Ace, Acer\n"
    "  identifiers:\n"
    "    kind: msisdn\n"
    "    value: +447700900131\n"
    "  people:\n"
    "    reference: P1\n"
    "    roles: runner\n"
    "    child: yes\n"
    "  handling: p\n"
    "\n"
    "Part 2: withheld (OFFICIAL-SENSITIVE - RECIPIENTS ONLY - PERSONAL DATA)\n"
    "\n";

Test(render, shows_a_report_with_its_marking_grades_and_what_is_withheld)
{
    const ProtobufCMessage *body = message_of(&signalbox__v1__report_body__descriptor, report_body);
    const char *page = page_of(report_header, body, NULL, 1u << 2 | 1u << 5);
    cr_expect_str_eq(page, report_page, "%s", page);
}

Test(render, puts_the_highest_marking_of_what_is_shown_on_top_and_says_how_it_may_be_used)
{
    const ProtobufCMessage *body = message_of(&signalbox__v1__report_body__descriptor, report_body);
    const char *page = page_of(report_header, body, body, 0);
    cr_expect(strstr(page, "NOT REAL: exercise - OFFICIAL-SENSITIVE - RECIPIENTS ONLY - PERSONAL DATA\n"), "%s", page);
    cr_expect(strstr(page, "\nShared for policing-purpose\n"), "%s", page);
    cr_expect(strstr(page, "  handling: c\n  action: a2\n  sanitisation: s2\n  recipients: norfolk\n"), "%s", page);
}

Test(render, shows_guidance_and_notices_whole)
{
    const char *page = page_of("{\"kind\":\"GUIDANCE\",\"status\":1,\"parts\":[{\"classification\":1}]}",
        message_of(&signalbox__v1__guidance_body__descriptor,
            "{\"title\":\"Cuckooing\",\"summary\":\"What works.\",\"owner\":\"Head of Practice\",\"edition\":3,"
            "\"sections\":[{\"heading\":\"Visits\",\"text\":\"Visit weekly.\"}],\"actions\":[{\"text\":"
            "\"Name a lead.\",\"dueUnixMs\":\"1790000000000\"}]}"),
        NULL, 1u << 9);
    cr_expect(
        strstr(page,
            "Part 1: (OFFICIAL) Cuckooing\n  What works.\n\n  Visits\n  Visit weekly.\n  owner: Head of Practice\n"
            "  edition: 3\n  actions:\n    text: Name a lead.\n    due: 21 September 2026, 14:13 UTC\n"),
        "%s", page);
    cr_expect(strstr(page, "Why: guidance goes to all; shared for"), "%s", page);
    page = page_of("{\"kind\":\"RECALL\",\"status\":1,\"parts\":[{\"classification\":1}]}",
        message_of(
            &signalbox__v1__recall_body__descriptor, "{\"reason\":\"inaccurate\",\"instruction\":\"Delete it.\"}"),
        NULL, 0);
    cr_expect(strstr(page, "  reason: inaccurate\n  instruction: Delete it.\n"), "%s", page);
}

Test(render, lets_no_control_character_of_any_field_through)
{
    const char *page =
        page_of("{\"kind\":\"REPORT\",\"status\":1,\"agency\":\"a\\u001bb\",\"subject\":\"a\\u001bb\",\"product\":"
                "\"a\\u001bb\","
                "\"themes\":[\"a\\u001bb\"],\"exporterForce\":\"a\\u001bb\",\"importerForces\":[\"a\\u001bb\"],"
                "\"sharingBasis\":\"a\\u001bb\",\"parts\":[{\"classification\":1,\"descriptors\":[\"a\\u001bb\"],"
                "\"usage\":\"a\\u001bb\"}]}",
            message_of(&signalbox__v1__report_body__descriptor,
                "{\"title\":\"a\\u001bb\",\"statements\":[{\"text\":\"a\\u001bb\",\"legacyGrade\":\"a\\u001bb\"}],"
                "\"methods\":[\"a\\u001bb\"],\"provenance\":{\"text\":\"a\\u001bb\"}}"),
            NULL, 0);
    cr_expect_null(strchr(page, 0x1b), "%s", page);
    cr_expect(strstr(page, "a\\u{1b}b"));
}
