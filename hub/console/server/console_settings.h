// SPDX-License-Identifier: Apache-2.0
// What a console is started with.
#pragma once
#include "hub/console/server/permissions.h"
#include "hub/kafka/kafka.h"
#include "hub/observe/observer.h"

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
