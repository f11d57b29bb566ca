// SPDX-License-Identifier: Apache-2.0
// The checks that a request passes before a handler sees it; the first one that refuses leaves exchange->problem.
// None is made once the exchange has failed.
#pragma once
#include "hub/console/server/exchange.h"

// When line and headers are there. Fills method, route, officer, session, query and request.
void checks_of_headers(struct exchange *exchange, const char *method);
// When the body of a POST is there too: the form and its token.
void checks_of_form(struct exchange *exchange);
