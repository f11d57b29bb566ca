// SPDX-License-Identifier: Apache-2.0
// The item format: what is filled in, what is refused and how; and that what comes out passes the hub's own checks.
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/item.h"
#include "connectors/sdk/seal.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include "tests/sdk/ground.h"
#include <criterion/criterion.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(item, .init = begin, .fini = end);

static const struct nonce_key nonce_key = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}};
static const struct item_settings settings = {
    .agency = "kent", .nonce_key = &nonce_key, .now_ms = KIT_NOW_MS, .folder = SOURCE_DIR};

// By this key "KL-2026-17" of kent on line-1 is called so; a second implementation, in Python, said it.
#define NONCE_OF_17 "6f44c1b3cdfb5e4ae5e551aaff45e095"
#define ID_OF_17    "7a6fa52d20d78e228ad8e3bc997940b9"
// The same of "KL-2026-9" on line-1, and on line-2.
#define NONCE_OF_9        "f3ec45736dd62203a23f2a12c9af1692"
#define ID_OF_9           "8287b3353bc58975a306d6f79ae4970c"
#define ID_OF_9_ON_LINE_2 "9e7fae3ef50489ca86d97e7ea04ac92a"

static bool read_value(json_t *value, struct item *item, struct problem *why)
{
    bool ok = item_from_json(value, &settings, &arena, item, why);
    json_decref(value);
    return ok;
}

static json_t *parse(const char *text)
{
    struct error error;
    json_t *value = json_from_text(slice_text(text), &error);
    cr_assert(value, "%s: %s", error.text, text);
    return value;
}

// Every line is "KL-2026-17" unless it says otherwise.
static bool read_item(const char *text, struct item *item, struct problem *why)
{
    json_t *value = parse(text);
    if (!json_object_get(value, "reference"))
        json_object_set_new(value, "reference", json_string("KL-2026-17"));
    return read_value(value, item, why);
}

static const Signalbox__V1__PartInfo *info_of(const struct item *item, uint32_t part)
{
    return (const Signalbox__V1__PartInfo *)(const void *)arena_unpack(
        &arena, &signalbox__v1__part_info__descriptor, item->parts[part].info);
}

static const char *hex_of(ProtobufCBinaryData bytes)
{
    char *hex = arena_alloc(&arena, 2 * bytes.len + 1);
    hex_encode(slice_of(bytes.data, bytes.len), hex);
    return hex;
}

// A good line with something in place of its header's end, and of its part's info.
static const char *line_with(const char *header, const char *info)
{
    return arena_printf(&arena,
        "{\"header\":{\"subject\":\"line-1\",\"strands\":[\"PURSUE\"],\"themes\":[\"drugs\"],\"product\":\"line-"
        "update\","
        "\"exporterForces\":[\"metropolitan\"],\"importerForces\":[\"kent\"],\"priority\":\"ROUTINE\",\"mopiGroup\":2,"
        "\"reviewUnixMs\":\"1900000000000\",\"sharingBasis\":\"policing-purpose\"%s},\"parts\":[{\"info\":{"
        "\"classification\":\"OFFICIAL\"%s},\"report\":{\"title\":\"A line\",\"statements\":[{\"text\":\"One.\","
        "\"sourceEvaluation\":1,\"intelligenceAssessment\":2,\"handling\":1},{\"text\":\"Two.\",\"sourceEvaluation\":3,"
        "\"intelligenceAssessment\":1,\"handling\":1}]}}]}",
        header, info);
}

