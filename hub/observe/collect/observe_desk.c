// SPDX-License-Identifier: Apache-2.0
// The newest entries in a ring, and one mark for each refused record that somebody worked on; the last entry counts.
// Beside them how far all of one kind was dealt with at once.
#include "hub/observe/collect/observe_desk.h"
#include "hub/base/list.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/unpack.h"
#include <stdlib.h>

#define MARKS_MAX 200000

void observe_desk_init(struct observe_desk *desk)
{
    *desk = (struct observe_desk){.topic = {.topic = "desk"}};
}

static void free_reach(void *thing)
{
    free(((struct desk_reach *)thing)->before);
}

void observe_desk_deinit(struct observe_desk *desk)
{
    for (size_t i = 0; i < DESK_KEPT; i++)
        free(desk->entries[i]);
    thing_table_deinit(&desk->marks, NULL);
    thing_table_deinit(&desk->reaches, free_reach);
}

void observe_desk_keep(struct observe_desk *desk, struct cycle *cycle)
{
    const struct survey_topic *told = survey_topics_find(&cycle->topics, "desk");
    if (!followed_keep(&desk->topic, cycle->follow, told, cycle->now_ms) || desk->n == 0)
        return;
    struct followed topic = desk->topic;
    observe_desk_deinit(desk);
    *desk = (struct observe_desk){.topic = topic};
}

static bool change_mark(struct desk_mark *mark, const Signalbox__V1__DeskEntry *entry)
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

static bool extend_reach(struct desk_reach *reach, const int64_t *before, size_t n)
{
    if (!list_room(&reach->before, &reach->room, n, sizeof *before))
        return false;
    for (; reach->n < n; reach->n++)
        reach->before[reach->n] = 0;
    for (size_t i = 0; i < n; i++)
        reach->before[i] = before[i] > reach->before[i] ? before[i] : reach->before[i];
    return true;
}

// "<agency>/<code>" of an entry that deals with all of a kind, else NULL.
static const char *pile_of(const Signalbox__V1__DeskEntry *entry)
{
    static const char of[] = "quarantine/";
    bool all = entry->action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH_ALL && entry->done;
    return all && strncmp(entry->object, of, sizeof of - 1) == 0 ? entry->object + sizeof of - 1 : NULL;
}

// false without memory.
static bool reach_pile(struct observe_desk *desk, const char *pile, const Signalbox__V1__DeskEntry *entry)
{
    if (desk->reaches.n >= MARKS_MAX && !thing_table_find(&desk->reaches, pile))
        return true;
    struct desk_reach *reach = thing_table_thing(&desk->reaches, pile, sizeof *reach);
    return reach && extend_reach(reach, entry->before_offsets, entry->n_before_offsets);
}

// false without memory. *changed: the object has another mark now.
static bool mark_object(struct observe_desk *desk, const Signalbox__V1__DeskEntry *entry, bool *changed)
{
    const struct desk_mark *old = observe_desk_mark(desk, entry->object);
    struct desk_mark mark = old ? *old : (struct desk_mark){0}, *kept;
    *changed = change_mark(&mark, entry) && (old || desk->marks.n < MARKS_MAX);
    if (!*changed)
        return true;
    kept = thing_table_thing(&desk->marks, entry->object, sizeof mark);
    if (kept)
        *kept = mark;
    return kept != NULL;
}

bool observe_desk_reaches(const struct observe_desk *desk, const char *pile, int32_t partition, int64_t offset)
{
    const struct desk_reach *reach = thing_table_find(&desk->reaches, pile);
    return reach && (size_t)partition < reach->n && offset < reach->before[partition];
}

static void keep_entry(struct observe_desk *desk, Signalbox__V1__DeskEntry *entry)
{
    Signalbox__V1__DeskEntry **place = &desk->entries[desk->n++ % DESK_KEPT];
    free(*place);
    *place = entry;
}

bool observe_desk_take(struct observe_desk *desk, const struct kafka_record *record, const char **object)
{
    Signalbox__V1__DeskEntry *entry;
    *object = NULL;
    if (!unpack_value(&signalbox__v1__desk_entry__descriptor, record->value, (ProtobufCMessage **)&entry))
        return false;
    if (!entry)
        return true;
    const char *pile = pile_of(entry);
    bool changed = pile != NULL;
    if (!(pile ? reach_pile(desk, pile, entry) : mark_object(desk, entry, &changed))) {
        free(entry);
        return false;
    }
    keep_entry(desk, entry);
    if (changed)
        *object = entry->object;
    return true;
}

const struct desk_mark *observe_desk_mark(const struct observe_desk *desk, const char *object)
{
    return thing_table_find(&desk->marks, object);
}
