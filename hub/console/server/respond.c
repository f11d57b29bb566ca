// SPDX-License-Identifier: Apache-2.0
// The life of one request. When the headers are there a list of checks runs, each of which may refuse it; then the body
// is gathered, a form's token checked, the handler called with the newest snapshot, and the answer sent.
#include "hub/console/server/respond.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/console/actions/act.h"
#include "hub/console/server/answer.h"
#include "hub/console/server/checks.h"
#include <stdlib.h>

// Nothing more of the request matters: it is refused, or there is no memory for it.
static bool is_over(const struct exchange *exchange)
{
    return exchange->problem.status || exchange_failed(exchange);
}

static void log_refusal(const struct exchange *exchange)
{
    const struct problem *problem = &exchange->problem;
    char fingerprint[2 * DIGEST_BYTES + 1];
    hex_encode(digest_slice(&exchange->certificate), fingerprint);
    if (problem->status == MHD_HTTP_FORBIDDEN || problem->status == MHD_HTTP_MISDIRECTED_REQUEST)
        log_warning("CONSOLE-REFUSED", "status=%u officer=%s certificate=%s route=%s", problem->status,
            *exchange->officer.id ? exchange->officer.id : "nobody", exchange->console->secure ? fingerprint : "none",
            exchange->route ? exchange->route->path : "none");
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    if (exchange->forbidden && !exchange_failed(exchange))
        act_forbidden(&exchange->request);
    log_refusal(exchange);
    return answer_send(exchange);
}

static void call_handler(struct exchange *exchange)
{
    if (!exchange->route->serve) {
        exchange->route->handle(&exchange->request, &exchange->reply);
        return;
    }
    exchange->route->serve(exchange);
    exchange->failed |=
        !exchange->answered && !exchange->response && !exchange->problem.status && !exchange->reply.body.data;
}

static enum MHD_Result answer_request(struct exchange *exchange)
{
    if (exchange->method == METHOD_POST && !is_over(exchange))
        checks_of_form(exchange);
    if (!is_over(exchange))
        call_handler(exchange);
    return send_answer(exchange);
}

// false: the body is longer than it may be. One for which there is no memory is passed over: an answer may be queued
// only when all of it came.
static bool take_body(struct exchange *exchange, const char *data, size_t size)
{
    if (size > DECODE_FORM_BYTES - exchange->body_len)
        return false;
    if (!exchange->body)
        exchange->body = malloc(DECODE_FORM_BYTES);
    exchange->failed |= !exchange->body;
    if (exchange->body)
        memcpy(exchange->body + exchange->body_len, data, size);
    exchange->body_len += size;
    return true;
}

static enum MHD_Result begin_answer(struct exchange *exchange, const char *method)
{
    exchange->begun = true;
    checks_of_headers(exchange, method);
    // What has a body that nobody wants is answered before it comes; then the connection ends.
    bool at_once = is_over(exchange) && exchange_header(exchange, "Content-Length");
    return at_once ? send_answer(exchange) : MHD_YES;
}

enum MHD_Result respond_go_on(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **place)
{
    (void)url, (void)version;
    struct exchange *exchange = *place;
    if (!exchange)
        return answer_without_memory(context, connection, NULL);
    if (!exchange->begun)
        return begin_answer(exchange, method);
    if (*size == 0)
        return answer_request(exchange);
    if (!take_body(exchange, data, *size))
        return MHD_NO;
    *size = 0;
    return MHD_YES;
}