Test(item, is_completed_where_its_agency_left_things_out)
{
    struct item item;
    struct problem why;
    cr_assert(read_item(line_with("", ""), &item, &why), "%s %s", why.path, why.text);
    const Signalbox__V1__Header *header = item.header;
    cr_expect_str_eq(header->agency, "kent");
    cr_expect_eq(header->revision, 1);
    cr_expect_eq(header->kind, SIGNALBOX__V1__KIND__KIND_REPORT);
    cr_expect_eq(header->status, SIGNALBOX__V1__STATUS__STATUS_ACTUAL);
    cr_expect_eq(header->made_unix_ms, KIT_NOW_MS);
    cr_expect_str_eq(hex_of(header->nonce), NONCE_OF_17);
    cr_expect_str_eq(hex_of(header->item_id), ID_OF_17);
    cr_assert_eq(item.n_parts, 1);
    const Signalbox__V1__PartInfo *info = info_of(&item, 0);
    cr_expect_eq(info->source_evaluation, 3);
    cr_expect_eq(info->intelligence_assessment, 2);
    cr_expect_eq(info->handling, SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_P);
    cr_expect_eq(info->size_bytes, item.parts[0].content.len);
    cr_expect_eq(info->content_sha256.len, 32);
}

Test(item, keeps_what_its_agency_gave)
{
    struct item item;
    struct problem why;
    char name[ITEM_NAME_BYTES];
    cr_assert(read_item(line_with(",\"revision\":7,\"status\":\"EXERCISE\",\"madeUnixMs\":\"5\",\"agency\":\"kent\"",
                            ",\"sourceEvaluation\":2"),
                  &item, &why),
        "%s %s", why.path, why.text);
    item_name(item.header, name);
    cr_expect_str_eq(name, ID_OF_17 "-7");
    cr_expect_eq(item.header->status, SIGNALBOX__V1__STATUS__STATUS_EXERCISE);
    cr_expect_eq(item.header->made_unix_ms, 5);
    cr_expect_eq(info_of(&item, 0)->source_evaluation, 2);
}

// A good line that is linked so.
static const char *line_about(const char *links)
{
    const char *line = line_with("", "");
    return arena_printf(&arena, "{%s,%s", links, line + 1);
}

Test(item, names_earlier_ones_by_reference_or_by_what_came)
{
    static const char *const others[] = {
        "0c9a55e0-3a5e-4a3b-9d5e-6a1b2c3d4e5f", "0C9A55E03A5E4A3B9D5E6A1B2C3D4E5F", "DJpV4DpeSjudXmobLD1OXw=="};
    struct item item;
    struct problem why;
    cr_assert(
        read_item(line_about("\"about\":{\"reference\":\"KL-2026-9\",\"revision\":3},\"derivedFrom\":["
                             "{\"reference\":\"KL-2026-9\"},{\"reference\":\"KL-2026-9\",\"subject\":\"line-2\"}]"),
            &item, &why),
        "%s %s", why.path, why.text);
    const Signalbox__V1__Header *header = item.header;
    cr_expect_str_eq(header->about->agency, "kent");
    cr_expect_str_eq(hex_of(header->about->nonce), NONCE_OF_9);
    cr_expect_str_eq(hex_of(header->about->item_id), ID_OF_9);
    cr_expect_eq(header->about->revision, 3);
    cr_assert_eq(header->n_derived_from, 2);
    cr_expect_str_eq(hex_of(header->derived_from[0]->item_id), ID_OF_9);
    cr_expect_str_eq(hex_of(header->derived_from[1]->item_id), ID_OF_9_ON_LINE_2);
    for (size_t i = 0; i < 3; i++) {
        const char *link =
            arena_printf(&arena, "{\"agency\":\"btp\",\"itemId\":\"%s\",\"nonce\":\"%s\"}", others[i], others[i]);
        const char *line = line_about(arena_printf(&arena, "\"about\":%s,\"derived_from\":[%s]", link, link));
        cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
        cr_expect_str_eq(item.header->about->agency, "btp");
        cr_expect_str_eq(hex_of(item.header->about->item_id), "0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f");
        cr_expect_str_eq(hex_of(item.header->derived_from[0]->nonce), "0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f");
    }
}

