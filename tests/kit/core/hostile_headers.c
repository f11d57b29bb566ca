// SPDX-License-Identifier: Apache-2.0
// Headers that lie, though they are properly signed: about who speaks, to whom, and when.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include "hub/base/duration.h"
#include "tests/kit/core/wire_writer.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static Signalbox__V1__Header *header_of(const struct hostile_maker *maker)
{
    return maker->item->header;
}

static Signalbox__V1__PartInfo *info_of(const struct hostile_maker *maker)
{
    return maker->item->infos[0];
}

static void one_text(struct hostile_maker *maker, size_t *n, char ***field, const char *text)
{
    kit_set_texts(maker->arena, n, field, &text, 1);
    hostile_send_item(maker);
}

static void with_place(struct hostile_maker *maker, const char *text)
{
    kit_set_text(maker->arena, &maker->item->routing->place, text);
    hostile_send_item(maker);
}

// A header of these bytes alone, signed.
static void with_raw_header(struct hostile_maker *maker, struct slice bytes)
{
    maker->item->raw_header = bytes;
    hostile_send_item(maker);
}

static void raw_repeat(struct hostile_maker *maker, const char *bytes, size_t len, size_t size)
{
    uint8_t *header = arena_alloc(maker->arena, size);
    for (size_t at = 0; at + len <= size; at += len)
        memcpy(header + at, bytes, len);
    with_raw_header(maker, slice_of(header, size));
}

// --- who speaks ---

static void with_agency(struct hostile_maker *maker, const char *name)
{
    kit_set_text(maker->arena, &header_of(maker)->agency, name);
    hostile_send_item(maker)->topic = slice_text("in.kent");
}

static void agency_essex(struct hostile_maker *maker)
{
    with_agency(maker, "essex");
}
static void agency_path(struct hostile_maker *maker)
{
    with_agency(maker, "../kent\n");
}
static void agency_capital(struct hostile_maker *maker)
{
    with_agency(maker, "Kent");
}

static void topic_of_nobody(struct hostile_maker *maker)
{
    hostile_send_item(maker)->topic = slice_text("in.atlantis");
}

static void topic_of_a_reader(struct hostile_maker *maker)
{
    hostile_send_item(maker)->topic = slice_text("in.organisation-number-00001");
}

static void another_key(struct hostile_maker *maker)
{
    hostile_send_item(maker)->key = slice_text("line-2026-9999");
}

// --- the form of the header ---

static void empty_announcements(struct hostile_maker *maker)
{
    raw_repeat(maker, "\x6a\x00", 2, 65536);
}
static void empty_lists(struct hostile_maker *maker)
{
    raw_repeat(maker, "\x7a\x00", 2, 65536);
}
static void json_header(struct hostile_maker *maker)
{
    with_raw_header(maker, slice_text("{\"agency\":\"kent\",\"itemId\":\"AAAA\"}"));
}

static void packed_strands(struct hostile_maker *maker)
{
    uint8_t *bytes = arena_alloc(maker->arena, 65000);
    struct wire_writer writer = {bytes, 0, 65000};
    static uint8_t ones[60000];
    memset(ones, 1, sizeof ones);
    wire_put_bytes(&writer, 15, slice_of(ones, sizeof ones));
    with_raw_header(maker, wire_written(&writer));
}

static void header_twice(struct hostile_maker *maker)
{
    struct slice header = kit_seal(maker->arena, maker->item);
    uint8_t *bytes = arena_alloc(maker->arena, 2 * header.len);
    memcpy(bytes, header.data, header.len);
    memcpy(bytes + header.len, header.data, header.len);
    with_raw_header(maker, slice_of(bytes, 2 * header.len));
}

// A kind that is KIND_REPORT to whoever keeps 32 bits of it.
static void kind_that_wraps(struct hostile_maker *maker)
{
    uint8_t *bytes = arena_alloc(maker->arena, 64);
    struct wire_writer writer = {bytes, 0, 64};
    wire_put_number(&writer, 3, 1);
    wire_put_number(&writer, 4, (UINT64_C(1) << 32) + 1);
    with_raw_header(maker, wire_written(&writer));
}

static void unknown_kind(struct hostile_maker *maker)
{
    header_of(maker)->kind = (Signalbox__V1__Kind)99;
    hostile_send_item(maker);
}

static void guidance_that_is_a_report(struct hostile_maker *maker)
{
    header_of(maker)->kind = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    hostile_send_item(maker);
}

static void short_id(struct hostile_maker *maker)
{
    kit_seal(maker->arena, maker->item);
    maker->item->raw_id = true;
    header_of(maker)->item_id.len = 15;
    hostile_send_item(maker);
}

