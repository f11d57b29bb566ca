// SPDX-License-Identifier: Apache-2.0
// What the hub checks, checked again at both ends of the path by the very same functions: an agency learns of a mistake
// before it sends, and a force does not have to believe the hub.
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/seal.h"
#include "hub/base/text.h"
#include "hub/contract/guard.h"
#include "hub/contract/item_id.h"
#include "hub/contract/outcome.h"
#include "hub/decide/facts.h"
#include "hub/decide/release.h"
#include "hub/rules/registry.h"

#include <stdio.h>

// Form, limits, slots and digests, in the order of the hub's own checks. reader: what a newer contract added passes.
static bool inspect_form(
    struct slice value, bool reader, struct arena *arena, struct inspected *out, struct problem *why)
{
    struct refusal refusal = {.offset = -1};
    struct envelope *envelope = &out->envelope;
    *out = (struct inspected){0};
    if (value.len > GUARD_VALUE_BYTES)
        return problem_from_outcome(why, OUTCOME_TOO_LARGE, "");
    if (!envelope_open(value, reader ? &out->newer : NULL, envelope, &refusal))
        return problem_from_refusal(why, &refusal);
    out->header = envelope_header(envelope, arena, &refusal);
    if (out->header && !reader)
        out->routing = envelope_routing(envelope, out->header, arena, &refusal);
    if (!out->header || (!reader && !out->routing) || !envelope_infos(envelope, arena, &refusal) ||
        !envelope_digests(envelope, out->header, &refusal))
        return problem_from_refusal(why, &refusal);
    return true;
}

static bool inspect_bodies(struct inspected *item, struct problem *why)
{
    struct refusal refusal = {.offset = -1};
    if (item->envelope.newer && !envelope_body_type(item->header->kind)) {
        item->newer = true;
        return true;
    }
    return envelope_bodies(&item->envelope, item->header, &refusal) || problem_from_refusal(why, &refusal);
}

// The hub's word on a spill speaks of what the hub kept; here nothing has left yet.
static bool refuse_outgoing(struct problem *why, const struct refusal *refusal)
{
    problem_from_refusal(why, refusal);
    if (refusal->outcome == OUTCOME_SPILL) {
        snprintf(why->text, sizeof why->text, "The item is marked above OFFICIAL-SENSITIVE. It was not sent.");
        why->remedy = "Keep it off this network; nothing above OFFICIAL-SENSITIVE may go through this hub.";
    }
    return false;
}

// Registry, policy and bodies against each other.
static bool inspect_facts(const struct inspected *item, const struct snapshot *snapshot, unsigned agency, int64_t at_ms,
    struct arena *arena, struct problem *why)
{
    struct refusal refusal = {.offset = -1};
    struct facts facts;
    struct item_view view = item_view_of(&item->envelope, item->header, item->routing);
    struct slice contents[ENVELOPE_PARTS];
    for (size_t i = 0; i < ENVELOPE_PARTS; i++)
        contents[i] = item->envelope.parts[i].content;
    if (!facts_from_item(snapshot, &view, agency, at_ms, &facts, &refusal) ||
        !facts_check_bodies(&facts, contents, view.n_parts, arena, &refusal))
        return refuse_outgoing(why, &refusal);
    return true;
}

bool inspect_outgoing(struct slice value, const struct snapshot *snapshot, const char *agency, int64_t now_ms,
    struct arena *arena, struct problem *why)
{
    struct inspected item;
    if (!inspect_form(value, false, arena, &item, why) || !inspect_bodies(&item, why))
        return false;
    if (!snapshot)
        return true;
    unsigned org = registry_find(snapshot->registry, slice_text(agency));
    if (org == ORG_NONE || !registry_in_force(snapshot->registry, org, now_ms))
        return problem_from_outcome(why, OUTCOME_AGENCY_UNKNOWN, "");
    return inspect_facts(&item, snapshot, org, now_ms, arena, why);
}

static bool inspect_proof(const struct inspected *item, const struct registry *registry, int64_t at_ms,
    struct proof_cache *roots, struct problem *why)
{
    char topic[SEAL_TOPIC_BYTES];
    struct slice agency = slice_text(item->header->agency);
    unsigned org = registry_find(registry, agency);
    EVP_PKEY *key;
    if (org == ORG_NONE)
        return problem_from_outcome(why, OUTCOME_AGENCY_UNKNOWN, "header.agency");
    enum outcome outcome = registry_key(registry, org, item->envelope.key_id, at_ms, &key);
    if (outcome != OUTCOME_ACCEPTED)
        return problem_from_outcome(why, outcome, "proof.keyId");
    if (!registry_key_signs(registry, org, item->envelope.key_id, SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS))
        return problem_from_outcome(why, OUTCOME_KEY_PURPOSE, "proof.keyId");
    if (!proof_batch_valid(item->envelope.batch_size))
        return problem_from_outcome(why, OUTCOME_FIELD_RANGE, "proof.batchSize");
    seal_topic(item->header->agency, topic);
    const struct proof_scope scope = {registry_deployment(registry), agency, slice_text(topic)};
    if (!proof_verify(&item->envelope, &scope, key, roots))
        return problem_from_outcome(why, OUTCOME_SIGNATURE_BAD, "proof");
    return true;
}