static const struct {
    const char *links, *path;
} bad_links[] = {
    {"\"about\":7", "about"},
    {"\"about\":{\"reference\":\"\"}", "about"},
    {"\"about\":{\"reference\":7}", "about"},
    {"\"about\":{\"reference\":\"12345678901234567890123456789012345678901234567890123456789012345\"}", "about"},
    {"\"about\":{\"reference\":\"KL-1\",\"subject\":\"line-2\"}", "about"},
    {"\"about\":{\"reference\":\"KL-1\",\"agency\":\"btp\"}", "about"},
    {"\"about\":{\"reference\":\"KL-1\",\"revision\":\"x\"}", "about.revision"},
    {"\"about\":{\"subject\":\"line-2\"}", "about"},
    {"\"about\":{\"agency\":\"btp\",\"itemId\":\"?\"}", "about.itemId"},
    {"\"derivedFrom\":{}", "derivedFrom"},
    {"\"derivedFrom\":[{\"reference\":\"KL-1\"},{}, 7]", "derivedFrom[2]"},
    {"\"derivedFrom\":[{},{},{},{},{},{},{},{},{}]", "derivedFrom"},
};

Test(item, that_names_an_earlier_one_in_a_wrong_way_is_refused)
{
    for (size_t i = 0; i < sizeof bad_links / sizeof *bad_links; i++) {
        struct item item;
        struct problem why = {.code = ""};
        cr_expect_not(read_item(line_about(bad_links[i].links), &item, &why), "%s", bad_links[i].links);
        cr_expect_str_eq(why.code, "ITEM_FORMAT", "%s", bad_links[i].links);
        cr_expect_str_eq(why.path, bad_links[i].path, "%s: %s", bad_links[i].links, why.text);
    }
}

Test(item, that_says_twice_what_it_is_about_is_refused)
{
    struct item item;
    struct problem why = {.code = ""};
    const char *line = line_with(",\"about\":{\"agency\":\"btp\"},\"derivedFrom\":[{\"agency\":\"btp\"}]", "");
    const char *about = arena_printf(&arena, "{\"about\":{\"reference\":\"KL-1\"},%s", line + 1);
    const char *derived = arena_printf(&arena, "{\"derivedFrom\":[{\"reference\":\"KL-1\"}],%s", line + 1);
    cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
    cr_expect_not(read_item(about, &item, &why));
    cr_expect_str_eq(why.path, "about");
    cr_expect_not(read_item(derived, &item, &why));
    cr_expect_str_eq(why.path, "derivedFrom");
}

static const struct {
    const char *reference, *text; // of the member's JSON; NULL for none
} bad_references[] = {
    {NULL, "give the agency's own record number"},
    {"\"\"", "give the agency's own record number"},
    {"17", "give the agency's own record number"},
    {"null", "give the agency's own record number"},
    {"\"12345678901234567890123456789012345678901234567890123456789012345\"", "longer than 64 bytes"},
};

Test(item, without_a_reference_is_refused_and_told_what_to_give)
{
    for (size_t i = 0; i < sizeof bad_references / sizeof *bad_references; i++) {
        struct item item;
        struct problem why = {.code = ""};
        const char *line = line_with("", "");
        if (bad_references[i].reference)
            line = arena_printf(&arena, "{\"reference\":%s,%s", bad_references[i].reference, line + 1);
        cr_expect_not(read_value(parse(line), &item, &why), "%s", line);
        cr_expect_str_eq(why.code, "ITEM_FORMAT");
        cr_expect_str_eq(why.path, "reference");
        cr_expect(strstr(why.text, bad_references[i].text), "%s", why.text);
    }
}

