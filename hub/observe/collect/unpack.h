// SPDX-License-Identifier: Apache-2.0
// Messages that are kept longer than a cycle, each in one piece of memory.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

// *message is NULL if the value is none of that kind; else it is the caller's to free(). false without memory.
bool unpack_value(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message);