static bool names_force(const struct registry *registry, const char *id, unsigned force, int64_t at_ms)
{
    unsigned org = registry_find(registry, slice_text(id));
    if (org == ORG_NONE)
        return false;
    struct org_set stands = registry_resolve(registry, org, at_ms);
    return org_set_has(&stands, force);
}

// Whether the force is one of those that the part names, if it names any.
static bool is_recipient(
    const Signalbox__V1__PartInfo *info, const struct registry *registry, unsigned force, int64_t at_ms)
{
    bool named = info->n_recipients == 0;
    for (size_t i = 0; i < info->n_recipients && !named; i++)
        named = names_force(registry, info->recipients[i], force, at_ms);
    return named && (!*info->organisation || names_force(registry, info->organisation, force, at_ms));
}

// Whether the force may have every part that came, and nothing came that nobody may have.
static bool inspect_marking(
    const struct inspected *item, const struct registry *registry, unsigned force, int64_t at_ms, struct problem *why)
{
    if (item->envelope.routing_field.len > 0)
        return problem_say(
            why, PROBLEM_ROUTING_SHOWN, "routing", "The copy carries the routing block, which is for the hub alone.");
    for (uint32_t i = 0; i < item->envelope.n_parts; i++) {
        const Signalbox__V1__PartInfo *info = item->envelope.parts[i].info;
        char path[32];
        text_print(path, sizeof path, "parts[%u].info", i);
        if (info->classification > registry_row(registry, force)->clearance)
            return problem_say(
                why, PROBLEM_MARKING_ABOVE, path, "The part is marked above the clearance of this force.");
        if (!is_recipient(info, registry, force, at_ms))
            return problem_say(why, PROBLEM_NOT_RECIPIENT, path,
                "The part names those who may have it, and this force is not among them.");
    }
    return true;
}

static bool unpack_bodies(struct inspected *item, struct arena *arena, struct problem *why)
{
    const ProtobufCMessageDescriptor *type = envelope_body_type(item->header->kind);
    for (uint32_t i = 0; type && i < item->envelope.n_parts; i++) {
        item->bodies[i] = arena_unpack(arena, type, item->envelope.parts[i].content);
        if (!item->bodies[i])
            return problem_from_outcome(why, OUTCOME_WIRE_BROKEN, "parts");
    }
    return true;
}

// An id is made of what the header says beside it: nobody can give an item another's name.
static bool inspect_identity(const struct inspected *item, struct problem *why)
{
    const Signalbox__V1__Header *header = item->header;
    struct slice nonce = slice_of(header->nonce.data, header->nonce.len);
    struct slice said = slice_of(header->item_id.data, header->item_id.len);
    struct item_id id;
    bool fits = item_id_make(slice_text(header->agency), slice_text(header->subject), nonce, &id) &&
                slice_equal(said, item_id_slice(&id));
    return fits || problem_from_outcome(why, OUTCOME_ITEM_ID_WRONG, "header.item_id");
}

bool inspect_incoming(struct slice value, const struct snapshot *snapshot, const char *force, int64_t at_ms,
    struct proof_cache *roots, struct arena *arena, struct inspected *out, struct problem *why)
{
    unsigned org = registry_find(snapshot->registry, slice_text(force));
    if (org == ORG_NONE)
        return problem_from_outcome(why, OUTCOME_ORGANISATION_UNKNOWN, "");
    return inspect_form(value, true, arena, out, why) && inspect_proof(out, snapshot->registry, at_ms, roots, why) &&
           inspect_identity(out, why) && inspect_bodies(out, why) &&
           inspect_marking(out, snapshot->registry, org, at_ms, why) && unpack_bodies(out, arena, why);
}

uint32_t inspect_audience(
    const struct inspected *item, const struct snapshot *snapshot, const char *force, int64_t at_ms)
{
    struct refusal refusal;
    struct facts facts;
    struct release release;
    unsigned agency = registry_find(snapshot->registry, slice_text(item->header->agency));
    unsigned org = registry_find(snapshot->registry, slice_text(force));
    struct item_view view = item_view_of(&item->envelope, item->header, NULL);
    if (agency == ORG_NONE || org == ORG_NONE || !facts_from_item(snapshot, &view, agency, at_ms, &facts, &refusal))
        return 0;
    release_plan(snapshot, &facts, SIGNALBOX__V1__STANDING__STANDING_RELEASED, &release);
    return org_set_has(&release.cleared, org) ? release.audience[org] : 0;
}
