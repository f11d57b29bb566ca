// SPDX-License-Identifier: Apache-2.0
// What -X may say: what is tuned may be changed, what correctness rests on may not, and a mistake is told in a sentence
// that repeats no value.
#include "hub/kafka/kafka_conf.h"
#include <criterion/criterion.h>

static const struct {
    const char *property;
    const char *says; // NULL if it is allowed
} properties[] = {
    {"linger.ms=20", NULL},
    {"security.protocol=ssl", NULL},
    {"sasl.password=hunter2", NULL},
    {"isolation.level=read_committed", NULL},
    {"acks=all", NULL},
    {"acks=-1", NULL},
    {"debug=broker", NULL},
    {"enable.auto.commit=true", "must stay false: positions are committed together"},
    {"auto.commit.enable=true", "must stay false"},
    {"acks=1", "must stay all: a record counts as written"},
    {"request.required.acks=0", "must stay all"},
    {"enable.idempotence=false", "must stay true"},
    {"isolation.level=read_uncommitted", "must stay read_committed: records of aborted"},
    {"auto.offset.reset=latest", "must stay error"},
    {"compression.codec=gzip", "must stay none"},
    {"partition.assignment.strategy=cooperative-sticky", "must stay range"},
    {"enable.ssl.certificate.verification=false", "must stay true: an unverified broker"},
    {"ssl.endpoint.identification.algorithm=none", "must stay https"},
    {"allow.auto.create.topics=true", "must stay false"},
    {"transactional.id=x", "cannot be set: each lane has its own"},
    {"group.id=x", "cannot be set: the program names its group"},
    {"transaction.timeout.ms=1", "cannot be set: it is set together with the session timeout"},
    {"bootstrap.servers=x:1", "give the address with --bootstrap"},
    {"metadata.broker.list=x:1", "give the address with --bootstrap"},
    {"plugin.library.paths=x.so", "no foreign code"},
    {"no.such.property=1", "knows no property \"no.such.property\""},
    {"socket.timeout.ms=soon", "cannot have the value given"},
    {"linger.ms", "write it as name=value"},
    {"=5", "write it as name=value"},
    {"", "write it as name=value"},
};

Test(settings, every_property_is_allowed_or_refused_with_a_sentence)
{
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        struct error error;
        const struct kafka_settings settings = {
            .bootstrap = "127.0.0.1:9", .properties = &properties[i].property, .n_properties = 1};
        bool good = kafka_settings_check(&settings, &error);
        cr_expect_eq(good, properties[i].says == NULL, "%s: %s", properties[i].property, error.text);
        cr_expect(!properties[i].says || strstr(error.text, properties[i].says), "%s: %s", properties[i].property,
            error.text);
        cr_expect_null(strstr(error.text, "hunter2"));
    }
}

static const struct {
    const char *bootstrap, *prefix, *says;
} addresses[] = {
    {"127.0.0.1:9", "", NULL},
    {"a:1,b:2", "centre-1.", NULL},
    {NULL, "", "give --bootstrap"},
    {"", "", "give --bootstrap"},
    {"127.0.0.1:9", "with space", "letters, digits, dots"},
    {"127.0.0.1:9", "star*", "letters, digits, dots"},
    {"127.0.0.1:9", "a-prefix-of-sixty-four-characters-is-the-longest-that-is-allowed", NULL},
    {"127.0.0.1:9", "a-prefix-of-sixty-five-characters-is-one-more-than-that-is-taken.", "at most 64"},
    {"127.0.0.1:9", "seventy-characters-are-more-than-any-sensible-prefix-needs-to-have-here", "at most 64"},
};

Test(settings, address_and_prefix_are_checked_before_anything_is_started)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct error error;
        const struct kafka_settings settings = {.bootstrap = addresses[i].bootstrap, .prefix = addresses[i].prefix};
        cr_expect_eq(kafka_settings_check(&settings, &error), addresses[i].says == NULL, "row %zu: %s", i, error.text);
        cr_expect(!addresses[i].says || strstr(error.text, addresses[i].says), "row %zu: %s", i, error.text);
    }
}

static const enum kafka_role roles[] = {
    KAFKA_HUB_IN, KAFKA_HUB_OUT, KAFKA_READ, KAFKA_AUDIT, KAFKA_RESTORE, KAFKA_PROBE, KAFKA_WRITE, KAFKA_ADMIN};

Test(settings, every_role_runs_with_what_correctness_rests_on)
{
    const struct kafka_settings settings = {.bootstrap = "127.0.0.1:9"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        struct error error;
        const struct kafka_property properties_of_role[] = {
            {"group.id", roles[i] == KAFKA_HUB_IN ? "hub" : NULL, true},
            {"transactional.id", roles[i] == KAFKA_HUB_OUT ? "hub-lane-0-a" : NULL, true},
        };
        rd_kafka_t *client = kafka_conf_start(&settings, roles[i], properties_of_role, 2, NULL, NULL, &error);
        cr_assert(client, "%s", error.text);
        rd_kafka_destroy(client);
    }
}

Test(settings, a_checked_property_that_does_not_take_effect_stops_the_start)
{
    const struct kafka_settings settings = {.bootstrap = "127.0.0.1:9"};
    const struct kafka_property wrong = {"session.timeout.ms", "07000", true}; // runs as 7000
    struct error error;
    cr_expect_null(kafka_conf_start(&settings, KAFKA_READ, &wrong, 1, NULL, NULL, &error));
    cr_expect(strstr(error.text, "does not run with session.timeout.ms=07000"), "%s", error.text);
}
