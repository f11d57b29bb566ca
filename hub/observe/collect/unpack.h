// SPDX-License-Identifier: Apache-2.0
// Messages that are kept longer than a cycle, each in memory of its own.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

// *message is NULL if the value is none of that kind; else it is for protobuf_c_message_free_unpacked without an
// allocator. false without memory.
bool unpack_value(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message);
