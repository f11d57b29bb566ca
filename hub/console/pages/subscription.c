// SPDX-License-Identifier: Apache-2.0
// One subscription: what it asks for, whether it can get that, and the forms to change or withdraw it. A name that is
// not there yet is the form of a new one.
#include "hub/console/html/form.h"
#include "hub/base/clock.h"
#include "hub/console/server/permissions.h"
#include "hub/console/server/routes.h"
#include "hub/console/pages/subscription_fields.h"
#include "hub/observe/observer.h"

static const struct observer_subscription *find_subscription(const struct request *request, const char *key)
{
    const struct observer_subscription *rows;
    size_t n = observer_subscriptions(request->observer, request->arena, &rows);
    for (size_t i = 0; i < n; i++) {
        const Signalbox__V1__Subscription *subscription = rows[i].subscription;
        if (strcmp(request_printf(request, "%s/%s", subscription->force, subscription->name), key) == 0)
            return &rows[i];
    }
    return NULL;
}

static void put_facts(const struct request *request, struct html *html, const struct observer_subscription *row)
{
    const Signalbox__V1__Subscription *subscription = row->subscription;
    html_put(html, "<dl><dt>Force</dt><dd><a href=\"%s\">%s</a></dd><dt>State</dt><dd>%s</dd>",
        page_url(request, "/forces/", subscription->force), subscription->force,
        subscription->withdrawn ? "withdrawn" : "in force");
    if (row->problem && !subscription->withdrawn)
        html_put(html, "<dt>Check</dt><dd><span class=\"badge warning\"><i class=\"shape\"></i>never</span> %s</dd>",
            row->problem);
    else
        html_put(
            html, "<dt>Check</dt><dd>%s</dd>", subscription->withdrawn ? "not asked" : "it can get what it asks for");
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++)
        html_put(html, "<dt>%s</dt><dd>%s</dd>", subscription_field_label(i),
            subscription_field_text(subscription, i, request->arena));
    html_put(html, "<dt>Made</dt><dd>");
    page_time(html, subscription->made_unix_ms, clock_wall_ms());
    html_put(html, "</dd><dt>Revision</dt><dd>%llu</dd></dl>", (unsigned long long)row->revision);
}

static void put_change(
    const struct request *request, struct html *html, const char *key, const struct observer_subscription *row)
{
    const Signalbox__V1__Subscription empty = SIGNALBOX__V1__SUBSCRIPTION__INIT;
    html_put(html, "<section class=\"panel\"><h2>%s</h2>", row ? "Change it" : "Make it");
    form_begin(request, html, "/subscriptions/apply", key);
    form_hidden(html, "revision", request_printf(request, "%llu", row ? (unsigned long long)row->revision : 0ull));
    html_put(html, "<p class=\"dim\">Within a field the values are alternatives; between fields all must hold.</p>");
    subscription_inputs(request, html, row ? row->subscription : &empty);
    form_reason(html, "reason-change");
    form_end(html, "See what changes");
    html_put(html, "</section>");
}

static void put_withdraw(
    const struct request *request, struct html *html, const char *key, const struct observer_subscription *row)
{
    html_put(html,
        "<section class=\"panel\"><h2>Withdraw it</h2><p>The force gets nothing more by it; what it has stays.</p>");
    form_begin(request, html, "/subscriptions/withdraw", key);
    form_hidden(html, "revision", request_printf(request, "%llu", (unsigned long long)row->revision));
    form_reason(html, "reason-withdraw");
    form_end(html, "See what changes");
    html_put(html, "</section>");
}

static void put_forms(
    const struct request *request, struct html *html, const char *key, const struct observer_subscription *row)
{
    if (!permission_allows(PERMISSION_CHANGE_SUBSCRIPTION, request->roles)) {
        html_put(html, "<p class=\"dim\">Subscription officers make, change and withdraw subscriptions.</p>");
        return;
    }
    html_put(html, "<div class=\"acts\">");
    put_change(request, html, key, row);
    if (row && !row->subscription->withdrawn)
        put_withdraw(request, html, key, row);
    html_put(html, "</div>");
}

void page_subscription(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const char *key = request->rest;
    const struct observer_subscription *row = find_subscription(request, key);
    if (!strchr(key, '/') || strlen(key) > 129) {
        page_problem(
            request, reply, 404, "No such subscription", "A subscription is named FORCE/NAME, as the list shows.");
        return;
    }
    reply->status = row || permission_allows(PERMISSION_CHANGE_SUBSCRIPTION, request->roles) ? 200 : 404;
    page_begin(request, reply,
        &(struct page_frame){.title = key,
            .here = "/subscriptions",
            .command = row ? request_printf(request, "signalbox subscription show %s", key) : NULL});
    form_said(request, html);
    if (row)
        put_facts(request, html, row);
    else
        html_put(html, "<p class=\"empty\">There is no subscription of this name yet.</p>");
    put_forms(request, html, key, row);
    page_end(request, reply);
}
