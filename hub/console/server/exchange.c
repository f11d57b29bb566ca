// SPDX-License-Identifier: Apache-2.0
// The life of one request. Its line is kept as it came; when the headers are there a list of checks runs, each of which
// may refuse it; then the body is gathered, a form's token checked, the handler called with the newest snapshot, and
// the answer sent.
#include "hub/console/server/exchange.h"
#include "hub/base/clock.h"
#include "hub/console/server/checks.h"
#include "hub/console/server/http.h"
#include "hub/base/log.h"
#include <stdlib.h>
#include <time.h>

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
    free(exchange->body);
    arena_deinit(&exchange->arena);
    free(exchange);
    *place = NULL;
}

struct lookup {
    const char *name, *value;
    unsigned n;
};

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
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
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, look, &lookup);
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
    if (exchange->officer.answer == OFFICER_KNOWN)
        exchange->officer = officer_find(
            observer_registry(console->settings.observer, &exchange->arena), &exchange->certificate, clock_wall_ms());
}

static void log_refused(const struct exchange *exchange)
{
    const struct problem *problem = &exchange->problem;
    char fingerprint[2 * DIGEST_BYTES + 1];
    hex_encode(digest_slice(&exchange->certificate), fingerprint);
    if (problem->status == MHD_HTTP_FORBIDDEN || problem->status == MHD_HTTP_MISDIRECTED_REQUEST)
        log_warning("CONSOLE-REFUSED", "status=%u officer=%s certificate=%s route=%s", problem->status,
            *exchange->officer.id ? exchange->officer.id : "nobody", exchange->console->secure ? fingerprint : "none",
            exchange->route ? exchange->route->path : "none");
}

static enum MHD_Result refuse(struct exchange *exchange)
{
    struct reply reply = {0};
    log_refused(exchange);
    http_problem(exchange, &reply);
    return http_send(exchange, &reply);
}

static enum MHD_Result answer(struct exchange *exchange)
{
    struct reply reply = {0};
    if (exchange->method == METHOD_POST && !exchange->problem.status)
        checks_of_form(exchange);
    if (exchange->problem.status)
        return refuse(exchange);
    exchange->route->handle(&exchange->request, &reply);
    return http_send(exchange, &reply);
}

// false: the body is longer than it may be, or there is no memory for it.
static bool take(struct exchange *exchange, const char *data, size_t size)
{
    if (size > DECODE_FORM_BYTES - exchange->body_len)
        return false;
    if (!exchange->body)
        exchange->body = malloc(DECODE_FORM_BYTES);
    if (!exchange->body)
        return false;
    memcpy(exchange->body + exchange->body_len, data, size);
    exchange->body_len += size;
    return true;
}

enum MHD_Result exchange_go_on(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **place)
{
    (void)context, (void)connection, (void)url, (void)version;
    struct exchange *exchange = *place;
    if (!exchange || !exchange->uri.data)
        return MHD_NO;
    if (!exchange->begun) {
        exchange->begun = true;
        checks_of_headers(exchange, method);
        // What has a body that nobody wants is answered before it comes; then the connection ends.
        bool at_once = exchange->problem.status && exchange_header(exchange, "Content-Length");
        return at_once ? refuse(exchange) : MHD_YES;
    }
    if (*size == 0)
        return answer(exchange);
    if (!take(exchange, data, *size))
        return MHD_NO;
    *size = 0;
    return MHD_YES;
}
