// SPDX-License-Identifier: Apache-2.0
// The newest entries in a ring, and one mark for each refused record that somebody worked on; the last entry counts.
// Beside them how far all of one kind was dealt with at once.
#include "hub/observe/collect/observe_desk.h"
#include "hub/observe/collect/observer_parts.h"
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
        signalbox__v1__desk_entry__free_unpacked(desk->entries[i], NULL);
    thing_table_deinit(&desk->marks, NULL);
    thing_table_deinit(&desk->reaches, free_reach);
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

static void extend(struct desk_reach *reach, const int64_t *before, size_t n)
{
    if (n > reach->n) {
        reach->before = realloc(reach->before, n * sizeof *before);
        if (!reach->before)
            abort();
        memset(reach->before + reach->n, 0, (n - reach->n) * sizeof *before);
        reach->n = n;
    }
    for (size_t i = 0; i < n; i++)
        reach->before[i] = before[i] > reach->before[i] ? before[i] : reach->before[i];
}

static bool deals_with_all(struct observe_desk *desk, const Signalbox__V1__DeskEntry *entry)
{
    static const char of[] = "quarantine/";
    if (entry->action != SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH_ALL || !entry->done ||
        strncmp(entry->object, of, sizeof of - 1) != 0)
        return false;
    const char *pile = entry->object + sizeof of - 1;
    if (desk->reaches.n < MARKS_MAX || thing_table_find(&desk->reaches, pile))
        extend(thing_table_thing(&desk->reaches, pile, sizeof(struct desk_reach)), entry->before_offsets,
            entry->n_before_offsets);
    return true;
}

bool observe_desk_reaches(const struct observe_desk *desk, const char *pile, int32_t partition, int64_t offset)
{
    const struct desk_reach *reach = thing_table_find(&desk->reaches, pile);
    return reach && (size_t)partition < reach->n && offset < reach->before[partition];
}

const char *observe_desk_take(struct observe_desk *desk, const struct kafka_record *record)
{
    Signalbox__V1__DeskEntry *entry = signalbox__v1__desk_entry__unpack(NULL, record->value.len, record->value.data);
    if (!entry)
        return NULL;
    Signalbox__V1__DeskEntry **place = &desk->entries[desk->n++ % DESK_KEPT];
    signalbox__v1__desk_entry__free_unpacked(*place, NULL);
    *place = entry;
    if (deals_with_all(desk, entry))
        return entry->object;
    struct desk_mark mark = {0};
    const struct desk_mark *old = observe_desk_mark(desk, entry->object);
    mark = old ? *old : mark;
    if (!changes(&mark, entry) || (!old && desk->marks.n >= MARKS_MAX))
        return NULL;
    *(struct desk_mark *)thing_table_thing(&desk->marks, entry->object, sizeof mark) = mark;
    return entry->object;
}

const struct desk_mark *observe_desk_mark(const struct observe_desk *desk, const char *object)
{
    return thing_table_find(&desk->marks, object);
}
