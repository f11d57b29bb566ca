// SPDX-License-Identifier: Apache-2.0
// Documents in the shapes that the field has, written as items: all that they say can be said, is taken by the hub's
// own checks, and comes out of a feed as it went in. Together they show every field of a body once.
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/seal.h"
#include "hub/json/json.h"
#include "hub/json/json_name.h"
#include "hub/render/render.h"
#include "tests/kit/core/control.h"
#include "tests/sdk/ground.h"
#include <criterion/criterion.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(documents, .init = begin, .fini = end);

static const char *const names[] = {
    "inspection-report", "practice-briefing", "statistics-bulletin", "line-from-two-cities"};

#define DOCUMENTS (sizeof names / sizeof *names)

static json_t *document_of(const char *name)
{
    json_error_t error;
    const char *path = arena_printf(&arena, "%s/tests/samples/documents/%s.json", SOURCE_DIR, name);
    json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    cr_assert(value, "%s: %s, line %d", path, error.text, error.line);
    return value;
}

// From an agency's file to a force's feed. The item lives in the arena.
static void travel(const char *name, struct inspected *read)
{
    const struct item_settings settings = {.agency = "metropolitan", .now_ms = KIT_NOW_MS};
    struct item item;
    const struct item *items = &item;
    struct problem why = {.code = ""};
    struct slice value;
    json_t *document = document_of(name);
    cr_assert(item_from_json(document, &settings, &arena, &item, &why), "%s: %s: %s", name, why.path, why.text);
    json_decref(document);
    cr_assert(inspect_outgoing(seal_draft(&item, 1, &arena), snapshot, "metropolitan", KIT_NOW_MS, &arena, &why),
        "%s: %s at %s", name, why.code, why.path);
    const struct seal_signer signer = {kit_deployment(), "metropolitan", kit_key("metropolitan")->key};
    cr_assert(seal_items(&items, 1, &signer, &arena, &value));
    cr_assert(inspect_incoming(value, snapshot, "north-wales", KIT_NOW_MS, NULL, &arena, read, &why), "%s: %s at %s",
        name, why.code, why.path);
}

// Everything that a document says stands in what came, and as it was said.
static void expect_within(const char *name, json_t *said, json_t *came)
{
    const char *member;
    json_t *value;
    json_object_foreach(said, member, value)
        cr_expect(json_equal(value, json_object_get(came, member)), "%s: %s", name, member);
}

Test(documents, come_out_of_a_feed_as_they_went_in)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct inspected read;
        size_t n;
        json_t *said = document_of(names[i]), *part;
        travel(names[i], &read);
        json_t *came = item_to_json(read.header, read.bodies);
        cr_assert(came);
        expect_within(names[i], json_object_get(said, "header"), json_object_get(came, "header"));
        json_array_foreach(json_object_get(said, "parts"), n, part)
        {
            json_t *other = json_array_get(json_object_get(came, "parts"), n);
            const char *body = item_body_name(read.header->kind);
            expect_within(names[i], json_object_get(part, "info"), json_object_get(other, "info"));
            cr_expect(json_equal(json_object_get(part, body), json_object_get(other, body)), "%s, part %zu: %s",
                names[i], n, json_dumps(json_object_get(other, body), JSON_INDENT(1)));
        }
        json_decref(came);
        json_decref(said);
    }
}

// What a reader of each must find on the page.
static const char *const shown[DOCUMENTS][6] = {
    {"To be reviewed by 5 March 2031", "Dated: 14 March 2019",
        "First published by Inspectorate of Joint Working on 21 March 2019",
        "1. Recommendation 1 (cause-of-concern), by 30 September 2019, of kent, Northshire Safeguarding Children "
        "Partnership, "
        "children-social-care, health, led by protect:",
        "Ages: 10 to 17", "- Northshire County Council: serious case review of child N, 2017 (invented)"},
    {"Language: cy", "Language: en-GB", "Edition: 2 of glan-y-fro-briff-4",
        "- child: Mynd ar goll yn aml, yn enwedig dros nos, a dychwelyd wedi blino'n lân.",
        "- duty-to-notify (Modern Slavery Act 2015, section 52)", "Applies in: wales"},
    {"- Lines closed, type 1, metropolitan, 1 April 2026 to 30 June 2026: 187 (count); source: Returns of forces",
        "- Children referred, north-wales, 1 April 2025 to 31 March 2026: not given (count); Below 5: withheld.",
        "- Lines thought active, 30 June 2026: 640 (count); Count on one day; estimate, 600 to 700.",
        "- Change on the quarter before, 1 April 2026 to 30 June 2026: -12 (per-cent)", "Licence: OGL-UK-3.0",
        "For: policing, transport"},
    {"origins: Liverpool, Hackney", "destinations: Rhyl, Margate, CT9", "language: en-GB",
        "2. [2CP] (opinion) Both ends", "child: yes", "kind: ddtro"},
};

Test(documents, are_read_by_a_person)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct inspected read;
        char *page;
        size_t len;
        travel(names[i], &read);
        FILE *out = open_memstream(&page, &len);
        render_item(out, read.header, read.bodies, 0);
        fclose(out);
        for (size_t j = 0; j < 6; j++)
            cr_expect(strstr(page, shown[i][j]), "%s: %s\n%s", names[i], shown[i][j], page);
        free(page);
    }
}

// Counts in shown how many of the values set each field of the type, with all types below it.
static void see_fields(const ProtobufCMessageDescriptor *type, json_t *value, json_t *shows)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        char name[JSON_NAME_BYTES];
        json_name_camel(field->name, name);
        json_t *member = json_object_get(value, name), *entry;
        const char *key = arena_printf(&arena, "%s.%s", type->short_name, field->name);
        json_int_t n = json_integer_value(json_object_get(shows, key));
        size_t at;
        json_object_set_new(shows, key, json_integer(n + (member != NULL)));
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (json_is_array(member))
            json_array_foreach(member, at, entry) see_fields(field->descriptor, entry, shows);
        else
            see_fields(field->descriptor, member, shows);
    }
}

Test(documents, show_every_field_of_a_body)
{
    json_t *shows = json_object(), *count, *part;
    const char *key;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        size_t n;
        json_t *said = document_of(names[i]);
        json_array_foreach(json_object_get(said, "parts"), n, part)
        {
            see_fields(&signalbox__v1__report_body__descriptor, json_object_get(part, "report"), shows);
            see_fields(&signalbox__v1__guidance_body__descriptor, json_object_get(part, "guidance"), shows);
        }
        json_decref(said);
    }
    cr_expect_gt(json_object_size(shows), 100);
    json_object_foreach(shows, key, count) cr_expect(json_integer_value(count) > 0, "no document shows %s", key);
    json_decref(shows);
}
