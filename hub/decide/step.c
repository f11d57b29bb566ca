// SPDX-License-Identifier: Apache-2.0
// The straight line. A record walks through the stages below, in this order; each either lets it pass or ends its
// journey with an outcome. Cheap and unauthenticated checks come first, so that a forger can cost us little; what needs
// the lane's memory comes after everything that the sender can be told to mend.
#include "hub/decide/step.h"
#include "hub/base/big_endian.h"
#include "hub/base/uninitialized.h"
#include "hub/contract/outcome.h"
#include "hub/contract/lanes.h"
#include "hub/contract/proof.h"
#include "hub/contract/spill.h"
#include "hub/decide/identity.h"
#include "hub/decide/interest_match.h"
#include "hub/rules/policy.h"
#include "hub/rules/registry.h"
#include <stddef.h>

struct journey {
    const struct snapshot *snapshot;
    struct memory *memory;
    const struct record *record;
    struct arena *arena;
    struct decision *decision;

    struct slice topic; // by which the item is signed: the inbound one, also of a forwarded record
    unsigned agency;
    struct envelope envelope;
    bool opened; // envelope holds
    EVP_PKEY *key;
    struct fingerprint marks[IDENTITY_COUNT];
    // Large, and filled by its stage as a whole: not cleared for each record.
    struct facts facts;
    struct release release;
};

static bool end_journey(struct journey *journey, enum outcome outcome)
{
    journey->decision->outcome = outcome;
    return false;
}

static bool refuse_record(struct journey *journey, enum outcome outcome, const char *path)
{
    struct refusal *refusal = &journey->decision->refusal;
    refusal->outcome = outcome;
    refusal->offset = -1;
    size_t len = strlen(path);
    memcpy(refusal->path, path, len + 1);
    return end_journey(journey, outcome);
}

// For checks that fill the refusal themselves.
static bool pass_or_refuse(struct journey *journey, bool passed)
{
    return passed || end_journey(journey, journey->decision->refusal.outcome);
}

static bool is_relayed(const struct record *record)
{
    return slice_equal(record->topic, slice_text("relane"));
}

static bool has_origin(const struct record *record)
{
    return record->origin_topic.len > 3 && record->origin_partition >= 0 && record->origin_offset >= 0 &&
           record->origin_appended_ms > 0;
}

static bool stage_origin(struct journey *journey)
{
    const struct record *record = journey->record;
    if (is_relayed(record) && !has_origin(record))
        return refuse_record(journey, OUTCOME_RELANE_ORIGIN, "");
    return true;
}

static bool stage_envelope(struct journey *journey)
{
    struct slice value = journey->record->value;
    if (value.len == 0)
        return refuse_record(journey, OUTCOME_EMPTY, "");
    journey->opened = envelope_open(value, &journey->envelope, &journey->decision->refusal);
    return pass_or_refuse(journey, journey->opened);
}

static bool stage_agency(struct journey *journey)
{
    const struct registry *registry = journey->snapshot->registry;
    journey->agency = registry_find(registry, journey->decision->agency);
    if (journey->agency == ORG_NONE || !registry_in_force(registry, journey->agency, journey->decision->appended_ms) ||
        !registry_row(registry, journey->agency)->publishes)
        return refuse_record(journey, OUTCOME_AGENCY_UNKNOWN, "");
    return true;
}

static bool seen_before(struct journey *journey, enum identity_level level, enum outcome outcome)
{
    const uint8_t *known = memory_find(journey->memory, MEMORY_MARK, journey->marks[level].bytes);
    if (!known)
        return false;
    journey->decision->first_sequence = big_endian_read(known, MEMORY_SEQUENCE_BYTES);
    end_journey(journey, outcome);
    return true;
}

// Only bytes that were verified once are remembered, so nobody can forge a repeat; finding one here saves its
// verification.
static bool stage_same_bytes(struct journey *journey)
{
    journey->marks[IDENTITY_BYTES] = identity_bytes(journey->decision->agency, &journey->decision->value_digest);
    return !seen_before(journey, IDENTITY_BYTES, OUTCOME_DUPLICATE_BYTES);
}

static bool stage_key(struct journey *journey)
{
    enum outcome outcome = registry_key(journey->snapshot->registry, journey->agency, journey->envelope.key_id,
        journey->decision->appended_ms, &journey->key);
    return outcome == OUTCOME_ACCEPTED || refuse_record(journey, outcome, "proof.key_id");
}

static bool stage_signature(struct journey *journey)
{
    if (!proof_batch_valid(journey->envelope.batch_size))
        return refuse_record(journey, OUTCOME_FIELD_RANGE, "proof.batch_size");
#ifdef SIGNALBOX_BENCH_UNSIGNED // the benchmark's own build, to tell the cost of signatures; no shipped library has it
    return true;
#else
    const struct proof_scope scope = {
        registry_deployment(journey->snapshot->registry), journey->decision->agency, journey->topic};
    return proof_verify(&journey->envelope, &scope, journey->key, journey->memory->roots) ||
           refuse_record(journey, OUTCOME_SIGNATURE_BAD, "proof.signature");
#endif
}

