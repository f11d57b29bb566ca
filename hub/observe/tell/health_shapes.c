// SPDX-License-Identifier: Apache-2.0
// One row a field of health.h. The kind follows from the field's C type, so a field that changes its type is written as
// what it is, or does not compile. What operators have a name for (group/feed-kent, lane/3) says how it is made.
#include "hub/observe/tell/health_shapes.h"
#include <stdio.h>

#define INTEGER_KINDS                                                                                                  \
    int32_t:                                                                                                           \
    KIND_I32, uint32_t : KIND_U32, int64_t : KIND_I64, uint64_t : KIND_U64
#define KIND_OF(value)                                                                                                 \
    _Generic((value), INTEGER_KINDS, char * : KIND_TEXT, const char * : KIND_TEXT, bool : KIND_BOOL, \
        struct figure : KIND_FIGURE, struct finding : KIND_FINDING)
#define MEMBER(member) (((OF *)NULL)->member)
#define AS(member, kind)                                                                                               \
    {                                                                                                                  \
#member, offsetof(OF, member), kind, 0, 0, NULL                                                                \
    }
#define F(member) AS(member, KIND_OF(MEMBER(member)))
#define INNER(member, shape)                                                                                           \
    {                                                                                                                  \
#member, offsetof(OF, member), KIND_STRUCT, 0, 0, &shape                                                       \
    }
#define LIST(member, shape)                                                                                            \
    {                                                                                                                  \
#member, offsetof(OF, member), KIND_LIST, offsetof(OF, n_##member), sizeof *MEMBER(member), &shape             \
    }
#define SHAPE(fields, thing)                                                                                           \
    {                                                                                                                  \
        fields, sizeof(fields) / sizeof *(fields), thing                                                               \
    }

static void name_one(char text[SHAPE_THING_BYTES], enum thing thing, const char *name)
{
    snprintf(text, SHAPE_THING_BYTES, "%s/%s", thing_name(thing), name ? name : "");
}

static void name_two(char text[SHAPE_THING_BYTES], enum thing thing, const char *a, const char *b)
{
    snprintf(text, SHAPE_THING_BYTES, "%s/%s/%s", thing_name(thing), a ? a : "", b ? b : "");
}

#define THING_BY_NAME(function, type, of, member)                                                                      \
    static void function(const void *object, char text[SHAPE_THING_BYTES])                                             \
    {                                                                                                                  \
        name_one(text, of, ((const struct type *)object)->member);                                                     \
    }
#define THING_BY_LANE(function, type, of)                                                                              \
    static void function(const void *object, char text[SHAPE_THING_BYTES])                                             \
    {                                                                                                                  \
        snprintf(text, SHAPE_THING_BYTES, "%s/%u", thing_name(of), ((const struct type *)object)->lane);               \
    }
#define THING_BY_TWO(function, type, of, a, b)                                                                         \
    static void function(const void *object, char text[SHAPE_THING_BYTES])                                             \
    {                                                                                                                  \
        name_two(text, of, ((const struct type *)object)->a, ((const struct type *)object)->b);                        \
    }

THING_BY_NAME(topic_thing, topic_health, THING_TOPIC, name)
THING_BY_NAME(group_thing, group_health, THING_GROUP, name)
THING_BY_NAME(source_thing, source_health, THING_SOURCE, agency)
THING_BY_NAME(force_thing, force_health, THING_FORCE, id)
THING_BY_NAME(process_thing, process_health, THING_PROCESS, id)
THING_BY_LANE(lane_thing, lane_health, THING_LANE)
THING_BY_LANE(canary_thing, canary_health, THING_CANARY)
THING_BY_LANE(ledger_thing, ledger_health, THING_LEDGER)
THING_BY_TWO(key_thing, key_health, THING_KEY, holder, id)
THING_BY_TWO(refused_thing, quarantine_health, THING_QUARANTINE, agency, code)

#define OF struct partition_health
static const struct shape_field partition_fields[] = {
    F(partition), F(start), F(stable), F(end), F(leader), F(preferred), F(replicas), F(in_sync), F(newest_ms)};
static const struct shape partition_shape = SHAPE(partition_fields, NULL);
#undef OF

#define OF struct topic_health
static const struct shape_field topic_fields[] = {F(name), AS(part, KIND_PART), F(owner), F(finding),
    LIST(partitions, partition_shape), F(retention_ms), F(per_minute)};
static const struct shape topic_shape = SHAPE(topic_fields, topic_thing);
#undef OF

#define OF struct group_partition
static const struct shape_field group_partition_fields[] = {F(topic), F(partition), F(finding), F(committed), F(start),
    F(end), F(lag), F(lag_ms), F(per_minute), F(until_loss_ms), F(lost)};
static const struct shape group_partition_shape = SHAPE(group_partition_fields, NULL);
#undef OF

#define OF struct group_health
static const struct shape_field group_fields[] = {F(name), F(force), F(finding), F(members), F(state),
    LIST(partitions, group_partition_shape), F(lag), F(lag_ms), F(per_minute), F(trend)};
