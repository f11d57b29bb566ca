// SPDX-License-Identifier: Apache-2.0
// A round every few seconds: one item a lane, all under one signature, each noted as in flight before it goes. One
// clock, this process's own, measures there and back. After a loss everything is opened anew, since the loss may lie in
// what was open.
#include "hub/daemon/canaries.h"
#include "hub/base/clock.h"
#include "connectors/sdk/publisher.h"
#include "connectors/sdk/subscriber.h"
#include "hub/base/log.h"
#include "hub/daemon/canary_item.h"
#include "hub/rules/registry.h"
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_MS    100
#define FIRST_MS   15000 // at most, until the first round
#define NAME_BYTES 65    // of the canary's id

struct flight {
    char item[ITEM_NAME_BYTES]; // "" while it is not used
    uint32_t lane;
    int64_t sent_ms;
};

struct canaries {
    struct canaries_settings settings;
    pthread_t thread;
    atomic_bool stop;
    char (*subjects)[CANARY_SUBJECT_BYTES]; // by lane
    struct flight *flights;
    size_t n_flights; // room: for all that can be in flight before the first is lost
    uint64_t number;  // of the last item; from a random one on, since what any process ever sent is known already
    const struct snapshot *snapshot; // taken last
    char agency[NAME_BYTES];
    struct publisher *publisher; // both or none are open
    struct subscriber *subscriber;
    bool failing; // and the reason has been logged
};

static void log_failure(struct canaries *canaries, const char *why)
{
    if (!canaries->failing)
        log_warning("CANARY-FAILS", "why=\"%s\"", why);
    canaries->failing = true;
}

static struct flight *flight_of(struct canaries *canaries, const char *item)
{
    for (size_t i = 0; i < canaries->n_flights; i++)
        if (strcmp(canaries->flights[i].item, item) == 0)
            return &canaries->flights[i];
    return NULL;
}

static void lose_flight(struct canaries *canaries, struct flight *flight, const char *why)
{
    canary_board_lost(canaries->settings.board, flight->lane);
    log_warning("CANARY-LOST", "lane=%u item=%s why=\"%s\"", flight->lane, flight->item, why);
    flight->item[0] = '\0';
}

static void on_sent(void *context, const struct publisher_sent *sent)
{
    struct canaries *canaries = context;
    struct flight *flight = sent->error ? flight_of(canaries, sent->name) : NULL;
    if (flight)
        lose_flight(canaries, flight, sent->error->text);
}

static const struct snapshot *take_snapshot(void *context)
{
    struct canaries *canaries = context;
    struct control_source *control = canaries->settings.control;
    return canaries->snapshot = control->take(control, canaries->settings.taker);
}

static void close_all(struct canaries *canaries)
{
    canaries->publisher = publisher_free(canaries->publisher);
    canaries->subscriber = subscriber_free(canaries->subscriber);
}

// Whose the key is, by the registry in force.
static bool find_agency(struct canaries *canaries)
{
    uint8_t raw[PROOF_PUBLIC_BYTES];
    size_t len = sizeof raw;
    if (!take_snapshot(canaries) || EVP_PKEY_get_raw_public_key(canaries->settings.key, raw, &len) != 1)
        return false;
    unsigned org = canary_item_agency(canaries->snapshot->registry, raw);
    if (org == ORG_NONE) {
        log_failure(canaries,
            "No organisation of kind canary in the registry holds the key of --canary-key: enter it with signalbox "
            "registry apply --keys.");
        return false;
    }
    snprintf(canaries->agency, sizeof canaries->agency, "%s", registry_row(canaries->snapshot->registry, org)->id);
    return true;
}

static bool open_all(struct canaries *canaries)
{
    struct error error;
    const struct canaries_settings *settings = &canaries->settings;
    if (!find_agency(canaries))
        return false;
    const struct publisher_settings out = {.kafka = settings->kafka,
        .agency = canaries->agency,
        .key = settings->key,
        .batch = settings->lanes,
        .deployment = registry_deployment(canaries->snapshot->registry),
        .sent = on_sent,
        .context = canaries};
    const struct subscriber_settings in = {.kafka = settings->kafka,
        .force = canaries->agency,
        .from = READER_END,
        .snapshot = take_snapshot,
        .context = canaries};
    canaries->subscriber = subscriber_new(&in, &error);
    canaries->publisher = canaries->subscriber ? publisher_new(&out, &error) : NULL;
    if (canaries->publisher)
        return true;
    log_failure(canaries, error.text);
    close_all(canaries);
    return false;
}

