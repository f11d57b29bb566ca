// SPDX-License-Identifier: Apache-2.0
// The stages that need no memory: the form of the record, who vouches for it, where it belongs, and what it says.
#include "hub/contract/item_id.h"
#include "hub/contract/lanes.h"
#include "hub/contract/proof.h"
#include "hub/decide/stage.h"
#include "hub/rules/policy.h"
#include "hub/rules/registry.h"

static bool has_origin(const struct record *record)
{
    return record->origin_topic.len > 3 && record->origin_partition >= 0 && record->origin_offset >= 0 &&
           record->origin_appended_ms > 0;
}

bool stage_origin(struct journey *journey)
{
    const struct record *record = journey->record;
    if (journey_relayed(record) && !has_origin(record))
        return journey_refuse(journey, OUTCOME_RELANE_ORIGIN, "");
    return true;
}

bool stage_envelope(struct journey *journey)
{
    struct slice value = journey->record->value;
    if (value.len == 0)
        return journey_refuse(journey, OUTCOME_EMPTY, "");
    journey->opened = envelope_open(value, NULL, &journey->envelope, &journey->decision->refusal);
    return journey_pass(journey, journey->opened);
}

bool stage_agency(struct journey *journey)
{
    const struct registry *registry = journey->snapshot->registry;
    journey->agency = registry_find(registry, journey->decision->agency);
    if (journey->agency == ORG_NONE || !registry_in_force(registry, journey->agency, journey->decision->appended_ms) ||
        !registry_row(registry, journey->agency)->publishes)
        return journey_refuse(journey, OUTCOME_AGENCY_UNKNOWN, "");
    return true;
}

bool stage_key(struct journey *journey)
{
    enum outcome outcome = registry_key(journey->snapshot->registry, journey->agency, journey->envelope.key_id,
        journey->decision->appended_ms, &journey->key);
    return outcome == OUTCOME_ACCEPTED || journey_refuse(journey, outcome, "proof.key_id");
}

bool stage_signature(struct journey *journey)
{
    struct decision *decision = journey->decision;
    if (!proof_batch_valid(journey->envelope.batch_size))
        return journey_refuse(journey, OUTCOME_FIELD_RANGE, "proof.batch_size");
    decision->leaf = proof_leaf(journey->envelope.header);
#ifndef SIGNALBOX_BENCH_UNSIGNED // the benchmark's own build, to tell the cost of signatures; no shipped library has it
    const struct proof_scope scope = {
        registry_deployment(journey->snapshot->registry), decision->agency, journey->topic};
    if (!proof_verify(&journey->envelope, &scope, journey->key, journey->memory->roots))
        return journey_refuse(journey, OUTCOME_SIGNATURE_BAD, "proof.signature");
#endif
    return true;
}

bool stage_header(struct journey *journey)
{
    struct decision *decision = journey->decision;
    decision->header = envelope_header(&journey->envelope, journey->arena, &decision->refusal);
    if (!decision->header)
        return journey_end(journey, (enum outcome)decision->refusal.outcome);
    if (!slice_equal(slice_text(decision->header->agency), decision->agency))
        return journey_refuse(journey, OUTCOME_AGENCY_MISMATCH, "header.agency");
    if (!registry_key_signs(journey->snapshot->registry, journey->agency, journey->envelope.key_id,
            SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS))
        return journey_refuse(journey, OUTCOME_KEY_PURPOSE, "proof.key_id");
    return true;
}

static bool is_own_id(const Signalbox__V1__Header *header)
{
    struct item_id id;
    return item_id_make(slice_text(header->agency), slice_text(header->subject),
               slice_of(header->nonce.data, header->nonce.len), &id) &&
           slice_equal(slice_of(header->item_id.data, header->item_id.len), item_id_slice(&id));
}

// The lane is judged by the signed subject, never by the sender's partitioner. The key goes first: it is written again
// when the record is sent on, and nobody has signed it or bounded its size.
bool stage_lane(struct journey *journey)
{
    struct memory *memory = journey->memory;
    const Signalbox__V1__Header *header = journey->decision->header;
    if (!slice_equal(journey->record->key, slice_text(header->subject)))
        return journey_refuse(journey, OUTCOME_KEY_MISMATCH, "header.subject");
    if (!is_own_id(header))
        return journey_refuse(journey, OUTCOME_ITEM_ID_WRONG, "header.item_id");
    journey->decision->nonce = slice_of(header->nonce.data, header->nonce.len);
    uint32_t lane = lanes_place(slice_text(header->subject), memory->lanes);
    if (lane == memory->lane) {
        memory_prefetch(memory, MEMORY_ITEM, header->item_id.data); // looked up once all that it says is checked
        return true;
    }
    if (journey_relayed(journey->record))
        return journey_refuse(journey, OUTCOME_WRONG_LANE, "header.subject");
    journey->decision->to_lane = lane;
    return journey_end(journey, OUTCOME_FORWARDED);
}

bool stage_content(struct journey *journey)
{
    struct decision *decision = journey->decision;
    struct envelope *envelope = &journey->envelope;
    decision->routing = envelope_routing(envelope, decision->header, journey->arena, &decision->refusal);
    if (!decision->routing)
        return journey_end(journey, (enum outcome)decision->refusal.outcome);
    journey->read = envelope_slots_fit(envelope, decision->header, &decision->refusal) &&
                    envelope_infos(envelope, journey->arena, &decision->refusal);
    decision->bound = journey->read && envelope_digests(envelope, decision->header, &decision->refusal);
    return journey_pass(journey, decision->bound && envelope_bodies(envelope, decision->header, &decision->refusal));
}

// For the ledger: how much of it there is, and which earlier item it is about.
static void tell_item(struct journey *journey)
{
    struct decision *decision = journey->decision;
    const Signalbox__V1__ItemReference *about = decision->header->about;
    decision->n_parts = journey->facts.item.n_parts;
    if (!about)
        return;
    decision->about_item = slice_of(about->item_id.data, about->item_id.len);
    decision->about_agency = journey->facts.about_agency;
}

bool stage_facts(struct journey *journey)
{
    struct decision *decision = journey->decision;
    struct refusal *why = &decision->refusal;
    struct slice contents[ENVELOPE_PARTS];
    struct item_view item = item_view_of(&journey->envelope, decision->header, decision->routing);
    for (size_t i = 0; i < item.n_parts; i++)
        contents[i] = journey->envelope.parts[i].content;
    if (!facts_from_item(journey->snapshot, &item, journey->agency, decision->appended_ms, &journey->facts, why) ||
        !facts_check_bodies(&journey->facts, contents, item.n_parts, journey->arena, why))
        return journey_pass(journey, false);
    tell_item(journey);
    return true;
}
