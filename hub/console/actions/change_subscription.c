// SPDX-License-Identifier: Apache-2.0
// Two steps without a script: the first form is answered with what would change, the second is the same form with
// confirm=1. Both are held against what Kafka says at that moment, not against what a page remembered.
#include "hub/console/actions/change_subscription.h"
#include "hub/base/clock.h"
#include "hub/console/html/form.h"
#include "hub/console/pages/subscription_fields.h"
#include "hub/control/control.h"
#include "hub/control/subscription_check.h"
#include <time.h>

static const struct subscription_row *find_row(const struct documents *documents, const struct change *change)
{
    const struct subscription_row *rows;
    size_t n = documents_subscriptions(documents, &rows);
    for (size_t i = 0; i < n; i++)
        if (subscription_compare(rows[i].subscription, &change->next) == 0)
            return &rows[i];
    return NULL;
}

static bool same_revision(const struct change *change, uint64_t revision)
{
    const struct request *request = change->act.request;
    return strcmp(request_field(request, "revision"), request_printf(request, "%llu", (unsigned long long)revision)) ==
           0;
}

static bool find_now(struct change *change)
{
    const struct subscription_row *row = find_row(change->documents, change);
    if (!same_revision(change, row ? row->revision : 0))
        return act_refuse(&change->act, REFUSAL_CHANGED_MEANWHILE, NULL);
    if (row) {
        change->now = row->subscription;
        change->next = *row->subscription;
    }
    change->next.made_unix_ms = 0;
    return true;
}

bool change_begin(struct change *change, const struct request *request, struct reply *reply)
{
    struct error error;
    *change = (struct change){.path = request->path, .next = SIGNALBOX__V1__SUBSCRIPTION__INIT};
    if (!act_begin(&change->act, request, reply))
        return false;
    const char *slash = strchr(change->act.object, '/');
    if (!slash)
        return act_refuse(&change->act, REFUSAL_FORM_INCOMPLETE, NULL);
    change->next.force =
        (char *)request_text(request, slice_of(change->act.object, (size_t)(slash - change->act.object)));
    change->next.name = (char *)request_text(request, slice_text(slash + 1));
    const struct kafka_settings kafka = act_kafka_to_read(&change->act);
    change->documents = control_read(&kafka, NULL, NULL, &error);
    if (!change->documents || !documents_registry(change->documents) || !documents_policy(change->documents))
        return act_refuse(&change->act, REFUSAL_NO_CONTROL, change->documents ? NULL : error.text);
    return find_now(change);
}

void change_end(struct change *change)
{
    change->documents = documents_free(change->documents);
}

static void put_check(const struct change *change, struct html *html)
{
    char text[SUBSCRIPTION_CHECK_BYTES];
    if (!change->next.withdrawn &&
        subscription_check(documents_registry(change->documents), documents_policy(change->documents), &change->next,
            clock_wall_ms(), text, sizeof text))
        html_put(html, "<p class=\"problem\">It would be taken, but can never get what it asks for: %s</p>", text);
}

static void show_preview(const struct change *change)
{
    const struct request *request = change->act.request;
    struct html *html = &change->act.reply->body;
    page_begin(request, change->act.reply,
        &(struct page_frame){
            .title = request_printf(request, "What changes in %s", change->act.object), .here = "/subscriptions"});
    html_put(html, "<p>Nothing has been changed yet.</p>");
    put_check(change, html);
    subscription_diff_put(html, change->now, &change->next, request->arena);
    form_begin(request, html, change->path, change->act.object);
    form_hidden(html, "revision", request_field(request, "revision"));
    form_hidden(html, "reason", change->act.reason);
    form_hidden(html, "confirm", "1");
    subscription_hidden(request, html, &change->next);
    html_put(html, "<p>Reason: %s</p>", change->act.reason);
    form_end(html, "Write it down and put it into force");
    html_put(
        html, "<p><a href=\"%s\">Leave it as it is</a></p>", page_url(request, "/subscriptions/", change->act.object));
    page_end(request, change->act.reply);
}

#define NOT_READ_BACK "It is written and may count; it could not be read back: look at it before you repeat it. "

static void write_it(const struct change *change, struct subscription_plan *plan)
{
    const struct request *request = change->act.request;
    struct error error;
    size_t written, refused;
    if (!act_record(&change->act))
        return;
    const struct kafka_settings kafka = act_kafka_to_write(&change->act);
    if (!subscription_plan_write(&kafka, plan, request->arena, &written, &error))
        act_failed(&change->act, error.text);
    else if (!subscription_plan_confirm(&kafka, plan, &refused, &error))
        act_failed(&change->act, request_printf(request, "%s%s", refused ? "" : NOT_READ_BACK, error.text));
    else
        act_done(&change->act, page_url(request, "/subscriptions/", change->act.object), change->said);
}

// Whether the hub would take it; refused if not. Without memory nobody knows, and nothing is said or done.
static bool would_be_taken(const struct change *change, const struct subscription_row *rows, size_t n)
{
    struct error error;
    if (documents_would_compile(change->documents, NULL, NULL, rows, n, &error))
        return true;
    if (error.cause != CAUSE_NO_MEMORY)
        return act_refuse(&change->act, REFUSAL_SUBSCRIPTION_WRONG, error.text);
    change->act.request->arena->failed = true;
    return false;
}

void change_go_on(struct change *change)
{
    struct arena *arena = change->act.request->arena;
    Signalbox__V1__Subscription *wanted = &change->next;
    size_t n;
    struct subscription_plan plan = subscription_plan_of(change->documents, &wanted, 1, false, clock_wall_ms(), arena);
    struct subscription_row *rows = subscription_plan_live(&plan, arena, &n);
    if (plan.changes == 0)
        act_refuse(&change->act, REFUSAL_NOTHING_CHANGES, NULL);
    else if (arena->failed || !would_be_taken(change, rows, n))
        return;
    else if (strcmp(request_field(change->act.request, "confirm"), "1") == 0)
        write_it(change, &plan);
    else
        show_preview(change);
}
