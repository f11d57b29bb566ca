// SPDX-License-Identifier: Apache-2.0
// What a request's headers must say before anything else is looked at. Pure.
#pragma once
#include <stdbool.h>

// Whether the Host header names this server. On plain HTTP, which is loopback only, it must be localhost, 127.0.0.1,
// [::1] or own (the listening host, "127.0.0.2"), with any port: a page elsewhere whose name was made to point here
// (DNS rebinding) has another name. With TLS the certificate binds the name, and any well-formed host will do.
bool gate_host(const char *host, bool tls, const char *own);

// Whether a POST comes from one of our own pages: by Sec-Fetch-Site, which no page can set, or else by Origin. Either
// may be NULL; without both it does not. host is the Host header.
bool gate_origin(const char *fetch_site, const char *origin, const char *host, bool tls);

// Whether the body is what forms send: application/x-www-form-urlencoded, alone or in UTF-8.
bool gate_form(const char *content_type);
