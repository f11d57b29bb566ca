// SPDX-License-Identifier: Apache-2.0
// One function a check, in the order of the list at the end: from what costs nothing and tells nothing to what asks who
// is there. An address that does not exist is told only to those who may see the console.
#include "hub/console/server/checks.h"
#include "hub/base/clock.h"
#include "hub/console/server/gate.h"
#include <stdlib.h>

static bool refuse_request(struct exchange *exchange, unsigned status, const char *title, const char *sentence)
{
    exchange_refuse(exchange, status, title, sentence);
    return false;
}

static bool check_room(struct exchange *exchange, const char *method)
{
    (void)method;
    if (atomic_load(&exchange->console->connections) <= CONSOLE_CONNECTIONS)
        return true;
    return refuse_request(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "Busy",
        "Too many connections are open at once. Try again in some seconds.");
}

static bool check_address(struct exchange *exchange, const char *method)
{
    (void)method;
    if (exchange->uri.len > DECODE_URI_BYTES)
        return refuse_request(
            exchange, MHD_HTTP_URI_TOO_LONG, "Address too long", "Addresses of the console have at most 2,048 bytes.");
    exchange->request.path = decode_path(exchange->uri, &exchange->arena);
    if (exchange->request.path && decode_pairs(decode_query(exchange->uri), &exchange->arena, &exchange->query))
        return true;
    exchange->request.path = "";
    return refuse_request(exchange, MHD_HTTP_BAD_REQUEST, "Broken address",
        "The address is malformed: broken percent signs or UTF-8, control characters, or a name that stands twice.");
}

