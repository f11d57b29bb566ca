// SPDX-License-Identifier: Apache-2.0
// Invented reports and guidance, true to the form of the field: who exports, who imports, what was seen, how it is
// graded. Telephone numbers come from the range that Ofcom keeps for drama.
#include "tests/kit/core/envelopes.h"
#include "hub/base/duration.h"
#include "hub/base/murmur2.h"
#include "tests/kit/core/random.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define LINES       4096

static const struct {
    const char *exporter, *importer, *origin, *destination, *place;
} routes[] = {
    {"metropolitan", "kent", "Hackney", "Folkestone", "CT20"},
    {"metropolitan", "essex", "Newham", "Southend-on-Sea", "SS1"},
    {"merseyside", "north-wales", "Kirkby", "Rhyl", "LL18"},
    {"metropolitan", "kent", "Lewisham", "Margate", "CT9"},
};
static const char *const brands[] = {"Frankie", "Rico", "Ace", "Tony", "Jay", "Milo", "Zed", "Bonnie"};
static const char *const drugs[] = {"crack-cocaine", "heroin", "cannabis"};
static const char *const methods[] = {"debt-bondage", "online-contact", "coercive-control"};

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

#define NEW(arena, type, init)                                                                                         \
    ({                                                                                                                 \
        type *made_ = need_memory(arena_alloc((arena), sizeof(type)));                                                 \
        init(made_);                                                                                                   \
        made_;                                                                                                         \
    })

void kit_set_text(struct arena *arena, char **field, const char *text)
{
    *field = need_memory(arena_text(arena, slice_text(text)));
}

void kit_set_texts(struct arena *arena, size_t *n_field, char ***field, const char *const *texts, size_t n)
{
    *field = need_memory(arena_alloc(arena, (n + 1) * sizeof **field));
    for (size_t i = 0; i < n; i++)
        kit_set_text(arena, &(*field)[i], texts[i]);
    *n_field = n;
}

void kit_set_exporter(struct arena *arena, Signalbox__V1__Header *header, const char *force)
{
    kit_set_texts(arena, &header->n_exporter_forces, &header->exporter_forces, &force, *force ? 1 : 0);
}

static void set_one(struct arena *arena, size_t *n_field, char ***field, const char *text)
{
    kit_set_texts(arena, n_field, field, &text, 1);
}

static void *list_of(struct arena *arena, size_t *n_field, size_t n)
{
    *n_field = n;
    return need_memory(arena_alloc(arena, n * sizeof(void *)));
}

static void set_random_bytes(struct arena *arena, ProtobufCBinaryData *field, struct kit_random *random, size_t n)
{
    *field = (ProtobufCBinaryData){.len = n, .data = need_memory(arena_alloc(arena, n))};
    kit_bytes(random, field->data, n);
}

static void set_strands(struct arena *arena, Signalbox__V1__Header *header, unsigned first, unsigned last)
{
    header->n_strands = last - first + 1;
    header->strands = need_memory(arena_alloc(arena, header->n_strands * sizeof *header->strands));
    for (unsigned i = first; i <= last; i++)
        header->strands[i - first] = (Signalbox__V1__Strand)i;
}

static Signalbox__V1__Statement *new_statement(
    struct arena *arena, char *text, uint32_t source, uint32_t assessment, bool opinion)
{
    Signalbox__V1__Statement *made = NEW(arena, Signalbox__V1__Statement, signalbox__v1__statement__init);
    made->text = need_memory(text);
    made->source_evaluation = source;
    made->intelligence_assessment = assessment;
    made->handling = 1;
    made->opinion = opinion;
    return made;
}

