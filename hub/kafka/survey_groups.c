// SPDX-License-Identifier: Apache-2.0
// Groups and configurations, by admin calls. librdkafka 2.0.2 takes one group a request for places, so all requests are sent before
// the first answer is waited for; each carries its row as its opaque.
#include "hub/kafka/survey_parts.h"
#include <stdio.h>
#include <stdlib.h>

rd_kafka_AdminOptions_t *survey_options(struct survey *survey, rd_kafka_admin_op_t op, int64_t deadline_ms)
{
    char text[256];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(survey->probe, op);
    rd_kafka_AdminOptions_set_request_timeout(options, survey_left(deadline_ms), text, sizeof text);
    return options;
}

// --- the list -------------------------------------------------------------------------------------------------------

static bool has_group(const struct survey_groups *groups, const char *name)
{
    for (size_t i = 0; i < groups->n; i++)
        if (strcmp(groups->rows[i].name, name) == 0)
            return true;
    return false;
}

static rd_kafka_event_t *ask_list(struct survey *survey, int64_t deadline_ms)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    rd_kafka_AdminOptions_t *options = survey_options(survey, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, deadline_ms);
    rd_kafka_ListConsumerGroups(survey->probe, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms) + 100);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return event;
}

static enum survey_state list_state(const rd_kafka_ListConsumerGroups_result_t *result)
{
    size_t n = 0;
    const rd_kafka_error_t **errors = rd_kafka_ListConsumerGroups_result_errors(result, &n);
    return n ? survey_state_of(rd_kafka_error_code(errors[0])) : SURVEY_KNOWN;
}

static void list_groups(struct survey *survey, const char *const *also, size_t n_also, int64_t deadline_ms,
    struct arena *arena, struct survey_groups *groups)
{
    size_t n = 0;
    rd_kafka_event_t *event = ask_list(survey, deadline_ms);
    const rd_kafka_ListConsumerGroups_result_t *result =
        event && !rd_kafka_event_error(event) ? rd_kafka_event_ListConsumerGroups_result(event) : NULL;
    const rd_kafka_ConsumerGroupListing_t **told =
        result ? rd_kafka_ListConsumerGroups_result_valid(result, &n) : NULL;
    groups->state = result ? list_state(result) : event ? survey_state_of(rd_kafka_event_error(event)) : SURVEY_UNKNOWN;
    groups->rows = arena_alloc(arena, (n + n_also + 1) * sizeof *groups->rows);
    for (size_t i = 0; groups->rows && i < n; i++) {
        const char *name = survey_bare(survey, rd_kafka_ConsumerGroupListing_group_id(told[i]));
        if (name)
            groups->rows[groups->n++] = (struct survey_group){.name = arena_text(arena, slice_text(name))};
    }
    for (size_t i = 0; groups->rows && i < n_also; i++)
        if (!has_group(groups, also[i]))
            groups->rows[groups->n++] = (struct survey_group){.name = arena_text(arena, slice_text(also[i]))};
    if (event)
        rd_kafka_event_destroy(event);
}

// --- places ---------------------------------------------------------------------------------------------------------

