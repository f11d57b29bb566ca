// SPDX-License-Identifier: Apache-2.0
// Who may see an item: first the audience, derived from what the header names, then gates that each can only take away.
// Everything is a set operation, so a field that is missing adds nobody.
//
// A force that no part reaches is recorded at the furthest gate that any part got to: clearance, then recipients, then
// organisation. Named recipients narrow the audience; they do not add to it.
//
// Canaries stand outside of all this: what one sends goes back to itself alone, and nothing else reaches it.
#include "hub/decide/release.h"
#include "hub/rules/policy_parts.h"
#include "hub/rules/registry_parts.h"

#define REASON(name) SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_##name
#define GATE(name)   SIGNALBOX__V1__GATE__GATE_##name

struct audience {
    struct org_set by_reason[AUDIENCE_REASON_COUNT], all;
};

static struct org_set regional_units(const struct policy *policy, const struct org_set *living)
{
    struct org_set set = {0};
    for (unsigned org = org_set_next(living, 0); org < ORGANISATIONS_MAX; org = org_set_next(living, org + 1))
        set = org_set_or(set, policy->region_audience[policy->region_of[org]]);
    return set;
}

static struct org_set strand_leads(const struct policy *policy, uint32_t strands)
{
    struct org_set set = {0};
    for (unsigned strand = 1; strand < STRAND_COUNT; strand++)
        if (strands >> strand & 1)
            set = org_set_or(set, policy->leads[strand]);
    return set;
}

// A report that names no force still in being cannot be addressed: the centre alone gets it, to find out whose it is.
static void address_report(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct audience *audience)
{
    const struct policy *policy = snapshot->policy;
    struct org_set *sets = audience->by_reason;
    struct org_set living = org_set_or(facts->living, facts->living_homes);
    sets[REASON(CENTRE)] = registry_era_resolve(era, policy->centre);
    if (org_set_empty(&living))
        return;
    sets[REASON(EXPORTER)] = registry_era_resolve(era, facts->exporters);
    sets[REASON(IMPORTER)] = registry_era_resolve(era, facts->importers);
    sets[REASON(TRANSIT)] = registry_era_resolve(era, facts->transits);
    sets[REASON(HOME)] = facts->living_homes;
    sets[REASON(REGION)] = regional_units(policy, &living);
    if (facts->rail)
        sets[REASON(RAIL)] = registry_era_resolve(era, policy->rail);
    sets[REASON(STRAND_LEAD)] = registry_era_resolve(era, strand_leads(policy, facts->strands));
}

static void address_guidance(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct audience *audience)
{
    (void)snapshot, (void)facts;
    audience->by_reason[REASON(GUIDANCE)] = era->subscribers;
}

struct audience_row {
    void (*address)(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
        struct audience *audience);
    bool interest_asked;
};

static const struct audience_row audiences[KIND_COUNT] = {
#define AUDIENCE(kind, function, interest) [SIGNALBOX__V1__KIND__KIND_##kind] = {function, interest},
#include "hub/decide/audience.def"
#undef AUDIENCE
};

static const struct audience_row *audience_row(const struct facts *facts)
{
    static const struct audience_row nobody;
    size_t kind = (size_t)facts->item.header->kind;
    return kind < KIND_COUNT ? &audiences[kind] : &nobody;
}

bool release_asks_interest(const struct facts *facts)
{
    return audience_row(facts)->interest_asked;
}

static bool is_canary(const struct snapshot *snapshot, unsigned org)
{
    return org < ORGANISATIONS_MAX && org_set_has(&snapshot->registry->canaries, org);
}

static void add_addressees(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct audience *audience)
{
    bool canary = is_canary(snapshot, facts->agency);
    if (canary)
        org_set_add(&audience->by_reason[REASON(CANARY)], facts->agency);
    else if (audience_row(facts)->address)
        audience_row(facts)->address(snapshot, facts, era, audience);
    for (unsigned reason = 1; reason < AUDIENCE_REASON_COUNT; reason++)
        audience->all = org_set_or(audience->all, audience->by_reason[reason]);
    audience->all = org_set_and(audience->all, era->subscribers);
    if (!canary)
        audience->all = org_set_minus(audience->all, snapshot->registry->canaries);
}

static void record_reasons(const struct audience *audience, struct release *release)
{
    for (unsigned org = org_set_next(&audience->all, 0); org < ORGANISATIONS_MAX;
         org = org_set_next(&audience->all, org + 1)) {
        release->audience[org] = 0;
        for (unsigned reason = 1; reason < AUDIENCE_REASON_COUNT; reason++)
            release->audience[org] |= (uint32_t)org_set_has(&audience->by_reason[reason], org) << reason;
    }
}

