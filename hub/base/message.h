// SPDX-License-Identifier: Apache-2.0
// Protobuf messages of any type, for what is small and changes seldom. In an arena: arena_unpack.
#pragma once
#include "hub/base/slice.h"
#include <protobuf-c/protobuf-c.h>

// Unpacks into *message, to be freed with protobuf_c_message_free_unpacked(message, NULL); NULL if the value is none of
// that kind. false without memory. protobuf-c's own call does not bear that: it walks over lists that it has counted
// and not made yet.
bool message_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice value, ProtobufCMessage **message);
// A deep copy, to be freed likewise. NULL if there is no memory.
void *message_copy(const ProtobufCMessage *message);
