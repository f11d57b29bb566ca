// SPDX-License-Identifier: Apache-2.0
// One request and its answer inside the server.
#pragma once
#include "hub/console/server/console_state.h"
#include "hub/console/server/decode.h"
#include "hub/console/server/officers.h"
#include "hub/console/server/routes.h"

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
    struct request request;
    struct problem problem;
    bool forbidden; // somebody tried what they may not, which the desk is told
    bool failed;    // there was no memory for something, or there are no random numbers
    struct reply reply;
    bool answered;                 // the handler has queued a shared answer itself
    struct MHD_Response *response; // set by what answers with something else than reply.body; one reference, given away
};

// libmicrohttpd's callbacks: a request line came; all is done.
void *exchange_begin(void *console, const char *uri, struct MHD_Connection *connection);
void exchange_end(
    void *console, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode why);

// Whether something of it is missing because there was no memory: then nothing of it is sent, done or written down.
bool exchange_failed(const struct exchange *exchange);
// Refuses: the answer is a page, or a line, that says so.
void exchange_refuse(struct exchange *exchange, unsigned status, const char *title, const char *sentence);
// Finds who asks: again, whenever it must still be true.
void exchange_identify(struct exchange *exchange);
// A header of the request that stands once; NULL if it does not.
const char *exchange_header(const struct exchange *exchange, const char *name);
