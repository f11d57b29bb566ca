// SPDX-License-Identifier: Apache-2.0
// The secret that all hubs of a deployment share: 32 random bytes, as 64 hexadecimal digits in a file that its owner
// alone can read. It keys the marks by which lanes know content again, so that whoever can read the state topic cannot
// find out by trying what was said. It never changes while the deployment lives: with another one, lanes would not know
// again what they have seen, so they refuse to open.
#pragma once
#include "hub/base/error.h"
#include <stdint.h>

#define DEPLOYMENT_SECRET_BYTES 32

// Writes a new one. An existing file is never overwritten. false with a sentence.
bool deployment_secret_make(const char *path, struct error *error);
// false with a sentence: no such file, not a file of this form, readable by group or others.
bool deployment_secret_load(const char *path, uint8_t secret[DEPLOYMENT_SECRET_BYTES], struct error *error);
// For a deployment that ends with the process. false if the machine has no random numbers.
bool deployment_secret_random(uint8_t secret[DEPLOYMENT_SECRET_BYTES]);