static void ask_places(struct survey *survey, struct survey_group *group, struct arena *arena, int64_t deadline_ms,
    rd_kafka_queue_t *queue)
{
    rd_kafka_AdminOptions_t *options = survey_options(survey, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, deadline_ms);
    rd_kafka_AdminOptions_set_opaque(options, group);
    rd_kafka_ListConsumerGroupOffsets_t *request =
        rd_kafka_ListConsumerGroupOffsets_new(survey_full(survey, arena, group->name), NULL);
    rd_kafka_ListConsumerGroupOffsets(survey->probe, &request, 1, options, queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    rd_kafka_AdminOptions_destroy(options);
}

static size_t copy_places(const struct survey *survey, const rd_kafka_topic_partition_list_t *told, bool committed,
    struct arena *arena, struct survey_place *places)
{
    size_t n = 0;
    for (int i = 0; i < told->cnt; i++) {
        const rd_kafka_topic_partition_t *place = &told->elems[i];
        const char *topic = survey_bare(survey, place->topic);
        if (topic && (!committed || place->offset >= 0))
            places[n++] = (struct survey_place){
                arena_text(arena, slice_text(topic)), place->partition, committed ? place->offset : -1};
    }
    return n;
}

static void take_places(const struct survey *survey, rd_kafka_event_t *event, struct arena *arena)
{
    size_t n = 0;
    struct survey_group *group = rd_kafka_event_opaque(event);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    const rd_kafka_ListConsumerGroupOffsets_result_t *result =
        code ? NULL : rd_kafka_event_ListConsumerGroupOffsets_result(event);
    const rd_kafka_group_result_t **told =
        result ? rd_kafka_ListConsumerGroupOffsets_result_groups(result, &n) : NULL;
    if (n == 1 && rd_kafka_group_result_error(told[0]))
        code = rd_kafka_error_code(rd_kafka_group_result_error(told[0]));
    group->state = survey_state_of(code);
    const rd_kafka_topic_partition_list_t *list =
        n == 1 && group->state == SURVEY_KNOWN ? rd_kafka_group_result_partitions(told[0]) : NULL;
    if (!list)
        return;
    group->places = arena_alloc(arena, ((size_t)list->cnt + 1) * sizeof *group->places);
    if (group->places)
        group->n_places = copy_places(survey, list, true, arena, group->places);
}

void survey_groups(struct survey *survey, const char *const *also, size_t n_also, int timeout_ms, struct arena *arena,
    struct survey_groups *groups)
{
    int64_t deadline_ms = moment_ms() + timeout_ms;
    *groups = (struct survey_groups){0};
    if (survey->kafka.embedded)
        return;
    list_groups(survey, also, n_also, deadline_ms, arena, groups);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    for (size_t i = 0; i < groups->n; i++)
        ask_places(survey, &groups->rows[i], arena, deadline_ms, queue);
    for (size_t i = 0; i < groups->n; i++) {
        // Every request ends by its own deadline at the latest; a little more lets the last of those ends arrive.
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms) + 500);
        if (!event)
            break;
        take_places(survey, event, arena);
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(queue);
}

// --- members --------------------------------------------------------------------------------------------------------

static void take_assigned(const struct survey *survey, const rd_kafka_ConsumerGroupDescription_t *told,
    struct arena *arena, struct survey_members *row)
{
    size_t n = rd_kafka_ConsumerGroupDescription_member_count(told), room = 0;
    for (size_t i = 0; i < n; i++)
        room += (size_t)rd_kafka_MemberAssignment_partitions(
            rd_kafka_MemberDescription_assignment(rd_kafka_ConsumerGroupDescription_member(told, i)))
                    ->cnt;
    row->assigned = arena_alloc(arena, (room + 1) * sizeof *row->assigned);
    for (size_t i = 0; row->assigned && i < n; i++)
        row->n_assigned += copy_places(survey,
            rd_kafka_MemberAssignment_partitions(
                rd_kafka_MemberDescription_assignment(rd_kafka_ConsumerGroupDescription_member(told, i))),
            false, arena, row->assigned + row->n_assigned);
}

// A group of the newer protocol is "Dead" to whoever asks in the older one; so is one that is not there.
static void take_members(const struct survey *survey, const rd_kafka_ConsumerGroupDescription_t *told,
    struct arena *arena, struct survey_members *row)
{
    const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(told);
    rd_kafka_consumer_group_state_t state = rd_kafka_ConsumerGroupDescription_state(told);
    row->members.state = error ? survey_state_of(rd_kafka_error_code(error)) : SURVEY_KNOWN;
    if (row->members.state != SURVEY_KNOWN)
        return;
    if (state == RD_KAFKA_CONSUMER_GROUP_STATE_DEAD || state == RD_KAFKA_CONSUMER_GROUP_STATE_UNKNOWN) {
        row->members.state = SURVEY_UNKNOWN;
        return;
    }
    row->members.value = (int64_t)rd_kafka_ConsumerGroupDescription_member_count(told);
    row->state = rd_kafka_consumer_group_state_name(state);
    take_assigned(survey, told, arena, row);
}

static struct survey_members *row_of(struct survey_members *rows, size_t n, const char *name)
{
    for (size_t i = 0; name && i < n; i++)
        if (strcmp(rows[i].group, name) == 0)
            return &rows[i];
    return NULL;
}