static bool marked_with(
    const struct policy *policy, const Signalbox__V1__PartInfo *part, Signalbox__V1__MarkingDemand demand)
{
    for (size_t i = 0; i < part->n_instructions; i++) {
        uint32_t place = codes_find(&policy->instructions, slice_text(part->instructions[i]));
        if (place == CODES_NONE || policy->markings[place].demand == demand)
            return true; // an instruction that the policy does not know may demand anything
    }
    return false;
}

static bool names_recipients(const struct policy *policy, const Signalbox__V1__PartInfo *part)
{
    return part->handling == SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C || part->n_recipients > 0 ||
           marked_with(policy, part, SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_RECIPIENTS);
}

static bool names_organisation(const struct policy *policy, const Signalbox__V1__PartInfo *part)
{
    return *part->organisation || marked_with(policy, part, SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_ORGANISATION);
}

static struct org_set clear_part(
    const struct registry *registry, struct org_set set, Signalbox__V1__Classification classification)
{
    bool known = classification >= SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL &&
                 classification <= SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET;
    return known ? org_set_and(set, registry->clearance[classification]) : (struct org_set){0};
}

static void grant_part(struct release *release, const struct org_set *set, uint32_t part)
{
    for (unsigned org = org_set_next(set, 0); org < ORGANISATIONS_MAX; org = org_set_next(set, org + 1)) {
        if (!org_set_has(&release->cleared, org))
            release->parts[org] = 0;
        release->parts[org] |= 1u << part;
    }
    release->cleared = org_set_or(release->cleared, *set);
}

static void pass_gates(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct org_set audience, struct release *release)
{
    struct org_set past_clearance = {0}, past_recipients = {0};
    for (uint32_t i = 0; i < facts->item.n_parts; i++) {
        const Signalbox__V1__PartInfo *part = facts->item.parts[i];
        struct org_set set = clear_part(snapshot->registry, audience, part->classification);
        past_clearance = org_set_or(past_clearance, set);
        if (names_recipients(snapshot->policy, part))
            set = org_set_and(set, facts->recipients[i]);
        past_recipients = org_set_or(past_recipients, set);
        if (names_organisation(snapshot->policy, part))
            set = facts->organisation[i] == ORG_NONE ? (struct org_set){0}
                                                     : org_set_and(set, era->stand_for[facts->organisation[i]]);
        grant_part(release, &set, i);
    }
    release->withheld[GATE(CLEARANCE)] = org_set_minus(audience, past_clearance);
    release->withheld[GATE(RECIPIENTS)] = org_set_minus(past_clearance, past_recipients);
    release->withheld[GATE(ORGANISATION)] = org_set_minus(past_recipients, release->cleared);
}

// Tests are for the hub alone.
static bool may_leave(Signalbox__V1__Status status, bool canary)
{
    return status == SIGNALBOX__V1__STATUS__STATUS_ACTUAL || status == SIGNALBOX__V1__STATUS__STATUS_EXERCISE ||
           (canary && status == SIGNALBOX__V1__STATUS__STATUS_TEST);
}

_Static_assert(AUDIENCE_REASON_COUNT <= 32 && FACTS_PARTS <= 32, "reasons and parts of a force are sets of bits");

void release_plan(const struct snapshot *snapshot, const struct facts *facts, Signalbox__V1__Standing standing,
    struct release *release)
{
    const struct registry_era *era = registry_era_at(snapshot->registry, facts->at_ms);
    struct audience audience = {0};
    bool canary = is_canary(snapshot, facts->agency);
    release->cleared = (struct org_set){0};
    memset(release->withheld, 0, sizeof release->withheld);

    add_addressees(snapshot, facts, era, &audience);
    record_reasons(&audience, release);
    if (!canary) // there is nothing to explain to forces, and the ledger would name all of them for each canary
        release->withheld[GATE(AUDIENCE)] = org_set_minus(era->subscribers, audience.all);
    if (standing != SIGNALBOX__V1__STANDING__STANDING_RELEASED)
        release->withheld[GATE(STANDING)] = audience.all;
    else if (!may_leave(facts->item.header->status, canary))
        release->withheld[GATE(TEST)] = audience.all;
    else
        pass_gates(snapshot, facts, era, audience.all, release);
}
