// SPDX-License-Identifier: Apache-2.0
// The certificate that new connections are shown, renewed when its files are. Connections that exist keep what they
// have.
#pragma once
#include "hub/base/digest.h"
#include "hub/base/error.h"
#include <gnutls/abstract.h>

struct served;

// Reads the pair; one that has ended is served too, since there is none before it. NULL with a sentence. A process has
// one at most.
struct served *served_new(const char *certificate, const char *key, struct error *error);
struct served *served_free(struct served *served); // takes NULL, returns NULL; after the last connection

// Looks at the files once a second, however often it is called, and takes a pair that is whole, fits, is valid now and
// has been left alone for a second. What is not stays outside, and the log says so once. true if another pair is served
// from now on. One thread.
bool served_look(struct served *served);

// SHA-256 of the certificate that is served; returns when it ends. The thread that looks, or before it.
int64_t served_facts(const struct served *served, struct digest *sha256);

// What GnuTLS asks when a connection begins. Any thread.
gnutls_certificate_retrieve_function3 served_give;