static ProtobufCMessage *report_body(struct arena *arena, struct kit_random *random, unsigned route, unsigned line)
{
    const char *brand = brands[line % COUNT(brands)];
    Signalbox__V1__ReportBody *body = NEW(arena, Signalbox__V1__ReportBody, signalbox__v1__report_body__init);
    body->title = need_memory(arena_printf(arena, "The %s line advertises in %s", brand, routes[route].destination));
    body->statements = list_of(arena, &body->n_statements, 2);
    body->statements[0] = new_statement(arena,
        arena_printf(arena, "The line sent a bulk text to about %u numbers in %s.",
            20 + (unsigned)kit_below(random, 200), routes[route].destination),
        1, 2, false);
    body->statements[1] = new_statement(
        arena, arena_printf(arena, "The phone is held in %s and not carried.", routes[route].origin), 2, 3, true);

    body->line = NEW(arena, Signalbox__V1__Line, signalbox__v1__line__init);
    body->line->line_id = need_memory(arena_printf(arena, "line-2026-%04u", line));
    kit_set_text(arena, &body->line->brand, brand);
    kit_set_text(arena, &body->line->status, "active");

    body->identifiers = list_of(arena, &body->n_identifiers, 1);
    body->identifiers[0] = NEW(arena, Signalbox__V1__Identifier, signalbox__v1__identifier__init);
    kit_set_text(arena, &body->identifiers[0]->kind, "msisdn");
    body->identifiers[0]->value = need_memory(arena_printf(arena, "+447700900%03u", (unsigned)kit_below(random, 1000)));

    body->commodities = list_of(arena, &body->n_commodities, 1);
    body->commodities[0] = NEW(arena, Signalbox__V1__Commodity, signalbox__v1__commodity__init);
    kit_set_text(arena, &body->commodities[0]->kind, drugs[kit_below(random, COUNT(drugs))]);
    set_one(arena, &body->n_methods, &body->methods, methods[kit_below(random, COUNT(methods))]);
    return &body->base;
}

static ProtobufCMessage *guidance_body(struct arena *arena, const char *agency, unsigned number)
{
    Signalbox__V1__GuidanceBody *body = NEW(arena, Signalbox__V1__GuidanceBody, signalbox__v1__guidance_body__init);
    body->title =
        need_memory(arena_printf(arena, "Telecoms restriction orders: note %u on what courts ask for", number));
    kit_set_text(arena, &body->owner, "Head of orders team");
    body->edition_chain = need_memory(arena_printf(arena, "%s-note-%u", agency, number));
    body->edition = 1;
    body->sections = list_of(arena, &body->n_sections, 1);
    body->sections[0] = NEW(arena, Signalbox__V1__Section, signalbox__v1__section__init);
    kit_set_text(arena, &body->sections[0]->heading, "What works");
    kit_set_text(arena, &body->sections[0]->text,
        "Show the volume of group messages, when they were sent, and that the number is not in private use. Ask early "
        "for "
        "the provider's statement, and plan the visits to people at risk for the day on which the line goes silent.");
    return &body->base;
}

static Signalbox__V1__PartInfo *part_info(
    struct arena *arena, bool graded, Signalbox__V1__Classification classification)
{
    bool sensitive = classification == SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
    Signalbox__V1__PartInfo *info = NEW(arena, Signalbox__V1__PartInfo, signalbox__v1__part_info__init);
    info->classification = classification;
    kit_set_text(arena, &info->marking_text, sensitive ? "OFFICIAL-SENSITIVE" : "OFFICIAL");
    if (graded) {
        info->handling = SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_P;
        info->source_evaluation = 2;
        info->intelligence_assessment = 3;
    }
    return info;
}

static struct kit_item *new_item(struct arena *arena, const char *agency, struct kit_random *random)
{
    struct kit_item *item = need_memory(arena_alloc(arena, sizeof *item));
    Signalbox__V1__Header *header = NEW(arena, Signalbox__V1__Header, signalbox__v1__header__init);
    set_random_bytes(arena, &header->nonce, random, 16);
    header->revision = 1;
    header->status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_ROUTINE;
    header->made_unix_ms = KIT_NOW_MS - 60000;
    kit_set_text(arena, &header->agency, agency);
    kit_set_text(arena, &header->sharing_basis, "policing-purpose");
    kit_bytes(random, item->salts[0], sizeof item->salts);
    memcpy(&item->shuffle, item->salts[0], sizeof item->shuffle);
    item->routing = NEW(arena, Signalbox__V1__Routing, signalbox__v1__routing__init);
    item->routing->reference = need_memory(arena_printf(arena, "%s/%08x", agency, (unsigned)item->shuffle));
    item->header = header;
    item->signer = item->sign_agency = header->agency;
    item->sign_topic = need_memory(arena_printf(arena, "in.%s", agency));
    return item;
}

