// SPDX-License-Identifier: Apache-2.0
// What stood in the way, as programs are told: from the broker's code to the cause, from the cause to the exit status.
#include "hub/cli/frame/command.h"
#include "hub/kafka/cause.h"
#include "tests/mock/embedded.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    rd_kafka_resp_err_t code;
    enum cause cause;
    enum command_status status;
} causes[] = {
    {RD_KAFKA_RESP_ERR__TRANSPORT, CAUSE_UNREACHABLE, COMMAND_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, CAUSE_UNREACHABLE, COMMAND_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, CAUSE_UNREACHABLE, COMMAND_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__SSL, CAUSE_UNREACHABLE, COMMAND_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, CAUSE_NOT_PERMITTED, COMMAND_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, CAUSE_NOT_PERMITTED, COMMAND_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, CAUSE_NOT_PERMITTED, COMMAND_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, CAUSE_MISSING, COMMAND_FAILED},
    {RD_KAFKA_RESP_ERR_INVALID_CONFIG, CAUSE_OTHER, COMMAND_FAILED},
    {RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, CAUSE_OTHER, COMMAND_FAILED},
};

Test(causes, a_code_has_a_cause_and_a_cause_an_exit_status)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        cr_expect_eq(cause_of(causes[i].code), causes[i].cause, "%s", rd_kafka_err2name(causes[i].code));
        cr_expect_eq(cli_kafka_status(causes[i].cause), causes[i].status, "%s", rd_kafka_err2name(causes[i].code));
    }
}

Test(causes, the_brokers_own_code_goes_with_the_sentence)
{
    static const rd_kafka_resp_err_t answers[] = {
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART};
    struct embedded e;
    embedded_init(&e);
    const struct reader_source source = {"in.agency-a", 0, 0};
    const struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_BEGINNING};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        rd_kafka_mock_push_request_errors(broker_cluster(e.broker), 2 /* ListOffsets */, 1, answers[i]);
        cr_assert_null(reader_new(&e.settings, &settings, &e.error));
        cr_expect_eq(e.error.cause, cause_of(answers[i]), "%s", e.error.text);
        cr_expect(strstr(e.error.text, rd_kafka_err2name(answers[i])), "%s", e.error.text);
    }
    embedded_deinit(&e);
}

// The broker may refuse the producer itself, before or after it has taken the first records.
Test(causes, a_writer_that_the_broker_refuses_says_so_of_what_it_does_not_take)
{
    struct embedded e;
    embedded_init(&e);
    rd_kafka_mock_push_request_errors(
        broker_cluster(e.broker), 22 /* InitProducerId */, 1, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
    struct writer *writer = writer_new(&e.settings, &(struct writer_settings){0}, &e.error);
    cr_assert_not_null(writer);
    int tries = 0;
    while (writer_send(writer, "in.agency-a", 0, slice_text("k"), slice_text("v"), NULL, 0, NULL) && ++tries < 500)
        writer_poll(writer, 10);
    cr_expect_lt(tries, 500, "it takes records for ever");
    cr_expect_eq(writer_error(writer)->cause, CAUSE_NOT_PERMITTED, "%s", writer_error(writer)->text);
    cr_expect(strstr(writer_error(writer)->text, "CLUSTER_AUTHORIZATION_FAILED"), "%s", writer_error(writer)->text);
    writer_free(writer);
    embedded_deinit(&e);
}

static enum cause cause_with_key(const char *path)
{
    char property[128];
    snprintf(property, sizeof property, "ssl.key.location=%s", path);
    const char *properties[] = {"security.protocol=ssl", property};
    const struct kafka_settings settings = {
        .bootstrap = "127.0.0.1:1", .prefix = "", .properties = properties, .n_properties = 2};
    struct error error;
    cr_assert_null(admin_new(&settings, &error));
    return error.cause;
}

Test(causes, a_key_that_may_not_be_read_is_a_refusal_and_one_that_is_not_there_is_none)
{
    char path[] = "/tmp/signalbox-key-XXXXXX";
    if (geteuid() == 0) // who may read everything
        cr_assert_eq(setuid(65534), 0);
    int file = mkstemp(path);
    cr_assert(file >= 0 && fchmod(file, 0) == 0);
    close(file);
    cr_expect_eq(cause_with_key(path), CAUSE_NOT_PERMITTED);
    cr_expect_eq(cause_with_key("/nowhere/a.key"), CAUSE_OTHER);
    unlink(path);
}
