// SPDX-License-Identifier: Apache-2.0
// Whether 32 bytes are an Ed25519 public key (RFC 8032, section 5.1.5) under which only its owner can sign. The library
// that verifies signatures takes any 32 bytes: under a key of small order it takes signatures that anybody can make.
#pragma once
#include "hub/base/error.h"
#include <stdint.h>

#define PUBLIC_KEY_BYTES 32

// false with half a sentence that follows "the key": it is no point of the curve, it is written in a way that is not
// the canonical one, or it is of small order. Or CAUSE_NO_MEMORY.
bool public_key_check(const uint8_t key[PUBLIC_KEY_BYTES], struct error *error);
