// SPDX-License-Identifier: Apache-2.0
// Every answer leaves through this file, so that none leaves without its security headers.
#include "hub/console/server/http.h"
#include <stdlib.h>

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

bool http_add(struct MHD_Response **response, const char *name, const char *value)
{
    if (MHD_add_response_header(*response, name, value) == MHD_YES)
        return true;
    MHD_destroy_response(*response);
    *response = NULL;
    return false;
}

struct MHD_Response *http_secure(struct MHD_Response *response, const char *type, const char *cache)
{
    bool good = response != NULL;
    for (size_t i = 0; good && i < sizeof headers / sizeof *headers; i++)
        good = http_add(&response, headers[i][0], headers[i][1]);
    if (good && http_add(&response, "Content-Type", type))
        http_add(&response, "Cache-Control", cache ? cache : "no-store");
    return response;
}

struct MHD_Response *http_take(char *data, size_t len, const char *type)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(len, data, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(data);
    return http_secure(response, type, NULL);
}

struct MHD_Response *http_borrow(struct slice data, const char *type)
{
    void *bytes = (void *)(uintptr_t)data.data;
    return http_secure(MHD_create_response_from_buffer(data.len, bytes, MHD_RESPMEM_PERSISTENT), type, NULL);
}

enum MHD_Result http_send(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

bool http_fallback_init(struct http_fallback *fallback)
{
    fallback->of_page = http_borrow(
        slice_text("There was no memory for this answer. Try again; if it stays, look at the machine.\n"), HTTP_LINE);
    fallback->of_act =
        http_borrow(slice_text("There was no memory for this answer. Whether what you asked for was done "
                               "stands on the Ledger page, at the desk: look there before you repeat "
                               "it.\n"),
            HTTP_LINE);
    if (fallback->of_page)
        http_add(&fallback->of_page, "Retry-After", "5");
    return fallback->of_page && fallback->of_act;
}

void http_fallback_deinit(struct http_fallback *fallback)
{
    if (fallback->of_page)
        MHD_destroy_response(fallback->of_page);
    if (fallback->of_act)
        MHD_destroy_response(fallback->of_act);
    *fallback = (struct http_fallback){0};
}
