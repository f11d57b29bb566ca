// SPDX-License-Identifier: Apache-2.0
// The hub's own HTTP server: /metrics, /healthz, /readyz, /health.json and the console's pages, all from the observer's
// snapshot. Bound to loopback unless TLS with client certificates is set up. Never a request to Kafka because a page
// was opened; only what an officer does by a POST (seeing content, telling an agency, changing a subscription) goes
// there.
#pragma once
#include "hub/kafka/kafka.h"
#include "hub/observe/observer.h"
#include <stdatomic.h>

// Roles as a bit set: 1 << Signalbox__V1__Role.
typedef uint32_t roles;

struct console_settings {
    const char *listen;      // HOST:PORT; port 0 takes any free one
    const char *certificate; // PEM, with its chain; NULL: plain HTTP, on a loopback address. Renewed files are taken up
    const char *key;         // PEM, mode 0600
    const char *client_ca;   // PEM: who signs the officers' certificates. Needed with certificate
    roles local;             // what somebody on a plain loopback connection may do; viewer by default
    bool kafka_compatible;   // metrics.h
    const char *version;     // of the program
    const struct kafka_settings *kafka; // for what officers do; outlives the console
    struct observer *observer;          // outlives the console
    // Whether this process is ready, with a reason if not (for /readyz). NULL: ready when the first snapshot is there.
    bool (*ready)(void *context, char *reason, size_t size);
    void *context;
};

struct console;
// NULL with a sentence: the address is taken or not allowed, a file cannot be read or does not fit.
struct console *console_start(const struct console_settings *settings, struct error *error);
// "http://127.0.0.1:9309/": where it can be opened.
const char *console_url(const struct console *console);
// "http://127.0.0.1:9310": what commands about health must be told by --at to ask this console. NULL if they ask it by
// themselves, or cannot ask it with --at alone because it wants a client certificate.
const char *console_at(const struct console *console);
struct console *console_stop(struct console *console); // takes NULL, returns NULL
