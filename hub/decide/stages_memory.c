// SPDX-License-Identifier: Apache-2.0
// The stages that look at what the lane remembers, and at last add to it. Nothing is looked up before proof and digests
// have held, and nothing is remembered of a record that is not taken in, so a forged twin of an item neither finds nor
// hides it.
#include "hub/decide/stage.h"
#include "hub/decide/standing.h"
#include "hub/rules/policy_parts.h"
#include "hub/rules/registry_parts.h"
#include <signalbox/v1/followup.pb-c.h>

#define KIND(name) SIGNALBOX__V1__KIND__KIND_##name

static struct item_key key_of(ProtobufCBinaryData id)
{
    return item_key_of(slice_of(id.data, id.len));
}

static bool find_row(const struct memory *memory, const struct item_key *key, struct item_row *row)
{
    const uint8_t *packed = memory_find(memory, MEMORY_ITEM, key->bytes);
    if (packed)
        *row = item_row_unpack(packed);
    return packed;
}

// Room is made before anything is decided: an item half remembered would be refused when it is sent again.
bool stage_room(struct journey *journey)
{
    struct memory *memory = journey->memory;
    size_t most = 2 * (ITEM_KEY_BYTES + ITEM_ROW_BYTES) + CONTENT_MARK_BYTES + MEMORY_CONTENT_VALUE_BYTES;
    if (!memory_has_room(memory, most) || !memory_reserve(memory, MEMORY_ITEM, 2) ||
        !memory_reserve(memory, MEMORY_CONTENT, 1))
        return journey_refuse(journey, OUTCOME_STATE_FULL, "");
    return true;
}

static bool is_content(Signalbox__V1__Kind kind)
{
    return kind == KIND(REPORT) || kind == KIND(GUIDANCE);
}

static void find_content(const struct memory *memory, struct identity *identity)
{
    const uint8_t *value = memory_find(memory, MEMORY_CONTENT, identity->content.bytes);
    if (!value)
        return;
    const uint8_t *first = value + MEMORY_DAY_BYTES;
    identity->said_before = true;
    identity->said_by_itself = memcmp(first, identity->key.bytes, MEMORY_START_BYTES) == 0;
    const uint8_t *packed = identity->said_by_itself ? NULL : memory_find_start(memory, MEMORY_ITEM, first);
    identity->said_elsewhere = packed;
    if (packed)
        identity->first = item_row_unpack(packed);
}

static void find_identity(struct journey *journey)
{
    struct identity *identity = &journey->identity;
    identity->header = journey->decision->header;
    identity->content = content_mark_of(journey->memory->secret, &journey->facts.item);
    identity->key = key_of(identity->header->item_id);
    identity->known = find_row(journey->memory, &identity->key, &identity->row);
    if (is_content(identity->header->kind))
        find_content(journey->memory, identity);
}

// The earlier item that a level is about: the item itself, its content's first, or the edition before.
static uint64_t linked_sequence(struct journey *journey, const struct identity_level *level)
{
    const struct identity *identity = &journey->identity;
    struct item_row row;
    if (level->effect == IDENTITY_NARROWS)
        return identity->first.sequence;
    if (level->effect == IDENTITY_ENDS)
        return identity->row.sequence;
    struct item_key about = key_of(identity->header->about->item_id);
    return find_row(journey->memory, &about, &row) ? row.sequence : 0;
}

// Holders are remembered by number; one that has ended since is stood for by its successors.
static struct org_set holders_of(struct journey *journey, uint32_t number)
{
    const struct registry *registry = journey->snapshot->registry;
    struct slice bits = holder_sets_bits(journey->memory->holders, number);
    struct org_set holders = {0};
    for (size_t i = 0; i < bits.len * 8; i++)
        if (bits.data[i / 8] >> (i % 8) & 1) {
            unsigned org = registry_by_number(registry, (unsigned)i);
            if (org != ORG_NONE)
                org_set_add(&holders, org);
        }
    struct org_set living = {0};
    registry_era_resolve(registry_era_at(registry, journey->decision->appended_ms), &holders, &living);
    return living;
}

