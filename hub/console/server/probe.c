// SPDX-License-Identifier: Apache-2.0
// /healthz says that the process lives: the observer's loop still turns. /readyz says that it can do its work, and if
// not, why; with ?verbose as JSON. Neither tells anything of the deployment's data, so neither asks who is there. An
// absent broker makes nothing unready here: that the console can say so is what it is for.
#include "hub/console/server/http.h"
#include "hub/base/clock.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define STUCK_MS     60000 // without a new snapshot: many times what a cycle takes, even one that waits for a broker
#define REASON_BYTES 512

handler probe_health, probe_ready;

struct check {
    const char *name;
    bool good;
    char reason[REASON_BYTES];
};
enum { CHECK_SNAPSHOT, CHECK_TURNS, CHECK_PROCESS, CHECKS };

static int64_t silent_ms(const struct request *request)
{
    int64_t since = request->health->at_ms ? request->health->at_ms : request->console->started_ms;
    return clock_wall_ms() - since;
}

static void line(struct reply *reply, bool good, const char *text)
{
    reply->status = good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    reply->type = "text/plain; charset=utf-8";
    html_put(&reply->body, "%s\n", text);
}

static bool check_turns(const struct request *request, char *reason)
{
    int64_t silent = silent_ms(request);
    bool good = silent < STUCK_MS + (int64_t)request->health->every_ms;
    if (!good)
        snprintf(reason, REASON_BYTES, "The observer has made no snapshot for %lld s.", (long long)(silent / 1000));
    return good;
}

void probe_health(const struct request *request, struct reply *reply)
{
    char reason[REASON_BYTES] = "ok";
    bool good = check_turns(request, reason);
    line(reply, good, reason);
}

static bool check_all(const struct request *request, struct check checks[CHECKS])
{
    const struct console_settings *settings = request->settings;
    bool first = request->health->number > 0;
    checks[CHECK_SNAPSHOT] = (struct check){"snapshot", first, ""};
    if (!first)
        snprintf(checks[CHECK_SNAPSHOT].reason, REASON_BYTES, "The first snapshot is not there yet.");
    checks[CHECK_TURNS] = (struct check){"observer", true, ""};
    checks[CHECK_TURNS].good = check_turns(request, checks[CHECK_TURNS].reason);
    checks[CHECK_PROCESS] = (struct check){"process", true, ""};
    if (settings->ready)
        checks[CHECK_PROCESS].good = settings->ready(settings->context, checks[CHECK_PROCESS].reason, REASON_BYTES);
    return checks[CHECK_SNAPSHOT].good && checks[CHECK_TURNS].good && checks[CHECK_PROCESS].good;
}

static void verbose(struct exchange *exchange, struct reply *reply, bool good, const struct check checks[CHECKS])
{
    json_t *rows = json_array();
    for (size_t i = 0; i < CHECKS; i++)
        json_array_append_new(rows, json_pack("{s:s, s:b, s:s}", "name", checks[i].name, "ready", checks[i].good,
                                        "reason", checks[i].good ? "" : checks[i].reason));
    json_t *whole = json_pack("{s:b, s:o}", "ready", good, "checks", rows);
    char *text = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
    reply->status = good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    exchange->response = text ? http_take(text, strlen(text), "application/json") : NULL;
}

void probe_ready(const struct request *request, struct reply *reply)
{
    struct check checks[CHECKS];
    bool good = check_all(request, checks);
    if (pairs_find(&exchange_of(request)->query, "verbose")) {
        verbose(exchange_of(request), reply, good, checks);
        return;
    }
    const char *reason = "ready";
    for (size_t i = CHECKS; i-- > 0;)
        if (!checks[i].good)
            reason = checks[i].reason;
    line(reply, good, reason);
}
