// SPDX-License-Identifier: Apache-2.0
// A header in the terms of a snapshot, or the first reason why it cannot be. The stages run in the order of the table.
// The ceiling comes before all others: whatever else is wrong with a header, one marked too high is a spill and is
// dealt with as one.
#include "hub/base/text.h"
#include "hub/contract/outcome.h"
#include "hub/contract/envelope.h"
#include "hub/decide/facts_parts.h"
#include <stdarg.h>

bool facts_refuse(struct refusal *why, enum outcome outcome, const char *path, ...)
{
    va_list arguments;
    va_start(arguments, path);
    text_print_list(why->path, sizeof why->path, path, arguments);
    va_end(arguments);
    why->outcome = outcome;
    why->offset = -1;
    return false;
}

// A change of standing is taken in whatever the policy lists: nobody may be kept from taking back what he sent.
static bool check_kind(const struct facts_input *input)
{
    uint32_t kind = (uint32_t)input->header->kind;
    bool standing = input->header->kind == SIGNALBOX__V1__KIND__KIND_STANDING;
    if (kind == 0 || kind >= 32 || (!standing && !(input->snapshot->policy->kinds >> kind & 1)))
        return facts_refuse(input->why, OUTCOME_KIND_NOT_TAKEN, "header.kind");
    input->facts->kinds = 1u << kind;
    return true;
}

// Time is the broker's, never this machine's.
static bool check_times(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const struct policy *policy = input->snapshot->policy;
    int64_t at_ms = input->facts->at_ms;
    if (header->made_unix_ms > at_ms + policy->max_ahead_ms)
        return facts_refuse(input->why, OUTCOME_NOT_YET_VALID, "header.made_unix_ms");
    if (header->not_before_unix_ms > at_ms)
        return facts_refuse(input->why, OUTCOME_NOT_YET_VALID, "header.not_before_unix_ms");
    if (header->expires_unix_ms && header->expires_unix_ms <= at_ms)
        return facts_refuse(input->why, OUTCOME_EXPIRED, "header.expires_unix_ms");
    if (header->made_unix_ms < at_ms - policy->max_age_ms)
        return facts_refuse(input->why, OUTCOME_EXPIRED, "header.made_unix_ms");
    return true;
}

static bool (*const stages[])(const struct facts_input *) = {
    facts_check_ceiling,
    check_kind,
    facts_check_kind_fields,
    facts_find_organisations,
    facts_find_codes,
    facts_check_fields,
    facts_check_markings,
    facts_check_handling,
    check_times,
};

_Static_assert(KIND_COUNT <= 32 && STRAND_COUNT <= 32 && PRIORITY_COUNT <= 32 && TRANSPORT_MODE_COUNT <= 32,
    "facts are sets of bits by value");

// Only what is not filled in any case: the sets of the parts are large.
static void clear_facts(struct facts *facts)
{
    struct org_set *const sets[] = {&facts->exporters, &facts->importers, &facts->transits, &facts->homes,
        &facts->named, &facts->living, &facts->living_homes};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        org_set_clear(sets[i]);
    facts->about_agency = ORG_NONE;
    facts->regions = facts->home_regions = facts->strands = facts->kinds = facts->priorities = 0;
    facts->themes = facts->products = 0;
    facts->rail = false;
}

bool facts_from_item(const struct snapshot *snapshot, const struct item_view *item, unsigned agency, int64_t at_ms,
    struct facts *facts, struct refusal *why)
{
    const struct facts_input input = {.snapshot = snapshot,
        .header = item->header,
        .routing = item->routing,
        .item = &facts->item,
        .facts = facts,
        .why = why};
    clear_facts(facts);
    facts->item = *item;
    facts->agency = agency;
    facts->at_ms = at_ms;
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (!stages[i](&input))
            return false;
    return true;
}
