// SPDX-License-Identifier: Apache-2.0
// Where groups stand. librdkafka 2.0.2 takes one group a request, so all requests are sent before the first answer is
// waited for; each carries its group as its opaque. A request that ends by its own timeout while its coordinator is
// away aborts the process when the coordinator comes back (librdkafka #4605, in every version so far): so no request is
// given a timeout that it could reach, and if one is not answered by our deadline the whole client is put away with it.
#include "hub/kafka/survey_parts.h"

#define NEVER_MS 3600000 // the longest that librdkafka takes

static void ask_places(struct survey *survey, struct survey_group *group, struct arena *arena, rd_kafka_queue_t *queue)
{
    char text[256];
    const char *name = survey_full(survey, arena, group->name);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(survey->probe, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_AdminOptions_set_request_timeout(options, NEVER_MS, text, sizeof text);
    rd_kafka_AdminOptions_set_opaque(options, group);
    rd_kafka_ListConsumerGroupOffsets_t *request = rd_kafka_ListConsumerGroupOffsets_new(name, NULL);
    rd_kafka_ListConsumerGroupOffsets(survey->probe, &request, 1, options, queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    rd_kafka_AdminOptions_destroy(options);
}

static void copy_places(const struct survey *survey, const rd_kafka_topic_partition_list_t *told, struct arena *arena,
    struct survey_group *group)
{
    group->places = arena_alloc(arena, ((size_t)told->cnt + 1) * sizeof *group->places);
    for (int i = 0; group->places && i < told->cnt; i++) {
        const rd_kafka_topic_partition_t *place = &told->elems[i];
        const char *topic = survey_bare(survey, place->topic);
        if (topic && place->offset >= 0)
            group->places[group->n_places++] =
                (struct survey_place){arena_text(arena, slice_text(topic)), place->partition, place->offset};
    }
}

static void take_place(const struct survey *survey, rd_kafka_event_t *event, struct arena *arena)
{
    size_t n = 0;
    struct survey_group *group = rd_kafka_event_opaque(event);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    const rd_kafka_ListConsumerGroupOffsets_result_t *result =
        code ? NULL : rd_kafka_event_ListConsumerGroupOffsets_result(event);
    const rd_kafka_group_result_t **told = result ? rd_kafka_ListConsumerGroupOffsets_result_groups(result, &n) : NULL;
    if (n == 1 && rd_kafka_group_result_error(told[0]))
        code = rd_kafka_error_code(rd_kafka_group_result_error(told[0]));
    group->state = survey_state_of(code);
    if (n == 1 && group->state == SURVEY_KNOWN)
        copy_places(survey, rd_kafka_group_result_partitions(told[0]), arena, group);
}

static size_t gather_answers(
    struct survey *survey, size_t n, struct arena *arena, rd_kafka_queue_t *queue, int64_t deadline_ms)
{
    size_t got = 0;
    while (got < n) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms));
        if (!event)
            break;
        take_place(survey, event, arena);
        rd_kafka_event_destroy(event);
        got++;
    }
    return got;
}

void survey_groups(struct survey *survey, const char *const *also, size_t n_also, int timeout_ms, struct arena *arena,
    struct survey_groups *groups)
{
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    *groups = (struct survey_groups){0};
    if (survey->kafka.embedded)
        return;
    survey_list_groups(survey, also, n_also, timeout_ms, arena, groups);
    if (groups->n == 0)
        return;
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    for (size_t i = 0; i < groups->n; i++)
        ask_places(survey, &groups->rows[i], arena, queue);
    bool all = gather_answers(survey, groups->n, arena, queue, deadline_ms) == groups->n;
    rd_kafka_queue_destroy(queue);
    if (!all)
        survey_disconnect(survey);
}
