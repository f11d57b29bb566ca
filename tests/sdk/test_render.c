// SPDX-License-Identifier: Apache-2.0
// What a person reads, as a golden page; and that no text from outside can command a terminal.
#include "connectors/sdk/inspect.h"
#include "hub/render/render.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <signalbox/v1/followup.pb-c.h>
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

static Signalbox__V1__Header *header_of(const char *text)
{
    return (Signalbox__V1__Header *)(void *)message_of(&signalbox__v1__header__descriptor, text);
}

// infos: what is said of each part, one after the other, NULL at the end; a part without a body is of a kind that is
// not known.
static const char *page_of(const Signalbox__V1__Header *header, const char *const *infos,
    const ProtobufCMessage *const *bodies, uint32_t audience, bool newer)
{
    struct envelope envelope = {.newer = &newer};
    char *text;
    size_t len;
    for (; infos[envelope.n_parts]; envelope.n_parts++)
        envelope.parts[envelope.n_parts].info = (const Signalbox__V1__PartInfo *)(const void *)message_of(
            &signalbox__v1__part_info__descriptor, infos[envelope.n_parts]);
    FILE *out = open_memstream(&text, &len);
    render_item(out, &envelope, header, bodies, audience);
    fclose(out);
    const char *page = arena_text(&arena, slice_of(text, len));
    free(text);
    return page;
}

// Of one part.
static const char *page_of_one(const char *header, const char *info, const ProtobufCMessage *body, uint32_t audience)
{
    return page_of(
        header_of(header), (const char *const[]){info, NULL}, (const ProtobufCMessage *const[]){body}, audience, false);
}

static const char report_header[] =
    "{\"itemId\":\"DJpV4DpeSjudXmobLD1OXw==\",\"revision\":2,\"kind\":\"REPORT\",\"status\":\"EXERCISE\",\"agency\":"
    "\"btp\","
    "\"subject\":\"line-2026-0131\",\"strands\":[\"PURSUE\",\"PROTECT\"],\"themes\":[\"drugs\"],\"product\":\"line-"
    "update\","
    "\"exporterForces\":[\"metropolitan\"],\"importerForces\":[\"norfolk\",\"suffolk\"],\"transitForces\":[\"essex\"],"
    "\"boroughs\":[\"E09000025\"],\"priority\":\"TIME_CRITICAL\",\"madeUnixMs\":"
    "\"1790000000000\","
    "\"sharingBasis\":\"policing-purpose\",\"announcements\":[{\"title\":\"Part 2\",\"markingText\":\"SECRET\","
    "\"reason\":\"Exempt.\"},{\"title\":\"Map\"}]}";
static const char report_info[] =
    "{\"number\":17,\"classification\":\"OFFICIAL\",\"handling\":\"P\",\"title\":\"Map\",\"sizeBytes\":7,"
    "\"contentSha256\":\"AAAA\"}";
static const char restricted_info[] =
    "{\"classification\":\"OFFICIAL_SENSITIVE\",\"instructions\":[\"RECIPIENTS ONLY\"],\"descriptors\":[\"PERSONAL "
    "DATA\"],\"handling\":\"C\",\"action\":\"A2\",\"sanitisation\":\"S2\",\"recipients\":[\"norfolk\"]}";

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
    "Boroughs: E09000025\n"
    "Why: the line imports into here; it concerns the region; shared for policing-purpose\n"
    "Announced, not in this copy: Part 2 (SECRET). Exempt.\n"
    "Announced: Map\n"
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
    "\n";

Test(render, shows_a_report_with_its_marking_grades_and_what_is_announced)
{
    const ProtobufCMessage *body = message_of(&signalbox__v1__report_body__descriptor, report_body);
    const char *page = page_of_one(report_header, report_info, body, 1u << 2 | 1u << 5);
    cr_expect_str_eq(page, report_page, "%s", page);
}

Test(render, puts_the_highest_marking_of_what_is_shown_on_top_and_says_how_it_may_be_used)
{
    const ProtobufCMessage *body = message_of(&signalbox__v1__report_body__descriptor, report_body);
    const char *page = page_of(header_of(report_header), (const char *const[]){report_info, restricted_info, NULL},
        (const ProtobufCMessage *const[]){body, body}, 0, false);
    cr_expect(strstr(page, "NOT REAL: exercise - OFFICIAL-SENSITIVE - RECIPIENTS ONLY - PERSONAL DATA\n"), "%s", page);
    cr_expect(strstr(page, "\nShared for policing-purpose\n"), "%s", page);
    cr_expect(strstr(page, "  handling: c\n  action: a2\n  sanitisation: s2\n  recipients: norfolk\n"), "%s", page);
}