static rd_kafka_event_t *ask_members(
    struct survey *survey, struct survey_members *rows, size_t n, int64_t deadline_ms, struct arena *arena)
{
    const char **names = arena_alloc(arena, n * sizeof *names);
    for (size_t i = 0; names && i < n; i++)
        names[i] = survey_full(survey, arena, rows[i].group);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    rd_kafka_AdminOptions_t *options = survey_options(survey, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, deadline_ms);
    rd_kafka_DescribeConsumerGroups(survey->probe, names, names ? n : 0, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms) + 500);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return event;
}

void survey_members(struct survey *survey, struct survey_members *rows, size_t n, int timeout_ms, struct arena *arena)
{
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct survey_members){.group = rows[i].group, .state = ""};
    if (n == 0 || survey->kafka.embedded)
        return;
    rd_kafka_event_t *event = ask_members(survey, rows, n, moment_ms() + timeout_ms, arena);
    if (!event)
        return;
    size_t n_told = 0;
    const rd_kafka_DescribeConsumerGroups_result_t *result =
        rd_kafka_event_error(event) ? NULL : rd_kafka_event_DescribeConsumerGroups_result(event);
    const rd_kafka_ConsumerGroupDescription_t **told =
        result ? rd_kafka_DescribeConsumerGroups_result_groups(result, &n_told) : NULL;
    for (size_t i = 0; i < n_told; i++) {
        const char *name = survey_bare(survey, rd_kafka_ConsumerGroupDescription_group_id(told[i]));
        struct survey_members *row = row_of(rows, n, name);
        if (row)
            take_members(survey, told[i], arena, row);
    }
    rd_kafka_event_destroy(event);
}

// --- retention ------------------------------------------------------------------------------------------------------

static struct survey_number retention_of(const rd_kafka_ConfigResource_t *told)
{
    size_t n = 0;
    enum survey_state state = survey_state_of(rd_kafka_ConfigResource_error(told));
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(told, &n);
    for (size_t i = 0; state == SURVEY_KNOWN && i < n; i++) {
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value && strcmp(rd_kafka_ConfigEntry_name(entries[i]), "retention.ms") == 0)
            return (struct survey_number){SURVEY_KNOWN, strtoll(value, NULL, 10)};
    }
    return (struct survey_number){state == SURVEY_KNOWN ? SURVEY_UNKNOWN : state, 0};
}

static rd_kafka_event_t *ask_configs(struct survey *survey, const struct survey_topics *topics, int64_t deadline_ms)
{
    size_t n = 0;
    char full[KAFKA_NAME_BYTES], error[KAFKA_ERROR_BYTES];
    rd_kafka_ConfigResource_t **resources = calloc(topics->n, sizeof(rd_kafka_ConfigResource_t *));
    for (size_t i = 0; resources && i < topics->n; i++)
        if (kafka_conf_name(&survey->kafka, topics->rows[i].name, full, error))
            resources[n++] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, full);
    if (!n) {
        free(resources);
        return NULL;
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    rd_kafka_AdminOptions_t *options = survey_options(survey, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, deadline_ms);
    rd_kafka_DescribeConfigs(survey->probe, resources, n, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms) + 500);
    rd_kafka_ConfigResource_destroy_array(resources, n);
    free(resources);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return event;
}

void survey_retention(
    struct survey *survey, const struct survey_topics *topics, int timeout_ms, struct survey_number *retention_ms)
{
    memset(retention_ms, 0, topics->n * sizeof *retention_ms);
    if (topics->n == 0 || survey->kafka.embedded)
        return;
    size_t n = 0;
    rd_kafka_event_t *event = ask_configs(survey, topics, moment_ms() + timeout_ms);
    const rd_kafka_DescribeConfigs_result_t *result =
        event && !rd_kafka_event_error(event) ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    const rd_kafka_ConfigResource_t **told = result ? rd_kafka_DescribeConfigs_result_resources(result, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *name = survey_bare(survey, rd_kafka_ConfigResource_name(told[i]));
        const struct survey_topic *topic = name ? survey_topics_find(topics, name) : NULL;
        if (topic)
            retention_ms[topic - topics->rows] = retention_of(told[i]);
    }
    if (event)
        rd_kafka_event_destroy(event);
}
