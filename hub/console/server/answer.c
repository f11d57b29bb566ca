// SPDX-License-Identifier: Apache-2.0
// Whether there was memory for all of an answer is asked here, once, before anything of it is sent.
#include "hub/console/server/answer.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/console/html/assets.h"
#include "hub/console/html/page.h"
#include <stdio.h>

// A page without the frame, whose figures somebody without a role may not see.
static void put_bare_page(struct exchange *exchange)
{
    const struct problem *problem = &exchange->problem;
    struct html *html = &exchange->reply.body;
    char fingerprint[2 * DIGEST_BYTES + 1];
    hex_encode(digest_slice(&exchange->certificate), fingerprint);
    html_put(html,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s - Signalbox</title>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" "
        "href=\"%s\"></head>"
        "<body><main id=\"main\"><h1>%s</h1><p>%s</p>",
        problem->title, asset_url("style.css"), problem->title, problem->sentence);
    if (exchange->officer.answer == OFFICER_UNKNOWN)
        html_put(html, "<p>SHA-256 of your certificate: <code>%s</code></p>", fingerprint);
    html_put(html, "</main></body></html>");
}

// As it is: nobody takes a line for markup.
static void put_line(struct html *html, const char *sentence)
{
    html->data = strdup(sentence);
    html->len = html->data ? strlen(sentence) : 0;
    html->failed = !html->data;
}

static bool likes_pages(const struct exchange *exchange)
{
    const char *accept = exchange_header(exchange, "Accept");
    return accept && strstr(accept, "text/html");
}

static bool sees_figures(const struct exchange *exchange)
{
    return exchange->request.health && permission_allows(PERMISSION_SEE, exchange->officer.roles);
}

static void put_problem(struct exchange *exchange)
{
    const struct problem *problem = &exchange->problem;
    bool page = likes_pages(exchange);
    html_deinit(&exchange->reply.body);
    exchange->reply = (struct reply){.status = problem->status, .type = page ? HTTP_PAGE : HTTP_LINE};
    if (!page)
        put_line(&exchange->reply.body, problem->sentence);
    else if (sees_figures(exchange))
        page_problem(&exchange->request, &exchange->reply, problem->status, problem->title, problem->sentence);
    else
        put_bare_page(exchange);
}

static bool add_cookie(const struct exchange *exchange, struct MHD_Response **response)
{
    const struct console *console = exchange->console;
    char value[CSRF_COOKIE_BYTES], header[CSRF_COOKIE_BYTES + 128];
    if (!csrf_cookie(&console->csrf, exchange->officer.id, &exchange->session, value))
        return false;
    snprintf(header, sizeof header, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s",
        console->secure ? "__Host-signalbox" : "signalbox", value, console->secure ? "; Secure" : "");
    return http_add(response, "Set-Cookie", header);
}

static bool add_headers(const struct exchange *exchange, struct MHD_Response **response, const char *type)
{
    const struct reply *reply = &exchange->reply;
    bool page = strcmp(type, HTTP_PAGE) == 0; // only a page may carry a form, which needs a session
    if (reply->location && !http_add(response, "Location", reply->location))
        return false;
    if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED &&
        !http_add(response, "Allow", route_allow(exchange->request.path)))
        return false;
    if (reply->status == MHD_HTTP_SERVICE_UNAVAILABLE && !http_add(response, "Retry-After", "5"))
        return false;
    return !page || !exchange->session.begun_ms || !permission_allows(PERMISSION_SEE, exchange->officer.roles) ||
           add_cookie(exchange, response);
}

// The reply's body as an answer of its own. NULL without memory.
static struct MHD_Response *response_of_reply(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    const char *type = reply->type ? reply->type : HTTP_PAGE;
    struct MHD_Response *response = http_take(reply->body.data, reply->body.len, type);
    reply->body = (struct html){0};
    if (!response || add_headers(exchange, &response, type))
        return response;
    if (response)
        MHD_destroy_response(response);
    return NULL;
}

// All of the answer. NULL without memory.
static struct MHD_Response *take_response(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;
    if (exchange->problem.status && !exchange_failed(exchange))
        put_problem(exchange);
    if (exchange_failed(exchange))
        return NULL;
    exchange->response = NULL;
    return response ? response : response_of_reply(exchange);
}

enum MHD_Result answer_send(struct exchange *exchange)
{
    if (exchange->answered)
        return MHD_YES;
    struct MHD_Response *response = take_response(exchange);
    if (!response)
        return answer_without_memory(exchange->console, exchange->connection, exchange->route);
    unsigned status = exchange->reply.status ? exchange->reply.status : MHD_HTTP_OK;
    return http_send(exchange->connection, status, response);
}

enum MHD_Result answer_without_memory(
    struct console *console, struct MHD_Connection *connection, const struct route *route)
{
    bool act = route && route->method == METHOD_POST;
    log_error("CONSOLE-NOT-ANSWERED",
        "route=%s why=\"There was no memory for all of the answer, unless the line before says otherwise.\" "
        "effect=\"Delivery goes on.\"",
        route ? route->path : "none");
    return MHD_queue_response(
        connection, MHD_HTTP_SERVICE_UNAVAILABLE, act ? console->fallback.of_act : console->fallback.of_page);
}
