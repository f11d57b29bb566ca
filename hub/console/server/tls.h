// SPDX-License-Identifier: Apache-2.0
// What TLS needs on this side, and the certificate that a client shows.
#pragma once
#include "hub/base/digest.h"
#include "hub/console/server/console_settings.h"
#include "hub/console/server/officers.h"
#include "hub/console/server/served.h"

struct tls {
    struct served *served;
    char *client_ca; // a whole file, terminated, as libmicrohttpd takes it
};

// At least TLS 1.2, with forward secrecy and authenticated encryption only.
#define TLS_PRIORITIES                                                                                                 \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-"    \
    "GCM:"                                                                                                             \
    "+CHACHA20-POLY1305:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

// Reads the files that settings name and checks that the key is its owner's alone and fits the certificate. false with
// a sentence.
bool tls_init(struct tls *tls, const struct console_settings *settings, struct error *error);
void tls_deinit(struct tls *tls);

// The digest of the client's certificate. OFFICER_KNOWN if it is verified: who it is, officer_find tells. session is
// the connection's gnutls_session_t.
enum officer_answer tls_peer(void *session, struct digest *certificate);