static const char guidance_header[] =
    "{\"kind\":\"GUIDANCE\",\"status\":1,\"agency\":\"nclcc\",\"reviewUnixMs\":\"1930435200000\",\"sharingBasis\":"
    "\"policing-purpose\"}";

static const char guidance_body[] =
    "{\"title\":\"Cuckooing\",\"summary\":\"What works.\",\"owner\":\"Head of Practice\",\"author\":\"Practice "
    "adviser\",\"branch\":\"Safeguarding\",\"authoriser\":\"Director\",\"secondAuthoriser\":\"Chief nurse\","
    "\"editionChain\":\"cuckooing\",\"edition\":3,\"datedUnixMs\":\"1552521600000\",\"periodFromUnixMs\":"
    "\"1522540800000\",\"periodToUnixMs\":\"1553990400000\",\"language\":\"cy\",\"firstPublishedBy\":\"An "
    "Inspectorate\",\"firstPublishedUnixMs\":\"1552521600000\",\"firstPublishedReference\":\"https://example.org/1\","
    "\"licence\":\"OGL-UK-3.0\",\"sectors\":[\"policing\",\"housing\"],\"appliesIn\":[\"wales\"],\"ageFrom\":10,"
    "\"ageTo\":17,\"atRisk\":[\"children-in-care\",\"missing-children\"],\"sections\":[{\"heading\":\"Visits\","
    "\"text\":"
    "\"Visit weekly.\\nTwo of you.\"},{\"text\":\"No heading.\"}],\"actions\":[{\"text\":\"Name a lead.\\nAnd a "
    "deputy.\",\"dueUnixMs\":\"1790000000000\",\"label\":\"Recommendation 3\",\"kind\":\"cause-of-concern\","
    "\"organisations\":[\"gwent\",\"A Board\"],\"sectors\":[\"policing\"],\"strand\":\"protect\"},{\"text\":\"Tell "
    "us.\"}],\"signs\":[{\"text\":\"A second phone.\",\"about\":\"child\"},{\"text\":\"Strangers.\"}],\"powers\":[{"
    "\"kind\":\"closure-order\",\"provision\":\"Act of 2014, section 76\",\"text\":\"Ask early.\"},{\"kind\":"
    "\"ddtro\"}],\"figures\":[{\"label\":\"Visits\",\"value\":\"410\",\"unit\":\"count\",\"area\":\"gwent\","
    "\"periodFromUnixMs\":\"1522540800000\",\"periodToUnixMs\":\"1553990400000\",\"note\":\"provisional\",\"source\":"
    "\"returns\"},{\"label\":\"Refused\",\"note\":\"Below 5.\",\"periodToUnixMs\":\"1553990400000\"}],\"drawnFrom\":["
    "\"An Inspectorate: an earlier report\"],\"attachments\":[{\"name\":\"a.pdf\",\"mediaType\":\"application/pdf\"}]}";

