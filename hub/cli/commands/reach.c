// SPDX-License-Identifier: Apache-2.0
// One look at the cluster, with an admin client that lives no longer than that.
#include "hub/cli/commands/reach.h"
#include "hub/kafka/admin.h"

bool reach_broker(const struct cli *cli, int timeout_ms, struct error *error)
{
    struct kafka_admin *admin = kafka_admin_new(&cli->kafka, error);
    bool reached = admin && kafka_admin_cluster_reachable(admin, timeout_ms, error);
    kafka_admin_free(admin);
    return reached;
}
