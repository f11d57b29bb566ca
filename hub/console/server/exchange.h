// SPDX-License-Identifier: Apache-2.0
// One request and its answer inside the server: what stands behind `request.connection`, and the console itself.
#pragma once
#include "hub/console/server/csrf.h"
#include "hub/base/clock.h"
#include "hub/console/server/decode.h"
#include "hub/console/server/listen.h"
#include "hub/console/server/officers.h"
#include "hub/console/server/rendered.h"
#include "hub/console/server/routes.h"
#include "hub/console/server/tls.h"

#define CONSOLE_CONNECTIONS 128 // served at once; those above it are told to come again
#define CONSOLE_STREAMS     32  // of them, open /events
#define CONSOLE_SPARE       32  // connections that only get to hear so

// What changed with the newest snapshot, made once for all who listen to /events.
struct health_changes {
    pthread_mutex_t mutex;
    const struct health *last; // held; NULL before the first
    char *text;                // the event of last
};

struct console {
    struct console_settings settings;
    char *listen, *certificate; // copies of what may be asked for later
    struct listener listener;
    struct tls tls;
    bool secure;
    struct csrf csrf;
    char url[LISTEN_HOST_BYTES + 32], at[LISTEN_HOST_BYTES + 32];
    int64_t started_ms;
    struct MHD_Daemon *daemon;
    atomic_uint connections, streams;
    atomic_bool stopping;
    struct rendered json, metrics;
    pthread_t follower; // makes these anew with each snapshot, and looks whether the certificate was renewed
    bool following;
    struct health_changes changes;
    struct desk *desk;
};

// Why a request is not answered. status 0: it is.
struct problem {
    unsigned status;
    const char *title, *sentence;
};

struct exchange {
    struct console *console;
    struct MHD_Connection *connection;
    struct arena arena;
    struct slice uri; // as it came, in the arena
    bool begun;
    enum method method;
    const struct route *route;
    struct officer officer;
    struct digest certificate; // shown by the client
    struct session session;
    bool in_session; // the cookie named a session that lasts
    char token[CSRF_TOKEN_BYTES];
    struct pairs query, form;
    uint8_t *body;
    size_t body_len;
    struct problem problem;
    bool answered;                 // the handler has queued a shared answer itself
    struct MHD_Response *response; // set by what answers with something else than reply.body; one reference, given away
    struct request request;
};

static inline struct exchange *exchange_of(const struct request *request)
{
    return (struct exchange *)(uintptr_t)request->connection;
}

// libmicrohttpd's callbacks: a request line came; headers and body come; all is done.
void *exchange_begin(void *console, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_go_on(void *console, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **exchange);
void exchange_end(
    void *console, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode why);

// Finds who asks: again, whenever it must still be true.
void exchange_identify(struct exchange *exchange);
// A header of the request that stands once; NULL if it does not.
const char *exchange_header(const struct exchange *exchange, const char *name);