static const char guidance_page[] = "Part 1: (OFFICIAL) Cuckooing\n"
                                    "  What works.\n"
                                    "  Dated: 14 March 2019\n"
                                    "  Period: 1 April 2018 to 31 March 2019\n"
                                    "  Edition: 3 of cuckooing\n"
                                    "  Language: cy\n"
                                    "  Owner: Head of Practice\n"
                                    "  Author: Practice adviser\n"
                                    "  Branch: Safeguarding\n"
                                    "  Authorised by: Director\n"
                                    "  Also authorised by: Chief nurse\n"
                                    "  First published by An Inspectorate on 14 March 2019: https://example.org/1\n"
                                    "  Licence: OGL-UK-3.0\n"
                                    "  For: policing, housing\n"
                                    "  Applies in: wales\n"
                                    "  Ages: 10 to 17\n"
                                    "  At risk: children-in-care, missing-children\n"
                                    "\n"
                                    "  What is asked\n"
                                    "  1. Recommendation 3 (cause-of-concern), by 21 September 2026, 14:13 UTC, of "
                                    "gwent, A Board, policing, led by protect:\n"
                                    "     Name a lead.\n"
                                    "     And a deputy.\n"
                                    "  2. Asked:\n"
                                    "     Tell us.\n"
                                    "\n"
                                    "  Signs to look for\n"
                                    "  - child: A second phone.\n"
                                    "  - Strangers.\n"
                                    "\n"
                                    "  Powers and duties\n"
                                    "  - closure-order (Act of 2014, section 76): Ask early.\n"
                                    "  - ddtro\n"
                                    "\n"
                                    "  Figures\n"
                                    "  - Visits, gwent, 1 April 2018 to 31 March 2019: 410 (count); provisional; "
                                    "source: returns\n"
                                    "  - Refused, to 31 March 2019: not given; Below 5.\n"
                                    "\n"
                                    "  Visits\n"
                                    "  Visit weekly.\n"
                                    "  Two of you.\n"
                                    "\n"
                                    "  No heading.\n"
                                    "\n"
                                    "  Draws on\n"
                                    "  - An Inspectorate: an earlier report\n"
                                    "  attachments:\n"
                                    "    name: a.pdf\n"
                                    "    media type: application/pdf\n"
                                    "\n";

Test(render, shows_guidance_whole_and_what_is_asked_before_what_is_told)
{
    const char *page = page_of_one(guidance_header, "{\"classification\":1}",
        message_of(&signalbox__v1__guidance_body__descriptor, guidance_body), 1u << 9);
    cr_expect(strstr(page, guidance_page), "%s", page);
    cr_expect(strstr(page, "\nTo be reviewed by 5 March 2031\n"), "%s", page);
    cr_expect(strstr(page, "Why: guidance goes to all; shared for"), "%s", page);
}

static const struct {
    const char *more, *lines;
} guidance_rows[] = {
    {"", "(OFFICIAL) A\n  Owner: B\n\n"},
    {",\"ageFrom\":18", "  Owner: B\n  Ages: 18 and over\n\n"},
    {",\"ageTo\":17", "  Owner: B\n  Ages: up to 17\n\n"},
    {",\"ageFrom\":17,\"ageTo\":17", "  Owner: B\n  Ages: 17\n\n"},
    {",\"periodFromUnixMs\":\"1522540800000\"", "  Period: from 1 April 2018\n  Owner: B\n\n"},
    {",\"periodToUnixMs\":\"1522540800000\"", "  Period: to 1 April 2018\n  Owner: B\n\n"},
    {",\"periodFromUnixMs\":\"1522540800000\",\"periodToUnixMs\":\"1522540800000\"",
        "  Period: 1 April 2018\n  Owner: B\n\n"},
    {",\"firstPublishedUnixMs\":\"1522540800000\"", "  Owner: B\n  First published on 1 April 2018\n\n"},
    {",\"firstPublishedReference\":\"ISBN 1\"", "  Owner: B\n  First published: ISBN 1\n\n"},
};

Test(render, says_of_guidance_no_more_than_it_says)
{
    for (size_t i = 0; i < sizeof guidance_rows / sizeof *guidance_rows; i++) {
        const char *body = arena_printf(&arena, "{\"title\":\"A\",\"owner\":\"B\"%s}", guidance_rows[i].more);
        const char *page = page_of_one("{\"kind\":\"GUIDANCE\",\"status\":1}", "{\"classification\":1}",
            message_of(&signalbox__v1__guidance_body__descriptor, body), 0);
        cr_expect(strstr(page, guidance_rows[i].lines), "%s\n%s", guidance_rows[i].more, page);
        cr_expect_null(strstr(page, "reviewed"), "%s", page);
    }
}

Test(render, says_nothing_of_the_review_of_a_reports_retention)
{
    const char *page = page_of_one("{\"kind\":\"REPORT\",\"status\":1,\"reviewUnixMs\":\"1930435200000\"}",
        "{\"classification\":1}", message_of(&signalbox__v1__report_body__descriptor, report_body), 0);
    cr_expect_null(strstr(page, "reviewed"), "%s", page);
}

