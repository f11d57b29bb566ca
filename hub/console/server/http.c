// SPDX-License-Identifier: Apache-2.0
// Every answer leaves through this file, so that none leaves without its security headers.
#include "hub/console/server/http.h"
#include "hub/console/html/assets.h"
#include "hub/console/html/page.h"
#include "hub/base/digest.h"
#include <stdio.h>
#include <stdlib.h>

#define TYPE_PAGE "text/html; charset=utf-8"
#define TYPE_LINE "text/plain; charset=utf-8"

static const char *const headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
                                "'self'; form-action 'self'; "
                                "frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

struct MHD_Response *http_secure(struct MHD_Response *response, const char *type, const char *cache)
{
    if (!response)
        return NULL;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", cache ? cache : "no-store");
    return response;
}

struct MHD_Response *http_take(char *data, size_t len, const char *type)
{
    return http_secure(MHD_create_response_from_buffer(len, data, MHD_RESPMEM_MUST_FREE), type, NULL);
}

struct MHD_Response *http_borrow(struct slice data, const char *type)
{
    void *bytes = (void *)(uintptr_t)data.data;
    return http_secure(MHD_create_response_from_buffer(data.len, bytes, MHD_RESPMEM_PERSISTENT), type, NULL);
}

// A page without the frame, whose figures somebody without a role may not see.
static void bare_page(const struct exchange *exchange, struct reply *reply)
{
    const struct problem *problem = &exchange->problem;
    char fingerprint[2 * DIGEST_BYTES + 1];
    hex_encode(digest_slice(&exchange->certificate), fingerprint);
    html_put(&reply->body,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s - Signalbox</title>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" "
        "href=\"%s\"></head>"
        "<body><main id=\"main\"><h1>%s</h1><p>%s</p>",
        problem->title, asset_url("style.css"), problem->title, problem->sentence);
    if (exchange->officer.answer == OFFICER_UNKNOWN)
        html_put(&reply->body, "<p>SHA-256 of your certificate: <code>%s</code></p>", fingerprint);
    html_put(&reply->body, "</main></body></html>");
}

static bool likes_pages(const struct exchange *exchange)
{
    const char *accept = exchange_header(exchange, "Accept");
    return accept && strstr(accept, "text/html");
}

void http_problem(struct exchange *exchange, struct reply *reply)
{
    const struct problem *problem = &exchange->problem;
    html_deinit(&reply->body);
    *reply = (struct reply){.status = problem->status, .type = likes_pages(exchange) ? TYPE_PAGE : TYPE_LINE};
    if (!likes_pages(exchange)) {
        reply->body.data = strdup(problem->sentence);
        reply->body.len = reply->body.data ? strlen(problem->sentence) : 0;
    } else if (exchange->request.health && permission_allows(PERMISSION_SEE, exchange->officer.roles)) {
        page_problem(&exchange->request, reply, problem->status, problem->title, problem->sentence);
    } else {
        bare_page(exchange, reply);
    }
}

static void add_cookie(const struct exchange *exchange, struct MHD_Response *response)
{
    const struct console *console = exchange->console;
    char value[CSRF_COOKIE_BYTES], header[CSRF_COOKIE_BYTES + 128];
    csrf_cookie(&console->csrf, exchange->officer.id, &exchange->session, value);
    snprintf(header, sizeof header, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s",
        console->secure ? "__Host-signalbox" : "signalbox", value, console->secure ? "; Secure" : "");
    MHD_add_response_header(response, "Set-Cookie", header);
}

// The reply's body as an answer of its own.
static struct MHD_Response *of_reply(const struct exchange *exchange, struct reply *reply)
{
    const char *type = reply->type ? reply->type : TYPE_PAGE;
    struct MHD_Response *response = reply->body.failed ? NULL : http_take(reply->body.data, reply->body.len, type);
    if (!response)
        return NULL;
    reply->body = (struct html){0};
    if (reply->location)
        MHD_add_response_header(response, "Location", reply->location);
    if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", route_allow(exchange->request.path));
    if (reply->status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, "Retry-After", "5");
    bool form = strcmp(type, TYPE_PAGE) == 0; // only a page may carry one, which needs a session
    if (form && exchange->session.begun_ms && permission_allows(PERMISSION_SEE, exchange->officer.roles))
        add_cookie(exchange, response);
    return response;
}

enum MHD_Result http_send(struct exchange *exchange, struct reply *reply)
{
    static const char no_memory[] =
        "There was no memory for this answer. Try again; if it stays, look at the machine.\n";
    unsigned status = reply->status ? reply->status : MHD_HTTP_OK;
    if (exchange->answered)
        return MHD_YES;
    struct MHD_Response *response = exchange->response ? exchange->response : of_reply(exchange, reply);
    exchange->response = NULL;
    if (!response) {
        status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        response = http_borrow(slice_text(no_memory), TYPE_LINE);
    }
    html_deinit(&reply->body);
    enum MHD_Result result = response ? MHD_queue_response(exchange->connection, status, response) : MHD_NO;
    if (response)
        MHD_destroy_response(response);
    return result;
}