static const struct {
    const char *header, *info, *routing, *path, *text;
} given[] = {
    {",\"itemId\":\"x\"", "", "", "header.itemId", "made from the reference"},
    {",\"item_id\":null", "", "", "header.itemId", "made from the reference"},
    {",\"nonce\":\"\"", "", "", "header.nonce", "made from the reference"},
    {",\"slots\":[]", "", "", "header.slots", "filled in"},
    {",\"routingDigest\":\"\"", "", "", "header.routingDigest", "filled in"},
    {",\"reference\":\"x\"", "", "", "header.reference", "beside header and parts"},
    {",\"homeForces\":[]", "", "", "header.homeForces", "under routing"},
    {",\"place\":\"CT20\"", "", "", "header.place", "under routing"},
    {",\"happenedFromUnixMs\":1", "", "", "header.happenedFromUnixMs", "under routing"},
    {",\"happened_to_unix_ms\":1", "", "", "header.happenedToUnixMs", "under routing"},
    {",\"sourceReference\":\"\"", "", "", "header.sourceReference", "under routing"},
    {",\"overlapContact\":\"x\"", "", "", "header.overlapContact", "under routing"},
    {"", ",\"number\":1", "", "parts[0].info.number", "filled in"},
    {"", ",\"sizeBytes\":0", "", "parts[0].info.sizeBytes", "filled in"},
    {"", ",\"content_sha256\":\"\"", "", "parts[0].info.contentSha256", "filled in"},
    {"", "", "\"salt\":\"\"", "routing.salt", "filled in"},
    {"", "", "\"realSlots\":1", "routing.realSlots", "filled in"},
    {"", "", "\"reference\":\"x\"", "routing.reference", "beside header and parts"},
};

Test(item, that_gives_what_the_publisher_makes_or_gives_it_in_the_wrong_place_is_told_so)
{
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        struct item item;
        struct problem why = {.code = ""};
        const char *line = line_with(given[i].header, given[i].info);
        line = arena_printf(&arena, "{\"routing\":{%s},%s", given[i].routing, line + 1);
        cr_expect_not(read_item(line, &item, &why), "%s", line);
        cr_expect_str_eq(why.code, "ITEM_FORMAT");
        cr_expect_str_eq(why.path, given[i].path, "%s: %s", why.path, why.text);
        cr_expect(strstr(why.text, given[i].text), "%s: %s", why.path, why.text);
    }
}

static const struct {
    const char *line, *code, *path;
} bad[] = {
    {"{}", "ITEM_FORMAT", "header"},
    {"{\"header\":[]}", "ITEM_FORMAT", "header"},
    {"{\"header\":{},\"parts\":[],\"x\":1}", "ITEM_FORMAT", ""},
    {"{\"header\":{}}", "ITEM_FORMAT", "parts"},
    {"{\"header\":{},\"parts\":[]}", "ITEM_FORMAT", "parts"},
    {"{\"header\":{\"kind\":\"X\"},\"parts\":[{}]}", "ITEM_FORMAT", "header.kind"},
    {"{\"header\":{\"agency\":\"essex\"},\"parts\":[{}]}", "AGENCY_MISMATCH", "header.agency"},
    {"{\"header\":{\"parts\":[{}]},\"parts\":[{}]}", "ITEM_FORMAT", "header.parts"},
    {"{\"header\":{},\"routing\":7,\"parts\":[{}]}", "ITEM_FORMAT", "routing"},
    {"{\"header\":{},\"routing\":{\"x\":7},\"parts\":[{}]}", "ITEM_FORMAT", "routing.x"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"answer\":{}}]}", "FIELD_MISSING", "header.kind"},
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{}]}", "ITEM_FORMAT", "parts[0].info"},
    {"{\"header\":{},\"parts\":[{\"info\":{}}]}", "FIELD_MISSING", "header.kind"},
    {"{\"header\":{},\"parts\":[7]}", "ITEM_FORMAT", "parts[0].info"},
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{\"info\":{}}]}", "ITEM_FORMAT", "parts[0].report"},
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{\"info\":{},\"guidance\":{}}]}", "ITEM_FORMAT", "parts[0].report"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"report\":{},\"guidance\":{}}]}", "ITEM_FORMAT", "parts[0]"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"report\":{}},{\"info\":{},\"report\":{\"line\":{\"brand\":1}}}]}",
        "ITEM_FORMAT", "parts[1].report.line.brand"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"guidance\":{\"attachments\":[{},{\"path\":\"no-such-file\"}]}}]}",
        "ATTACHMENT", "parts[0].guidance.attachments[1].path"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"guidance\":{\"attachments\":[{\"path\":\"proto\"}]}}]}", "ATTACHMENT",
        "parts[0].guidance.attachments[0].path"},
    {"{\"header\":{},\"parts\":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}", "ITEM_FORMAT", "parts"},
};

