// SPDX-License-Identifier: Apache-2.0
// The straight line. A record walks through the stages below, in this order; each either lets it pass or ends its
// journey with an outcome. Cheap and unauthenticated checks come first, so that a forger can cost us little; what needs
// the lane's memory comes after everything that the sender can be told to mend.
#include "hub/decide/step.h"
#include "hub/base/uninitialized.h"
#include "hub/contract/spill.h"
#include "hub/decide/stage.h"
#include "hub/rules/policy.h"

bool journey_end(struct journey *journey, enum outcome outcome)
{
    journey->decision->outcome = outcome;
    return false;
}

bool journey_refuse(struct journey *journey, enum outcome outcome, const char *path)
{
    struct refusal *refusal = &journey->decision->refusal;
    refusal->outcome = outcome;
    refusal->offset = -1;
    size_t len = strlen(path);
    memcpy(refusal->path, path, len + 1);
    return journey_end(journey, outcome);
}

bool journey_pass(struct journey *journey, bool passed)
{
    return passed || journey_end(journey, (enum outcome)journey->decision->refusal.outcome);
}

bool journey_relayed(const struct record *record)
{
    return slice_equal(record->topic, slice_text("relane"));
}

static bool has_origin(const struct record *record)
{
    return record->origin_topic.len > 3 && record->origin_partition >= 0 && record->origin_offset >= 0 &&
           record->origin_appended_ms > 0;
}

static bool (*const stages[])(struct journey *) = {
    stage_origin,
    stage_envelope,
    stage_agency,
    stage_key,
    stage_signature,
    stage_header,
    stage_lane,
    stage_content,
    stage_facts,
    stage_identity,
    stage_room,
    stage_standing,
    stage_release,
    stage_remember,
};

// Content above the ceiling is kept nowhere, whichever check refused the record: a spill with a bad signature is a
// spill.
static bool above_ceiling(const struct journey *journey)
{
    Signalbox__V1__Classification ceiling = policy_document(journey->snapshot->policy)->ceiling;
    if (!journey->read)
        return spill_suspected(journey->record->value, ceiling);
    for (size_t i = 0; i < journey->envelope.n_parts; i++)
        if (journey->envelope.parts[i].info->classification > ceiling)
            return true;
    return false;
}

// What is refused is told by its bytes, since nothing vouches for what they say.
static void settle_refused(struct journey *journey)
{
    struct decision *decision = journey->decision;
    if (!decision->header && journey->opened) {
        struct refusal ignored;
        decision->header = envelope_header(&journey->envelope, journey->arena, &ignored);
    }
    decision->value_digest = digest_of(journey->record->value);
    decision->spill = above_ceiling(journey);
    decision->keep_value = !decision->spill && journey->record->value.len <= STEP_KEPT_BYTES;
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
    decision->agency = agency_of(topic);
    decision->appended_ms =
        journey_relayed(record) && has_origin(record) ? record->origin_appended_ms : record->appended_ms;
    decision->keep_value = true;
}

static struct slice signed_topic(const struct record *record)
{
    return journey_relayed(record) ? record->origin_topic : record->topic;
}

void step(const struct snapshot *snapshot, struct memory *memory, const struct record *record, struct arena *arena,
    struct decision *decision)
{
    struct journey journey UNINITIALIZED;
    memset(&journey, 0, offsetof(struct journey, facts)); // what comes after is filled before it is read
    journey.snapshot = snapshot;
    journey.memory = memory;
    journey.record = record;
    journey.arena = arena;
    journey.decision = decision;
    journey.topic = signed_topic(record);
    begin_decision(memory, record, journey.topic, decision);
    for (size_t i = 0; stages[i](&journey);)
        i++; // the last stage always ends the journey
    Signalbox__V1__Verdict verdict = outcome_row(decision->outcome)->verdict;
    if (verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        settle_refused(&journey);
    else if (verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED)
        decision->value_digest = digest_of(record->value);
}

void step_poison(struct memory *memory, const struct record *record, struct arena *arena, struct decision *decision)
{
    (void)arena;
    begin_decision(memory, record, signed_topic(record), decision);
    decision->outcome = decision->refusal.outcome = OUTCOME_POISON;
    decision->value_digest = digest_of(record->value);
    // What the record holds cannot be told without looking, and looking made the hub fail: it may be a spill.
    decision->spill = true;
    decision->keep_value = false;
}
