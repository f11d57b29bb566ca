// SPDX-License-Identifier: Apache-2.0
// Answers with the headers that every answer has.
#pragma once
#include "hub/console/server/exchange.h"

// An answer that takes data (malloc'd) over. NULL without memory.
struct MHD_Response *http_take(char *data, size_t len, const char *type);
// One that borrows data for ever.
struct MHD_Response *http_borrow(struct slice data, const char *type);
// Adds the security headers and Cache-Control: no-store unless cache says something else. All that is not made by
// http_take or http_borrow must pass here once.
struct MHD_Response *http_secure(struct MHD_Response *response, const char *type, const char *cache);

// Answers with what refused the request, as a page or as a line, by what the client likes.
void http_problem(struct exchange *exchange, struct reply *reply);
// Sends exchange->response or the reply's body, which it takes over. Sets the session's cookie on pages.
enum MHD_Result http_send(struct exchange *exchange, struct reply *reply);
