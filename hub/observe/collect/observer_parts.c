// SPDX-License-Identifier: Apache-2.0
// Which part comes after which: later ones read what the earlier ones hold or have filled in.
#include "hub/observe/collect/observer_parts.h"
#include "hub/observe/collect/observe_canaries.h"
#include "hub/observe/collect/observe_forces.h"

bool observer_parts_init(struct observer_parts *parts, const struct observer_settings *settings)
{
    bool had_memory = observe_control_init(&parts->control);
    observe_desk_init(&parts->desk);
    observe_quarantine_init(&parts->quarantine);
    parts->lanes = (struct observe_lanes){
        .groups = &parts->groups, .topics = &parts->topics, .ledger = &parts->ledger, .pulses = &parts->pulses};
    had_memory &= observe_pulse_init(&parts->pulses);
    had_memory &= observe_ledger_init(&parts->ledger, settings->history_ms, settings->ledger_cache_bytes);
    return had_memory;
}

void observer_parts_deinit(struct observer_parts *parts)
{
    ages_deinit(&parts->ages);
    observe_topics_deinit(&parts->topics);
    observe_groups_deinit(&parts->groups);
    observe_control_deinit(&parts->control);
    observe_pulse_deinit(&parts->pulses);
    observe_desk_deinit(&parts->desk);
    observe_ledger_deinit(&parts->ledger);
    observe_quarantine_deinit(&parts->quarantine);
}

// --- a cycle --------------------------------------------------------------------------------------------------------

void observer_parts_ask(struct observer_parts *parts, struct cycle *cycle)
{
    observe_topics_take(&parts->topics, &parts->control, cycle);
    observe_groups_take(&parts->groups, &parts->topics, &parts->control, &parts->ages, cycle);
    observe_lanes_want(&parts->lanes, &parts->ages, cycle);
    if (cycle->answered && cycle_is_whole(cycle) &&
        !ages_ask(&parts->ages, cycle->survey, cycle->now_ms, cycle_left(cycle, SURVEY_MS)))
        cycle_fail(cycle);
    ages_deinit(&parts->ages);
}

void observer_parts_keep(struct observer_parts *parts, struct cycle *cycle)
{
    observe_control_keep(&parts->control, cycle);
    observe_pulse_keep(&parts->pulses, cycle);
    observe_desk_keep(&parts->desk, cycle);
    observe_ledger_keep(&parts->ledger, &parts->control, cycle);
    observe_quarantine_keep(&parts->quarantine, &parts->desk.topic, cycle);
}

void observer_parts_report(struct observer_parts *parts, struct cycle *cycle)
{
    observe_topics_report(&parts->topics, cycle);
    observe_groups_report(&parts->groups, &parts->topics, cycle);
    observe_pulse_report(&parts->pulses, cycle);
    observe_control_report(&parts->control, cycle);
    observe_lanes_report(&parts->lanes, cycle);
    bool heard = cycle->answered && observe_lanes_time_to_speak(&parts->lanes, cycle);
    observe_canaries_report(&parts->pulses, parts->lanes.n, heard, cycle);
    observe_forces_report(&parts->ledger, &parts->control, &parts->topics, &parts->lanes, cycle);
    observe_keys_report(&parts->control, &parts->console, cycle);
    observe_quarantine_report(&parts->quarantine, cycle);
}

// --- what is appended -----------------------------------------------------------------------------------------------

static bool take_desk(struct observer_parts *parts, const struct kafka_record *record)
{
    const char *object;
    if (!observe_desk_take(&parts->desk, record, &object))
        return false;
    if (object)
        observe_quarantine_mark(&parts->quarantine, object, &parts->desk);
    return true;
}

bool observer_parts_take(struct observer_parts *parts, const struct kafka_record *record, int64_t now_ms)
{
    if (strcmp(record->topic, "pulse") == 0)
        return observe_pulse_take(&parts->pulses, record, now_ms);
    if (strcmp(record->topic, "ledger") == 0)
        return observe_ledger_take(&parts->ledger, record, &parts->control);
    if (strcmp(record->topic, "quarantine") == 0)
        return observe_quarantine_take(&parts->quarantine, record, &parts->desk);
    if (strcmp(record->topic, "desk") == 0)
        return take_desk(parts, record);
    observe_control_take(&parts->control, record);
    return true;
}

bool observer_parts_settle(struct observer_parts *parts, struct follow *follow, int64_t now_ms)
{
    if (!observe_control_settle(&parts->control, follow, now_ms))
        return false;
    observe_ledger_settle(&parts->ledger, follow);
    followed_look(&parts->pulses.topic, follow);
    followed_look(&parts->desk.topic, follow);
    followed_look(&parts->quarantine.topic, follow);
    return true;
}
