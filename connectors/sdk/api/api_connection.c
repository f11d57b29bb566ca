// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/api/api_parts.h"
#include "hub/control/control.h"
#include <stdlib.h>

_Static_assert(SIGNALBOX_ERROR_BYTES == ERROR_BYTES, "an error goes out whole");
_Static_assert((int)SIGNALBOX_CAUSE_NO_MEMORY == (int)CAUSE_NO_MEMORY, "causes go out by their number");

struct kafka_settings api_kafka_settings(const struct signalbox_connection *connection)
{
    return (struct kafka_settings){
        .bootstrap = connection->bootstrap,
        .prefix = connection->prefix ? connection->prefix : "",
        .properties = connection->properties,
        .n_properties = connection->n_properties,
        .patience_ms = connection->patience_ms,
    };
}

bool api_tell_error(struct signalbox_error *error, const struct error *why)
{
    if (!error)
        return false;
    error->cause = (enum signalbox_cause)why->cause;
    memcpy(error->text, why->text, sizeof error->text);
    return false;
}

struct snapshot *api_load(const struct kafka_settings *kafka, struct deployment *deployment, struct error *why)
{
    struct snapshot *snapshot = control_load(kafka, why);
    if (!snapshot || deployment_keep(deployment, snapshot, why))
        return snapshot;
    return snapshot_free(snapshot);
}

struct signalbox_control *signalbox_control_load(
    const struct signalbox_connection *connection, struct signalbox_error *error)
{
    const struct kafka_settings kafka = api_kafka_settings(connection);
    struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for registry and policy."};
    struct signalbox_control *control = calloc(1, sizeof *control);
    struct deployment deployment;
    if (control && deployment_read(&deployment, connection->deployment, &why) &&
        (control->snapshot = api_load(&kafka, &deployment, &why)))
        return control;
    free(control);
    api_tell_error(error, &why);
    return NULL;
}

struct signalbox_control *signalbox_control_free(struct signalbox_control *control)
{
    if (control)
        snapshot_free(control->snapshot);
    free(control);
    return NULL;
}

const char *signalbox_version(void)
{
    return SIGNALBOX_VERSION;
}
