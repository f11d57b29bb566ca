// SPDX-License-Identifier: Apache-2.0
// Who may see an item: first the audience, derived from what the header names, then gates that each can only take away.
// Everything is a set operation, so a field that is missing adds nobody.
//
// A force that no part reaches is recorded at the furthest gate that any part got to: clearance, then recipients, then
// organisation. Named recipients narrow the audience; they do not add to it.
//
// Canaries stand outside of all this: what one sends goes back to itself alone, and nothing else reaches it.
#include "hub/decide/release.h"
#include "hub/base/uninitialized.h"
#include "hub/rules/policy_parts.h"
#include "hub/rules/registry_parts.h"

#define REASON(name) SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_##name
#define GATE(name)   SIGNALBOX__V1__GATE__GATE_##name

struct audience {
    struct org_set by_reason[AUDIENCE_REASON_COUNT], all;
};

static void add_regional_units(const struct policy *policy, const struct org_set *living, struct org_set *set)
{
    for (unsigned org = org_set_next(living, 0); org < ORGANISATIONS_MAX; org = org_set_next(living, org + 1))
        org_set_include(set, &policy->region_audience[policy->region_of[org]]);
}

static void add_strand_leads(
    const struct policy *policy, uint32_t strands, const struct registry_era *era, struct org_set *set)
{
    for (unsigned strand = 1; strand < STRAND_COUNT; strand++)
        if (strands >> strand & 1)
            registry_era_resolve(era, &policy->leads[strand], set);
}

// A report that names no force still in being cannot be addressed: the centre alone gets it, to find out whose it is.
static void address_report(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct audience *audience)
{
    const struct policy *policy = snapshot->policy;
    struct org_set *sets = audience->by_reason;
    registry_era_resolve(era, &policy->centre, &sets[REASON(CENTRE)]);
    if (org_set_empty(&facts->living) && org_set_empty(&facts->living_homes))
        return;
    registry_era_resolve(era, &facts->exporters, &sets[REASON(EXPORTER)]);
    registry_era_resolve(era, &facts->importers, &sets[REASON(IMPORTER)]);
    registry_era_resolve(era, &facts->transits, &sets[REASON(TRANSIT)]);
    org_set_include(&sets[REASON(HOME)], &facts->living_homes);
    add_regional_units(policy, &facts->living, &sets[REASON(REGION)]);
    add_regional_units(policy, &facts->living_homes, &sets[REASON(REGION)]);
    if (facts->rail)
        registry_era_resolve(era, &policy->rail, &sets[REASON(RAIL)]);
    add_strand_leads(policy, facts->strands, era, &sets[REASON(STRAND_LEAD)]);
}

static void address_guidance(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    struct audience *audience)
{
    (void)snapshot, (void)facts;
    org_set_copy(&audience->by_reason[REASON(GUIDANCE)], &era->subscribers);
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
    return org_set_has(&snapshot->registry->canaries, org);
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
        org_set_include(&audience->all, &audience->by_reason[reason]);
    org_set_intersect(&audience->all, &era->subscribers);
    if (!canary)
        org_set_exclude(&audience->all, &snapshot->registry->canaries);
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

static void keep_cleared(
    const struct registry *registry, Signalbox__V1__Classification classification, struct org_set *set)
{
    if (classification >= SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL &&
        classification <= SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET)
        org_set_intersect(set, &registry->clearance[classification]);
    else
        org_set_clear(set);
}

static void keep_organisation(const struct registry_era *era, unsigned org, struct org_set *set)
{
    struct org_set standing = {0};
    if (org != ORG_NONE)
        registry_era_stand_for(era, org, &standing);
    org_set_intersect(set, &standing);
}

static void grant_part(struct release *release, const struct org_set *set, uint32_t part)
{
    for (unsigned org = org_set_next(set, 0); org < ORGANISATIONS_MAX; org = org_set_next(set, org + 1)) {
        if (!org_set_has(&release->cleared, org))
            release->parts[org] = 0;
        release->parts[org] |= 1u << part;
    }
    org_set_include(&release->cleared, set);
}

// Stops at a gate whoever came to it and not past it.
static void withhold_at_gate(
    struct release *release, Signalbox__V1__Gate gate, const struct org_set *before, const struct org_set *past)
{
    org_set_copy(&release->withheld[gate], before);
    org_set_exclude(&release->withheld[gate], past);
}

static void pass_gates(const struct snapshot *snapshot, const struct facts *facts, const struct registry_era *era,
    const struct org_set *audience, struct release *release)
{
    struct org_set past_clearance = {0}, past_recipients = {0}, set;
    for (uint32_t i = 0; i < facts->item.n_parts; i++) {
        const Signalbox__V1__PartInfo *part = facts->item.parts[i];
        org_set_copy(&set, audience);
        keep_cleared(snapshot->registry, part->classification, &set);
        org_set_include(&past_clearance, &set);
        if (names_recipients(snapshot->policy, part))
            org_set_intersect(&set, &facts->recipients[i]);
        org_set_include(&past_recipients, &set);
        if (names_organisation(snapshot->policy, part))
            keep_organisation(era, facts->organisation[i], &set);
        grant_part(release, &set, i);
    }
    withhold_at_gate(release, GATE(CLEARANCE), audience, &past_clearance);
    withhold_at_gate(release, GATE(RECIPIENTS), &past_clearance, &past_recipients);
    withhold_at_gate(release, GATE(ORGANISATION), &past_recipients, &release->cleared);
}

// Tests are for the hub alone.
static bool may_leave(Signalbox__V1__Status status, bool canary)
{
    return status == SIGNALBOX__V1__STATUS__STATUS_ACTUAL || status == SIGNALBOX__V1__STATUS__STATUS_EXERCISE ||
           (canary && status == SIGNALBOX__V1__STATUS__STATUS_TEST);
}

_Static_assert(AUDIENCE_REASON_COUNT <= 32 && ENVELOPE_PARTS <= 32, "reasons and parts of a force are sets of bits");

void release_plan(const struct snapshot *snapshot, const struct facts *facts, Signalbox__V1__Standing standing,
    struct release *release)
{
    const struct registry_era *era = registry_era_at(snapshot->registry, facts->at_ms);
    struct audience audience UNINITIALIZED;
    bool canary = is_canary(snapshot, facts->agency);
    org_set_clear(&audience.all);
    for (unsigned reason = 0; reason < AUDIENCE_REASON_COUNT; reason++)
        org_set_clear(&audience.by_reason[reason]);
    org_set_clear(&release->cleared);
    for (unsigned gate = 0; gate < GATE_COUNT; gate++)
        org_set_clear(&release->withheld[gate]);

    add_addressees(snapshot, facts, era, &audience);
    record_reasons(&audience, release);
    if (!canary) // there is nothing to explain to forces, and the ledger would name all of them for each canary
        withhold_at_gate(release, GATE(AUDIENCE), &era->subscribers, &audience.all);
    if (standing != SIGNALBOX__V1__STANDING__STANDING_RELEASED)
        org_set_copy(&release->withheld[GATE(STANDING)], &audience.all);
    else if (!may_leave(facts->item.header->status, canary))
        org_set_copy(&release->withheld[GATE(TEST)], &audience.all);
    else
        pass_gates(snapshot, facts, era, &audience.all, release);
}
