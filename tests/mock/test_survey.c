// SPDX-License-Identifier: Apache-2.0
// A survey outlives answers that a coordinator gives while it moves or loads: on librdkafka 2.0.2 a client without a
// group would die.
#include "embedded.h"
#include "hub/kafka/survey.h"

#define OFFSET_FETCH 9 // number of the request in Kafka's protocol

Test(survey, a_coordinator_that_is_not_there_yet_is_no_end_of_the_process)
{
    static const rd_kafka_resp_err_t answers[] = {RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS};
    static const char *const groups[] = {"feed-force-a"};
    struct embedded e;
    struct arena arena;
    embedded_init(&e);
    arena_init(&arena, 0);
    e.settings.embedded = false; // ask for groups all the same
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct survey_groups told = {0};
        struct survey *survey = survey_new(&e.settings, &e.error);
        cr_assert(survey, "%s", e.error.text);
        rd_kafka_mock_push_request_errors(broker_cluster(e.broker), OFFSET_FETCH, 2, answers[i], answers[i]);
        survey_groups(survey, groups, 1, 1000, &arena, &told);
        for (size_t group = 0; group < told.n; group++)
            cr_expect_eq(told.rows[group].n_places, 0);
        survey_free(survey);
    }
    arena_deinit(&arena);
    embedded_deinit(&e);
}