static bool stage_header(struct journey *journey)
{
    struct decision *decision = journey->decision;
    if (!decision->header)
        decision->header = envelope_header(&journey->envelope, journey->arena, &decision->refusal);
    if (!decision->header)
        return end_journey(journey, decision->refusal.outcome);
    if (!slice_equal(slice_text(decision->header->agency), decision->agency))
        return refuse_record(journey, OUTCOME_AGENCY_MISMATCH, "header.agency");
    if (!registry_key_signs(journey->snapshot->registry, journey->agency, journey->envelope.key_id,
            SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS))
        return refuse_record(journey, OUTCOME_KEY_PURPOSE, "proof.key_id");
    return true;
}

// The lane is judged by the signed subject, never by the sender's partitioner. The key goes first: it is written again
// when the record is sent on, and nobody has signed it or bounded its size.
static bool stage_lane(struct journey *journey)
{
    struct memory *memory = journey->memory;
    if (!slice_equal(journey->record->key, slice_text(journey->decision->header->subject)))
        return refuse_record(journey, OUTCOME_KEY_MISMATCH, "header.subject");
    uint32_t lane = lanes_place(slice_text(journey->decision->header->subject), memory->lanes);
    if (lane == memory->lane)
        return true;
    if (is_relayed(journey->record))
        return refuse_record(journey, OUTCOME_WRONG_LANE, "header.subject");
    journey->decision->to_lane = lane;
    return end_journey(journey, OUTCOME_FORWARDED);
}

static bool stage_content(struct journey *journey)
{
    struct decision *decision = journey->decision;
    return pass_or_refuse(journey, envelope_digests(&journey->envelope, decision->header, true, &decision->refusal) &&
                                       envelope_bodies(&journey->envelope, decision->header, &decision->refusal));
}

static bool stage_facts(struct journey *journey)
{
    struct decision *decision = journey->decision;
    struct slice contents[ENVELOPE_PARTS];
    for (size_t i = 0; i < decision->header->n_parts; i++)
        contents[i] = journey->envelope.parts[i].content;
    return pass_or_refuse(journey, facts_from_header(journey->snapshot, decision->header, journey->agency,
                                       decision->appended_ms, &journey->facts, &decision->refusal) &&
                                       facts_check_bodies(&journey->facts, contents, decision->header->n_parts,
                                           journey->arena, &decision->refusal));
}

static bool stage_repeat(struct journey *journey)
{
    struct slice agency = journey->decision->agency;
    const Signalbox__V1__Header *header = journey->decision->header;
    journey->marks[IDENTITY_REVISION] = identity_revision(agency, header);
    if (seen_before(journey, IDENTITY_REVISION, OUTCOME_DUPLICATE_REVISION))
        return false;
    journey->marks[IDENTITY_CONTENT] = identity_content(agency, header, &journey->envelope);
    return !seen_before(journey, IDENTITY_CONTENT, OUTCOME_DUPLICATE_CONTENT);
}

static void remember_mark(struct journey *journey, enum identity_level level)
{
    uint8_t sequence[MEMORY_SEQUENCE_BYTES];
    big_endian_write(sequence, sizeof sequence, journey->decision->sequence);
    memory_put(journey->memory, MEMORY_MARK, journey->marks[level].bytes, sequence);
}

// Room is made for all marks before the first is set: an item half remembered would be refused when it is sent again.
static bool stage_remember(struct journey *journey)
{
    struct memory *memory = journey->memory;
    size_t bytes = IDENTITY_COUNT * shape_width(&memory_row(MEMORY_MARK)->shape);
    if (!memory_has_room(memory, bytes) || !memory_reserve(memory, MEMORY_MARK, IDENTITY_COUNT))
        return refuse_record(journey, OUTCOME_STATE_FULL, "");
    remember_mark(journey, IDENTITY_BYTES);
    remember_mark(journey, IDENTITY_REVISION);
    remember_mark(journey, IDENTITY_CONTENT);
    return true;
}

static bool stage_withdrawal(struct journey *journey)
{
    const Signalbox__V1__Header *header = journey->decision->header;
    journey->marks[IDENTITY_WITHDRAWAL] = identity_withdrawal(journey->decision->agency, header);
    if (seen_before(journey, IDENTITY_WITHDRAWAL, OUTCOME_WITHDRAWN))
        return false;
    if (header->standing == SIGNALBOX__V1__STANDING__STANDING_RECALLED)
        remember_mark(journey, IDENTITY_WITHDRAWAL);
    return true;
}

// The value for a force that may see these parts. Forces with the same parts share one copy.
static struct delivery deliver_to(
    struct journey *journey, const struct delivery *earlier, size_t n_earlier, unsigned org)
{
    uint32_t all = (UINT32_C(1) << journey->decision->header->n_parts) - 1;
    struct delivery delivery = {
        .org = org, .parts = journey->release.parts[org], .audience = journey->release.audience[org]};
    delivery.whole = delivery.parts == all;
    if (delivery.whole)
        delivery.value = journey->record->value;
    for (size_t i = 0; !delivery.value.data && i < n_earlier; i++)
        if (earlier[i].parts == delivery.parts)
            delivery.value = earlier[i].value;
    if (!delivery.value.data)
        delivery.value = envelope_withhold(&journey->envelope, delivery.parts, journey->arena);
    return delivery;
}

