// SPDX-License-Identifier: Apache-2.0
// The item format: what is filled in, what is refused and how; and that what comes out passes the hub's own checks.
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/item.h"
#include "connectors/sdk/seal.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include "tests/sdk/ground.h"
#include <criterion/criterion.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <stdio.h>

TestSuite(item, .init = begin, .fini = end);

static const struct item_settings settings = {.agency = "kent", .now_ms = KIT_NOW_MS, .folder = SOURCE_DIR};

static bool read_item(const char *text, struct item *item, struct problem *why)
{
    struct error error;
    json_t *value = json_from_text(slice_text(text), &error);
    cr_assert(value, "%s: %s", error.text, text);
    bool ok = item_from_json(value, &settings, &arena, item, why);
    json_decref(value);
    return ok;
}

// A good line with something in place of its header's end, and of its part's info.
static const char *line_with(const char *header, const char *info)
{
    return arena_printf(&arena,
        "{\"header\":{\"subject\":\"line-1\",\"strands\":[\"PURSUE\"],\"themes\":[\"drugs\"],\"product\":\"line-"
        "update\","
        "\"exporterForce\":\"metropolitan\",\"importerForces\":[\"kent\"],\"priority\":\"ROUTINE\",\"mopiGroup\":2,"
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
    cr_expect_eq(header->standing, SIGNALBOX__V1__STANDING__STANDING_RELEASED);
    cr_expect_eq(header->made_unix_ms, KIT_NOW_MS);
    cr_assert_eq(header->item_id.len, 16);
    cr_expect_eq(header->item_id.data[6] >> 4, 4);
    cr_expect_eq(header->item_id.data[8] >> 6, 2);
    cr_assert_eq(header->n_parts, 1);
    cr_expect_eq(header->parts[0]->source_evaluation, 3);
    cr_expect_eq(header->parts[0]->intelligence_assessment, 2);
    cr_expect_eq(header->parts[0]->handling, SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_P);
    cr_expect_eq(header->parts[0]->size_bytes, item.contents[0].len);
    cr_expect_eq(header->parts[0]->digest.len, 32);
}

Test(item, keeps_what_its_agency_gave)
{
    struct item item;
    struct problem why;
    char name[ITEM_NAME_BYTES];
    cr_assert(
        read_item(
            line_with(",\"itemId\":\"0c9a55e0-3a5e-4a3b-9d5e-6a1b2c3d4e5f\",\"revision\":7,\"status\":\"EXERCISE\","
                      "\"standing\":\"RECALLED\",\"madeUnixMs\":\"5\",\"agency\":\"kent\"",
                ",\"sourceEvaluation\":2"),
            &item, &why),
        "%s %s", why.path, why.text);
    item_name(item.header, name);
    cr_expect_str_eq(name, "0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-7");
    cr_expect_eq(item.header->status, SIGNALBOX__V1__STATUS__STATUS_EXERCISE);
    cr_expect_eq(item.header->standing, SIGNALBOX__V1__STANDING__STANDING_RECALLED);
    cr_expect_eq(item.header->made_unix_ms, 5);
    cr_expect_eq(item.header->parts[0]->source_evaluation, 2);
}

Test(item, takes_its_id_as_uuid_as_hexadecimal_and_as_base64)
{
    static const char *const forms[] = {
        "0c9a55e0-3a5e-4a3b-9d5e-6a1b2c3d4e5f", "0C9A55E03A5E4A3B9D5E6A1B2C3D4E5F", "DJpV4DpeSjudXmobLD1OXw=="};
    for (size_t i = 0; i < 3; i++) {
        struct item item;
        struct problem why;
        char name[ITEM_NAME_BYTES];
        const char *line =
            line_with(arena_printf(&arena, ",\"itemId\":\"%s\",\"corrects_item_id\":\"%s\"", forms[i], forms[i]), "");
        cr_assert(read_item(line, &item, &why), "%s %s", why.path, why.text);
        item_name(item.header, name);
        cr_expect_str_eq(name, "0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-1");
        cr_expect_eq(item.header->corrects_item_id.len, 16);
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
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{}]}", "ITEM_FORMAT", "parts[0].info"},
    {"{\"header\":{},\"parts\":[{\"info\":{}}]}", "FIELD_MISSING", "header.kind"},
    {"{\"header\":{},\"parts\":[7]}", "ITEM_FORMAT", "parts[0].info"},
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{\"info\":{}}]}", "ITEM_FORMAT", "parts[0].report"},
    {"{\"header\":{\"kind\":\"REPORT\"},\"parts\":[{\"info\":{},\"guidance\":{}}]}", "ITEM_FORMAT", "parts[0].report"},
    {"{\"header\":{},\"parts\":[{\"info\":{},\"report\":{},\"guidance\":{}}]}", "ITEM_FORMAT", "parts[0]"},
    {"{\"header\":{},\"parts\":[{\"info\":{\"sizeBytes\":1},\"report\":{}}]}", "ITEM_FORMAT", "parts[0].info"},
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
    Signalbox__V1__GuidanceBody *body =
        signalbox__v1__guidance_body__unpack(arena_allocator(&arena), item.contents[0].len, item.contents[0].data);
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
    {",\"place\":\"CT20\"", ",\"markingText\":\"OFFICIAL\"", NULL, ""},
    {",\"revision\":4294967295", "", NULL, ""},
    {",\"transitForces\":[\"atlantis\"]", "", "ORGANISATION_UNKNOWN", NULL},
    {",\"homeForces\":[\"\"]", "", "FIELD_LENGTH", "header.home_forces[0]"},
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
    item.contents[0] = slice_of(content, sizeof content);
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
    {"{\"header\":{},\"parts\":[{\"info\":{},\"recall\":{}}]}", "FIELD_MISSING", "parts[0].content"},
    {"{\"header\":{\"subject\":\"x\",\"strands\":[1],\"priority\":1,\"sharingBasis\":\"policing-purpose\"},\"parts\":[{"
     "\"info\":"
     "{\"classification\":1},\"recall\":{\"reason\":\"inaccurate\",\"instruction\":\"Delete it.\"}}]}",
        "FIELD_MISSING", "header.product"},
    {"{\"header\":{\"subject\":\"x\",\"strands\":[1],\"product\":\"line-update\",\"priority\":1,\"sharingBasis\":"
     "\"policing-purpose\"},\"parts\":[{\"info\":{\"classification\":1},\"report\":{\"title\":\"x\"}}]}",
        "FIELD_MISSING", "parts[0].content.statements"},
    {"{\"header\":{\"subject\":\"x\",\"strands\":[1],\"product\":\"line-update\",\"priority\":1,\"sharingBasis\":"
     "\"policing-purpose\",\"mopiGroup\":1,\"reviewUnixMs\":1900000000000},\"parts\":[{\"info\":{\"classification\":"
     "\"SECRET\"},"
     "\"report\":{\"title\":\"x\",\"statements\":[{\"text\":\"x\",\"sourceEvaluation\":1,\"intelligenceAssessment\":1,"
     "\"handling\":1}]}}]}",
        "SPILL", "header.parts[0].classification"},
};

