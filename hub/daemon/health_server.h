// SPDX-License-Identifier: Apache-2.0
// Health as this process shows it to others: the observer, and the HTTP server with metrics, JSON and console before
// it.
#pragma once
#include "hub/console/server/console.h"
#include <stdatomic.h>

struct health_server_settings {
    struct observer_settings observer;
    struct console_settings console; // observer is filled in; its kafka is what the observer asks, too
};

struct health_server;

// All that the settings point to must outlive it. NULL with a sentence; nothing is left running then.
struct health_server *health_server_start(const struct health_server_settings *settings, struct error *error);
struct health_server *health_server_stop(struct health_server *health_server); // takes NULL, returns NULL

// A process that does nothing else: serves until *stop becomes true, and keeps the service manager informed. false with
// a sentence if it cannot begin.
bool health_server_run(const struct health_server_settings *settings, const atomic_bool *stop, struct error *error);