static const struct shape group_shape = SHAPE(group_fields, group_thing);
#undef OF

#define OF struct delays
static const struct shape_field delays_fields[] = {
    F(source_p50_ms), F(source_p95_ms), F(hub_p50_ms), F(hub_p95_ms), F(reader_ms)};
static const struct shape delays_shape = SHAPE(delays_fields, NULL);
#undef OF

#define OF struct code_count
static const struct shape_field code_fields[] = {F(code), F(count)};
static const struct shape code_shape = SHAPE(code_fields, NULL);
#undef OF

#define OF struct source_health
static const struct shape_field source_fields[] = {F(agency), F(name), F(region), F(finding), F(last_ms), F(last_hour),
    F(last_day), F(expected_hour), F(silent_after_ms), F(accepted), F(duplicates), F(refused), F(forwarded),
    LIST(refusals, code_shape), F(waiting), INNER(delays, delays_shape)};
static const struct shape source_shape = SHAPE(source_fields, source_thing);
#undef OF

#define OF struct force_health
static const struct shape_field force_fields[] = {F(id), F(name), F(region), F(kind), F(finding), F(cause), F(last_ms),
    F(last_hour), F(last_day), F(lag), F(lag_ms), F(n_groups), INNER(delays, delays_shape)};
static const struct shape force_shape = SHAPE(force_fields, force_thing);
#undef OF

#define OF struct lane_health
static const struct shape_field lane_fields[] = {F(lane), F(finding), F(process), F(state), F(restored_percent),
    F(fingerprints), F(fingerprint_bytes), F(ledger_sequence), F(transaction), F(ledger_head), F(transaction_age_ms),
    F(transaction_records), F(waiting), F(waiting_ms), F(doubts), F(problem)};
static const struct shape lane_shape = SHAPE(lane_fields, lane_thing);
#undef OF

#define OF struct counter_health
static const struct shape_field counter_fields[] = {F(name), F(code), F(value)};
static const struct shape counter_shape = SHAPE(counter_fields, NULL);
#undef OF

#define OF struct process_health
static const struct shape_field process_fields[] = {F(id), F(host), F(version), F(library), F(pid), F(finding),
    F(started_ms), F(heard_ms), F(n_lanes), F(registry_version), F(policy_version), F(subscriptions_version),
    F(certificate_to_ms), F(memory_bytes), F(processor_ms), F(control_problem), LIST(counters, counter_shape)};
static const struct shape process_shape = SHAPE(process_fields, process_thing);
#undef OF

#define OF struct key_health
static const struct shape_field key_fields[] = {F(holder), F(id), F(finding), F(to_ms)};
static const struct shape key_shape = SHAPE(key_fields, key_thing);
#undef OF

#define OF struct quarantine_health
static const struct shape_field refused_fields[] = {
    F(agency), F(code), F(waiting), F(dealt_with), F(oldest_ms), F(newest_ms)};
static const struct shape refused_shape = SHAPE(refused_fields, refused_thing);
#undef OF

#define OF struct canary_health
static const struct shape_field canary_fields[] = {
    F(lane), F(finding), F(sent), F(returned), F(lost), AS(buckets, KIND_BUCKETS), F(slower), F(sum_ms), F(last_ms)};
static const struct shape canary_shape = SHAPE(canary_fields, canary_thing);
#undef OF

#define OF struct ledger_health
static const struct shape_field ledger_fields[] = {F(lane), F(finding), F(sequence), F(read_ms)};
static const struct shape ledger_shape = SHAPE(ledger_fields, ledger_thing);
#undef OF

#define OF struct trouble
static const struct shape_field trouble_fields[] = {AS(verdict, KIND_VERDICT), F(thing), F(title), F(effect), F(cause),
    F(next), F(command), F(rule), F(numbers), AS(forces, KIND_TEXTS), F(n_forces), F(since_ms), F(cleared_ms)};
static const struct shape trouble_shape = SHAPE(trouble_fields, NULL);
#undef OF

#define OF struct health
static const struct shape_field health_fields[] = {F(number), F(at_ms), F(every_ms), F(took_ms), F(began_ms),
    AS(severity, KIND_SEVERITY), F(version), F(prefix), F(bootstrap), F(embedded), F(broker), F(control), F(quarantine),
    F(broker_answered_ms), F(brokers), F(registry_version), F(policy_version), F(subscriptions_version),
    F(registry_made_ms), F(policy_made_ms), F(n_all_lanes), LIST(topics, topic_shape), LIST(groups, group_shape),
    LIST(sources, source_shape), LIST(forces, force_shape), LIST(lanes, lane_shape), LIST(processes, process_shape),
    LIST(keys, key_shape), LIST(refused, refused_shape), LIST(canaries, canary_shape), LIST(ledgers, ledger_shape),
    LIST(troubles, trouble_shape), LIST(cleared, trouble_shape)};
const struct shape shape_of_health = SHAPE(health_fields, NULL);
#undef OF
