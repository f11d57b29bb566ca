// SPDX-License-Identifier: Apache-2.0
// The addresses of the console, from routes.def.
#pragma once
#include "hub/console/server/permissions.h"
#include "hub/console/server/request.h"

#define ROUTE(method, path, permission, handle) handler handle;
#include "hub/console/server/routes.def"
#undef ROUTE

enum method { METHOD_GET, METHOD_POST };

struct route {
    enum method method;
    const char *path; // "/topics", or "/topics/*"
    enum permission permission;
    handler *handle;
    Signalbox__V1__DeskAction action; // what the desk is told of it; unspecified if officers do nothing by it
};

enum route_answer { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_OTHER_METHOD };
// path is decoded. *rest gets what stands for the *, which is never empty; "" for a row without one. An address in full
// goes before one with a *, and has no other methods than its own rows.
enum route_answer route_find(enum method method, const char *path, const struct route **route, const char **rest);
// What an address answers to, as the header Allow has it: "GET, HEAD". All that there is for one that no row names.
const char *route_allow(const char *path);
