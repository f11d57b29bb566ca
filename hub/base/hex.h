// SPDX-License-Identifier: Apache-2.0
// Bytes as hexadecimal text, and back.
#pragma once
#include "hub/base/slice.h"

// Lower-case hexadecimal; out holds 2 * bytes.len + 1.
void hex_encode(struct slice bytes, char *out);
// Returns the number of bytes written, or -1 if text is not hexadecimal or does not fit in size.
long hex_decode(struct slice text, uint8_t *out, size_t size);
