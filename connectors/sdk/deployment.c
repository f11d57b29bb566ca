// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/deployment.h"
#include "hub/base/hex.h"
#include "hub/rules/registry.h"

#define HEX_BYTES (2 * PROOF_DEPLOYMENT_BYTES + 1)

bool deployment_read(struct deployment *deployment, const char *hex, struct error *error)
{
    *deployment = (struct deployment){.known = hex != NULL};
    if (!hex || hex_decode(slice_text(hex), deployment->id, sizeof deployment->id) == PROOF_DEPLOYMENT_BYTES)
        return true;
    return error_say(error, CAUSE_OTHER,
        "A deployment is named by 32 hexadecimal digits; \"signalbox registry apply\" tells an officer which they "
        "are.");
}

struct slice deployment_id(const struct deployment *deployment)
{
    return deployment->known ? slice_of(deployment->id, sizeof deployment->id) : (struct slice){0};
}

bool deployment_keep(struct deployment *deployment, const struct snapshot *snapshot, struct error *error)
{
    char own[HEX_BYTES], other[HEX_BYTES];
    const struct slice found = registry_deployment(snapshot->registry);
    if (!deployment->known)
        memcpy(deployment->id, found.data, sizeof deployment->id);
    deployment->known = true;
    if (slice_equal(found, deployment_id(deployment)))
        return true;
    hex_encode(deployment_id(deployment), own);
    hex_encode(found, other);
    return error_say(error, CAUSE_OTHER,
        "The registry is of deployment %s, and this program works with %s alone. Find out whether it reads the right "
        "cluster and prefix; if the deployment was made anew, start it again with the new one.",
        other, own);
}
