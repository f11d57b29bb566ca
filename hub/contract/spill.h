// SPDX-License-Identifier: Apache-2.0
// Whether bytes that were refused look like content above the ceiling.
#pragma once
#include "hub/base/slice.h"
#include <signalbox/v1/header.pb-c.h>

// Reads what can be read of the markings in an envelope that need not be whole, valid or small. True if one of them
// lies above the ceiling, or beyond the list of classifications.
bool spill_suspected(struct slice value, Signalbox__V1__Classification ceiling);
