// SPDX-License-Identifier: Apache-2.0
// What a page or an action sees of a request, and what it answers: plain values. The server has checked method, path,
// size, host, identity, permission and (for a POST) the CSRF token before a handler is called; it adds all security
// headers itself, and asks once, when the handler is done, whether the arena or the body lacked memory. What lacks some
// is not sent, so handlers only see to it that they can go on.
#pragma once
#include "hub/base/arena.h"
#include "hub/console/html/html.h"
#include "hub/console/server/pairs.h"
#include "hub/console/server/permissions.h"
#include "hub/observe/observer.h"
#include <signalbox/v1/desk.pb-c.h>

struct desk;
struct kafka_settings;

struct request {
    const char *path;                 // "/topics/feed.kent"
    const char *rest;                 // what stands for the route's *, decoded; "" if nothing
    const struct pairs *query, *form; // of the address, and of a POST; NULL: empty
    const struct health *health;      // the snapshot that answers all of this request
    struct observer *observer;        // for what it has read beyond the snapshot
    struct arena *arena;              // lives as long as the request
    const char *officer;              // id, "local" on plain loopback
    roles roles;
    const char *csrf; // token that forms of this page carry
    bool posted;      // a form came: its page is an answer, and is not loaded again by itself
    const char *at;   // "http://127.0.0.1:9310": what commands about health must be told by --at; NULL: nothing

    // Of what officers do.
    Signalbox__V1__DeskAction action; // what the desk is told; unspecified if the address only shows something
    struct desk *desk;
    const struct kafka_settings *kafka;
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

// A text in the request's arena. Without memory "", and the answer is not sent.
const char *request_printf(const struct request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// A terminated copy; the same.
const char *request_text(const struct request *request, struct slice text);

typedef void handler(const struct request *request, struct reply *reply);
