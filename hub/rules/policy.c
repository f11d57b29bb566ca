// SPDX-License-Identifier: Apache-2.0
// What is allowed, compiled against who exists: code lists become tables, the matrix and the audiences become bit sets.
#include "hub/rules/policy_parts.h"
#include "hub/rules/registry_parts.h"
#include "hub/base/duration.h"
#include "hub/base/message.h"
#include <stdlib.h>

static bool add_codes(struct codes *codes, const char *name, char *const *texts, size_t n, struct error *error)
{
    if (!codes_init(codes, n))
        return error_no_memory(error, "the compiled policy");
    for (size_t i = 0; i < n; i++)
        if (!codes_add(codes, texts[i], (uint32_t)i))
            return error_say(
                error, CAUSE_OTHER, "Policy %s lists '%.64s' twice or lists an empty code.", name, texts[i]);
    return true;
}

static bool add_products(struct policy *policy, struct error *error)
{
    const Signalbox__V1__Policy *document = policy->document;
    if (!codes_init(&policy->products, document->n_products))
        return error_no_memory(error, "the compiled policy");
    for (size_t i = 0; i < document->n_products; i++)
        if (!codes_add(&policy->products, document->products[i]->code, (uint32_t)i))
            return error_say(error, CAUSE_OTHER, "Policy products lists '%.64s' twice or lists an empty code.",
                document->products[i]->code);
    return true;
}

static bool add_markings(struct policy *policy, struct error *error)
{
    const Signalbox__V1__Policy *document = policy->document;
    if (!codes_init(&policy->instructions, document->n_markings) ||
        !codes_init(&policy->descriptors, document->n_markings))
        return error_no_memory(error, "the compiled policy");
    for (size_t i = 0; i < document->n_markings; i++) {
        const Signalbox__V1__MarkingRule *rule = document->markings[i];
        bool instruction = rule->kind == SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION;
        if (!codes_add(instruction ? &policy->instructions : &policy->descriptors, rule->text, (uint32_t)i))
            return error_say(error, CAUSE_OTHER, "Policy markings lists '%.64s' twice.", rule->text);
        policy->markings[i].demand = rule->demand;
        for (size_t j = 0; j < rule->n_beside; j++)
            policy->markings[i].beside |= 1u << rule->beside[j];
    }
    return true;
}

static bool is_audience_kind(const Signalbox__V1__Policy *document, const char *kind)
{
    for (size_t i = 0; i < document->n_region_audience_kinds; i++)
        if (strcmp(document->region_audience_kinds[i], kind) == 0)
            return true;
    return false;
}

static bool add_region(struct policy *policy, const Signalbox__V1__Organisation *row, unsigned org, const char *region,
    struct error *error)
{
    uint32_t place = codes_find(&policy->regions, slice_text(region));
    if (place == CODES_NONE)
        return error_say(error, CAUSE_OTHER,
            "Organisation %s is in or listens to region '%.64s', which the policy does not list.", row->id, region);
    if (is_audience_kind(policy->document, row->kind))
        org_set_add(&policy->region_audience[place], org);
    return true;
}

static bool add_regions(struct policy *policy, const struct registry *registry, struct error *error)
{
    for (unsigned org = 0; org < registry->n; org++) {
        const Signalbox__V1__Organisation *row = registry_row(registry, org);
        if (!add_region(policy, row, org, row->region, error))
            return false;
        policy->region_of[org] = (uint8_t)codes_find(&policy->regions, slice_text(row->region));
        for (size_t i = 0; i < row->n_listens_to; i++)
            if (!add_region(policy, row, org, row->listens_to[i], error))
                return false;
    }
    return true;
}

static bool add_named(
    struct org_set *set, const struct registry *registry, const char *field, const char *id, struct error *error)
{
    unsigned org = registry_find(registry, slice_text(id));
    if (org == ORG_NONE)
        return error_say(error, CAUSE_OTHER, "Policy %s names '%.64s', which is not in the registry.", field, id);
    org_set_add(set, org);
    return true;
}

static bool add_leads(struct policy *policy, const struct registry *registry, struct error *error)
{
    for (size_t i = 0; i < policy->document->n_strand_leads; i++) {
        const Signalbox__V1__StrandLead *lead = policy->document->strand_leads[i];
        struct org_set known = {0};
        if (!add_named(lead->in_audience ? &policy->leads[lead->strand] : &known, registry, "strand_leads",
                lead->organisation, error))
            return false;
    }
    return true;
}

static bool fill_policy(struct policy *policy, const struct registry *registry, struct error *error)
{
    const Signalbox__V1__Policy *document = policy->document;
    for (size_t i = 0; i < document->n_kinds; i++)
        policy->kinds |= 1u << document->kinds[i];
    policy->max_ahead_ms = document->max_ahead_ms;
    policy->max_age_ms = document->max_age_days * DAY_MS;
    return add_codes(&policy->themes, "themes", document->themes, document->n_themes, error) &&
           add_codes(&policy->regions, "regions", document->regions, document->n_regions, error) &&
           add_codes(&policy->bases, "sharing_bases", document->sharing_bases, document->n_sharing_bases, error) &&
           add_products(policy, error) && add_markings(policy, error) && add_regions(policy, registry, error) &&
           add_named(&policy->centre, registry, "centre", document->centre, error) &&
           (!*document->rail_force || add_named(&policy->rail, registry, "rail_force", document->rail_force, error)) &&
           add_leads(policy, registry, error);
}

struct policy *policy_new(const Signalbox__V1__Policy *document, const struct registry *registry, struct error *error)
{
    if (!policy_check(document, error))
        return NULL;
    struct policy *policy = calloc(1, sizeof *policy);
    if (policy)
        policy->document = message_copy(&document->base);
    if (!policy || !policy->document)
        error_no_memory(error, "the compiled policy");
    else if (fill_policy(policy, registry, error))
        return policy;
    return policy_free(policy);
}

struct policy *policy_free(struct policy *policy)
{
    if (!policy)
        return NULL;
    struct codes *lists[] = {&policy->themes, &policy->products, &policy->regions, &policy->bases,
        &policy->instructions, &policy->descriptors};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        codes_deinit(lists[i]);
    if (policy->document)
        signalbox__v1__policy__free_unpacked(policy->document, NULL);
    free(policy);
    return NULL;
}

const Signalbox__V1__Policy *policy_document(const struct policy *policy)
{
    return policy->document;
}