Test(item, that_is_not_in_the_format_is_refused_with_code_and_path)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct item item;
        struct problem why = {.code = ""};
        cr_expect_not(read_item(bad[i].line, &item, &why), "%s", bad[i].line);
        cr_expect(strcmp(why.code, bad[i].code) == 0 && strcmp(why.path, bad[i].path) == 0, "%s\n gave %s at %s: %s",
            bad[i].line, why.code, why.path, why.text);
        cr_expect(*why.text && *why.remedy);
    }
}

Test(item, attachment_is_described_from_its_file)
{
    struct item item;
    struct problem why;
    const char *line =
        arena_printf(&arena, "{\"header\":{},\"parts\":[{\"info\":{},\"guidance\":{\"attachments\":[{\"path\":"
                             "\"proto/README.md\",\"reference\":\"https://example.police.uk/1\"}]}}]}");
    cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
    Signalbox__V1__GuidanceBody *body = signalbox__v1__guidance_body__unpack(
        arena_allocator(&arena), item.parts[0].content.len, item.parts[0].content.data);
    cr_assert(body && body->n_attachments == 1);
    cr_expect_str_eq(body->attachments[0]->name, "README.md");
    cr_expect_str_eq(body->attachments[0]->media_type, "text/markdown");
    cr_expect_str_eq(body->attachments[0]->reference, "https://example.police.uk/1");

    static char bytes[65536];
    FILE *file = fopen(SOURCE_DIR "/proto/README.md", "r");
    size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    cr_assert(file && fclose(file) == 0);
    struct digest digest = digest_of(slice_of(bytes, len));
    cr_expect_eq(body->attachments[0]->size_bytes, len);
    cr_expect(slice_equal(
        slice_of(body->attachments[0]->sha256.data, body->attachments[0]->sha256.len), digest_slice(&digest)));
}

static const struct {
    const char *header, *info, *code, *path;
} unsound[] = {
    {"", "", NULL, ""},
    {"", ",\"markingText\":\"OFFICIAL\"", NULL, ""},
    {",\"announcements\":[{\"title\":\"Part 2\"}]", "", NULL, ""},
    {",\"revision\":4294967295", "", NULL, ""},
    {",\"transitForces\":[\"atlantis\"]", "", "ORGANISATION_UNKNOWN", NULL},
    {",\"announcements\":[{}]", "", "FIELD_MISSING", "header.announcements[0].title"},
    {"", ",\"instructions\":[\"EYES ONLY\"]", "MARKING_INVALID", NULL},
    {"", ",\"handling\":\"C\"", "HANDLING_INVALID", NULL},
    {"", ",\"sourceEvaluation\":1", "GRADE_INVALID", NULL},
    {",\"madeUnixMs\":\"1\"", "", "EXPIRED", NULL},
    {",\"madeUnixMs\":\"1800000000000\"", "", "NOT_YET_VALID", NULL},
};