static bool check_method(struct exchange *exchange, const char *method)
{
    exchange->method = strcmp(method, "POST") == 0 ? METHOD_POST : METHOD_GET;
    if (exchange->method == METHOD_POST || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return true;
    return refuse_request(
        exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "Not this way", "The console knows GET, HEAD and POST only.");
}

static bool check_host(struct exchange *exchange, const char *method)
{
    (void)method;
    const char *host = exchange_header(exchange, "Host");
    if (!host)
        return refuse_request(exchange, MHD_HTTP_BAD_REQUEST, "No host", "A request needs one Host header.");
    if (gate_host(host, exchange->console->secure, exchange->console->listener.host))
        return true;
    return refuse_request(exchange, MHD_HTTP_MISDIRECTED_REQUEST, "Another host",
        "This console answers to localhost, 127.0.0.1 and [::1] only. Open it under one of these names, or set up "
        "TLS.");
}

static bool check_length(struct exchange *exchange, const char *method)
{
    (void)method;
    const char *length = exchange_header(exchange, "Content-Length");
    bool chunked = exchange_header(exchange, "Transfer-Encoding") != NULL;
    if (exchange->method == METHOD_GET && (chunked || (length && strcmp(length, "0") != 0)))
        return refuse_request(exchange, MHD_HTTP_BAD_REQUEST, "A body too many", "A GET request has no body.");
    if (exchange->method == METHOD_GET)
        return true;
    if (!length || chunked)
        return refuse_request(
            exchange, MHD_HTTP_LENGTH_REQUIRED, "No length", "A POST needs one Content-Length header, and no chunks.");
    if (strlen(length) <= 9 && strtol(length, NULL, 10) <= DECODE_FORM_BYTES)
        return true;
    return refuse_request(
        exchange, MHD_HTTP_CONTENT_TOO_LARGE, "Form too large", "A form of the console has at most 65,536 bytes.");
}

// The officer's session, or a new one for a page that may carry a form.
static void find_session(struct exchange *exchange)
{
    const struct console *console = exchange->console;
    int64_t now = clock_wall_ms();
    const char *cookie = MHD_lookup_connection_value(
        exchange->connection, MHD_COOKIE_KIND, console->secure ? "__Host-signalbox" : "signalbox");
    const char *officer = exchange->officer.id;
    enum csrf_answer answer =
        cookie ? csrf_session(&console->csrf, officer, cookie, now, &exchange->session) : CSRF_NO_SESSION;
    exchange->in_session = answer == CSRF_SESSION;
    exchange->failed |= answer == CSRF_NO_MEMORY;
    if (exchange->in_session)
        exchange->session.seen_ms = now;
    else
        exchange->failed |= !csrf_begin(&exchange->session, now); // without random numbers nothing is protected
    exchange->failed |= !csrf_token(&console->csrf, officer, &exchange->session, exchange->token);
}

static void fill_request(struct exchange *exchange, const char *rest)
{
    struct request *request = &exchange->request;
    struct console *console = exchange->console;
    request->rest = rest;
    request->health = observer_health(console->settings.observer);
    request->query = &exchange->query;
    request->form = &exchange->form;
    request->observer = console->settings.observer;
    request->at = *console->at ? console->at : NULL;
    request->desk = console->desk;
    request->kafka = console->settings.kafka;
    request->arena = &exchange->arena;
    request->officer = exchange->officer.id;
    request->roles = exchange->officer.roles;
    if (exchange->route)
        request->action = exchange->route->action;
    request->csrf = exchange->token;
    request->posted = exchange->method == METHOD_POST;
}

// A form that a page elsewhere made the browser send says nothing about the officer.
static bool is_own_doing(const struct exchange *exchange)
{
    const char *site = exchange_header(exchange, "Sec-Fetch-Site"), *origin = exchange_header(exchange, "Origin");
    return (!site && !origin) ||
           gate_origin(site, origin, exchange_header(exchange, "Host"), exchange->console->secure);
}

static bool refuse_person(struct exchange *exchange)
{
    if (exchange->officer.answer != OFFICER_KNOWN)
        return refuse_request(exchange, MHD_HTTP_FORBIDDEN, "Not let in", officer_sentence(exchange->officer.answer));
    exchange->forbidden = exchange->method == METHOD_POST && exchange->route && is_own_doing(exchange);
    enum permission permission = exchange->route ? exchange->route->permission : PERMISSION_SEE;
    return refuse_request(exchange, MHD_HTTP_FORBIDDEN, "Not permitted",
        request_printf(&exchange->request, "Your roles do not allow this: \"%s\" Nothing was shown or changed.",
            permission_text(permission)));
}

static bool check_person(struct exchange *exchange, const char *method)
{
    (void)method;
    const char *rest = "";
    enum route_answer answer = route_find(exchange->method, exchange->request.path, &exchange->route, &rest);
    exchange_identify(exchange);
    find_session(exchange);
    fill_request(exchange, rest);
    if (!permission_allows(exchange->route ? exchange->route->permission : PERMISSION_SEE, exchange->officer.roles))
        return refuse_person(exchange);
    if (answer == ROUTE_FOUND)
        return true;
    if (answer == ROUTE_OTHER_METHOD)
        return refuse_request(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "Not this way",
            exchange->method == METHOD_POST ? "This address shows something and takes nothing."
                                            : "This address takes a form and shows nothing.");
    return refuse_request(exchange, MHD_HTTP_NOT_FOUND, "Not there", "The console has no such address. Begin at /.");
}

static bool check_origin(struct exchange *exchange, const char *method)
{
    (void)method;
    const char *host = exchange_header(exchange, "Host");
    if (exchange->method == METHOD_GET)
        return true;
    if (!gate_origin(exchange_header(exchange, "Sec-Fetch-Site"), exchange_header(exchange, "Origin"), host,
            exchange->console->secure))
        return refuse_request(exchange, MHD_HTTP_FORBIDDEN, "From elsewhere",
            "This form does not come from a page of this console, so nothing was done. Open the page here and send it "
            "again.");
    if (gate_form(exchange_header(exchange, "Content-Type")))
        return true;
    return refuse_request(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "No form",
        "The console takes forms: application/x-www-form-urlencoded.");
}

void checks_of_headers(struct exchange *exchange, const char *method)
{
    static bool (*const checks[])(struct exchange * exchange, const char *method) = {
        check_room, check_address, check_method, check_host, check_length, check_person, check_origin};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (exchange_failed(exchange) || !checks[i](exchange, method))
            return;
}

void checks_of_form(struct exchange *exchange)
{
    struct slice body = slice_of(exchange->body, exchange->body_len);
    if (!decode_pairs(body, &exchange->arena, &exchange->form)) {
        refuse_request(exchange, MHD_HTTP_BAD_REQUEST, "Broken form",
            "The form is malformed: broken percent signs or UTF-8, control characters, or a name that stands twice. "
            "Nothing was done.");
        return;
    }
    const char *token = pairs_find(&exchange->form, "csrf");
    if (!exchange->in_session || !token || !csrf_holds(exchange->token, token))
        refuse_request(exchange, MHD_HTTP_FORBIDDEN, "Page too old",
            "The page was opened too long ago, or before the console was started again. Nothing was done: open it "
            "again and repeat.");
}
