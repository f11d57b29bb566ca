// SPDX-License-Identifier: Apache-2.0
// One thread: fill, pack, send, wait. A pulse that could not be written is not sent again, the next one says more; that
// the broker is away is logged once, and once more when it is back.
#include "hub/observe/pulse.h"
#include "hub/base/clock.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/kafka/writer.h"
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define EVERY_MS      2000
#define ID_BYTES      16
#define QUEUE_RECORDS 8 // more would only be older
#define TIMEOUT_MS    5000
#define ASK_MS        1000
#define GOODBYE_MS    2000
#define CERTIFICATE   "ssl.certificate.location="

struct pulse {
    struct pulse_settings settings;
    struct writer *writer;
    uint8_t id[ID_BYTES];
    char key[2 * ID_BYTES + 1];
    struct utsname host;
    int64_t started_ms, certificate_to_ms;
    uint64_t number;
    bool silent; // the last one was not written
    struct arena arena;
    pthread_t thread;
    pthread_mutex_t lock; // guards stop
    pthread_cond_t change;
    bool stop;
};

static int64_t processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// The second number of statm: pages in memory.
static uint64_t memory_bytes(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    char *second = fgets(line, sizeof line, file) ? strchr(line, ' ') : NULL;
    fclose(file);
    return second ? strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static int64_t end_of(const char *path)
{
    struct tm end;
    FILE *file = fopen(path, "re");
    X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    bool known = certificate && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1;
    X509_free(certificate);
    if (file)
        fclose(file);
    return known ? (int64_t)timegm(&end) * 1000 : 0;
}

// As it was at the start, when the library read the file too. The last setting counts.
static int64_t certificate_to_ms(const struct kafka_settings *kafka)
{
    for (size_t i = kafka->n_properties; i-- > 0;)
        if (strncmp(kafka->properties[i], CERTIFICATE, strlen(CERTIFICATE)) == 0)
            return end_of(kafka->properties[i] + strlen(CERTIFICATE));
    return 0;
}

static void describe_process(struct pulse *pulse, Signalbox__V1__Pulse *message)
{
    message->process_id = (ProtobufCBinaryData){.data = pulse->id, .len = ID_BYTES};
    message->host = pulse->host.nodename;
    message->pid = (uint32_t)getpid();
    message->version = (char *)(uintptr_t)pulse->settings.version;
    message->library = (char *)(uintptr_t)kafka_library_version();
    message->started_unix_ms = pulse->started_ms;
    message->at_unix_ms = clock_wall_ms();
    message->number = ++pulse->number;
    message->every_ms = pulse->settings.every_ms;
    message->certificate_to_unix_ms = pulse->certificate_to_ms;
    message->memory_bytes = memory_bytes();
    message->processor_ms = (uint64_t)processor_ms();
}

static void note_writing(struct pulse *pulse, const char *error)
{
    if (error && !pulse->silent)
        log_warning("PULSE-NOT-WRITTEN", "why=\"%s\"", error);
    else if (!error && pulse->silent)
        log_info("PULSE-WRITTEN", "number=%llu", (unsigned long long)pulse->number);
    pulse->silent = error != NULL;
}

static void on_report(void *context, const struct writer_report *report)
{
    note_writing(context, report->error ? report->error->text : NULL);
}

static void send_pulse(struct pulse *pulse, bool stopping)
{
    Signalbox__V1__Pulse message = SIGNALBOX__V1__PULSE__INIT;
    struct error error;
    arena_reset(&pulse->arena);
    describe_process(pulse, &message);
    message.stopping = stopping;
    struct slice value = pulse_pack(&pulse->settings, &message, &pulse->arena);
    if (value.len == 0) {
        error_no_memory(&error, "the pulse");
        note_writing(pulse, error.text);
    } else if (!writer_send(pulse->writer, "pulse", 0, slice_text(pulse->key), value, NULL, 0, NULL)) {
        note_writing(pulse, writer_error(pulse->writer)->text);
    }
}

// Until the next one is due; true when it is the last.
static bool wait_due(struct pulse *pulse)
{
    const struct timespec until = clock_steady_after(pulse->settings.every_ms);
    pthread_mutex_lock(&pulse->lock);
    while (!pulse->stop && pthread_cond_timedwait(&pulse->change, &pulse->lock, &until) == 0)
        ;
    bool stop = pulse->stop;
    pthread_mutex_unlock(&pulse->lock);
    return stop;
}

static void *run_pulse(void *argument)
{
    struct pulse *pulse = argument;
    do {
        send_pulse(pulse, false);
        writer_poll(pulse->writer, 0);
    } while (!wait_due(pulse));
    send_pulse(pulse, true);
    writer_flush(pulse->writer, GOODBYE_MS);
    return NULL;
}

static bool prepare_pulse(struct pulse *pulse, const struct kafka_settings *kafka, struct error *error)
{
    const struct writer_settings settings = {.report = on_report,
        .context = pulse,
        .queue_records = QUEUE_RECORDS,
        .timeout_ms = TIMEOUT_MS,
        .ask_ms = ASK_MS};
    error_say(error, CAUSE_OTHER, "The machine has no random numbers or no name for itself.");
    if (RAND_bytes(pulse->id, ID_BYTES) != 1 || uname(&pulse->host) != 0)
        return false;
    hex_encode(slice_of(pulse->id, ID_BYTES), pulse->key);
    pulse->started_ms = clock_wall_ms();
    pulse->certificate_to_ms = certificate_to_ms(kafka);
    pulse->writer = writer_new(kafka, &settings, error);
    return pulse->writer != NULL;
}

static struct pulse *destroy_pulse(struct pulse *pulse)
{
    writer_free(pulse->writer);
    arena_deinit(&pulse->arena);
    pthread_cond_destroy(&pulse->change);
    pthread_mutex_destroy(&pulse->lock);
    free(pulse);
    return NULL;
}

struct pulse *pulse_start(
    const struct kafka_settings *kafka, const struct pulse_settings *settings, struct error *error)
{
    pthread_condattr_t monotonic;
    struct pulse *pulse = calloc(1, sizeof *pulse);
    if (!pulse) {
        error_no_memory(error, "the pulse");
        return NULL;
    }
    pulse->settings = *settings;
    if (!pulse->settings.every_ms)
        pulse->settings.every_ms = EVERY_MS;
    arena_init(&pulse->arena, 0);
    pthread_mutex_init(&pulse->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pulse->change, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!prepare_pulse(pulse, kafka, error))
        return destroy_pulse(pulse);
    if (pthread_create(&pulse->thread, NULL, run_pulse, pulse) == 0)
        return pulse;
    error_say(error, CAUSE_OTHER, "There is no thread left for the pulse.");
    return destroy_pulse(pulse);
}

struct pulse *pulse_stop(struct pulse *pulse)
{
    if (!pulse)
        return NULL;
    pthread_mutex_lock(&pulse->lock);
    pulse->stop = true;
    pthread_cond_signal(&pulse->change);
    pthread_mutex_unlock(&pulse->lock);
    pthread_join(pulse->thread, NULL);
    return destroy_pulse(pulse);
}
