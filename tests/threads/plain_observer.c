// SPDX-License-Identifier: Apache-2.0
// The observer on the embedded broker, with two hubs' pulses, and readers who hold its snapshots, let them go and look
// things up, while it makes new ones. For ThreadSanitizer, and true without it.
#include "hub/base/clock.h"
#include "hub/control/topics.h"
#include "hub/kafka/broker.h"
#include "hub/observe/observer.h"
#include "hub/observe/pulse.h"
#include "hub/observe/tell/health_json.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define READERS   3
#define SNAPSHOTS 12 // that each reader sees
#define PULSES    2

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "plain_observer: %s\n", what);
    exit(EXIT_FAILURE);
}

static void create_topics(struct broker *broker)
{
    struct topic_plan plan = topic_plan_of(&(struct topics_for){.lanes = 2, .replication = 1});
    struct error error;
    for (size_t i = 0; i < plan.n; i++)
        demand(broker_create_topic(broker, plan.rows[i].name, plan.rows[i].partitions, &error), error.text);
    topic_plan_deinit(&plan);
}

static void fill_pulse(void *context, Signalbox__V1__Pulse *message, struct arena *arena)
{
    (void)context, (void)arena;
    message->registry_version = 1;
}

static void look_at_books(struct observer *observer)
{
    struct arena arena;
    arena_init(&arena, 0);
    const struct book_line *lines;
    const struct observer_refused *refused;
    const struct observer_subscription *subscriptions;
    const Signalbox__V1__DeskEntry *const *desk;
    static _Thread_local struct trail trail;
    observer_ledger(observer, -1, 0, 10, &arena, &lines);
    observer_quarantine(observer, NULL, NULL, true, 0, 10, &arena, &refused);
    observer_desk(observer, 10, &arena, &desk);
    observer_subscriptions(observer, &arena, &subscriptions);
    observer_registry(observer, &arena);
    observer_trail(observer, "topic/pulse", TRAIL_PER_MINUTE, &trail);
    arena_deinit(&arena);
}

// Holds each snapshot until it has told all of it, and one more beyond the next.
static void *read_health(void *context)
{
    struct observer *observer = context;
    const struct health *before = observer_health(observer);
    for (int n = 0; n < SNAPSHOTS;) {
        const struct health *health = observer_wait(observer, before->number, 1000);
        if (!health)
            continue;
        json_t *object = health_json(health);
        demand(object && health->number > before->number, "a snapshot is not newer than the one before");
        json_decref(object);
        look_at_books(observer);
        health_drop(before);
        before = health;
        n++;
    }
    health_drop(before);
    return NULL;
}

static void *change_certificate(void *context)
{
    for (int i = 1; i <= SNAPSHOTS; i++) {
        struct digest sha256 = {{(uint8_t)i}};
        observer_console_certificate(context, &sha256, clock_wall_ms() + i);
    }
    return NULL;
}

static void run_readers(struct observer *observer)
{
    pthread_t threads[READERS + 1];
    for (int i = 0; i < READERS; i++)
        pthread_create(&threads[i], NULL, read_health, observer);
    pthread_create(&threads[READERS], NULL, change_certificate, observer);
    for (int i = 0; i <= READERS; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    struct error error;
    struct broker *broker = broker_new(&error);
    demand(broker, error.text);
    create_topics(broker);
    const struct kafka_settings kafka = {
        .bootstrap = broker_bootstrap(broker), .prefix = "", .embedded = true, .broker = broker};
    const struct pulse_settings pulse = {.every_ms = 20, .version = "test", .fill = fill_pulse};
    const struct observer_settings settings = {.every_ms = 20, .version = "test"};
    struct pulse *pulses[PULSES];
    for (int i = 0; i < PULSES; i++)
        demand((pulses[i] = pulse_start(&kafka, &pulse, &error)), error.text);
    struct observer *observer = observer_start(&kafka, &settings, &error);
    demand(observer, error.text);
    run_readers(observer);
    for (int i = 0; i < PULSES; i++)
        pulse_stop(pulses[i]);
    observer_stop(observer);
    broker_free(broker);
    printf("%d readers had %d snapshots each\n", READERS, SNAPSHOTS);
    return EXIT_SUCCESS;
}