static void revision_zero(struct hostile_maker *maker)
{
    header_of(maker)->revision = 0;
    hostile_send_item(maker);
}

static void lie_about_size(struct hostile_maker *maker)
{
    kit_seal(maker->arena, maker->item);
    info_of(maker)->size_bytes = 1;
    maker->item->raw_infos[0] = kit_packed(maker->arena, &info_of(maker)->base);
    hostile_send_item(maker);
}

static void text_overlong(struct hostile_maker *maker)
{
    with_place(maker, "a\xc0\xaf");
}
static void text_surrogate(struct hostile_maker *maker)
{
    with_place(maker, "a\xed\xa0\x80");
}
static void beyond_unicode(struct hostile_maker *maker)
{
    with_place(maker, "a\xf4\x90\x80\x80");
}
static void cut_character(struct hostile_maker *maker)
{
    with_place(maker, "a\xe2\x82");
}

static void text_nul(struct hostile_maker *maker)
{
    kit_set_text(maker->arena, &maker->item->routing->place, "CT20#CT21");
    kit_seal(maker->arena, maker->item);
    struct slice routing = kit_packed(maker->arena, &maker->item->routing->base);
    uint8_t *found = memmem(routing.data, routing.len, "CT20#CT21", 9);
    if (!found)
        abort();
    found[4] = 0;
    maker->item->raw_routing = routing;
    hostile_send_item(maker);
}

// --- to whom, and what about ---

static void to_nobody_known(struct hostile_maker *maker)
{
    one_text(
        maker, &header_of(maker)->n_importer_forces, &header_of(maker)->importer_forces, "'; DROP TABLE forces; --");
}

static void theme_of_its_own(struct hostile_maker *maker)
{
    one_text(maker, &header_of(maker)->n_themes, &header_of(maker)->themes, "<script>alert(1)</script>");
}

static void borough_too_many(struct hostile_maker *maker)
{
    one_text(maker, &header_of(maker)->n_boroughs, &header_of(maker)->boroughs, "E09000034");
}

static void force_twice(struct hostile_maker *maker)
{
    static const char *const forces[] = {"kent", "essex", "kent"};
    kit_set_texts(maker->arena, &header_of(maker)->n_transit_forces, &header_of(maker)->transit_forces, forces, 3);
    hostile_send_item(maker);
}

static void instruction_of_its_own(struct hostile_maker *maker)
{
    one_text(maker, &info_of(maker)->n_instructions, &info_of(maker)->instructions, "FOR EVERYBODY");
}

static void conditions_beside_p(struct hostile_maker *maker)
{
    info_of(maker)->action = SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_A1;
    hostile_send_item(maker);
}

static void conditions_for_nobody(struct hostile_maker *maker)
{
    kit_restrict(maker->arena, maker->item, "kent");
    info_of(maker)->n_recipients = 0;
    hostile_send_item(maker);
}

// The header says P, the statement says C.
static void looser_than_its_statements(struct hostile_maker *maker)
{
    kit_report_body(maker->item, 0)->statements[1]->handling = 2;
    hostile_send_item(maker);
}

static void better_than_its_statements(struct hostile_maker *maker)
{
    kit_report_body(maker->item, 0)->statements[0]->source_evaluation = 3;
    hostile_send_item(maker);
}

// --- when ---

static void made_at(struct hostile_maker *maker, int64_t when_ms)
{
    header_of(maker)->made_unix_ms = when_ms;
    hostile_send_item(maker);
}

static void made_at_the_end_of_time(struct hostile_maker *maker)
{
    made_at(maker, INT64_MAX);
}
static void made_before_all_time(struct hostile_maker *maker)
{
    made_at(maker, INT64_MIN);
}
static void from_the_future(struct hostile_maker *maker)
{
    made_at(maker, KIT_NOW_MS + DAY_MS);
}
static void from_long_ago(struct hostile_maker *maker)
{
    made_at(maker, KIT_NOW_MS - 31 * DAY_MS);
}

static void after_end(struct hostile_maker *maker)
{
    header_of(maker)->expires_unix_ms = KIT_NOW_MS - 1;
    hostile_send_item(maker);
}

static void under_embargo(struct hostile_maker *maker)
{
    header_of(maker)->not_before_unix_ms = KIT_NOW_MS + DAY_MS;
    hostile_send_item(maker);
}

static void review_in_the_past(struct hostile_maker *maker)
{
    header_of(maker)->review_unix_ms = 1;
    hostile_send_item(maker);
}

