// SPDX-License-Identifier: Apache-2.0
// Names and codes of a header become places in the registry and in the policy's lists. A name that is not there stops
// the item: it would otherwise go missing from the audience without anybody noticing. One that stands twice in a list
// shows here for nothing, where comparing all names of an item with each other could cost as much as all the rest.
#include "hub/decide/facts_parts.h"
#include "hub/contract/outcome.h"

static unsigned find_organisation(const struct facts_input *input, const char *id)
{
    return registry_find(input->snapshot->registry, slice_text(id));
}

static bool find_all(const struct facts_input *input, const char *path, size_t n, char *const *ids, struct org_set *set)
{
    for (size_t i = 0; i < n; i++) {
        unsigned org = find_organisation(input, ids[i]);
        if (org == ORG_NONE)
            return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "%s[%zu]", path, i);
        if (org_set_has(set, org))
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "%s[%zu]", path, i);
        org_set_add(set, org);
    }
    return true;
}

static bool find_homes(const struct facts_input *input)
{
    const Signalbox__V1__Routing *routing = input->routing;
    return !routing ||
           find_all(input, "routing.home_forces", routing->n_home_forces, routing->home_forces, &input->facts->homes);
}

static bool find_about(const struct facts_input *input)
{
    const Signalbox__V1__ItemReference *about = input->header->about;
    if (!about)
        return true;
    input->facts->about_agency = find_organisation(input, about->agency);
    return input->facts->about_agency != ORG_NONE ||
           facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "header.about.agency");
}

static bool find_of_part(const struct facts_input *input, const struct registry_era *era, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    struct facts *facts = input->facts;
    struct org_set recipients = {0};
    for (size_t j = 0; j < part->n_recipients; j++) {
        unsigned org = find_organisation(input, part->recipients[j]);
        if (org == ORG_NONE)
            return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "parts[%zu].info.recipients[%zu]", i, j);
        if (org_set_has(&recipients, org))
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "parts[%zu].info.recipients[%zu]", i, j);
        org_set_add(&recipients, org);
    }
    org_set_clear(&facts->recipients[i]);
    registry_era_resolve(era, &recipients, &facts->recipients[i]);
    facts->organisation[i] = *part->organisation ? find_organisation(input, part->organisation) : ORG_NONE;
    if (*part->organisation && facts->organisation[i] == ORG_NONE)
        return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "parts[%zu].info.organisation", i);
    return true;
}

static uint32_t regions_of(const struct facts_input *input, const struct org_set *named, const struct org_set *living)
{
    struct org_set all = org_set_or(*named, *living);
    uint32_t regions = 0;
    for (unsigned org = org_set_next(&all, 0); org < ORGANISATIONS_MAX; org = org_set_next(&all, org + 1))
        regions |= 1u << input->snapshot->policy->region_of[org];
    return regions;
}

// Those of home forces stand apart: where a person at risk lives must not show in what arrives elsewhere.
static void find_regions(const struct facts_input *input)
{
    struct facts *facts = input->facts;
    facts->regions = regions_of(input, &facts->named, &facts->living);
    facts->home_regions = regions_of(input, &facts->homes, &facts->living_homes);
}

bool facts_find_organisations(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const struct registry_era *era = registry_era_at(input->snapshot->registry, input->facts->at_ms);
    struct facts *facts = input->facts;
    if (!find_all(
            input, "header.exporter_forces", header->n_exporter_forces, header->exporter_forces, &facts->exporters) ||
        !find_all(
            input, "header.importer_forces", header->n_importer_forces, header->importer_forces, &facts->importers) ||
        !find_all(input, "header.transit_forces", header->n_transit_forces, header->transit_forces, &facts->transits) ||
        !find_homes(input) || !find_about(input))
        return false;
    org_set_include(&facts->named, &facts->exporters);
    org_set_include(&facts->named, &facts->importers);
    org_set_include(&facts->named, &facts->transits);
    registry_era_resolve(era, &facts->named, &facts->living);
    registry_era_resolve(era, &facts->homes, &facts->living_homes);
    find_regions(input);
    for (size_t i = 0; i < input->item->n_parts; i++)
        if (!find_of_part(input, era, i))
            return false;
    return true;
}

// E09000001 to E09000033.
static bool is_borough(const char *code)
{
    static const char prefix[] = "E090000";
    if (strlen(code) != 9 || memcmp(code, prefix, sizeof prefix - 1) != 0)
        return false;
    unsigned tens = (unsigned)code[7] - '0', ones = (unsigned)code[8] - '0';
    unsigned number = tens * 10 + ones;
    return tens <= 9 && ones <= 9 && number >= 1 && number <= 33;
}

bool facts_find_codes(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const struct policy *policy = input->snapshot->policy;
    for (size_t i = 0; i < header->n_themes; i++) {
        uint32_t theme = codes_find(&policy->themes, slice_text(header->themes[i]));
        if (theme == CODES_NONE)
            return facts_refuse(input->why, OUTCOME_CODE_UNKNOWN, "header.themes[%zu]", i);
        input->facts->themes |= UINT64_C(1) << theme;
    }
    if (header->kind == SIGNALBOX__V1__KIND__KIND_STANDING)
        return true; // it has none
    uint32_t product = codes_find(&policy->products, slice_text(header->product));
    if (product == CODES_NONE)
        return facts_refuse(input->why, OUTCOME_CODE_UNKNOWN, "header.product");
    input->facts->products = UINT64_C(1) << product;
    for (size_t i = 0; i < header->n_boroughs; i++)
        if (!is_borough(header->boroughs[i]))
            return facts_refuse(input->why, OUTCOME_CODE_UNKNOWN, "header.boroughs[%zu]", i);
    if (codes_find(&policy->bases, slice_text(header->sharing_basis)) == CODES_NONE)
        return facts_refuse(input->why, OUTCOME_CODE_UNKNOWN, "header.sharing_basis");
    return true;
}
