// SPDX-License-Identifier: Apache-2.0
// Makes a subscription, or changes what one asks for.
#include "hub/console/actions/change_subscription.h"
#include "hub/console/server/routes.h"
#include "hub/console/pages/subscription_fields.h"

static void apply_form(struct change *change)
{
    const char *wrong;
    if (!subscription_from_form(change->act.request, &change->next, &wrong)) {
        act_refuse(&change->act, REFUSAL_LIST_WRONG, request_printf(change->act.request, "Field: %s.", wrong));
        return;
    }
    change->next.withdrawn = false;
    change->said = "applied";
    change_go_on(change);
}

void act_apply_subscription(const struct request *request, struct reply *reply)
{
    struct change change;
    if (change_begin(&change, request, reply))
        apply_form(&change);
    change_end(&change);
}
