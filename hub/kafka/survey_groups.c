// SPDX-License-Identifier: Apache-2.0
// Groups with state and members: the older call that lists and describes all groups, one request a broker each. The
// newer DescribeConsumerGroups is one request a group, and aborts the process if a broker goes at the wrong moment
// (librdkafka #4605).
#include "hub/kafka/survey_parts.h"
#include <stdlib.h>

// --- what members have ----------------------------------------------------------------------------------------------

// The consumer protocol's assignment, which comes from members and so from anybody: version, then topics with
// partitions.
struct cursor {
    const uint8_t *at, *end;
    bool good;
};

static uint32_t take_number(struct cursor *cursor, size_t bytes)
{
    uint32_t value = 0;
    cursor->good &= (size_t)(cursor->end - cursor->at) >= bytes;
    for (size_t i = 0; cursor->good && i < bytes; i++)
        value = value << 8 | *cursor->at++;
    return value;
}

static struct slice take_text(struct cursor *cursor)
{
    size_t len = take_number(cursor, 2);
    cursor->good &= (size_t)(cursor->end - cursor->at) >= len;
    if (!cursor->good)
        return (struct slice){0};
    cursor->at += len;
    return slice_of(cursor->at - len, len);
}

static void add_assigned(struct survey_group *group, const char *topic, int32_t partition, size_t room)
{
    if (topic && group->n_assigned < room)
        group->assigned[group->n_assigned++] = (struct survey_place){topic, partition, -1};
}

static void take_assignment(
    const struct survey *survey, struct slice bytes, struct arena *arena, struct survey_group *group, size_t room)
{
    struct cursor cursor = {bytes.data, bytes.data + bytes.len, bytes.len > 0};
    take_number(&cursor, 2);
    for (uint32_t topics = take_number(&cursor, 4); cursor.good && topics > 0; topics--) {
        const char *name = arena_text(arena, take_text(&cursor));
        const char *topic = name ? survey_bare(survey, name) : NULL;
        for (uint32_t parts = take_number(&cursor, 4); cursor.good && parts > 0; parts--) {
            int32_t partition = (int32_t)take_number(&cursor, 4);
            if (cursor.good)
                add_assigned(group, topic, partition, room);
        }
    }
}

static void take_members(const struct survey *survey, const struct rd_kafka_group_info *told, struct arena *arena,
    struct survey_group *group)
{
    size_t room = 0;
    for (int i = 0; i < told->member_cnt; i++)
        room += (size_t)told->members[i].member_assignment_size / 4;
    group->assigned = arena_alloc(arena, (room + 1) * sizeof *group->assigned);
    for (int i = 0; group->assigned && i < told->member_cnt; i++)
        take_assignment(survey,
            slice_of(told->members[i].member_assignment, (size_t)told->members[i].member_assignment_size), arena, group,
            room);
}

// --- the list -------------------------------------------------------------------------------------------------------

// A group of the newer protocol is "Dead" to whoever asks in the older one.
static void take_group(const struct survey *survey, const struct rd_kafka_group_info *told, struct arena *arena,
    struct survey_group *group)
{
    group->members.state = survey_state_of(told->err);
    if (group->members.state == SURVEY_KNOWN && strcmp(told->state, "Dead") == 0)
        group->members.state = SURVEY_UNKNOWN;
    if (group->members.state != SURVEY_KNOWN)
        return;
    group->members.value = told->member_cnt;
    group->state_name = arena_text(arena, slice_text(told->state));
    take_members(survey, told, arena, group);
}

static bool is_consumers(const struct rd_kafka_group_info *told)
{
    return !told->protocol_type || !*told->protocol_type || strcmp(told->protocol_type, "consumer") == 0;
}

static struct survey_group *add_group(struct survey_groups *groups, const char *name, struct arena *arena)
{
    struct survey_group *group = &groups->rows[groups->n++];
    *group = (struct survey_group){.name = arena_text(arena, slice_text(name)), .state_name = ""};
    return group;
}

static bool has_group(const struct survey_groups *groups, const char *name)
{
    for (size_t i = 0; i < groups->n; i++)
        if (strcmp(groups->rows[i].name, name) == 0)
            return true;
    return false;
}

void survey_list_groups(struct survey *survey, const char *const *also, size_t n_also, int timeout_ms,
    struct arena *arena, struct survey_groups *groups)
{
    const struct rd_kafka_group_list *told = NULL;
    struct error error;
    if (!survey_connect(survey, &error))
        return;
    rd_kafka_resp_err_t code = rd_kafka_list_groups(survey->probe, NULL, &told, timeout_ms);
    size_t n = told ? (size_t)told->group_cnt : 0;
    groups->state = survey_state_of(code);
    groups->rows = arena_alloc(arena, (n + n_also + 1) * sizeof *groups->rows);
    for (size_t i = 0; groups->rows && i < n; i++) {
        const char *name = survey_bare(survey, told->groups[i].group);
        if (name && is_consumers(&told->groups[i]))
            take_group(survey, &told->groups[i], arena, add_group(groups, name, arena));
    }
    for (size_t i = 0; groups->rows && i < n_also; i++)
        if (!has_group(groups, also[i]))
            add_group(groups, also[i], arena);
    if (told)
        rd_kafka_group_list_destroy(told);
}