// False if the level ends the journey.
static bool apply_level(struct journey *journey, const struct identity_level *level)
{
    struct decision *decision = journey->decision;
    if (level->effect != IDENTITY_LINKS || !journey->narrowed) // who is left out must find what he is said to hold
        decision->first_sequence = linked_sequence(journey, level);
    if (level->effect == IDENTITY_NARROWS) {
        journey->narrowed = level;
        journey->holding = holders_of(journey, journey->identity.first.holders);
    }
    if (level->effect != IDENTITY_ENDS)
        return true;
    const char *field = level->outcome == OUTCOME_STATUS_CHANGED ? "header.status" : "header.revision";
    return outcome_row(level->outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED
               ? journey_refuse(journey, (enum outcome)level->outcome, field)
               : journey_end(journey, (enum outcome)level->outcome);
}

bool stage_identity(struct journey *journey)
{
    const struct identity_level *levels;
    size_t n = identity_levels(&levels);
    find_identity(journey);
    journey->decision->highest_revision = journey->identity.known ? journey->identity.row.revision : 0;
    for (size_t i = 0; i < n; i++)
        if (levels[i].test(&journey->identity) && !apply_level(journey, &levels[i]))
            return false;
    return true;
}

static bool stands_for(const struct journey *journey, const struct org_set *organisations)
{
    const struct registry_era *era = registry_era_at(journey->snapshot->registry, journey->decision->appended_ms);
    struct org_set living = {0};
    registry_era_resolve(era, organisations, &living);
    return org_set_has(&living, journey->agency);
}

static bool is_originator(const struct journey *journey)
{
    struct org_set originator = {0};
    org_set_add(&originator, journey->facts.about_agency);
    return journey->agency == journey->facts.about_agency || stands_for(journey, &originator);
}

// The row that the change is about; made if the item has not come. False if it may not be.
static bool find_about(struct journey *journey)
{
    const Signalbox__V1__Header *header = journey->decision->header;
    struct item_row *row = &journey->about_row;
    uint32_t most = policy_document(journey->snapshot->policy)->unsent_changes;
    journey->about = key_of(header->about->item_id);
    if (find_row(journey->memory, &journey->about, row))
        return row->status == header->status || journey_refuse(journey, OUTCOME_STATUS_CHANGED, "header.status");
    *row = (struct item_row){.sequence = journey->decision->sequence,
        .originator = SIGNALBOX__V1__STANDING__STANDING_RELEASED,
        .centre = SIGNALBOX__V1__STANDING__STANDING_RELEASED,
        .status = header->status};
    unsigned number = registry_number(journey->snapshot->registry, journey->agency);
    item_row_mark_unsent(row, number);
    return memory_unsent(journey->memory, number) < most ||
           journey_refuse(journey, OUTCOME_STANDING_UNSENT, "header.about.item_id");
}

static bool read_change(struct journey *journey, struct standing_change *change)
{
    ProtobufCMessage *body =
        arena_unpack(journey->arena, &signalbox__v1__standing_body__descriptor, journey->envelope.parts[0].content);
    const Signalbox__V1__StandingBody *standing = (const Signalbox__V1__StandingBody *)(const void *)body;
    if (!standing)
        return journey_refuse(journey, OUTCOME_STATE_FULL, "parts[0].content");
    change->to = standing->standing;
    change->number = standing->number;
    journey->decision->standing = standing->standing;
    return true;
}

// Before memory is asked: a stranger learns nothing of an item by naming it.
static bool find_issuer(struct journey *journey, struct standing_change *change)
{
    bool centre = stands_for(journey, &journey->snapshot->policy->centre);
    change->by_centre = !is_originator(journey);
    return !change->by_centre || centre || journey_refuse(journey, OUTCOME_STANDING_ISSUER, "header.about.agency");
}

// A change of standing binds from here on: the item goes to nobody while it is restricted, and never again once it is
// recalled or erased.
bool stage_standing(struct journey *journey)
{
    struct standing_change change = {0};
    if (journey->decision->header->kind != KIND(STANDING))
        return true;
    if (!find_issuer(journey, &change) || !find_about(journey) || !read_change(journey, &change))
        return false;
    enum outcome outcome = (enum outcome)standing_apply(&change, &journey->about_row);
    if (outcome_row(outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        return journey_refuse(journey, outcome,
            outcome == OUTCOME_STANDING_NUMBER ? "parts[0].content.number" : "parts[0].content.standing");
    journey->changes = true;
    journey->decision->outcome = journey->about_row.revision ? outcome : OUTCOME_STANDING_EARLY;
    return true;
}

static uint32_t add_holders(struct journey *journey, uint32_t before)
{
    const struct registry *registry = journey->snapshot->registry;
    uint8_t bits[ORGANISATION_NUMBERS / 8] = {0};
    for (size_t i = 0; i < journey->decision->n_deliveries; i++) {
        unsigned number = registry_number(registry, journey->decision->deliveries[i].org);
        bits[number / 8] |= (uint8_t)(1u << number % 8);
    }
    return holder_sets_join(journey->memory->holders, before, slice_of(bits, sizeof bits));
}

static bool remember_item(struct journey *journey)
{
    const struct identity *identity = &journey->identity;
    const struct decision *decision = journey->decision;
    struct item_row row = identity->row;
    uint8_t packed[ITEM_ROW_BYTES];
    if (!identity->known)
        row = (struct item_row){.originator = SIGNALBOX__V1__STANDING__STANDING_RELEASED,
            .centre = SIGNALBOX__V1__STANDING__STANDING_RELEASED,
            .status = identity->header->status};
    row.sequence = decision->sequence;
    row.revision = identity->header->revision;
    memcpy(row.content, identity->content.bytes, sizeof row.content);
    if (decision->n_deliveries && !(row.holders = add_holders(journey, row.holders)))
        return false;
    item_row_pack(&row, packed);
    return memory_put(journey->memory, MEMORY_ITEM, identity->key.bytes, packed);
}

// What says it first keeps it, unless that item says something else by now, or may go to nobody any more.
static bool remember_content(struct journey *journey)
{
    const struct identity *identity = &journey->identity;
    uint8_t value[MEMORY_CONTENT_VALUE_BYTES];
    if (!is_content(identity->header->kind) || identity->said_by_itself || identity_stands(identity))
        return true;
    memory_pack_day(journey->memory, value);
    memcpy(value + MEMORY_DAY_BYTES, identity->key.bytes, MEMORY_START_BYTES);
    return memory_put(journey->memory, MEMORY_CONTENT, identity->content.bytes, value);
}

static bool remember_change(struct journey *journey)
{
    uint8_t packed[ITEM_ROW_BYTES];
    if (!journey->changes)
        return true;
    item_row_pack(&journey->about_row, packed);
    return memory_put(journey->memory, MEMORY_ITEM, journey->about.bytes, packed);
}

// Nobody gets what cannot be remembered: it would come to him twice.
bool stage_remember(struct journey *journey)
{
    struct decision *decision = journey->decision;
    if (remember_item(journey) && remember_content(journey) && remember_change(journey)) {
        decision->highest_revision = decision->header->revision;
        return false;
    }
    decision->n_deliveries = 0;
    return journey_refuse(journey, OUTCOME_STATE_FULL, "");
}
