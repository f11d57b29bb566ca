// SPDX-License-Identifier: Apache-2.0
// What follows from something else is told with it, not beside it: a row for each kind of consequence.
#include "hub/observe/judge/troubles_parts.h"
#include "hub/observe/judge/window.h"

#define BACK_LOOKS 6

static enum severity severity_of(const struct item *item)
{
    return verdict_severity(item->finding->verdict);
}

static bool began_after(const struct item *effect, int64_t ms)
{
    return effect->finding->since_ms >= ms;
}

// While no broker answers, nothing can be known and no process or canary heard. What was wrong before that is wrong by
// itself.
static bool by_broker(const struct health *health, const struct item *effect, const struct item *cause)
{
    if (cause->finding->verdict != VERDICT_BROKER_UNREACHABLE)
        return false;
    if (severity_of(effect) == SEVERITY_UNKNOWN)
        return true;
    bool needs_hearing = effect->of == THING_PROCESS || effect->of == THING_LANE || effect->of == THING_CANARY;
    enum verdict verdict = effect->finding->verdict;
    needs_hearing |= verdict == VERDICT_SOURCE_SILENT || verdict == VERDICT_SOURCE_DROP;
    return needs_hearing && began_after(effect, health->broker_answered_ms);
}

// What cannot be read, or cannot run, because of a topic of the hub's own.
static bool by_own_topic(const struct health *health, const struct item *effect, const struct item *cause)
{
    static const struct {
        enum verdict effect;
        const char *topic;
    } rows[] = {
        {VERDICT_LANE_CLOSED, "state"},
        {VERDICT_LANE_CLOSED, "ledger"},
        {VERDICT_LANE_RESTORING, "state"},
        {VERDICT_LANE_UNKNOWN, "pulse"},
        {VERDICT_CANARY_UNKNOWN, "pulse"},
        {VERDICT_SOURCE_UNKNOWN, "ledger"},
        {VERDICT_LEDGER_UNKNOWN, "ledger"},
        {VERDICT_QUARANTINE_UNKNOWN, "quarantine"},
        {VERDICT_CONTROL_UNKNOWN, "ctl.registry"},
        {VERDICT_CONTROL_UNKNOWN, "ctl.policy"},
        {VERDICT_CONTROL_UNKNOWN, "ctl.subscriptions"},
        {VERDICT_CONTROL_MISSING, "ctl.registry"},
        {VERDICT_CONTROL_MISSING, "ctl.policy"},
    };
    if (cause->of != THING_TOPIC || severity_pain(severity_of(cause)) <= severity_pain(SEVERITY_WARNING))
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (effect->finding->verdict == rows[i].effect && strcmp(health->topics[cause->index].name, rows[i].topic) == 0)
            return true;
    return false;
}

// Of a feed that is not there, nobody can say who reads it; and a feed that went back takes its readers with it.
static bool by_feed(const struct health *health, const struct item *effect, const struct item *cause)
{
    enum verdict verdict = effect->finding->verdict;
    bool could_follow = verdict == VERDICT_READER_UNKNOWN || verdict == VERDICT_READER_REWOUND;
    if (!could_follow || cause->of != THING_TOPIC || severity_of(cause) != SEVERITY_CRITICAL)
        return false;
    const struct group_health *group = &health->groups[effect->index];
    for (size_t i = 0; i < group->n_partitions; i++)
        if (strcmp(group->partitions[i].topic, health->topics[cause->index].name) == 0)
            return true;
    return false;
}

static bool by_process(const struct health *health, const struct item *effect, const struct item *cause)
{
    if (effect->of != THING_LANE || cause->finding->verdict != VERDICT_PROCESS_SILENT)
        return false;
    const struct process_health *process = &health->processes[cause->index];
    const char *owner = health->lanes[effect->index].process;
    if (*owner)
        return strcmp(owner, process->id) == 0;
    bool left = effect->finding->verdict == VERDICT_LANE_NOT_OWNED || effect->finding->verdict == VERDICT_LANE_UNKNOWN;
    return left && began_after(effect, process->heard_ms);
}

