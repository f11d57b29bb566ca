// SPDX-License-Identifier: Apache-2.0
// The socket that the console listens on.
#pragma once
#include "hub/base/error.h"

#define LISTEN_HOST_BYTES 256

struct listener {
    int socket;    // non-blocking, listening; the caller's to close
    unsigned port; // the real one
    bool loopback;
    char host[LISTEN_HOST_BYTES]; // as a URL has it: "127.0.0.1", "[::1]"; this machine's name for a wildcard
};

// address is HOST:PORT or [V6]:PORT. Without TLS only a loopback address is taken. false with a sentence.
bool listen_open(struct listener *listener, const char *address, bool tls, struct error *error);
