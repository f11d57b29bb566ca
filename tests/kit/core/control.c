// SPDX-License-Identifier: Apache-2.0
// Registry and policy of the tests: small, but with one of everything that routing looks at.
#include "tests/kit/core/control.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define OFFICIAL    SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL
#define SENSITIVE   SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE
#define SECRET      SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET
#define TOP_SECRET  SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET

static const struct organisation_row {
    const char *id, *name, *gss_code, *kind, *country, *region, *listens_to;
    Signalbox__V1__Classification clearance;
} organisations[] = {
    {"btp", "British Transport Police", "", "special", "great-britain", "national", "london", SENSITIVE},
    {"catch22", "Catch22", "", "third-sector", "united-kingdom", "national", NULL, OFFICIAL},
    {"essex", "Essex Police", "E23000028", "territorial", "england", "eastern", NULL, SENSITIVE},
    {"kent", "Kent Police", "E23000032", "territorial", "england", "eastern", "south-east", SENSITIVE},
    {"lb-hackney", "London Borough of Hackney", "E09000012", "council", "england", "london", NULL, OFFICIAL},
    {"merseyside", "Merseyside Police", "E23000004", "territorial", "england", "north-west", NULL, SENSITIVE},
    {"metropolitan", "Metropolitan Police Service", "E23000001", "territorial", "england", "london", NULL, SENSITIVE},
    {"nca", "National Crime Agency", "", "agency", "united-kingdom", "national", NULL, SENSITIVE},
    {"nclcc", "National County Lines Co-ordination Centre", "", "agency", "great-britain", "national", NULL, SENSITIVE},
    {"north-wales", "North Wales Police", "W15000001", "territorial", "wales", "north-west", NULL, SENSITIVE},
};

static const struct marking_row {
    const char *text;
    Signalbox__V1__MarkingKind kind;
    Signalbox__V1__Classification beside[4];
    Signalbox__V1__MarkingDemand demand;
} markings[] = {
    {"RECIPIENTS ONLY", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION, {SENSITIVE, SECRET, TOP_SECRET},
        SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_RECIPIENTS},
    {"FOR PUBLIC RELEASE", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION, {OFFICIAL},
        SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_UNSPECIFIED},
    {"ORGANISATION USE ONLY", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION,
        {OFFICIAL, SENSITIVE, SECRET, TOP_SECRET}, SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_ORGANISATION},
    {"EMBARGOED", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION, {OFFICIAL, SENSITIVE, SECRET},
        SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_EMBARGO},
    {"PERSONAL DATA", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_DESCRIPTOR, {OFFICIAL, SENSITIVE, SECRET, TOP_SECRET},
        SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_UNSPECIFIED},
    {"LEGAL", SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_DESCRIPTOR, {OFFICIAL, SENSITIVE},
        SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_UNSPECIFIED},
};

static const struct {
    const char *code;
    Signalbox__V1__Kind kind;
} products[] = {
    {"intelligence-report", SIGNALBOX__V1__KIND__KIND_REPORT},
    {"line-update", SIGNALBOX__V1__KIND__KIND_REPORT},
    {"best-practice", SIGNALBOX__V1__KIND__KIND_GUIDANCE},
    {"decision-record", SIGNALBOX__V1__KIND__KIND_GUIDANCE},
};

static const char *const themes[] = {
    "missing-people", "modern-slavery", "drugs", "csea", "gangs", "serious-violence", "weapons"};
static const char *const regions[] = {"national", "london", "eastern", "south-east", "north-west"};
static const char *const audience_kinds[] = {"territorial", "rocu"};
static const char *const bases[] = {"policing-purpose", "safeguarding"};

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static ProtobufCBinaryData bytes_of(struct arena *arena, const void *data, size_t len)
{
    ProtobufCBinaryData bytes = {.len = len, .data = need_memory(arena_alloc(arena, len))};
    memcpy(bytes.data, data, len);
    return bytes;
}

void kit_give_key(struct arena *arena, Signalbox__V1__Organisation *organisation)
{
    const struct kit_key *key = kit_key(organisation->id);
    Signalbox__V1__SigningKey *entry = need_memory(arena_alloc(arena, sizeof *entry));
    signalbox__v1__signing_key__init(entry);
    entry->key_id = bytes_of(arena, key->key_id, sizeof key->key_id);
    entry->public_key = bytes_of(arena, key->public_key, sizeof key->public_key);
    entry->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE;
    organisation->n_keys = 1;
    organisation->keys = need_memory(arena_alloc(arena, sizeof(void *)));
    organisation->keys[0] = entry;
}

void kit_let_sign(struct arena *arena, Signalbox__V1__Organisation *organisation)
{
    organisation->signs = need_memory(arena_alloc(arena, 2 * sizeof *organisation->signs));
    organisation->signs[0] = SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS;
    organisation->signs[1] = SIGNALBOX__V1__PURPOSE__PURPOSE_ANSWERS;
    organisation->n_signs = 2;
}

