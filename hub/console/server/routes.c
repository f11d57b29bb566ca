// SPDX-License-Identifier: Apache-2.0
// Finds the row of routes.def that answers an address. Three dozen rows are looked through in order; what no row names
// is nowhere.
#include "hub/console/server/routes.h"
#include <string.h>

#define NOTHING_DONE SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_UNSPECIFIED

static const struct route rows[] = {
#define ROUTE(method, path, permission, handle)                                                                        \
    {METHOD_##method, path, PERMISSION_##permission, handle, NULL, NOTHING_DONE},
#define SERVE(path, permission, serve) {METHOD_GET, path, PERMISSION_##permission, NULL, serve, NOTHING_DONE},
#define ACT(path, permission, handle, action)                                                                          \
    {METHOD_POST, path, PERMISSION_##permission, handle, NULL, SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_##action},
#include "hub/console/server/routes.def"
#undef ROUTE
};
#define N_ROWS (sizeof rows / sizeof *rows)

// What stands for the row's *, "" for a row without one, NULL if the row is of another address.
static const char *rest_of(const struct route *row, const char *path)
{
    size_t len = strlen(row->path);
    if (row->path[len - 1] != '*')
        return strcmp(row->path, path) == 0 ? "" : NULL;
    return strncmp(row->path, path, len - 1) == 0 && path[len - 1] ? path + len - 1 : NULL;
}

static bool is_named(const char *path)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].path, path) == 0)
            return true;
    return false;
}

enum route_answer route_find(enum method method, const char *path, const struct route **route, const char **rest)
{
    enum route_answer answer = ROUTE_UNKNOWN;
    bool named = is_named(path);
    for (size_t i = 0; i < N_ROWS && answer != ROUTE_FOUND; i++) {
        const char *found = rest_of(&rows[i], path);
        if (!found || (named && *found))
            continue;
        answer = rows[i].method == method ? ROUTE_FOUND : ROUTE_OTHER_METHOD;
        if (answer == ROUTE_FOUND) {
            *route = &rows[i];
            *rest = found;
        }
    }
    return answer;
}

const char *route_allow(const char *path)
{
    static const char *const allowed[] = {"GET, HEAD, POST", "GET, HEAD", "POST", "GET, HEAD, POST"};
    const struct route *route = NULL;
    const char *rest;
    bool get = route_find(METHOD_GET, path, &route, &rest) == ROUTE_FOUND;
    bool post = route_find(METHOD_POST, path, &route, &rest) == ROUTE_FOUND;
    return allowed[get + 2 * post];
}