Test(item, is_judged_by_the_hubs_own_checks_before_it_is_signed)
{
    for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++) {
        struct item item;
        struct problem why = {.code = ""};
        const char *line = line_with(unsound[i].header, unsound[i].info);
        cr_assert(read_item(line, &item, &why), "%s: %s %s", line, why.path, why.text);
        bool ok = inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why);
        cr_expect_eq(ok, unsound[i].code == NULL, "%s: %s at %s", line, why.code, why.path);
        if (!ok && unsound[i].code)
            cr_expect_str_eq(why.code, unsound[i].code, "%s: %s at %s", line, why.code, why.path);
        if (!ok && unsound[i].path)
            cr_expect_str_eq(why.path, unsound[i].path, "%s: %s at %s", line, why.code, why.path);
    }
}

Test(item, of_more_than_the_limit_is_refused_as_too_large)
{
    struct item item;
    struct problem why = {.code = ""};
    cr_assert(read_item(line_with("", ""), &item, &why));
    static uint8_t content[262144];
    item.parts[0].content = slice_of(content, sizeof content);
    cr_expect_not(inspect_outgoing(seal_draft(&item, 64, &arena), NULL, "kent", KIT_NOW_MS, &arena, &why));
    cr_expect_str_eq(why.code, "TOO_LARGE");
}

Test(item, of_an_agency_that_the_registry_does_not_know_is_refused)
{
    struct item item;
    struct problem why = {.code = ""};
    cr_assert(read_item(line_with("", ""), &item, &why));
    cr_expect_not(inspect_outgoing(seal_draft(&item, 1, &arena), snapshot, "atlantis", KIT_NOW_MS, &arena, &why));
    cr_expect_str_eq(why.code, "AGENCY_UNKNOWN");
}

static const struct {
    const char *line, *code, *path;
} unsendable[] = {
    {"{\"header\":{},\"parts\":[{\"info\":{},\"standing\":{}}]}", "FIELD_MISSING", NULL},
    {"{\"header\":{\"subject\":\"x\"},\"parts\":[{\"info\":{\"classification\":1},\"standing\":{\"standing\":"
     "\"STANDING_RECALLED\",\"number\":1,\"reason\":\"inaccurate\",\"instruction\":\"Delete it.\"}}]}",
        "FIELD_MISSING", "header.about"},
    {"{\"header\":{\"subject\":\"x\",\"strands\":[1],\"product\":\"line-update\",\"priority\":1,\"sharingBasis\":"
     "\"policing-purpose\"},\"parts\":[{\"info\":{\"classification\":1},\"report\":{\"title\":\"x\"}}]}",
        "FIELD_MISSING", "parts[0].content.statements"},
    {"{\"header\":{\"subject\":\"x\",\"strands\":[1],\"product\":\"line-update\",\"priority\":1,\"sharingBasis\":"
     "\"policing-purpose\",\"mopiGroup\":1,\"reviewUnixMs\":1900000000000},\"parts\":[{\"info\":{\"classification\":"
     "\"SECRET\"},"
     "\"report\":{\"title\":\"x\",\"statements\":[{\"text\":\"x\",\"sourceEvaluation\":1,\"intelligenceAssessment\":1,"
     "\"handling\":1}]}}]}",
        "SPILL", "parts[0].info.classification"},
};

Test(item, that_lacks_a_field_or_is_marked_too_high_is_never_sent)
{
    for (size_t i = 0; i < sizeof unsendable / sizeof *unsendable; i++) {
        struct item item;
        struct problem why = {.code = ""};
        cr_assert(read_item(unsendable[i].line, &item, &why), "%s: %s %s", unsendable[i].line, why.path, why.text);
        cr_expect_not(inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why));
        cr_expect(strcmp(why.code, unsendable[i].code) == 0 &&
                      (!unsendable[i].path || strcmp(why.path, unsendable[i].path) == 0),
            "%s\n gave %s at %s", unsendable[i].line, why.code, why.path);
    }
}