// Who sends canaries on a lane need not be its owner.
static bool canary_by_process(const struct health *health, const struct item *effect, const struct item *cause)
{
    (void)health;
    return effect->finding->verdict == VERDICT_CANARY_UNKNOWN && cause->finding->verdict == VERDICT_PROCESS_SILENT;
}

static bool lane_stands(const struct item *lane)
{
    enum verdict verdict = lane->finding->verdict;
    return lane->of == THING_LANE && verdict != VERDICT_LANE_OK && verdict != VERDICT_LANE_UNKNOWN;
}

static bool canary_by_lane(const struct health *health, const struct item *effect, const struct item *cause)
{
    return effect->of == THING_CANARY && lane_stands(cause) &&
           health->canaries[effect->index].lane == health->lanes[cause->index].lane;
}

// What a source sent is counted when it is decided: a source whose records wait for a lane that stands has not fallen
// silent.
static bool source_by_lane(const struct health *health, const struct item *effect, const struct item *cause)
{
    enum verdict verdict = effect->finding->verdict;
    if ((verdict != VERDICT_SOURCE_SILENT && verdict != VERDICT_SOURCE_DROP) || !lane_stands(cause))
        return false;
    struct figure waiting = health->sources[effect->index].waiting;
    return waiting.state == FIGURE_KNOWN && waiting.value > 0;
}

static bool (*const rules[])(const struct health *health, const struct item *effect, const struct item *cause) = {
    by_broker, by_own_topic, by_feed, by_process, canary_by_process, canary_by_lane, source_by_lane};

static bool follows_from(const struct health *health, const struct item *effect, const struct item *cause)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i](health, effect, cause))
            return true;
    return false;
}

// A broker that has just come back does not tell everything at once.
static bool just_back(const struct health *health)
{
    return health->broker.verdict == VERDICT_BROKER_OK &&
           health->at_ms - health->broker.since_ms < BACK_LOOKS * (int64_t)health->every_ms;
}

// What nobody can say yet, because this program, the window or the broker has only begun, settles by itself.
static bool settles_itself(const struct health *health, const struct item *item)
{
    static const char *const early[] = {
        "window-not-full", "not-asked-yet", "no-commit-yet", "election", "broker-was-away"};
    enum verdict verdict = item->finding->verdict;
    if (severity_of(item) != SEVERITY_UNKNOWN || verdict == VERDICT_READER_NOT_PERMITTED ||
        verdict == VERDICT_TOPIC_NOT_PERMITTED)
        return false;
    if (health->at_ms - health->began_ms < 2LL * WINDOW_SAMPLES * health->every_ms || just_back(health))
        return true;
    for (size_t i = 0; i < sizeof early / sizeof *early; i++)
        if (strcmp(item->finding->rule, early[i]) == 0)
            return true;
    return false;
}

void troubles_fold(struct inquiry *inquiry)
{
    struct item *items = inquiry->items;
    for (size_t e = 0; e < inquiry->n_items; e++) {
        struct item *effect = &items[e];
        if (severity_of(effect) == SEVERITY_OK || !trouble_row(effect->finding->verdict)->title)
            continue;
        for (size_t c = 0; c < inquiry->n_items && effect->cause == e; c++)
            if (c != e && severity_of(&items[c]) != SEVERITY_OK && follows_from(inquiry->health, effect, &items[c]))
                effect->cause = c;
        effect->told = effect->cause == e && !settles_itself(inquiry->health, effect);
    }
}

const struct item *troubles_root(const struct inquiry *inquiry, const struct item *item)
{
    // No cause follows from its own effect, so this ends; the bound is for whoever adds a rule that does.
    for (size_t i = 0; i < inquiry->n_items && &inquiry->items[item->cause] != item; i++)
        item = &inquiry->items[item->cause];
    return item;
}
