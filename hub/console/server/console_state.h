// SPDX-License-Identifier: Apache-2.0
// The console as all its connections share it.
#pragma once
#include "hub/console/server/console_settings.h"
#include "hub/console/server/csrf.h"
#include "hub/console/server/health_changes.h"
#include "hub/console/server/http.h"
#include "hub/console/server/listen.h"
#include "hub/console/server/rendered.h"
#include "hub/console/server/tls.h"
#include <pthread.h>
#include <stdatomic.h>

#define CONSOLE_CONNECTIONS 128 // served at once; those above it are told to come again
#define CONSOLE_STREAMS     32  // of them, open /events
#define CONSOLE_SPARE       32  // connections that only get to hear so

struct console {
    struct console_settings settings;
    char *listen, *certificate; // copies of what may be asked for later
    struct listener listener;
    struct tls tls;
    bool secure;
    struct csrf csrf;
    char url[LISTEN_HOST_BYTES + 32];
    char at[LISTEN_HOST_BYTES + 32]; // what commands about health must be told by --at; "" if they find it, or cannot
                                     // ask it with --at alone because it wants a client certificate
    int64_t started_ms;
    struct MHD_Daemon *daemon;
    atomic_uint connections, streams;
    atomic_bool stopping;
    struct http_fallback fallback;
    struct rendered json, metrics;
    pthread_t follower; // makes these anew with each snapshot, and looks whether the certificate was renewed
    bool following;
    struct health_changes changes;
    struct desk *desk;
};
