// SPDX-License-Identifier: Apache-2.0
// Who gets the item: those who may see it, of them those who want it, of them those who do not hold it already.
#include "hub/base/uninitialized.h"
#include "hub/decide/interest_match.h"
#include "hub/decide/stage.h"
#include "hub/decide/standing.h"

#define GATE(name) SIGNALBOX__V1__GATE__GATE_##name

// The value for a force that may see these parts. Forces with the same parts share one copy.
static struct delivery deliver_to(
    struct journey *journey, const struct delivery *earlier, size_t n_earlier, unsigned org)
{
    const struct envelope *envelope = &journey->envelope;
    uint32_t all = (UINT32_C(1) << envelope->n_parts) - 1;
    struct delivery delivery = {
        .org = org, .parts = journey->release.parts[org], .audience = journey->release.audience[org]};
    delivery.whole = delivery.parts == all;
    for (size_t i = n_earlier; i > 0; i--) {
        if (earlier[i - 1].parts != delivery.parts)
            continue;
        delivery.value = earlier[i - 1].value;
        delivery.slots = earlier[i - 1].slots;
        return delivery;
    }
    delivery.value = envelope_copy(envelope, delivery.parts, journey->arena);
    delivery.slots = envelope_filled(envelope, delivery.parts);
    return delivery;
}

static Signalbox__V1__Standing standing_in_memory(const struct journey *journey)
{
    return journey->identity.known ? standing_of(&journey->identity.row) : SIGNALBOX__V1__STANDING__STANDING_RELEASED;
}

static struct org_set wanted_by(struct journey *journey, uint64_t revisions[ORGANISATIONS_MAX])
{
    struct release *release = &journey->release;
    struct decision *decision = journey->decision;
    struct org_set wanted = release->cleared;
    if (release_asks_interest(&journey->facts))
        wanted = interest_match(journey->snapshot, &journey->facts, release->cleared, revisions);
    org_set_intersect(&wanted, &release->cleared); // interest never widens release, whatever it says
    for (unsigned gate = 0; gate < GATE_COUNT; gate++)
        org_set_copy(&decision->withheld[gate], &release->withheld[gate]);
    decision->withheld[GATE(INTEREST)] = org_set_minus(release->cleared, wanted);
    if (!journey->narrowed)
        return wanted;
    decision->withheld[GATE(HOLDS)] = org_set_and(wanted, journey->holding);
    return org_set_minus(wanted, journey->holding);
}

static enum outcome outcome_of(const struct journey *journey)
{
    const struct decision *decision = journey->decision;
    if (decision->n_deliveries)
        return OUTCOME_ACCEPTED;
    bool held = journey->narrowed && !org_set_empty(&decision->withheld[GATE(HOLDS)]);
    return held ? (enum outcome)journey->narrowed->outcome : OUTCOME_ACCEPTED_NOBODY;
}

bool stage_release(struct journey *journey)
{
    struct decision *decision = journey->decision;
    uint64_t revisions[ORGANISATIONS_MAX] UNINITIALIZED; // fills only where interest is asked
    bool asked = release_asks_interest(&journey->facts);
    release_plan(journey->snapshot, &journey->facts, standing_in_memory(journey), &journey->release);
    struct org_set wanted = wanted_by(journey, revisions);
    size_t n = org_set_count(&wanted);
    decision->deliveries = arena_alloc(journey->arena, (n + 1) * sizeof *decision->deliveries);
    if (!decision->deliveries)
        return journey_refuse(journey, OUTCOME_STATE_FULL, "");
    for (unsigned org = org_set_next(&wanted, 0); org < ORGANISATIONS_MAX; org = org_set_next(&wanted, org + 1)) {
        struct delivery *delivery = &decision->deliveries[decision->n_deliveries];
        *delivery = deliver_to(journey, decision->deliveries, decision->n_deliveries, org);
        delivery->subscription_revision = asked ? revisions[org] : 0;
        decision->n_deliveries++;
    }
    if (!journey->changes) // what becomes of a change of standing is known already
        decision->outcome = outcome_of(journey);
    return true;
}
