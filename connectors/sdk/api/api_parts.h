// SPDX-License-Identifier: Apache-2.0
// From the types that programs outside see to the hub's own, and back. Between the files of this folder only.
#pragma once
#include "connectors/sdk/deployment.h"
#include "connectors/sdk/problem.h"
#include "hub/base/error.h"
#include "hub/kafka/kafka.h"
#include "hub/rules/snapshot.h"
#include <jansson.h>
#include <signalbox/item.h>

struct signalbox_control {
    struct snapshot *snapshot;
};

// Borrows everything that the connection points to.
struct kafka_settings api_kafka_settings(const struct signalbox_connection *connection);
// Registry and policy, if they are of the deployment; the first that is seen is kept. NULL with an error.
struct snapshot *api_load(const struct kafka_settings *kafka, struct deployment *deployment, struct error *why);
// error may be NULL. Always false.
bool api_tell_error(struct signalbox_error *error, const struct error *why);
// problem may be NULL. Always false.
bool api_tell_problem(struct signalbox_problem *problem, const struct problem *why);
// One JSON object; NULL with *why. To be released with json_decref.
json_t *api_read_json(const char *json, size_t len, struct problem *why);
