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

static bool find_all(
    const struct facts_input *input, const char *field, size_t n, char *const *ids, struct org_set *set)
{
    for (size_t i = 0; i < n; i++) {
        unsigned org = find_organisation(input, ids[i]);
        if (org == ORG_NONE)
            return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "header.%s[%zu]", field, i);
        if (org_set_has(set, org))
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.%s[%zu]", field, i);
        org_set_add(set, org);
    }
    return true;
}

static bool find_exporter(const struct facts_input *input)
{
    if (!*input->header->exporter_force)
        return true;
    input->facts->exporter = find_organisation(input, input->header->exporter_force);
    if (input->facts->exporter == ORG_NONE)
        return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "header.exporter_force");
    org_set_add(&input->facts->named, input->facts->exporter);
    return true;
}

static bool find_of_part(const struct facts_input *input, const struct registry_era *era, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->header->parts[i];
    struct facts *facts = input->facts;
    struct org_set recipients = {0};
    for (size_t j = 0; j < part->n_recipients; j++) {
        unsigned org = find_organisation(input, part->recipients[j]);
        if (org == ORG_NONE)
            return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "header.parts[%zu].recipients[%zu]", i, j);
        if (org_set_has(&recipients, org))
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.parts[%zu].recipients[%zu]", i, j);
        org_set_add(&recipients, org);
    }
    registry_era_resolve(era, &recipients, &facts->recipients[i]);
    facts->organisation[i] = *part->organisation ? find_organisation(input, part->organisation) : ORG_NONE;
    if (*part->organisation && facts->organisation[i] == ORG_NONE)
        return facts_refuse(input->why, OUTCOME_ORGANISATION_UNKNOWN, "header.parts[%zu].organisation", i);
    return true;
}

static void find_regions(const struct facts_input *input)
{
    struct org_set all = input->facts->named;
    org_set_include(&all, &input->facts->living);
    for (unsigned org = org_set_next(&all, 0); org < ORGANISATIONS_MAX; org = org_set_next(&all, org + 1))
        input->facts->regions |= 1u << input->snapshot->policy->region_of[org];
}

bool facts_find_organisations(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const struct registry_era *era = registry_era_at(input->snapshot->registry, input->facts->at_ms);
    struct facts *facts = input->facts;
    if (!find_exporter(input) ||
        !find_all(input, "importer_forces", header->n_importer_forces, header->importer_forces, &facts->importers) ||
        !find_all(input, "transit_forces", header->n_transit_forces, header->transit_forces, &facts->transits) ||
        !find_all(input, "home_forces", header->n_home_forces, header->home_forces, &facts->homes))
        return false;
    org_set_include(&facts->named, &facts->importers);
    org_set_include(&facts->named, &facts->transits);
    org_set_include(&facts->named, &facts->homes);
    registry_era_resolve(era, &facts->named, &facts->living);
    find_regions(input);
    for (size_t i = 0; i < header->n_parts; i++)
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