// A report of two statements: source, assessment and handling of each.
static const Signalbox__V1__PartInfo *graded_by(struct item *item, const int first[3], const int second[3])
{
    struct problem why;
    const char *line = arena_printf(&arena,
        "{\"header\":{\"subject\":\"line-1\"},\"parts\":[{\"info\":{},\"report\":{\"statements\":["
        "{\"sourceEvaluation\":%d,\"intelligenceAssessment\":%d,\"handling\":%d},"
        "{\"sourceEvaluation\":%d,\"intelligenceAssessment\":%d,\"handling\":%d}]}}]}",
        first[0], first[1], first[2], second[0], second[1], second[2]);
    cr_assert(read_item(line, item, &why), "%s %s", why.path, why.text);
    return info_of(item, 0);
}

Test(item, a_part_is_graded_by_its_weakest_and_handled_by_its_strictest_statement_wherever_they_stand)
{
    static const int weak[] = {3, 5, 2}, strong[] = {1, 1, 1};
    for (int swap = 0; swap < 2; swap++) {
        struct item item;
        const Signalbox__V1__PartInfo *info = graded_by(&item, swap ? strong : weak, swap ? weak : strong);
        cr_expect_eq(info->source_evaluation, 3);
        cr_expect_eq(info->intelligence_assessment, 5);
        cr_expect_eq(info->handling, SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C);
    }
}

Test(item, that_changes_the_standing_of_an_earlier_one_is_written_so)
{
    struct item item;
    struct problem why = {.code = ""};
    const char *line =
        "{\"reference\":\"KL-2026-17/recall\",\"about\":{\"reference\":\"KL-2026-17\"},\"header\":{\"subject\":"
        "\"line-1\"},\"parts\":[{\"info\":{\"classification\":\"OFFICIAL\"},\"standing\":{\"standing\":\"RECALLED\","
        "\"number\":1,\"reason\":\"inaccurate\",\"instruction\":\"Delete it.\"}}]}";
    cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
    cr_expect_eq(item.header->kind, SIGNALBOX__V1__KIND__KIND_STANDING);
    cr_expect_str_eq(hex_of(item.header->about->item_id), ID_OF_17);
    cr_expect(inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why), "%s at %s",
        why.code, why.path);
}

// A line of so many parts, each with its place as title.
static const char *line_of(int n)
{
    const char *parts = "";
    for (int i = 0; i < n; i++)
        parts =
            arena_printf(&arena, "%s%s{\"info\":{\"classification\":1,\"title\":\"%c\"},\"report\":{\"title\":\"x\"}}",
                parts, i ? "," : "", 'a' + i);
    return arena_printf(&arena, "{\"header\":{\"subject\":\"line-1\"},\"parts\":[%s]}", parts);
}

// Reads it and opens it as the hub does, up to the order of its parts.
static void open_line(int n, struct item *item, struct envelope *envelope)
{
    struct problem problem;
    struct refusal why = {.path = ""};
    cr_assert(read_item(line_of(n), item, &problem), "%d parts: %s", n, problem.text);
    cr_assert(envelope_open(seal_draft(item, 64, &arena), NULL, envelope, &why), "%s", why.path);
    const Signalbox__V1__Routing *routing = envelope_routing(envelope, item->header, &arena, &why);
    cr_assert(routing && envelope_infos(envelope, &arena, &why), "%d parts: %s", n, why.path);
    cr_assert(envelope_digests(envelope, item->header, &why), "%d parts: %s", n, why.path);
    cr_expect_str_eq(routing->reference, "KL-2026-17");
}

Test(item, of_any_number_of_parts_has_its_slots_and_keeps_the_order_of_its_parts)
{
    for (int n = 1; n <= 16; n++) {
        struct item item;
        struct envelope envelope;
        open_line(n, &item, &envelope);
        cr_expect_eq(item.header->n_slots, n <= 4 ? 4 : n <= 8 ? 8 : 16);
        cr_assert_eq(envelope.n_parts, (uint32_t)n);
        for (int i = 0; i < n; i++)
            cr_expect_eq(*envelope.parts[i].info->title, 'a' + i);
    }
    struct item item;
    struct problem why;
    cr_expect_not(read_item(line_of(17), &item, &why));
}

