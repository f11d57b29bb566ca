// SPDX-License-Identifier: Apache-2.0
// What a page or an action sees of a request, and what it answers. The server has checked method, path, size, host,
// identity, permission and (for a POST) the CSRF token before a handler is called; it adds all security headers itself.
#pragma once
#include "hub/console/server/console.h"
#include "hub/console/html/html.h"
#include <signalbox/v1/desk.pb-c.h>

struct request {
    const char *path;            // "/topics/feed.kent"
    const char *rest;            // what stands for the route's *, decoded; "" if nothing
    const struct health *health; // the snapshot that answers all of this request
    const struct console_settings *settings;
    struct console *console;
    struct arena *arena; // lives as long as the request
    const char *officer; // id, "local" on plain loopback
    roles roles;
    Signalbox__V1__DeskAction action; // what the desk is told; unspecified if the address only shows something
    const char *csrf;                 // token that forms of this page carry
    bool posted;                      // a form came: its page is an answer, and is not loaded again by itself
    const void *connection;           // for the server
};

struct reply {
    unsigned status;      // 200 unless set
    const char *type;     // "text/html; charset=utf-8" unless set
    const char *location; // of a redirect, or NULL
    struct html body;
};

// A query parameter, or a field of the POST's form; "" if it is not there. Valid UTF-8, no control characters but line
// feeds.
const char *request_query(const struct request *request, const char *name);
const char *request_field(const struct request *request, const char *name);
// A query parameter as a number; fallback if it is missing or none.
int64_t request_number(const struct request *request, const char *name, int64_t fallback);

typedef void handler(const struct request *request, struct reply *reply);