Test(render, shows_a_change_of_standing_whole)
{
    const char *page =
        page_of_one("{\"kind\":\"STANDING\",\"status\":1,\"about\":{\"agency\":\"btp\",\"itemId\":"
                    "\"DJpV4DpeSjudXmobLD1OXw==\",\"nonce\":\"DJpV4DpeSjudXmobLD1OXw==\",\"revision\":2}}",
            "{\"classification\":1}",
            message_of(&signalbox__v1__standing_body__descriptor,
                "{\"standing\":\"RECALLED\",\"reason\":\"inaccurate\",\"instruction\":\"Delete it.\"}"),
            0);
    cr_expect(strstr(page, "\nAbout 0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-2 of btp\n"), "%s", page);
    cr_expect(strstr(page, "  standing: recalled\n  reason: inaccurate\n  instruction: Delete it.\n"), "%s", page);
    cr_expect_null(strstr(page, "hared for"), "%s", page);
}

Test(render, says_when_a_newer_contract_says_more_than_is_shown)
{
    Signalbox__V1__Header *header = header_of("{\"status\":1}");
    header->kind = (Signalbox__V1__Kind)77;
    const char *page = page_of(header, (const char *const[]){"{\"classification\":1}", NULL},
        (const ProtobufCMessage *const[]){NULL}, 0, true);
    cr_expect(strstr(page, "\n77 "), "%s", page);
    cr_expect(strstr(page, "\nIts agency uses a newer contract: "), "%s", page);
    cr_expect(strstr(page, "Part 1: (OFFICIAL) This program is too old to show its content: "), "%s", page);
}

Test(render, lets_no_control_character_of_any_field_through)
{
    const char *page = page_of_one(
        "{\"kind\":\"REPORT\",\"status\":1,\"agency\":\"a\\u001bb\",\"subject\":\"a\\u001bb\",\"product\":"
        "\"a\\u001bb\","
        "\"themes\":[\"a\\u001bb\"],\"exporterForces\":[\"a\\u001bb\"],\"importerForces\":[\"a\\u001bb\"],"
        "\"sharingBasis\":\"a\\u001bb\",\"announcements\":[{\"title\":\"a\\u001bb\",\"markingText\":\"a\\u001bb\","
        "\"reason\":\"a\\u001bb\"}],\"about\":{\"agency\":\"a\\u001bb\"}}",
        "{\"classification\":1,\"descriptors\":[\"a\\u001bb\"],\"usage\":\"a\\u001bb\"}",
        message_of(&signalbox__v1__report_body__descriptor,
            "{\"title\":\"a\\u001bb\",\"statements\":[{\"text\":\"a\\u001bb\",\"legacyGrade\":\"a\\u001bb\"}],"
            "\"methods\":[\"a\\u001bb\"],\"provenance\":{\"text\":\"a\\u001bb\"}}"),
        0);
    cr_expect_null(strchr(page, 0x1b), "%s", page);
    cr_expect(strstr(page, "a\\u{1b}b"));
}

// A message with a hostile text in every field for text, a one in every number and one entry in every list; adds to
// *texts how many there are.
static const ProtobufCMessage *hostile_message(const ProtobufCMessageDescriptor *type, unsigned *texts)
{
    json_t *value = json_object();
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        json_t *entry = NULL;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            entry = json_from_message(hostile_message(field->descriptor, texts));
        else if (field->type == PROTOBUF_C_TYPE_STRING && ++*texts)
            entry = json_string("a\x1b<");
        else if (field->type != PROTOBUF_C_TYPE_BYTES)
            entry = json_integer(1);
        if (entry && field->label == PROTOBUF_C_LABEL_REPEATED)
            entry = json_pack("[o]", entry);
        if (entry)
            json_object_set_new(value, field->name, entry);
    }
    char *line = json_dumps(value, 0);
    const ProtobufCMessage *message = message_of(type, line);
    free(line);
    json_decref(value);
    return message;
}

Test(render, lets_no_control_character_of_guidance_through_and_leaves_no_text_out)
{
    unsigned texts = 0, shown = 0;
    const char *page = page_of_one(guidance_header, "{\"classification\":1}",
        hostile_message(&signalbox__v1__guidance_body__descriptor, &texts), 0);
    cr_expect_null(strchr(page, 0x1b), "%s", page);
    for (const char *at = page; (at = strstr(at, "a\\u{1b}<")); at++)
        shown++;
    cr_expect(texts > 30 && shown == texts, "%u of %u\n%s", shown, texts, page);
}