Test(item, that_lacks_a_field_or_is_marked_too_high_is_never_sent)
{
    for (size_t i = 0; i < sizeof unsendable / sizeof *unsendable; i++) {
        struct item item;
        struct problem why = {.code = ""};
        cr_assert(read_item(unsendable[i].line, &item, &why), "%s: %s %s", unsendable[i].line, why.path, why.text);
        cr_expect_not(inspect_outgoing(seal_draft(&item, 64, &arena), snapshot, "kent", KIT_NOW_MS, &arena, &why));
        cr_expect(strcmp(why.code, unsendable[i].code) == 0 && strcmp(why.path, unsendable[i].path) == 0,
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
    return item->header->parts[0];
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

Test(item, has_up_to_sixteen_parts_each_with_a_salt_of_its_own)
{
    for (int n = 16; n <= 17; n++) {
        struct item item;
        struct problem why;
        const char *parts = "{\"info\":{},\"report\":{}}";
        for (int i = 1; i < n; i++)
            parts = arena_printf(&arena, "%s,{\"info\":{},\"report\":{}}", parts);
        bool read = read_item(arena_printf(&arena, "{\"header\":{},\"parts\":[%s]}", parts), &item, &why);
        cr_expect_eq(read, n == 16, "%d parts", n);
        for (int i = 1; read && i < n; i++)
            cr_expect_arr_neq(item.salts[i], item.salts[i - 1], sizeof item.salts[0]);
    }
}
