// SPDX-License-Identifier: Apache-2.0
// R2: what an error of the transactional producer means, in one place.
#pragma once
#include "hub/kafka/kafka_conf.h"
#include "hub/run/bus.h"

enum fault {
    FAULT_NONE,
    FAULT_RETRY, // the same call again
    FAULT_ABORT, // the transaction must be aborted
    FAULT_FATAL, // this producer is finished
};

// Fatal, then requires abort, then retriable, else fatal; never by number. NULL is FAULT_NONE.
enum fault fault_of(const rd_kafka_error_t *error);

// What the worker is told about an error that ended a transaction, and a sentence about it; doing is such as "commit".
enum bus_status fault_status(const rd_kafka_error_t *fault, const char *doing, struct error *error);
