// SPDX-License-Identifier: Apache-2.0
// Pulses on the embedded broker: what they say, that they go on, and how they end; and that an absent broker stops
// nobody.
#include "embedded.h"
#include "hub/base/hex.h"
#include "hub/base/clock.h"
#include "tests/kit/core/cost.h"
#include "hub/observe/pulse.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdatomic.h>
#include <unistd.h>

#define EVERY_MS 20
#define DAY_S    86400

static void add_topic(struct embedded *e)
{
    const struct kafka_topic_row row = {.name = "pulse", .partitions = 1, .replication = -1};
    struct kafka_result result;
    struct admin *admin = admin_new(&e->settings, &e->error);
    cr_assert(admin_create(admin, &row, 1, &result, &e->error), "%s", e->error.text);
    admin_free(admin);
}

// What the hub would fill in: a lane that moves on with every pulse.
static void fill(void *context, Signalbox__V1__Pulse *message, struct arena *arena)
{
    _Atomic uint32_t *filled = context;
    Signalbox__V1__LanePulse *lane = arena_alloc(arena, sizeof *lane);
    signalbox__v1__lane_pulse__init(lane);
    lane->lane = 5;
    lane->ledger_sequence = atomic_fetch_add(filled, 1) + 1;
    message->lanes = arena_alloc(arena, sizeof *message->lanes);
    message->lanes[message->n_lanes++] = lane;
    message->registry_version = 7;
}

static struct pulse *start(struct embedded *e, _Atomic uint32_t *filled)
{
    const struct pulse_settings settings = {.every_ms = EVERY_MS, .version = "1.2.3", .fill = fill, .context = filled};
    struct pulse *pulse = pulse_start(&e->settings, &settings, &e->error);
    cr_assert(pulse, "%s", e->error.text);
    return pulse;
}

struct pulses {
    struct reader *reader;
    struct kafka_record record;
};

static struct pulses pulses_open(struct embedded *e)
{
    const struct reader_source source = {.topic = "pulse", .partition = -1};
    const struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_BEGINNING};
    struct reader *reader = reader_new(&e->settings, &settings, &e->error);
    cr_assert(reader, "%s", e->error.text);
    return (struct pulses){.reader = reader};
}

static Signalbox__V1__Pulse *pulses_next(struct pulses *pulses)
{
    for (int i = 0; i < 100; i++)
        if (reader_next(pulses->reader, 100, &pulses->record) == READER_RECORD)
            return signalbox__v1__pulse__unpack(NULL, pulses->record.value.len, pulses->record.value.data);
    cr_assert_fail("no pulse came");
    return NULL;
}

static bool same_process(const Signalbox__V1__Pulse *pulse, struct slice key)
{
    char hex[2 * 16 + 1];
    hex_encode(slice_of(pulse->process_id.data, pulse->process_id.len), hex);
    return pulse->process_id.len == 16 && slice_equal(slice_text(hex), key);
}

Test(pulse, says_who_speaks_counts_on_and_says_goodbye)
{
    struct embedded e;
    _Atomic uint32_t filled = 0;
    embedded_init(&e);
    add_topic(&e);
    struct pulse *pulse = start(&e, &filled);
    struct pulses pulses = pulses_open(&e);
    bool stopping = false;
    int64_t last_ms = 0;
    for (uint64_t number = 1; !stopping; number++) {
        Signalbox__V1__Pulse *message = pulses_next(&pulses);
        cr_assert(message && same_process(message, pulses.record.key));
        cr_expect(message->number == number && message->every_ms == EVERY_MS && message->at_unix_ms >= last_ms);
        cr_expect(
            message->pid == (uint32_t)getpid() && *message->host && message->started_unix_ms <= message->at_unix_ms);
        cr_expect_str_eq(message->version, "1.2.3");
        cr_expect_str_eq(message->library, kafka_library_version());
        cr_expect(message->memory_bytes > 1 << 20 && message->certificate_to_unix_ms == 0);
        cr_expect(
            message->n_lanes == 1 && message->lanes[0]->ledger_sequence == number && message->registry_version == 7);
        cr_assert(number > 3 || !message->stopping);
        last_ms = message->at_unix_ms;
        stopping = message->stopping;
        signalbox__v1__pulse__free_unpacked(message, NULL);
        if (number == 3)
            pulse = pulse_stop(pulse);
    }
    reader_free(pulses.reader);
    embedded_deinit(&e);
}

Test(pulse, an_absent_broker_is_no_error_and_does_not_keep_the_process)
{
    struct embedded e = {.settings = {.bootstrap = "127.0.0.1:1", .prefix = ""}};
    _Atomic uint32_t filled = 0;
    struct pulse *pulse = start(&e, &filled);
    while (atomic_load(&filled) < 2)
        usleep(1000);
    int64_t before_ms = clock_steady_ms();
    pulse_stop(pulse);
    int64_t took_ms = clock_steady_ms() - before_ms;
    cr_expect(took_ms < 8000 || took_ms < cost_slack_ms(8000), "%lld ms", (long long)took_ms);
}

static void write_certificate(const char *path, long days)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *certificate = X509_new();
    FILE *file = fopen(path, "w");
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * DAY_S);
    X509_set_pubkey(certificate, key);
    cr_assert(X509_sign(certificate, key, NULL) && PEM_write_X509(file, certificate));
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

Test(pulse, says_when_the_client_certificate_ends)
{
    struct embedded e;
    _Atomic uint32_t filled = 0;
    char path[] = "/tmp/signalbox-pulse-XXXXXX", property[64];
    close(mkstemp(path));
    write_certificate(path, 40);
    snprintf(property, sizeof property, "ssl.certificate.location=%s", path);
    const char *const properties[] = {"ssl.certificate.location=/nowhere.pem", property};
    embedded_init(&e);
    add_topic(&e);
    e.settings.properties = properties;
    e.settings.n_properties = 2;
    struct pulse *pulse = start(&e, &filled);
    e.settings.n_properties = 0;
    struct pulses pulses = pulses_open(&e);
    Signalbox__V1__Pulse *message = pulses_next(&pulses);
    int64_t left_ms = message->certificate_to_unix_ms - message->at_unix_ms;
    cr_expect(left_ms > 39 * INT64_C(1000) * DAY_S && left_ms <= 40 * INT64_C(1000) * DAY_S + 1000, "%lld",
        (long long)left_ms);
    signalbox__v1__pulse__free_unpacked(message, NULL);
    pulse_stop(pulse);
    reader_free(pulses.reader);
    unlink(path);
    embedded_deinit(&e);
}
