// SPDX-License-Identifier: Apache-2.0
// What stands for the content of an item: 8 bytes of SHA-256 over what it says, keyed with the deployment's secret.
#pragma once
#include "hub/decide/facts.h"

#define CONTENT_MARK_BYTES   8
#define CONTENT_SECRET_BYTES 32

struct content_mark {
    uint8_t bytes[CONTENT_MARK_BYTES];
};

// item must have its routing block. Two items get the same mark if they say the same under whatever id, revision and
// time of making.
struct content_mark content_mark_of(const uint8_t secret[CONTENT_SECRET_BYTES], const struct item_view *item);
