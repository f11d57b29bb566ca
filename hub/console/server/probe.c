// SPDX-License-Identifier: Apache-2.0
// /healthz says that the process lives: the observer's loop still turns. /readyz says that it can do its work, and if
// not, why; with ?verbose as JSON. Neither tells anything of the deployment's data, so neither asks who is there. An
// absent broker makes nothing unready here: that the console can say so is what it is for.
#include "hub/base/clock.h"
#include "hub/console/server/exchange.h"
#include "hub/console/server/json_text.h"
#include <stdio.h>
#include <stdlib.h>

#define STUCK_MS     60000 // without a new snapshot: many times what a cycle takes, even one that waits for a broker
#define REASON_BYTES 512

struct check {
    const char *name;
    bool good;
    char reason[REASON_BYTES];
};
enum { CHECK_SNAPSHOT, CHECK_TURNS, CHECK_PROCESS, CHECKS };

static int64_t silent_ms(const struct exchange *exchange)
{
    const struct health *health = exchange->request.health;
    return clock_wall_ms() - (health->at_ms ? health->at_ms : exchange->console->started_ms);
}

static void put_line(struct reply *reply, bool good, const char *text)
{
    reply->status = good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    reply->type = HTTP_LINE;
    html_put(&reply->body, "%s\n", text);
}

static bool check_turns(const struct exchange *exchange, char *reason)
{
    int64_t silent = silent_ms(exchange);
    bool good = silent < STUCK_MS + (int64_t)exchange->request.health->every_ms;
    if (!good)
        snprintf(reason, REASON_BYTES, "The observer has made no snapshot for %lld s.", (long long)(silent / 1000));
    return good;
}

void probe_health(struct exchange *exchange)
{
    char reason[REASON_BYTES] = "ok";
    bool good = check_turns(exchange, reason);
    put_line(&exchange->reply, good, reason);
}

static bool check_all(const struct exchange *exchange, struct check checks[CHECKS])
{
    const struct console_settings *settings = &exchange->console->settings;
    bool first = exchange->request.health->number > 0;
    checks[CHECK_SNAPSHOT] = (struct check){"snapshot", first, ""};
    if (!first)
        snprintf(checks[CHECK_SNAPSHOT].reason, REASON_BYTES, "The first snapshot is not there yet.");
    checks[CHECK_TURNS] = (struct check){"observer", true, ""};
    checks[CHECK_TURNS].good = check_turns(exchange, checks[CHECK_TURNS].reason);
    checks[CHECK_PROCESS] = (struct check){"process", true, ""};
    if (settings->ready)
        checks[CHECK_PROCESS].good = settings->ready(settings->context, checks[CHECK_PROCESS].reason, REASON_BYTES);
    return checks[CHECK_SNAPSHOT].good && checks[CHECK_TURNS].good && checks[CHECK_PROCESS].good;
}

// NULL without memory.
static json_t *json_of_checks(bool good, const struct check checks[CHECKS])
{
    json_t *rows = json_array();
    bool whole = rows != NULL;
    for (size_t i = 0; whole && i < CHECKS; i++)
        whole = json_array_append_new(rows, json_pack("{s:s, s:b, s:s}", "name", checks[i].name, "ready",
                                                checks[i].good, "reason", checks[i].good ? "" : checks[i].reason)) == 0;
    json_t *all = whole ? json_pack("{s:b, s:O}", "ready", good, "checks", rows) : NULL;
    json_decref(rows);
    return all;
}

void probe_ready(struct exchange *exchange)
{
    struct check checks[CHECKS];
    bool good = check_all(exchange, checks);
    if (pairs_find(&exchange->query, "verbose")) {
        exchange->reply.status = good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
        exchange->response = json_answer(json_of_checks(good, checks));
        return;
    }
    const char *reason = "ready";
    for (size_t i = CHECKS; i-- > 0;)
        if (!checks[i].good)
            reason = checks[i].reason;
    put_line(&exchange->reply, good, reason);
}
