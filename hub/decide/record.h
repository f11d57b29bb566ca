// SPDX-License-Identifier: Apache-2.0
// One inbound record. Borrowed; must live until the batch ends.
#pragma once
#include "hub/base/slice.h"

struct record {
    struct slice topic; // without prefix: in.<agency>, or relane
    uint32_t lane;      // partition
    int64_t offset;
    int64_t appended_ms; // broker append time
    struct slice key, value;
    struct slice traceparent; // empty if none came
    // Of a forwarded record, from its headers; empty or -1 otherwise.
    struct slice origin_topic;
    int32_t origin_partition;
    int64_t origin_offset, origin_appended_ms;
};
