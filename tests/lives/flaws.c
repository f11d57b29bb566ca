// SPDX-License-Identifier: Apache-2.0
#include "tests/lives/flaws.h"
#include <stdio.h>
#include <stdlib.h>

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

// --- before it is sealed ---

static void break_utf8(struct arena *arena, struct kit_item *item)
{
    kit_set_text(arena, &item->routing->place, "\xc3\x28");
}

static void make_long(struct arena *arena, struct kit_item *item)
{
    char text[66] = {0};
    memset(text, 'p', sizeof text - 1);
    kit_set_text(arena, &item->routing->place, text);
}

static void leave_range(struct arena *arena, struct kit_item *item)
{
    (void)arena;
    item->header->mopi_group = 9;
}

static void leave_enum(struct arena *arena, struct kit_item *item)
{
    (void)arena;
    item->header->priority = (Signalbox__V1__Priority)99;
}

static void lengthen_list(struct arena *arena, struct kit_item *item)
{
    const char *themes[17];
    for (size_t i = 0; i < 17; i++)
        themes[i] = "drugs";
    kit_set_texts(arena, &item->header->n_themes, &item->header->themes, themes, 17);
}

static void drop_nonce(struct arena *arena, struct kit_item *item)
{
    (void)arena;
    item->header->nonce.len = 0;
}

static void put_nul(struct arena *arena, struct kit_item *item)
{
    kit_set_text(arena, &item->header->product, "here#there");
    struct slice header = arena_copy(arena, kit_seal(arena, item));
    *(uint8_t *)need_memory(memmem(header.data, header.len, "here#", 5)) = 0;
    item->raw_header = header;
}

static void change_id(struct arena *arena, struct kit_item *item)
{
    kit_seal(arena, item);
    item->raw_id = true;
    item->header->item_id.data[15] ^= 1;
}

static void sign_elsewhere(struct arena *arena, struct kit_item *item)
{
    (void)arena;
    static const uint8_t deployment[PROOF_DEPLOYMENT_BYTES] = {9};
    item->sign_deployment = slice_of(deployment, sizeof deployment);
}

// --- of the envelope, once it is sealed ---

static void cut_part(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->n_parts--;
}

// The last part once more, in a slot behind it or, if it has the last one, before it.
static void fill_decoy(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    Signalbox__V1__Part *last = envelope->parts[envelope->n_parts - 1];
    Signalbox__V1__Part *more = need_memory(arena_alloc(arena, sizeof *more));
    *more = *last;
    if (last->slot < 15) {
        more->slot++;
        Signalbox__V1__Part **parts = need_memory(arena_alloc(arena, (envelope->n_parts + 1) * sizeof *parts));
        memcpy(parts, envelope->parts, envelope->n_parts * sizeof *parts);
        parts[envelope->n_parts++] = more;
        envelope->parts = parts;
    } else
        last->slot--;
}

static void repeat_slot(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    fill_decoy(arena, envelope);
    envelope->parts[envelope->n_parts - 1]->slot = envelope->parts[0]->slot;
}

static void change_content(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->parts[0]->content.data[envelope->parts[0]->content.len - 1] ^= 1;
}

static void change_salt(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->parts[envelope->n_parts - 1]->salt.data[3] ^= 1;
}

static void change_routing(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->routing.data[envelope->routing.len - 1] ^= 1;
}

static void cut_routing(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->routing.len = 0;
}

static void change_signature(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->proof->signature.data[5] ^= 1;
}

static void change_header(struct arena *arena, Signalbox__V1__Envelope *envelope)
{
    (void)arena;
    envelope->header.data[4] ^= 1;
}

// --- of the value ---

static struct slice longer_by(struct arena *arena, struct slice value, const char *bytes, size_t len)
{
    uint8_t *longer = need_memory(arena_alloc(arena, value.len + len));
    memcpy(longer, value.data, value.len);
    memcpy(longer + value.len, bytes, len);
    return slice_of(longer, value.len + len);
}

static struct slice enlarge(struct arena *arena, struct slice value)
{
    (void)value;
    return slice_of(need_memory(arena_alloc(arena, 262145)), 262145);
}

static struct slice take_all(struct arena *arena, struct slice value)
{
    (void)arena, (void)value;
    return (struct slice){0};
}

static struct slice cut_short(struct arena *arena, struct slice value)
{
    (void)arena;
    return slice_of(value.data, value.len - 1);
}

static struct slice add_field(struct arena *arena, struct slice value)
{
    return longer_by(arena, value, "\x78\x01", 2);
}

static struct slice add_header(struct arena *arena, struct slice value)
{
    return longer_by(arena, value, "\x0a\x01x", 3);
}

static struct slice pad_number(struct arena *arena, struct slice value)
{
    (void)value;
    return longer_by(arena, (struct slice){0}, "\x0a\x81\x00x", 4);
}

static const struct flaw {
    const char *name;
    void (*before)(struct arena *arena, struct kit_item *item);
    void (*within)(struct arena *arena, Signalbox__V1__Envelope *envelope);
    struct slice (*after)(struct arena *arena, struct slice value);
} flaws[] = {
    {"utf8", break_utf8, NULL, NULL},
    {"long", make_long, NULL, NULL},
    {"range", leave_range, NULL, NULL},
    {"enum", leave_enum, NULL, NULL},
    {"many", lengthen_list, NULL, NULL},
    {"nonce", drop_nonce, NULL, NULL},
    {"nul", put_nul, NULL, NULL},
    {"id", change_id, NULL, NULL},
    {"deployment", sign_elsewhere, NULL, NULL},
    {"cut", NULL, cut_part, NULL},
    {"decoy", NULL, fill_decoy, NULL},
    {"repeat", NULL, repeat_slot, NULL},
    {"content", NULL, change_content, NULL},
    {"salt", NULL, change_salt, NULL},
    {"routing", NULL, change_routing, NULL},
    {"unrouted", NULL, cut_routing, NULL},
    {"signature", NULL, change_signature, NULL},
    {"header", NULL, change_header, NULL},
    {"large", NULL, NULL, enlarge},
    {"empty", NULL, NULL, take_all},
    {"broken", NULL, NULL, cut_short},
    {"field", NULL, NULL, add_field},
    {"twice", NULL, NULL, add_header},
    {"varint", NULL, NULL, pad_number},
};

static const struct flaw *flaw_named(const char *name)
{
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++)
        if (strcmp(flaws[i].name, name) == 0)
            return &flaws[i];
    fprintf(stderr, "lives: there is no flaw '%s'\n", name);
    exit(2);
}

void flaws_before(struct arena *arena, const char *name, struct kit_item *item)
{
    if (*name && flaw_named(name)->before)
        flaw_named(name)->before(arena, item);
}

struct slice flaws_after(struct arena *arena, const char *name, struct slice value)
{
    const struct flaw *flaw = *name ? flaw_named(name) : NULL;
    if (flaw && flaw->after)
        return flaw->after(arena, value);
    if (!flaw || !flaw->within)
        return value;
    ProtobufCMessage *message = need_memory(arena_unpack(arena, &signalbox__v1__envelope__descriptor, value));
    flaw->within(arena, (Signalbox__V1__Envelope *)(void *)message);
    return kit_packed(arena, message);
}
