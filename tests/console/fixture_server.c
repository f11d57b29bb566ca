// SPDX-License-Identifier: Apache-2.0
// The console on invented health, for tests with browsers and sockets: the real server and pages, a fake observer, and
// the embedded broker for what officers do. Prints its address and ends when standard input does.
//
//   fixture_server [--health well|night|sick|cut|hostile|large] [--then ...] [--every-ms N] [--age-ms N] [--listen
//   HOST:PORT]
//                  [--roles viewer,...] [--not-ready SENTENCE] [--certificate F --key F --client-ca F]
//                  [--officer ID:SHA256:ROLES]...
//
// With --every-ms a new snapshot is shown every N milliseconds, of --health and --then in turn. A line "next" on
// standard input does so at once; "forget" does the same with a registry without officers.
#include "hub/console/server/console.h"
#include "hub/base/clock.h"
#include "hub/console/server/permissions.h"
#include "hub/kafka/broker.h"
#include "tests/console/fixture_facts.h"
#include "tests/console/fixture_large.h"
#include "tests/kit/health/unwell_health.h"
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const struct maker {
    const char *name;
    struct health *(*make)(int64_t now_ms);
} makers[] = {
    {"well", kit_health_well},
    {"night", kit_health_night},
    {"sick", kit_health_unwell},
    {"cut", kit_health_cut},
    {"hostile", kit_health_hostile},
    {"large", fixture_large},
};

struct options {
    const struct maker *turns[2];
    long every_ms, age_ms;
    const char *not_ready;
    struct console_settings console;
};

static void fail_with(const char *what)
{
    fprintf(stderr, "fixture_server: %s\n", what);
    exit(2);
}

static const struct maker *maker_named(const char *name)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(makers[i].name, name) == 0)
            return &makers[i];
    fail_with("no such health");
    return NULL;
}

static roles roles_named(const char *names)
{
    static const char *const all[] = {"", "viewer", "quarantine-officer", "subscription-officer", "content-reader"};
    roles found = 0;
    for (unsigned role = 1; role < 5; role++)
        found |= strstr(names, all[role]) ? role_bit((Signalbox__V1__Role)role) : 0;
    return found;
}

static void add_officer(struct fake_facts *facts, struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, slice_text(text)), *rest = copy;
    const char *id = strsep(&rest, ":"), *sha256 = strsep(&rest, ":");
    if (!sha256 || !rest || !fixture_officer(facts, arena, id, sha256, rest))
        fail_with("an officer is ID:SHA256:ROLES");
}

static bool not_ready(void *context, char *reason, size_t size)
{
    snprintf(reason, size, "%s", (const char *)context);
    return false;
}

enum { HEALTH, THEN, EVERY, AGE, LISTEN, ROLES, NOT_READY, CERTIFICATE, KEY, CLIENT_CA, OFFICER };

static void take_option(struct options *options, int option, char *value, struct fake_facts *facts, struct arena *arena)
{
    switch (option) {
    case HEALTH:
        options->turns[0] = options->turns[1] = maker_named(value);
        break;
    case THEN:
        options->turns[1] = maker_named(value);
        break;
    case EVERY:
        options->every_ms = strtol(value, NULL, 10);
        break;
    case AGE:
        options->age_ms = strtol(value, NULL, 10);
        break;
    case LISTEN:
        options->console.listen = value;
        break;
    case ROLES:
        options->console.local = roles_named(value);
        break;
    case NOT_READY:
        options->console.ready = not_ready;
        options->console.context = value;
        break;
    case CERTIFICATE:
        options->console.certificate = value;
        break;
    case KEY:
        options->console.key = value;
        break;
    case CLIENT_CA:
        options->console.client_ca = value;
        break;
    case OFFICER:
        add_officer(facts, arena, value);
        break;
    default:
        exit(2);
    }
}

static void parse_options(struct options *options, int n, char **words, struct fake_facts *facts, struct arena *arena)
{
    static const struct option rows[] = {{"health", 1, 0, HEALTH}, {"then", 1, 0, THEN}, {"every-ms", 1, 0, EVERY},
        {"age-ms", 1, 0, AGE}, {"listen", 1, 0, LISTEN}, {"roles", 1, 0, ROLES}, {"not-ready", 1, 0, NOT_READY},
        {"certificate", 1, 0, CERTIFICATE}, {"key", 1, 0, KEY}, {"client-ca", 1, 0, CLIENT_CA},
        {"officer", 1, 0, OFFICER}, {0}};
    for (int option; (option = getopt_long(n, words, "", rows, NULL)) != -1;)
        take_option(options, option, optarg, facts, arena);
}

static struct broker *broker_with_topics(void)
{
    static const char *const topics[] = {
        "desk", "ctl.registry", "ctl.policy", "ctl.subscriptions", "quarantine", "in.kent", "receipt.kent"};
    struct error error;
    struct broker *broker = broker_new(&error);
    for (size_t i = 0; broker && i < sizeof topics / sizeof *topics; i++)
        if (!broker_create_topic(broker, topics[i], 1, &error))
            fail_with(error.text);
    if (!broker)
        fail_with(error.text);
    return broker;
}

// Shows snapshots until standard input ends.
static void run_turns(struct observer *observer, const struct options *options, struct fake_facts *facts)
{
    char line[64];
    for (unsigned turn = 1;; turn++) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&input, 1, options->every_ms ? (int)options->every_ms : -1);
        if (ready > 0 && read(STDIN_FILENO, line, sizeof line) <= 0)
            return;
        if (ready > 0 && line[0] == 'f')
            fixture_forget(facts);
        fake_observer_put(observer, options->turns[turn % 2]->make(clock_wall_ms() - options->age_ms));
    }
}

int main(int n, char **words)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct fake_facts *facts = fixture_facts(&arena, clock_wall_ms());
    struct options options = {.turns = {&makers[1], &makers[1]},
        .console = {.listen = "127.0.0.1:0", .version = "0.1.0", .kafka_compatible = true}};
    parse_options(&options, n, words, facts, &arena);
    struct broker *broker = broker_with_topics();
    struct kafka_settings kafka = {
        .bootstrap = broker_bootstrap(broker), .prefix = "", .embedded = true, .broker = broker};
    struct observer *observer = fake_observer_new(options.turns[0]->make(clock_wall_ms() - options.age_ms), facts);
    struct error error;
    options.console.kafka = &kafka;
    options.console.observer = observer;
    struct console *console = console_start(&options.console, &error);
    if (console) {
        printf("%s\n", console_url(console));
        fflush(stdout);
        run_turns(observer, &options, facts);
    } else {
        fprintf(stderr, "fixture_server: %s\n", error.text);
    }
    int status = console ? 0 : 2;
    console_stop(console);
    fake_observer_free(observer);
    broker_free(broker);
    arena_deinit(&arena);
    return status;
}
