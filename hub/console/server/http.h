// SPDX-License-Identifier: Apache-2.0
// Answers with the headers that every answer has.
#pragma once
#include "hub/base/slice.h"
#include <microhttpd.h>
#include <stdbool.h>

#define HTTP_PAGE "text/html; charset=utf-8"
#define HTTP_LINE "text/plain; charset=utf-8"

// An answer that takes data (malloc'd, NULL for none) over, also where it fails. NULL without memory.
struct MHD_Response *http_take(char *data, size_t len, const char *type);
// One that borrows data for ever.
struct MHD_Response *http_borrow(struct slice data, const char *type);
// Adds the security headers and Cache-Control: no-store unless cache says something else. All that is not made by
// http_take or http_borrow must pass here once. Takes the response over: NULL, and the response is gone, without
// memory.
struct MHD_Response *http_secure(struct MHD_Response *response, const char *type, const char *cache);
// One header more. Without memory false, and *response is gone and NULL.
bool http_add(struct MHD_Response **response, const char *name, const char *value);

// Sends a response, which it takes over.
enum MHD_Result http_send(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response);

// What is said where there is no memory for an answer: made beforehand, since there would be none for this either.
struct http_fallback {
    struct MHD_Response *of_page, *of_act;
};
bool http_fallback_init(struct http_fallback *fallback); // false without memory
void http_fallback_deinit(struct http_fallback *fallback);