struct kit_item *kit_report(struct arena *arena, const char *agency, uint64_t seed)
{
    struct kit_random random = {seed * 2 + 1};
    struct kit_item *item = new_item(arena, agency, &random);
    Signalbox__V1__Header *header = item->header;
    unsigned route = (unsigned)kit_below(&random, COUNT(routes)), line = (unsigned)kit_below(&random, LINES);
    header->kind = SIGNALBOX__V1__KIND__KIND_REPORT;
    header->subject = need_memory(arena_printf(arena, "line-2026-%04u", line));
    set_strands(arena, header, 1, 1 + (unsigned)kit_below(&random, 2));
    set_one(arena, &header->n_themes, &header->themes, "drugs");
    kit_set_text(arena, &header->product, "line-update");
    kit_set_exporter(arena, header, routes[route].exporter);
    set_one(arena, &header->n_importer_forces, &header->importer_forces, routes[route].importer);
    if (kit_below(&random, 4) == 0) {
        header->n_modes = 1;
        header->modes = need_memory(arena_alloc(arena, sizeof *header->modes));
        header->modes[0] = SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL;
    }
    header->mopi_group = 3;
    header->review_unix_ms = KIT_NOW_MS + 6 * 365 * DAY_MS;
    item->routing->happened_from_unix_ms = KIT_NOW_MS - 2 * DAY_MS;
    item->routing->happened_to_unix_ms = KIT_NOW_MS - DAY_MS;
    kit_set_text(arena, &item->routing->place, routes[route].place);
    item->n_parts = 1;
    item->infos[0] = part_info(arena, true, SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL);
    item->bodies[0] = report_body(arena, &random, route, line);
    return item;
}

struct kit_item *kit_guidance(struct arena *arena, const char *agency, uint64_t seed)
{
    struct kit_random random = {seed * 2};
    struct kit_item *item = new_item(arena, agency, &random);
    Signalbox__V1__Header *header = item->header;
    unsigned number = (unsigned)kit_below(&random, 100000);
    header->kind = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    header->subject = need_memory(arena_printf(arena, "%s-note-%u", agency, number));
    set_strands(arena, header, 1, 4);
    set_one(arena, &header->n_themes, &header->themes, "drugs");
    kit_set_text(arena, &header->product, "best-practice");
    item->n_parts = 1;
    item->infos[0] = part_info(arena, false, SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL);
    item->bodies[0] = guidance_body(arena, agency, number);
    return item;
}

void kit_add_part(struct arena *arena, struct kit_item *item)
{
    bool graded = item->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT;
    unsigned i = item->n_parts;
    if (i == ENVELOPE_PARTS)
        abort();
    struct kit_random random = {i};
    item->infos[i] = part_info(arena, graded, SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE);
    item->bodies[i] = graded ? report_body(arena, &random, 0, i) : guidance_body(arena, item->header->agency, i);
    item->n_parts++;
}

void kit_shuffle(struct kit_item *item, uint64_t seed)
{
    struct kit_random random = {seed};
    kit_bytes(&random, item->salts[0], sizeof item->salts);
    item->shuffle = kit_next(&random);
    item->routing->salt.len = 0;
}

static void *copy_of(struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = need_memory(arena_alloc(arena, size + 1));
    protobuf_c_message_pack(message, bytes);
    return need_memory(protobuf_c_message_unpack(message->descriptor, arena_allocator(arena), size, bytes));
}