#define CONFLICT OUTCOME_FIELD_CONFLICT
#define BROKEN   OUTCOME_UTF8_BROKEN, "routing.place", false

const struct hostile_row hostile_headers[] = {
    {"another agency's name", agency_essex, OUTCOME_AGENCY_MISMATCH, "header.agency", false},
    {"a path as the agency", agency_path, OUTCOME_AGENCY_MISMATCH, "header.agency", false},
    {"the agency in capitals", agency_capital, OUTCOME_AGENCY_MISMATCH, "header.agency", false},
    {"the topic of nobody", topic_of_nobody, OUTCOME_AGENCY_UNKNOWN, "", false},
    {"the topic of one who only reads", topic_of_a_reader, OUTCOME_AGENCY_UNKNOWN, "", false},
    {"another subject as the key", another_key, OUTCOME_KEY_MISMATCH, "header.subject", false},
    {"a header of 32,000 empty announcements", empty_announcements, OUTCOME_FIELD_MISSING,
        "header.announcements[0].title", false},
    {"a header of 32,000 empty lists", empty_lists, OUTCOME_WIRE_LIMIT, "header.strands", false},
    {"a header of JSON", json_header, OUTCOME_WIRE_BROKEN, "header.strands", false},
    {"60,000 strands", packed_strands, OUTCOME_WIRE_LIMIT, "header.strands[4]", false},
    {"two headers in one", header_twice, OUTCOME_DUPLICATE_FIELD, "header.item_id", false},
    {"a kind of 2^32 + 1", kind_that_wraps, OUTCOME_ENUM_UNKNOWN, "header.kind", false},
    {"a kind that nobody knows", unknown_kind, OUTCOME_ENUM_UNKNOWN, "header.kind", false},
    {"guidance that is a report", guidance_that_is_a_report, OUTCOME_DUPLICATE_FIELD, "parts[0].content.summary",
        false},
    {"an id of fifteen bytes", short_id, OUTCOME_FIELD_LENGTH, "header.item_id", false},
    {"revision 0", revision_zero, OUTCOME_FIELD_MISSING, "header.revision", false},
    {"a lie about the size", lie_about_size, OUTCOME_DIGEST_BAD, "parts[0].content", false},
    {"a slash in two bytes", text_overlong, BROKEN},
    {"half a surrogate pair", text_surrogate, BROKEN},
    {"a character beyond Unicode", beyond_unicode, BROKEN},
    {"a character cut", cut_character, BROKEN},
    {"a NUL", text_nul, OUTCOME_TEXT_NUL, "routing.place", false},
    {"SQL as a force", to_nobody_known, OUTCOME_ORGANISATION_UNKNOWN, "header.importer_forces[0]", false},
    {"HTML as a theme", theme_of_its_own, OUTCOME_CODE_UNKNOWN, "header.themes[0]", false},
    {"a borough too many", borough_too_many, OUTCOME_CODE_UNKNOWN, "header.boroughs[0]", false},
    {"a force twice", force_twice, CONFLICT, "header.transit_forces[2]", false},
    {"an instruction of its own", instruction_of_its_own, OUTCOME_MARKING_INVALID, "parts[0].info.instructions[0]",
        false},
    {"conditions beside P", conditions_beside_p, OUTCOME_HANDLING_INVALID, "parts[0].info.action", false},
    {"conditions for nobody", conditions_for_nobody, OUTCOME_HANDLING_INVALID, "parts[0].info.recipients", false},
    {"looser than its statements", looser_than_its_statements, OUTCOME_GRADE_INVALID,
        "parts[0].content.statements[1].handling", false},
    {"better than its statements", better_than_its_statements, OUTCOME_GRADE_INVALID,
        "parts[0].content.statements[0].source_evaluation", false},
    {"made at the end of time", made_at_the_end_of_time, OUTCOME_FIELD_RANGE, "header.made_unix_ms", false},
    {"made before all time", made_before_all_time, OUTCOME_FIELD_RANGE, "header.made_unix_ms", false},
    {"made in the future", from_the_future, OUTCOME_NOT_YET_VALID, "header.made_unix_ms", false},
    {"made long ago", from_long_ago, OUTCOME_EXPIRED, "header.made_unix_ms", false},
    {"expired", after_end, OUTCOME_EXPIRED, "header.expires_unix_ms", false},
    {"under embargo", under_embargo, OUTCOME_NOT_YET_VALID, "header.not_before_unix_ms", false},
    {"review in the past", review_in_the_past, CONFLICT, "header.review_unix_ms", false},
};
const size_t hostile_n_headers = COUNT(hostile_headers);