static bool send_one(struct canaries *canaries, uint32_t lane)
{
    struct problem why;
    struct error error;
    struct flight *flight = flight_of(canaries, "");
    json_t *value = canary_item(canaries->snapshot->policy, canaries->subjects[lane], ++canaries->number, &error);
    if (!value || !flight) {
        log_failure(canaries, value ? "Too many are in flight." : error.text);
        json_decref(value);
        return false;
    }
    flight->lane = lane;
    flight->sent_ms = clock_steady_ms();
    bool taken = publisher_add(canaries->publisher, value, lane, clock_wall_ms(), flight->item, &why);
    json_decref(value);
    if (taken)
        canary_board_sent(canaries->settings.board, lane);
    else
        flight->item[0] = '\0';
    if (!taken)
        log_failure(canaries, why.text);
    return taken;
}

static void send_round(struct canaries *canaries)
{
    if (!canaries->publisher && !open_all(canaries))
        return;
    subscriber_renew(canaries->subscriber);
    for (uint32_t lane = 0; lane < canaries->settings.lanes; lane++)
        if (!send_one(canaries, lane))
            return;
    publisher_send(canaries->publisher);
}

static void note_return(struct canaries *canaries, const struct received *received)
{
    char name[ITEM_NAME_BYTES];
    item_name(received->item.header, name);
    struct flight *flight = flight_of(canaries, name);
    if (!flight)
        return; // another process's, or one that was given up
    canary_board_returned(canaries->settings.board, flight->lane, clock_steady_ms() - flight->sent_ms);
    flight->item[0] = '\0';
    if (canaries->failing)
        log_info("CANARY-RETURNS", "lane=%u", flight->lane);
    canaries->failing = false;
}

static void listen_for_items(struct canaries *canaries)
{
    struct received received;
    switch (subscriber_next(canaries->subscriber, LOOK_MS, &received)) {
    case SUBSCRIBER_ITEM:
        note_return(canaries, &received);
        break;
    case SUBSCRIBER_REFUSED:
        log_failure(canaries, received.why.text);
        break;
    case SUBSCRIBER_FAILED:
        log_failure(canaries, subscriber_error(canaries->subscriber)->text);
        close_all(canaries);
        break;
    case SUBSCRIBER_NOTHING:
    case SUBSCRIBER_AT_END:
        break;
    }
}

static void lose_late_flights(struct canaries *canaries)
{
    bool lost = false;
    int64_t now_ms = clock_steady_ms();
    for (size_t i = 0; i < canaries->n_flights; i++) {
        struct flight *flight = &canaries->flights[i];
        if (!flight->item[0] || now_ms - flight->sent_ms < CANARY_LOST_MS)
            continue;
        lose_flight(canaries, flight, "It did not come back in time.");
        lost = true;
    }
    if (lost)
        close_all(canaries);
}

// Lanes are opened meanwhile: an item that waits for that would be told as slow.
static int64_t first_after_ms(const struct canaries *canaries)
{
    return canaries->settings.every_ms < FIRST_MS ? canaries->settings.every_ms : FIRST_MS;
}

static void *run_rounds(void *argument)
{
    struct canaries *canaries = argument;
    for (int64_t next_ms = clock_steady_ms() + first_after_ms(canaries); !atomic_load(&canaries->stop);) {
        if (clock_steady_ms() >= next_ms) {
            next_ms = clock_steady_ms() + canaries->settings.every_ms;
            send_round(canaries);
        }
        if (canaries->publisher)
            publisher_poll(canaries->publisher);
        if (canaries->subscriber)
            listen_for_items(canaries);
        else
            nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000}, NULL);
        lose_late_flights(canaries);
    }
    close_all(canaries);
    return NULL;
}

static struct canaries *free_all(struct canaries *canaries)
{
    free(canaries->subjects);
    free(canaries->flights);
    free(canaries);
    return NULL;
}

struct canaries *canaries_start(const struct canaries_settings *settings, struct error *error)
{
    struct canaries *canaries = calloc(1, sizeof *canaries);
    if (!canaries) {
        error_no_memory(error, "the canaries");
        return NULL;
    }
    canaries->settings = *settings;
    canaries->n_flights = settings->lanes * (CANARY_LOST_MS / settings->every_ms + 2);
    canaries->subjects = calloc(settings->lanes, sizeof *canaries->subjects);
    canaries->flights = calloc(canaries->n_flights, sizeof *canaries->flights);
    if (!canaries->subjects || !canaries->flights) {
        error_no_memory(error, "the canaries");
        return free_all(canaries);
    }
    for (uint32_t lane = 0; lane < settings->lanes; lane++)
        canary_item_subject(lane, settings->lanes, canaries->subjects[lane]);
    if (RAND_bytes((unsigned char *)&canaries->number, sizeof canaries->number) == 1 &&
        pthread_create(&canaries->thread, NULL, run_rounds, canaries) == 0)
        return canaries;
    error_say(error, CAUSE_OTHER, "There is no thread or no random number left for the canaries.");
    return free_all(canaries);
}

struct canaries *canaries_stop(struct canaries *canaries)
{
    if (!canaries)
        return NULL;
    atomic_store(&canaries->stop, true);
    pthread_join(canaries->thread, NULL);
    return free_all(canaries);
}