struct kit_item *kit_revision(struct arena *arena, const struct kit_item *item, uint32_t revision)
{
    struct kit_item *copy = need_memory(arena_alloc(arena, sizeof *copy));
    *copy = *item;
    copy->header = copy_of(arena, &item->header->base);
    copy->header->revision = revision;
    copy->routing = copy_of(arena, &item->routing->base);
    for (uint32_t i = 0; i < copy->n_parts; i++) {
        copy->infos[i] = copy_of(arena, &item->infos[i]->base);
        copy->bodies[i] = copy_of(arena, item->bodies[i]);
    }
    kit_shuffle(copy, item->shuffle + revision);
    return copy;
}

// A nonce that no other change of this item has.
static struct kit_random standing_seed(
    const struct kit_item *item, const char *issuer, Signalbox__V1__Standing standing, uint32_t number)
{
    struct kit_random random;
    memcpy(&random.state, item->header->nonce.data, sizeof random.state);
    random.state ^= (uint64_t)number << 32 ^ (uint64_t)standing << 56 ^ murmur2_positive(slice_text(issuer));
    random.state += murmur2_positive(slice_text(item->header->agency));
    return random;
}

struct kit_item *kit_standing(struct arena *arena, const struct kit_item *item, const char *issuer,
    Signalbox__V1__Standing standing, uint32_t number)
{
    struct kit_random random = standing_seed(item, issuer, standing, number);
    struct kit_item *change = new_item(arena, issuer, &random);
    Signalbox__V1__Header *header = change->header;
    header->kind = SIGNALBOX__V1__KIND__KIND_STANDING;
    header->status = item->header->status;
    header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_UNSPECIFIED;
    kit_set_text(arena, &header->subject, item->header->subject);
    kit_set_text(arena, &header->sharing_basis, "");
    header->about = kit_reference(arena, item, 0);
    Signalbox__V1__StandingBody *body = NEW(arena, Signalbox__V1__StandingBody, signalbox__v1__standing_body__init);
    body->standing = standing;
    body->number = number;
    kit_set_text(arena, &body->reason, "inaccurate");
    kit_set_text(arena, &body->instruction, "Do not act on it.");
    change->n_parts = 1;
    change->infos[0] = part_info(arena, false, SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL);
    change->bodies[0] = &body->base;
    return change;
}

void kit_restrict(struct arena *arena, struct kit_item *item, const char *recipient)
{
    for (size_t i = 0; i < item->n_parts; i++) {
        Signalbox__V1__PartInfo *info = item->infos[i];
        info->handling = SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C;
        info->action = SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_A2;
        info->sanitisation = SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_S2;
        set_one(arena, &info->n_recipients, &info->recipients, recipient);
        for (size_t j = 0; item->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT &&
                           j < kit_report_body(item, (unsigned)i)->n_statements;
             j++)
            kit_report_body(item, (unsigned)i)->statements[j]->handling = 2;
    }
}

struct item_view kit_view(const struct kit_item *item)
{
    struct item_view view = {.header = item->header, .routing = item->routing, .n_parts = item->n_parts};
    for (uint32_t i = 0; i < item->n_parts; i++)
        view.parts[i] = item->infos[i];
    return view;
}

static ProtobufCMessage *body_of(const struct kit_item *item, unsigned part, const ProtobufCMessageDescriptor *type)
{
    if (part >= item->n_parts || item->bodies[part]->descriptor != type)
        abort();
    return item->bodies[part];
}

Signalbox__V1__ReportBody *kit_report_body(const struct kit_item *item, unsigned part)
{
    return (Signalbox__V1__ReportBody *)body_of(item, part, &signalbox__v1__report_body__descriptor);
}

Signalbox__V1__GuidanceBody *kit_guidance_body(const struct kit_item *item, unsigned part)
{
    return (Signalbox__V1__GuidanceBody *)body_of(item, part, &signalbox__v1__guidance_body__descriptor);
}

Signalbox__V1__StandingBody *kit_standing_body(const struct kit_item *item)
{
    return (Signalbox__V1__StandingBody *)body_of(item, 0, &signalbox__v1__standing_body__descriptor);
}
