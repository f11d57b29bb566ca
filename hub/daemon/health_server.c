// SPDX-License-Identifier: Apache-2.0
// The observer stands before the server, which shows what it has found; they end in the opposite order.
#include "hub/daemon/health_server.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include "hub/daemon/notify.h"
#include <stdlib.h>
#include <time.h>

#define TURN_MS 200

struct health_server {
    struct observer *observer;
    struct console *console;
};

static struct console *start_console(
    const struct health_server_settings *settings, struct observer *observer, struct error *error)
{
    struct console_settings console_settings = settings->console;
    console_settings.observer = observer;
    return console_start(&console_settings, error);
}

struct health_server *health_server_start(const struct health_server_settings *settings, struct error *error)
{
    struct health_server *health_server = calloc(1, sizeof *health_server);
    if (!health_server) {
        error_no_memory(error, "the HTTP server");
        return NULL;
    }
    health_server->observer = observer_start(settings->console.kafka, &settings->observer, error);
    if (health_server->observer)
        health_server->console = start_console(settings, health_server->observer, error);
    if (!health_server->console)
        return health_server_stop(health_server);
    log_info("HTTP-LISTENING", "url=%s", console_url(health_server->console));
    return health_server;
}

struct health_server *health_server_stop(struct health_server *health_server)
{
    if (!health_server)
        return NULL;
    health_server->console = console_stop(health_server->console);
    health_server->observer = observer_stop(health_server->observer);
    free(health_server);
    return NULL;
}

// The pages come from threads of their own; what is left is to wait, and to say that the process lives.
static void wait_for_stop(const atomic_bool *stop)
{
    int64_t watchdog_ms = notify_watchdog_ms(), notify_ms = 0;
    while (!atomic_load(stop)) {
        nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
        if (!watchdog_ms || clock_wall_ms() < notify_ms)
            continue;
        notify_watchdog();
        notify_ms = clock_wall_ms() + watchdog_ms / 4;
    }
}

bool health_server_run(const struct health_server_settings *settings, const atomic_bool *stop, struct error *error)
{
    struct health_server *health_server = health_server_start(settings, error);
    if (!health_server)
        return false;
    notify_ready("Listens.");
    wait_for_stop(stop);
    notify_stopping("Ends.");
    health_server_stop(health_server);
    return true;
}
