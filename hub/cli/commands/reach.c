// SPDX-License-Identifier: Apache-2.0
// One look at the cluster, with an admin client that lives no longer than that.
#include "hub/cli/commands/reach.h"
#include "hub/kafka/admin.h"

bool reach_broker(const struct cli *cli, int timeout_ms, struct error *error)
{
    struct admin *admin = admin_new(&cli->kafka, error);
    bool reached = admin && admin_reachable(admin, timeout_ms, error);
    admin_free(admin);
    return reached;
}
