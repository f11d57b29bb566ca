// SPDX-License-Identifier: Apache-2.0
// What is kept of a request from its line to its end. The line is kept as it came: what it means is decode.c's to say.
#include "hub/console/server/exchange.h"
#include "hub/base/clock.h"
#include <stdlib.h>

void *exchange_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->console = context;
    exchange->connection = connection;
    exchange->officer = (struct officer){OFFICER_NO_CERTIFICATE, "", 0};
    arena_init(&exchange->arena, 0);
    exchange->uri = arena_copy(&exchange->arena, slice_of(uri, strnlen(uri, DECODE_URI_BYTES + 1)));
    return exchange;
}

void exchange_end(void *context, struct MHD_Connection *connection, void **place, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    struct exchange *exchange = *place;
    if (!exchange)
        return;
    health_drop(exchange->request.health);
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    html_deinit(&exchange->reply.body);
    free(exchange->body);
    arena_deinit(&exchange->arena);
    free(exchange);
    *place = NULL;
}

bool exchange_failed(const struct exchange *exchange)
{
    return exchange->failed || exchange->arena.failed || exchange->reply.body.failed;
}

void exchange_refuse(struct exchange *exchange, unsigned status, const char *title, const char *sentence)
{
    exchange->problem = (struct problem){status, title, sentence};
}

struct lookup {
    const char *name, *value;
    unsigned n;
};

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct lookup *lookup = context;
    (void)kind;
    if (strcasecmp(name, lookup->name) == 0) {
        lookup->value = value ? value : "";
        lookup->n++;
    }
    return MHD_YES;
}

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    struct lookup lookup = {.name = name};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, look_at_header, &lookup);
    return lookup.n == 1 ? lookup.value : NULL;
}

void exchange_identify(struct exchange *exchange)
{
    struct console *console = exchange->console;
    if (!console->secure) {
        exchange->officer = (struct officer){OFFICER_KNOWN, "local", console->settings.local};
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    exchange->officer = (struct officer){OFFICER_NO_CERTIFICATE, "", 0};
    if (info)
        exchange->officer.answer = tls_peer(info->tls_session, &exchange->certificate);
    exchange->failed |= exchange->officer.answer == OFFICER_NO_MEMORY;
    if (exchange->officer.answer == OFFICER_KNOWN)
        exchange->officer = officer_find(
            observer_registry(console->settings.observer, &exchange->arena), &exchange->certificate, clock_wall_ms());
}
