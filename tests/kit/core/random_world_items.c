// SPDX-License-Identifier: Apache-2.0
// Random headers and subscriptions of the country: valid, and with a bit of everything that routing looks at.
#include "tests/kit/core/random_world.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const odd[] = {"past-1", "past-2", "gone", "future", "silent", "btp", "council-03", "unit-2"};
static const char *const themes[] = {
    "missing-people", "modern-slavery", "drugs", "csea", "gangs", "serious-violence", "weapons"};
static const char *const products[] = {"intelligence-report", "line-update", "best-practice", "decision-record"};

// Mostly a force, among a dozen so that items and subscriptions meet.
static const char *some_force(struct arena *arena, struct kit_random *random)
{
    if (kit_below(random, 6) == 0)
        return odd[kit_below(random, COUNT(odd))];
    return arena_printf(
        arena, "force-%02u", (unsigned)kit_below(random, kit_below(random, 2) ? 12 : RANDOM_WORLD_FORCES));
}

static bool has_text(const char *const *texts, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

static void set_forces(struct arena *arena, struct kit_random *random, size_t most, size_t *n_field, char ***field)
{
    const char *forces[8];
    size_t n = 0, tries = (size_t)kit_below(random, most + 1);
    for (size_t i = 0; i < tries; i++) {
        const char *force = some_force(arena, random);
        if (!has_text(forces, n, force))
            forces[n++] = force;
    }
    kit_set_texts(arena, n_field, field, forces, n);
}

// A run of neighbours out of a list.
static void set_run(struct arena *arena, struct kit_random *random, const char *const *list, size_t len, size_t least,
    size_t *n_field, char ***field)
{
    size_t n = least + (size_t)kit_below(random, 3), first = (size_t)kit_below(random, len - n + 1);
    kit_set_texts(arena, n_field, field, list + first, n);
}

static void set_enums(struct arena *arena, struct kit_random *random, unsigned highest, size_t *n_field, void *field)
{
    unsigned set = 1 + (unsigned)kit_below(random, (1u << highest) - 1);
    int *values = arena_alloc(arena, highest * sizeof *values);
    *n_field = 0;
    for (unsigned i = 0; i < highest; i++)
        if (set >> i & 1)
            values[(*n_field)++] = (int)i + 1;
    memcpy(field, &values, sizeof values);
}

static void mark_part(struct arena *arena, struct kit_random *random, Signalbox__V1__PartInfo *part)
{
    static const char *const recipients_only[] = {"RECIPIENTS ONLY"}, *const use_only[] = {"ORGANISATION USE ONLY"};
    if (kit_below(random, 3) == 0)
        part->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
    if (part->classification == SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE &&
        kit_below(random, 3) == 0)
        kit_set_texts(arena, &part->n_instructions, &part->instructions, recipients_only, 1);
    else if (kit_below(random, 8) == 0) {
        kit_set_texts(arena, &part->n_instructions, &part->instructions, use_only, 1);
        kit_set_text(arena, &part->organisation, some_force(arena, random));
    }
    if (part->handling == SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C || part->n_instructions ||
        kit_below(random, 10) == 0) {
        set_forces(arena, random, 6, &part->n_recipients, &part->recipients);
        if (part->n_recipients == 0)
            kit_set_texts(arena, &part->n_recipients, &part->recipients, odd, 1);
    }
}

static Signalbox__V1__PartInfo *some_part(struct arena *arena, struct kit_random *random, bool report)
{
    Signalbox__V1__PartInfo *part = arena_alloc(arena, sizeof *part);
    signalbox__v1__part_info__init(part);
    part->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
    if (report) {
        bool conditional = kit_below(random, 4) == 0;
        part->handling =
            conditional ? SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C : SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_P;
        part->action = conditional ? SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_A2
                                   : SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_UNSPECIFIED;
        part->sanitisation = conditional ? SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_S2
                                         : SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_UNSPECIFIED;
        part->source_evaluation = 2;
        part->intelligence_assessment = 3;
    }
    mark_part(arena, random, part);
    return part;
}

static void set_routing(struct arena *arena, struct kit_random *random, struct kit_item *item)
{
    Signalbox__V1__Header *header = item->header;
    if (kit_below(random, 4))
        kit_set_exporter(arena, header, some_force(arena, random));
    set_forces(arena, random, 3, &header->n_importer_forces, &header->importer_forces);
    set_forces(arena, random, 1, &header->n_transit_forces, &header->transit_forces);
    set_forces(arena, random, 1, &item->routing->n_home_forces, &item->routing->home_forces);
    set_run(arena, random, themes, COUNT(themes), 0, &header->n_themes, &header->themes);
    set_enums(arena, random, 4, &header->n_strands, &header->strands);
    if (kit_below(random, 4) == 0) {
        header->modes = arena_alloc(arena, sizeof *header->modes);
        header->modes[0] = SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL;
        header->n_modes = 1;
    }
}

static struct kit_item *new_item(struct arena *arena)
{
    struct kit_item *item = arena_alloc(arena, sizeof *item);
    item->header = arena_alloc(arena, sizeof *item->header);
    item->routing = arena_alloc(arena, sizeof *item->routing);
    signalbox__v1__header__init(item->header);
    signalbox__v1__routing__init(item->routing);
    return item;
}

struct kit_item *random_world_item(struct arena *arena, struct kit_random *random)
{
    struct kit_item *item = new_item(arena);
    Signalbox__V1__Header *header = item->header;
    bool report = kit_below(random, 4) != 0;
    header->kind = report ? SIGNALBOX__V1__KIND__KIND_REPORT : SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    header->status = kit_below(random, 20) ? SIGNALBOX__V1__STATUS__STATUS_ACTUAL : SIGNALBOX__V1__STATUS__STATUS_TEST;
    header->priority = (Signalbox__V1__Priority)(1 + kit_below(random, 3));
    header->made_unix_ms = KIT_NOW_MS - 60000;
    header->mopi_group = report ? 3 : 0;
    header->review_unix_ms = report ? KIT_NOW_MS * 2 : 0;
    kit_set_text(arena, &header->product, products[(report ? 0 : 2) + kit_below(random, 2)]);
    kit_set_text(arena, &header->sharing_basis, "policing-purpose");
    set_routing(arena, random, item);
    item->n_parts = 1 + (uint32_t)kit_below(random, 3);
    for (uint32_t i = 0; i < item->n_parts; i++)
        item->infos[i] = some_part(arena, random, report);
    return item;
}

static Signalbox__V1__Subscription *some_subscription(struct arena *arena, struct kit_random *random, size_t i)
{
    static const char *const regions[] = {
        "region-0", "region-1", "region-2", "region-3", "region-4", "region-5", "national"};
    const char *force = kit_below(random, 12) ? some_force(arena, random) : "nclcc";
    Signalbox__V1__Subscription *row = kit_subscription(arena, force, arena_printf(arena, "n-%zu", i));
    uint64_t narrow = kit_next(random) & kit_next(random); // each field with a chance of one in four
    if (narrow & 1)
        set_run(arena, random, regions, COUNT(regions), 1, &row->n_regions, &row->regions);
    if (narrow & 2)
        set_forces(arena, random, 4, &row->n_forces, &row->forces);
    if (narrow & 4)
        set_run(arena, random, themes, COUNT(themes), 1, &row->n_themes, &row->themes);
    if (narrow & 8)
        set_run(arena, random, products, COUNT(products), 1, &row->n_products, &row->products);
    if (narrow & 16)
        set_enums(arena, random, 4, &row->n_strands, &row->strands);
    if (narrow & 32)
        set_enums(arena, random, 2, &row->n_kinds, &row->kinds);
    if (narrow & 64)
        set_enums(arena, random, 3, &row->n_priorities, &row->priorities);
    row->withdrawn = kit_below(random, 16) == 0;
    return row;
}

struct subscription_row *random_world_subscriptions(struct arena *arena, struct kit_random *random, size_t n)
{
    struct subscription_row *rows = arena_alloc(arena, (n + 1) * sizeof *rows);
    for (size_t i = 0; i < n; i++) // revisions do not come in order
        rows[i] =
            (struct subscription_row){.subscription = some_subscription(arena, random, i), .revision = (i ^ 5) + 1};
    return rows;
}
