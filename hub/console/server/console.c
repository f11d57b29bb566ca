// SPDX-License-Identifier: Apache-2.0
// Starts and ends the server. libmicrohttpd gives every connection a thread of its own, so a handler may wait without
// anybody else noticing; all of them read the same snapshot.
#include "hub/console/server/console.h"
#include "hub/base/clock.h"
#include "hub/console/desk/desk.h"
#include "hub/console/server/exchange.h"
#include "hub/console/server/respond.h"
#include "hub/console/server/serve_health.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HEADER_BYTES (32u << 10) // of a request's line and headers, with what the library keeps beside them
#define IDLE_SECONDS 30          // without a byte in either direction; longer than the heartbeat of /events
#define STACK_BYTES  (1u << 20)
#define DEFAULT_AT   "http://127.0.0.1:9309" // of --at, in hub/cli/options.def
#define STEP_MS      250                     // after which a thread that waits for a snapshot looks whether all ends

static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text); // decode.c does it, from the line as it came
}

static void count_connection(
    void *context, struct MHD_Connection *connection, void **place, enum MHD_ConnectionNotificationCode code)
{
    struct console *console = context;
    (void)connection, (void)place;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        atomic_fetch_add(&console->connections, 1);
    else
        atomic_fetch_sub(&console->connections, 1);
}

static bool start_daemon(struct console *console)
{
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)(uintptr_t)served_give},
        {MHD_OPTION_HTTPS_MEM_TRUST, 0, console->tls.client_ca},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    console->daemon = MHD_start_daemon(flags | (console->secure ? MHD_USE_TLS : 0), 0, NULL, NULL, respond_go_on,
        console, MHD_OPTION_LISTEN_SOCKET, console->listener.socket, MHD_OPTION_URI_LOG_CALLBACK, exchange_begin,
        console, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, console,
        MHD_OPTION_NOTIFY_CONNECTION, count_connection, console, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(CONSOLE_CONNECTIONS + CONSOLE_SPARE), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, console->secure ? secure : plain, MHD_OPTION_END);
    return console->daemon != NULL;
}

static void tell_certificate(const struct console *console)
{
    struct digest sha256;
    int64_t to_ms = served_facts(console->tls.served, &sha256);
    observer_console_certificate(console->settings.observer, &sha256, to_ms);
}

static void *follow_health(void *context)
{
    struct console *console = context;
    uint64_t number = 0;
    while (!atomic_load(&console->stopping)) {
        if (console->secure && served_look(console->tls.served))
            tell_certificate(console);
        const struct health *health = observer_wait(console->settings.observer, number, STEP_MS);
        if (!health)
            continue;
        number = health->number;
        rendered_follow(&console->metrics, console, health);
        rendered_follow(&console->json, console, health);
        health_drop(health);
    }
    return NULL;
}

// Settings with copies of what they name, but for kafka, observer and context.
static bool keep_settings(struct console *console, const struct console_settings *settings)
{
    console->settings = *settings;
    console->settings.listen = console->listen = strdup(settings->listen);
    console->settings.certificate = console->certificate = settings->certificate ? strdup(settings->certificate) : NULL;
    console->settings.key = console->settings.client_ca = NULL; // nobody else's business
    if (!settings->local)
        console->settings.local = role_bit(SIGNALBOX__V1__ROLE__ROLE_VIEWER);
    return console->listen && (!settings->certificate || console->certificate);
}

static bool start_parts(struct console *console, const struct console_settings *settings, struct error *error)
{
    console->secure = settings->certificate != NULL;
    if (console->secure && !tls_init(&console->tls, settings, error))
        return false;
    if (console->secure)
        tell_certificate(console);
    if (!console->secure && (settings->key || settings->client_ca))
        return error_say(error, CAUSE_OTHER, "A console with a key or a client CA also needs the certificate.");
    if (!listen_open(&console->listener, settings->listen, console->secure, error))
        return false;
    snprintf(console->url, sizeof console->url, "%s://%s:%u/", console->secure ? "https" : "http",
        console->listener.host, console->listener.port);
    char at[sizeof console->at];
    snprintf(at, sizeof at, "http://%s:%u", console->listener.host, console->listener.port);
    if (!console->secure && strcmp(at, DEFAULT_AT) != 0)
        memcpy(console->at, at, sizeof at);
    console->following = pthread_create(&console->follower, NULL, follow_health, console) == 0;
    if (console->following && csrf_init(&console->csrf) && start_daemon(console))
        return true;
    return error_say(error, CAUSE_OTHER,
        "The console's server could not be started: no threads, memory or random numbers are left.");
}

struct console *console_start(const struct console_settings *settings, struct error *error)
{
    struct console *console = calloc(1, sizeof *console);
    if (!console) {
        error_no_memory(error, "the console");
        return NULL;
    }
    console->listener.socket = -1;
    console->started_ms = clock_wall_ms();
    rendered_init(&console->json, serve_health_make_json);
    rendered_init(&console->metrics, serve_health_make_metrics);
    health_changes_init(&console->changes);
    console->desk = desk_new(settings->kafka);
    if (!keep_settings(console, settings) || !console->desk || !http_fallback_init(&console->fallback)) {
        error_no_memory(error, "the console");
        return console_stop(console);
    }
    return start_parts(console, settings, error) ? console : console_stop(console);
}

const char *console_url(const struct console *console)
{
    return console->url;
}

struct console *console_stop(struct console *console)
{
    if (!console)
        return NULL;
    atomic_store(&console->stopping, true);
    if (console->daemon)
        MHD_stop_daemon(console->daemon); // waits for all threads, and closes the socket
    else if (console->listener.socket >= 0)
        close(console->listener.socket);
    if (console->following)
        pthread_join(console->follower, NULL);
    rendered_deinit(&console->json);
    rendered_deinit(&console->metrics);
    health_changes_deinit(&console->changes);
    http_fallback_deinit(&console->fallback);
    desk_free(console->desk);
    tls_deinit(&console->tls);
    explicit_bzero(&console->csrf, sizeof console->csrf);
    free(console->listen);
    free(console->certificate);
    free(console);
    return NULL;
}
