// SPDX-License-Identifier: Apache-2.0
// The value of a control record: the document of an officer, and which version it was made from.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/digest.h"

// The document as a Signed without signatures, out of the arena. predecessor is the digest of the whole value of the
// version before, NULL for the first. Without memory the arena has failed, and the value is empty.
struct slice control_value_pack(
    const ProtobufCMessage *document, const struct digest *predecessor, struct arena *arena);
