// SPDX-License-Identifier: Apache-2.0
// The observer alone, for checks on a real broker: a line of JSON for each snapshot, until standard input ends.
//   observer_probe HOST:PORT [-p PREFIX] [-e EVERY_MS] [-X NAME=VALUE]...
#include "hub/observe/tell/health_json.h"
#include "hub/observe/observer.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct call {
    struct kafka_settings kafka;
    struct observer_settings observer;
    const char *properties[16];
};

static void read_words(struct call *call, int argc, char **argv)
{
    *call =
        (struct call){.kafka = {.bootstrap = argc > 1 ? argv[1] : "", .prefix = ""}, .observer = {.version = "probe"}};
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "-p") == 0)
            call->kafka.prefix = argv[i + 1];
        else if (strcmp(argv[i], "-e") == 0)
            call->observer.every_ms = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        else if (call->kafka.n_properties < sizeof call->properties / sizeof *call->properties)
            call->properties[call->kafka.n_properties++] = argv[i + 1];
    }
    call->kafka.properties = call->properties;
}

// What only the accessors tell.
static json_t *books(struct observer *observer)
{
    struct arena arena;
    arena_init(&arena, 0);
    const struct book_line *lines;
    const struct observer_refused *refused;
    const struct observer_subscription *subscriptions;
    const Signalbox__V1__DeskEntry *const *desk;
    size_t n_lines = observer_ledger(observer, -1, 0, 50, &arena, &lines), n_told = 0;
    int64_t since_ms = 0;
    for (size_t i = 0; i < n_lines && lines[i].has_item; i++) {
        struct book_story story;
        observer_story(observer, lines[i].item, &arena, &story, &since_ms);
        n_told += story.n > 0;
    }
    const Signalbox__V1__Registry *registry = observer_registry(observer, &arena);
    struct trail trail;
    json_t *all =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "ledger", (json_int_t)n_lines, "stories", (json_int_t)n_told,
            "refused", (json_int_t)observer_quarantine(observer, NULL, NULL, false, 0, 1000, &arena, &refused), "desk",
            (json_int_t)observer_desk(observer, 100, &arena, &desk), "subscriptions",
            (json_int_t)observer_subscriptions(observer, &arena, &subscriptions), "organisations",
            (json_int_t)(registry ? registry->n_organisations : 0), "trail",
            (json_int_t)(observer_trail(observer, "topic/ledger", TRAIL_PER_MINUTE, &trail) ? trail.n : 0));
    arena_deinit(&arena);
    return all;
}

static bool goes_on(void)
{
    char byte;
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&in, 1, 0) == 0 || read(STDIN_FILENO, &byte, 1) > 0;
}

int main(int argc, char **argv)
{
    struct call call;
    struct error error;
    read_words(&call, argc, argv);
    struct observer *observer = observer_start(&call.kafka, &call.observer, &error);
    if (!observer) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    for (uint64_t number = 0; goes_on();) {
        const struct health *health = observer_wait(observer, number, 200);
        if (!health)
            continue;
        number = health->number;
        json_t *object = health_json(health);
        json_object_set_new(object, "books", books(observer));
        health_drop(health);
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        fflush(stdout);
        json_decref(object);
    }
    observer_stop(observer);
    return 0;
}