Test(item, read_twice_shares_nothing_that_would_tell_which_parts_are_the_same)
{
    struct item items[2];
    struct envelope envelopes[2];
    for (int i = 0; i < 2; i++)
        open_line(7, &items[i], &envelopes[i]);
    for (size_t a = 0; a < 8; a++)
        for (size_t b = 0; b < 8; b++)
            cr_expect_arr_neq(items[0].header->slots[a].data, items[1].header->slots[b].data, DIGEST_BYTES);
    for (size_t a = 0; a < 7; a++)
        for (size_t b = 0; b < 7; b++)
            cr_expect_arr_neq(items[0].parts[a].salt, items[1].parts[b].salt, ENVELOPE_SALT_BYTES);
    cr_expect_arr_neq(items[0].routing->salt.data, items[1].routing->salt.data, ENVELOPE_SALT_BYTES);
    cr_expect_arr_neq(items[0].header->routing_digest.data, items[1].header->routing_digest.data, DIGEST_BYTES);
}

// 4,000 draws: a slot that is right a quarter of the time is 180 off once in ten billion runs.
Test(item, fills_each_slot_as_often_as_any_other)
{
    int filled[4] = {0};
    uint32_t lowest = UINT32_MAX, highest = 0;
    for (int i = 0; i < 4000; i++) {
        struct item item;
        struct problem why;
        cr_assert(read_item(line_of(1), &item, &why));
        filled[item.parts[0].slot]++;
        cr_expect_eq(item.routing->real_slots, 1u << item.parts[0].slot);
        uint32_t number = info_of(&item, 0)->number;
        lowest = number < lowest ? number : lowest;
        highest = number > highest ? number : highest;
        arena_reset(&arena);
    }
    for (int slot = 0; slot < 4; slot++)
        cr_expect(abs(filled[slot] - 1000) < 180, "slot %d is filled %d times of 4,000", slot, filled[slot]);
    cr_expect(lowest < 1000 && highest > 64000, "numbers from %u to %u", lowest, highest);
}

Test(item, keeps_what_only_the_hub_may_know_in_the_routing_block)
{
    struct item item;
    struct problem why = {.code = ""};
    const char *line = arena_printf(&arena,
        "{\"routing\":{\"homeForces\":[\"essex\"],\"place\":\"CT20\",\"happenedFromUnixMs\":1,\"happenedToUnixMs\":2,"
        "\"overlapContact\":\"desk\"},%s",
        line_with("", "") + 1);
    cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
    cr_expect_str_eq(item.routing->home_forces[0], "essex");
    cr_expect_str_eq(item.routing->place, "CT20");
    cr_expect_str_eq(item.routing->overlap_contact, "desk");
    cr_expect(memmem(item.routing_bytes.data, item.routing_bytes.len, "KL-2026-17", 10));
    cr_expect_null(memmem(item.header_bytes.data, item.header_bytes.len, "CT20", 4));
    cr_expect_null(memmem(item.header_bytes.data, item.header_bytes.len, "essex", 5));
    cr_expect_null(memmem(item.header_bytes.data, item.header_bytes.len, "KL-2026-17", 10));
    cr_expect(inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why), "%s at %s",
        why.code, why.path);
}

Test(item, is_routed_by_its_routing_block_before_it_is_sent)
{
    struct item item;
    struct problem why = {.code = ""};
    const char *line = arena_printf(&arena, "{\"routing\":{\"homeForces\":[\"atlantis\"]},%s", line_with("", "") + 1);
    cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
    cr_expect_not(inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why));
    cr_expect_str_eq(why.code, "ORGANISATION_UNKNOWN");
    cr_expect_str_eq(why.path, "routing.home_forces[0]");
}