static Signalbox__V1__Organisation *organisation_of(struct arena *arena, const struct organisation_row *row)
{
    Signalbox__V1__Organisation *organisation = need_memory(arena_alloc(arena, sizeof *organisation));
    signalbox__v1__organisation__init(organisation);
    kit_set_text(arena, &organisation->id, row->id);
    kit_set_text(arena, &organisation->name, row->name);
    kit_set_text(arena, &organisation->gss_code, row->gss_code);
    kit_set_text(arena, &organisation->kind, row->kind);
    kit_set_text(arena, &organisation->country, row->country);
    kit_set_text(arena, &organisation->region, row->region);
    if (row->listens_to)
        kit_set_texts(arena, &organisation->n_listens_to, &organisation->listens_to, &row->listens_to, 1);
    organisation->clearance = row->clearance;
    organisation->publishes = organisation->subscribes = true;
    kit_let_sign(arena, organisation);
    kit_give_key(arena, organisation);
    return organisation;
}

Signalbox__V1__Registry *kit_registry(struct arena *arena)
{
    Signalbox__V1__Registry *registry = need_memory(arena_alloc(arena, sizeof *registry));
    signalbox__v1__registry__init(registry);
    registry->version = 1;
    registry->deployment_id = bytes_of(arena, kit_deployment().data, kit_deployment().len);
    registry->made_unix_ms = KIT_NOW_MS - 1000000;
    registry->n_organisations = COUNT(organisations);
    registry->organisations = need_memory(arena_alloc(arena, COUNT(organisations) * sizeof(void *)));
    for (size_t i = 0; i < COUNT(organisations); i++)
        (registry->organisations[i] = organisation_of(arena, &organisations[i]))->number = (uint32_t)i;
    return registry;
}

Signalbox__V1__Organisation *kit_organisation(const Signalbox__V1__Registry *registry, const char *id)
{
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, id) == 0)
            return registry->organisations[i];
    abort();
}

static void add_markings(struct arena *arena, Signalbox__V1__Policy *policy)
{
    policy->n_markings = COUNT(markings);
    policy->markings = need_memory(arena_alloc(arena, COUNT(markings) * sizeof(void *)));
    for (size_t i = 0; i < COUNT(markings); i++) {
        Signalbox__V1__MarkingRule *rule = policy->markings[i] = need_memory(arena_alloc(arena, sizeof *rule));
        signalbox__v1__marking_rule__init(rule);
        kit_set_text(arena, &rule->text, markings[i].text);
        rule->kind = markings[i].kind;
        rule->demand = markings[i].demand;
        rule->beside = need_memory(arena_alloc(arena, sizeof markings[i].beside));
        while (rule->n_beside < COUNT(markings[i].beside) && markings[i].beside[rule->n_beside]) {
            rule->beside[rule->n_beside] = markings[i].beside[rule->n_beside];
            rule->n_beside++;
        }
    }
}

static void add_products(struct arena *arena, Signalbox__V1__Policy *policy)
{
    policy->n_products = COUNT(products);
    policy->products = need_memory(arena_alloc(arena, COUNT(products) * sizeof(void *)));
    for (size_t i = 0; i < COUNT(products); i++) {
        Signalbox__V1__ProductRule *rule = policy->products[i] = need_memory(arena_alloc(arena, sizeof *rule));
        signalbox__v1__product_rule__init(rule);
        kit_set_text(arena, &rule->code, products[i].code);
        rule->kind = products[i].kind;
    }
}

// Pursue is led by the NCA, which gets its reports; the other three strands are led by the police, through the centre.
static void add_strand_leads(struct arena *arena, Signalbox__V1__Policy *policy)
{
    policy->n_strand_leads = 4;
    policy->strand_leads = need_memory(arena_alloc(arena, 4 * sizeof(void *)));
    for (size_t i = 0; i < 4; i++) {
        Signalbox__V1__StrandLead *lead = policy->strand_leads[i] = need_memory(arena_alloc(arena, sizeof *lead));
        signalbox__v1__strand_lead__init(lead);
        lead->strand = (Signalbox__V1__Strand)(i + 1);
        kit_set_text(arena, &lead->organisation, i == 0 ? "nca" : "nclcc");
        lead->in_audience = i == 0;
    }
}

static void add_kinds(struct arena *arena, Signalbox__V1__Policy *policy)
{
    policy->n_kinds = 2;
    policy->kinds = need_memory(arena_alloc(arena, 2 * sizeof *policy->kinds));
    policy->kinds[0] = SIGNALBOX__V1__KIND__KIND_REPORT;
    policy->kinds[1] = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
}

Signalbox__V1__Policy *kit_policy(struct arena *arena)
{
    Signalbox__V1__Policy *policy = need_memory(arena_alloc(arena, sizeof *policy));
    signalbox__v1__policy__init(policy);
    policy->version = 1;
    policy->made_unix_ms = KIT_NOW_MS - 1000000;
    policy->ceiling = SENSITIVE;
    policy->dedup_window_days = 90;
    policy->max_ahead_ms = 60000;
    policy->max_age_days = 30;
    add_kinds(arena, policy);
    add_markings(arena, policy);
    add_products(arena, policy);
    add_strand_leads(arena, policy);
    kit_set_texts(arena, &policy->n_themes, &policy->themes, themes, COUNT(themes));
    kit_set_texts(arena, &policy->n_regions, &policy->regions, regions, COUNT(regions));
    kit_set_texts(arena, &policy->n_sharing_bases, &policy->sharing_bases, bases, COUNT(bases));
    kit_set_texts(
        arena, &policy->n_region_audience_kinds, &policy->region_audience_kinds, audience_kinds, COUNT(audience_kinds));
    kit_set_text(arena, &policy->centre, "nclcc");
    kit_set_text(arena, &policy->rail_force, "btp");
    return policy;
}
