// SPDX-License-Identifier: Apache-2.0
// The newest entries in a ring, and one mark for each refused record that somebody worked on; the last entry counts.
#include "hub/observe/watch/observe_desk.h"
#include "hub/observe/watch/observer_parts.h"

#define MARKS_MAX 200000

void observe_desk_init(struct observe_desk *desk)
{
    *desk = (struct observe_desk){.topic = {.topic = "desk"}};
}

void observe_desk_deinit(struct observe_desk *desk)
{
    for (size_t i = 0; i < DESK_KEPT; i++)
        signalbox__v1__desk_entry__free_unpacked(desk->entries[i], NULL);
    directory_deinit(&desk->marks, NULL);
}

void observe_desk_keep(struct observe_desk *desk, struct cycle *cycle)
{
    const struct survey_topic *told = survey_topics_find(&cycle->topics, "desk");
    if (!followed_keep(&desk->topic, cycle->observer->follow, told, cycle->now_ms) || desk->n == 0)
        return;
    struct followed topic = desk->topic;
    observe_desk_deinit(desk);
    *desk = (struct observe_desk){.topic = topic};
}

static bool changes(struct desk_mark *mark, const Signalbox__V1__DeskEntry *entry)
{
    bool undone = !entry->done && strcmp(entry->refusal, "NOT_WRITTEN") == 0;
    if (!entry->done && !undone)
        return false;
    if (entry->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_TELL_AGENCY)
        mark->told = !undone;
    else if (entry->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH)
        mark->dealt_with = !undone;
    else
        return false;
    return true;
}

const char *observe_desk_take(struct observe_desk *desk, const struct kafka_record *record)
{
    Signalbox__V1__DeskEntry *entry = signalbox__v1__desk_entry__unpack(NULL, record->value.len, record->value.data);
    if (!entry)
        return NULL;
    Signalbox__V1__DeskEntry **place = &desk->entries[desk->n++ % DESK_KEPT];
    signalbox__v1__desk_entry__free_unpacked(*place, NULL);
    *place = entry;
    struct desk_mark mark = {0};
    const struct desk_mark *old = observe_desk_mark(desk, entry->object);
    mark = old ? *old : mark;
    if (!changes(&mark, entry) || (!old && desk->marks.n >= MARKS_MAX))
        return NULL;
    *(struct desk_mark *)directory_thing(&desk->marks, entry->object, sizeof mark) = mark;
    return entry->object;
}

const struct desk_mark *observe_desk_mark(const struct observe_desk *desk, const char *object)
{
    return directory_find(&desk->marks, object);
}
