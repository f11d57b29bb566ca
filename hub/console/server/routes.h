// SPDX-License-Identifier: Apache-2.0
// The addresses of the console, from routes.def.
#pragma once
#include "hub/console/server/permissions.h"
#include "hub/console/server/request.h"

struct exchange;
// What answers with something else than a page sees all of the exchange: it leaves a response, a problem or a body.
typedef void serve_handler(struct exchange *exchange);

#define ROUTE(method, path, permission, handle) handler handle;
#define SERVE(path, permission, serve)          serve_handler serve;
#include "hub/console/server/routes.def"
#undef ROUTE

enum method { METHOD_GET, METHOD_POST };

struct route {
    enum method method;
    const char *path; // "/topics", or "/topics/*"
    enum permission permission;
    handler *handle;                  // of a page or an act; or else
    serve_handler *serve;             // of all other answers
    Signalbox__V1__DeskAction action; // what the desk is told of it; unspecified if officers do nothing by it
};

enum route_answer { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_OTHER_METHOD };
// path is decoded. *rest gets what stands for the *, which is never empty; "" for a row without one. An address in full
// goes before one with a *, and has no other methods than its own rows.
enum route_answer route_find(enum method method, const char *path, const struct route **route, const char **rest);
// What an address answers to, as the header Allow has it: "GET, HEAD". All that there is for one that no row names.
const char *route_allow(const char *path);
