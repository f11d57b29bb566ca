// SPDX-License-Identifier: Apache-2.0
// The hub's own HTTP server: /metrics, /healthz, /readyz, /health.json and the console's pages, all from the observer's
// snapshot. Bound to loopback unless TLS with client certificates is set up. Never a request to Kafka because a page
// was opened; only what an officer does by a POST (seeing content, telling an agency, changing a subscription) goes
// there. It never ends the process: an answer for which there is no memory is a 503, or a connection that is closed.
#pragma once
#include "hub/base/error.h"
#include "hub/console/server/console_settings.h"

struct console;
// NULL with a sentence: the address is taken or not allowed, a file cannot be read or does not fit.
struct console *console_start(const struct console_settings *settings, struct error *error);
// "http://127.0.0.1:9309/": where it can be opened.
const char *console_url(const struct console *console);
struct console *console_stop(struct console *console); // takes NULL, returns NULL
