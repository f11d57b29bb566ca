// SPDX-License-Identifier: Apache-2.0
// What stands for something that a lane remembers: 88 bits of SHA-256. Two of 10^8 items collide with a chance of
// 2e-11.
#pragma once
#include <stdint.h>

#define FINGERPRINT_BYTES 11

struct fingerprint {
    uint8_t bytes[FINGERPRINT_BYTES];
};
