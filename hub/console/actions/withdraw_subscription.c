// SPDX-License-Identifier: Apache-2.0
// Withdraws a subscription; it stays readable, so that what came by it can be explained.
#include "hub/console/actions/change_subscription.h"
#include "hub/console/server/routes.h"

static void withdraw_row(struct change *change)
{
    if (!change->now) {
        act_refuse(&change->act, REFUSAL_NOT_KNOWN, NULL);
        return;
    }
    change->next.withdrawn = true;
    change->said = "withdrawn";
    change_go_on(change);
}

void act_withdraw_subscription(const struct request *request, struct reply *reply)
{
    struct change change;
    if (change_begin(&change, request, reply))
        withdraw_row(&change);
    change_end(&change);
}