static bool stage_release(struct journey *journey)
{
    struct decision *decision = journey->decision;
    struct release *release = &journey->release;
    uint64_t revisions[ORGANISATIONS_MAX] UNINITIALIZED;
    release_plan(journey->snapshot, &journey->facts, release);
    decision->n_parts = (uint32_t)decision->header->n_parts;
    struct org_set wanted = interest_match(journey->snapshot->interest, &journey->facts, release->cleared, revisions);

    for (size_t gate = 0; gate < GATE_COUNT; gate++)
        org_set_copy(&decision->withheld[gate], &release->withheld[gate]);
    org_set_copy(&decision->withheld[SIGNALBOX__V1__GATE__GATE_INTEREST], &release->cleared);
    org_set_exclude(&decision->withheld[SIGNALBOX__V1__GATE__GATE_INTEREST], &wanted);
    org_set_intersect(&wanted, &release->cleared); // interest never widens release, whatever it says
    size_t n = org_set_count(&wanted);
    decision->deliveries = n ? arena_alloc(journey->arena, n * sizeof *decision->deliveries) : NULL;
    for (unsigned org = org_set_next(&wanted, 0); org < ORGANISATIONS_MAX; org = org_set_next(&wanted, org + 1)) {
        struct delivery *delivery = &decision->deliveries[decision->n_deliveries];
        *delivery = deliver_to(journey, decision->deliveries, decision->n_deliveries, org);
        delivery->subscription_revision = revisions[org];
        decision->n_deliveries++;
    }
    return end_journey(journey, n ? OUTCOME_ACCEPTED : OUTCOME_ACCEPTED_NOBODY);
}

static bool (*const stages[])(struct journey *) = {
    stage_origin,
    stage_envelope,
    stage_agency,
    stage_same_bytes,
    stage_key,
    stage_signature,
    stage_header,
    stage_lane,
    stage_content,
    stage_facts,
    stage_repeat,
    stage_remember,
    stage_withdrawal,
    stage_release,
};

// Content above the ceiling is kept nowhere, whichever check refused the record: a spill with a bad signature is a
// spill.
static bool above_ceiling(struct journey *journey)
{
    struct decision *decision = journey->decision;
    Signalbox__V1__Classification ceiling = policy_document(journey->snapshot->policy)->ceiling;
    struct refusal ignored;
    if (!decision->header && journey->opened)
        decision->header = envelope_header(&journey->envelope, journey->arena, &ignored);
    if (!decision->header)
        return spill_suspected(journey->record->value, ceiling);
    for (size_t i = 0; i < decision->header->n_parts; i++)
        if (decision->header->parts[i]->classification > ceiling)
            return true;
    return false;
}

static void settle_refused(struct journey *journey)
{
    journey->decision->spill = above_ceiling(journey);
    journey->decision->keep_value = !journey->decision->spill && journey->record->value.len <= STEP_KEPT_BYTES;
}

static struct slice agency_of(struct slice topic)
{
    return topic.len > 3 && memcmp(topic.data, "in.", 3) == 0 ? slice_of(topic.data + 3, topic.len - 3)
                                                              : (struct slice){0};
}

static void begin_decision(
    struct memory *memory, const struct record *record, struct slice topic, struct decision *decision)
{
    memset(decision, 0, sizeof *decision);
    decision->sequence = ++memory->sequence;
    decision->refusal.offset = -1;
    decision->value_digest = digest_of(record->value);
    decision->agency = agency_of(topic);
    decision->appended_ms = is_relayed(record) && has_origin(record) ? record->origin_appended_ms : record->appended_ms;
    decision->keep_value = true;
}

static struct slice signed_topic(const struct record *record)
{
    return is_relayed(record) ? record->origin_topic : record->topic;
}

void step(const struct snapshot *snapshot, struct memory *memory, const struct record *record, struct arena *arena,
    struct decision *decision)
{
    struct journey journey UNINITIALIZED;
    memset(&journey, 0, offsetof(struct journey, facts));
    journey.snapshot = snapshot;
    journey.memory = memory;
    journey.record = record;
    journey.arena = arena;
    journey.decision = decision;
    journey.topic = signed_topic(record);
    begin_decision(memory, record, journey.topic, decision);
    for (size_t i = 0; stages[i](&journey);)
        i++; // the last stage always ends the journey
    if (outcome_row(decision->outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        settle_refused(&journey);
}

void step_poison(struct memory *memory, const struct record *record, struct arena *arena, struct decision *decision)
{
    (void)arena;
    begin_decision(memory, record, signed_topic(record), decision);
    decision->outcome = decision->refusal.outcome = OUTCOME_POISON;
    // What the record holds cannot be told without looking, and looking made the hub fail: it may be a spill.
    decision->spill = true;
    decision->keep_value = false;
}
