// SPDX-License-Identifier: Apache-2.0
// The same documents as the hub keeps, by the same rules, so that what is refused there is refused here and can be
// told.
#include "hub/observe/collect/observe_control.h"
#include "hub/control/control_topics.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/judge/judge.h"
#include <stdio.h>

#define GRACE_MS 10000 // a process may take so long to have what is new

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct observe_control *control = context;
    control->refused[kind] = offset + 1;
    snprintf(control->refusal, sizeof control->refusal, "%s at offset %lld: %s", document_topic(kind),
        (long long)offset, sentence);
}

static void init_topics(struct observe_control *control, struct documents *documents)
{
    *control = (struct observe_control){.documents = documents};
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        control->topics[i].topic = control_sources[i].topic;
}

bool observe_control_init(struct observe_control *control)
{
    init_topics(control, documents_new(note_refused, control));
    return control->documents != NULL;
}

void observe_control_deinit(struct observe_control *control)
{
    documents_free(control->documents);
    thing_table_deinit(&control->orgs, NULL);
}

// false without memory: then it is still to be done.
static bool begin_anew(struct observe_control *control, struct follow *follow)
{
    struct documents *documents = documents_new(note_refused, control);
    if (!documents)
        return false;
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        follow_remove(follow, control_sources[i].topic);
    observe_control_deinit(control);
    init_topics(control, documents);
    return true;
}

// Looks after the topics. One that broke, or NULL: documents build on each other, so then all are read again.
static struct followed *keep_topics(struct observe_control *control, struct cycle *cycle)
{
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++) {
        struct followed *topic = &control->topics[i];
        bool had = topic->n_partitions > 0;
        bool again =
            followed_keep(topic, cycle->follow, survey_topics_find(&cycle->topics, topic->topic), cycle->now_ms);
        if (had && (again || topic->n_partitions == 0))
            return topic;
    }
    return NULL;
}

void observe_control_keep(struct observe_control *control, struct cycle *cycle)
{
    control->stale |= documents_incomplete(control->documents);
    struct followed *broken = control->stale ? NULL : keep_topics(control, cycle);
    bool denied = broken && broken->not_permitted;
    control->stale |= broken != NULL;
    if (control->stale && !begin_anew(control, cycle->follow))
        cycle_fail(cycle);
    else if (broken)
        broken->not_permitted = denied;
}

void observe_control_take(struct observe_control *control, const struct kafka_record *record)
{
    enum document_kind kind = document_kind_of(record->topic);
    if (kind == DOCUMENT_KINDS || control->stale)
        return;
    control->last[kind] = record->offset;
    control->offered = true;
    control_offer(control->documents, record);
}

static uint32_t region_of(const Signalbox__V1__Policy *policy, const char *region)
{
    for (size_t k = 0; policy && k < policy->n_regions && k < 32; k++)
        if (strcmp(policy->regions[k], region) == 0)
            return UINT32_C(1) << k;
    return 0;
}

// Bits of regions are places in the policy's list.
static bool list_organisations(struct observe_control *control)
{
    const Signalbox__V1__Registry *registry = documents_registry(control->documents);
    const Signalbox__V1__Policy *policy = documents_policy(control->documents);
    thing_table_deinit(&control->orgs, NULL);
    for (size_t i = 0; registry && i < registry->n_organisations; i++) {
        const Signalbox__V1__Organisation *row = registry->organisations[i];
        struct control_org *org = thing_table_thing(&control->orgs, row->id, sizeof *org);
        if (!org)
            return false;
        *org = (struct control_org){row, region_of(policy, row->region)};
    }
    return true;
}

static void settle_documents(struct observe_control *control, int64_t now_ms)
{
    struct snapshot *snapshot = documents_settle(control->documents);
    control->offered = false;
    control->unlisted = true;
    if (!snapshot)
        return;
    control->subscriptions_version = snapshot->subscriptions_version;
    control->settled_ms = now_ms;
    snapshot_free(snapshot);
}

bool observe_control_settle(struct observe_control *control, struct follow *follow, int64_t now_ms)
{
    bool all = true;
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        all &= followed_look(&control->topics[i], follow);
    control->told = all;
    if (all && control->offered)
        settle_documents(control, now_ms);
    if (control->unlisted)
        control->unlisted = !list_organisations(control);
    return !control->unlisted && !control->stale && !documents_incomplete(control->documents);
}

// --- reporting ------------------------------------------------------------------------------------------------------

static bool newest_refused(const struct observe_control *control)
{
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        if (control->refused[i] && control->refused[i] == control->last[i] + 1)
            return true;
    return false;
}

static const struct process_health *find_behind(const struct observe_control *control, const struct cycle *cycle)
{
    const struct health *health = cycle->health;
    for (size_t i = 0; cycle->now_ms - control->settled_ms > GRACE_MS && i < health->n_processes; i++) {
        const struct process_health *process = &health->processes[i];
        bool has_all = process->registry_version >= health->registry_version &&
                       process->policy_version >= health->policy_version &&
                       process->subscriptions_version >= health->subscriptions_version;
        bool young = cycle->now_ms - process->started_ms < GRACE_MS;
        if (process->finding.verdict == VERDICT_PROCESS_OK && !has_all && !young)
            return process;
    }
    return NULL;
}

static bool may_read(const struct observe_control *control)
{
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        if (control->topics[i].not_permitted)
            return false;
    return true;
}

void observe_control_report(struct observe_control *control, struct cycle *cycle)
{
    struct health *health = cycle->health;
    const Signalbox__V1__Registry *registry = documents_registry(control->documents);
    const Signalbox__V1__Policy *policy = documents_policy(control->documents);
    health->registry_version = registry ? registry->version : 0;
    health->registry_made_ms = registry ? registry->made_unix_ms : 0;
    health->policy_version = policy ? policy->version : 0;
    health->policy_made_ms = policy ? policy->made_unix_ms : 0;
    health->subscriptions_version = control->subscriptions_version;
    const struct process_health *behind = find_behind(control, cycle);
    const struct control_signs signs = {
        .told = control->told,
        .permitted = may_read(control),
        .registry_version = health->registry_version,
        .policy_version = health->policy_version,
        .subscriptions_version = health->subscriptions_version,
        .refused = newest_refused(control) ? control->refusal : "",
        .behind = behind ? behind->id : "",
        .problem = behind ? behind->control_problem : "",
    };
    judge_control(&signs, &health->arena, &health->control);
}

const struct control_org *observe_control_org(const struct observe_control *control, const char *id)
{
    return thing_table_find(&control->orgs, id);
}

bool observe_control_in_force(const Signalbox__V1__Organisation *org, int64_t now_ms)
{
    return org->valid_from_unix_ms <= now_ms && (org->valid_to_unix_ms == 0 || now_ms < org->valid_to_unix_ms);
}
