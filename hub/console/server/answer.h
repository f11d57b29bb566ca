// SPDX-License-Identifier: Apache-2.0
// What leaves the server of an exchange: the whole answer, or a sentence that there is none.
#pragma once
#include "hub/console/server/exchange.h"

// Sends exchange->response or the reply's body, or the problem as a page or as a line, by what the client likes. Sets
// the session's cookie on pages. What is not whole is not sent: the client gets a 503, or the connection ends.
enum MHD_Result answer_send(struct exchange *exchange);
// The 503 alone, for which all that it needs is there already; the log says so too. route may be NULL.
enum MHD_Result answer_without_memory(
    struct console *console, struct MHD_Connection *connection, const struct route *route);
