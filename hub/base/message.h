// SPDX-License-Identifier: Apache-2.0
// Protobuf messages of any type.
#pragma once
#include <protobuf-c/protobuf-c.h>

// A deep copy, to be freed with protobuf_c_message_free_unpacked. NULL if there is no memory.
void *message_copy(const ProtobufCMessage *message);
