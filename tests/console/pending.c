// SPDX-License-Identifier: Apache-2.0
// Lets the fixture's server start while a page or form is still on its way: such an address answers 501. Linked last and weak, so
// that what exists is what answers.
#include "hub/console/http.h"
#include "hub/observe/metrics.h"

static void pending(struct reply *reply)
{
    reply->status = MHD_HTTP_NOT_IMPLEMENTED;
    html_put(&reply->body, "<!doctype html><title>pending</title>");
}

#define PENDING(name)                                                                                                      \
    __attribute__((weak)) void name(const struct request *request, struct reply *reply);                                   \
    void name(const struct request *request, struct reply *reply)                                                          \
    {                                                                                                                      \
        (void)request;                                                                                                     \
        pending(reply);                                                                                                    \
    }
PENDING(page_now)
PENDING(page_forces)
PENDING(page_force)
PENDING(page_sources)
PENDING(page_source)
PENDING(page_topics)
PENDING(page_topic)
PENDING(page_group)
PENDING(page_item_search)
PENDING(page_item)
PENDING(page_quarantine)
PENDING(page_refused)
PENDING(page_subscriptions)
PENDING(page_subscription)
PENDING(page_ledger)
PENDING(page_hub)
PENDING(page_about)
PENDING(act_see_item)
PENDING(act_see_refused)
PENDING(act_tell_agency)
PENDING(act_dealt_with)
PENDING(act_apply_subscription)
PENDING(act_withdraw_subscription)

__attribute__((weak)) void metrics_write(const struct health *health, const struct metrics_settings *settings, FILE *out);
void metrics_write(const struct health *health, const struct metrics_settings *settings, FILE *out)
{
    (void)health, (void)settings;
    fputs("# pending\n", out);
}
