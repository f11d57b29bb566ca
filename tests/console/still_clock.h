// SPDX-License-Identifier: Apache-2.0
// A wall clock that stands at the time of the broker in tests.
#pragma once
#include "tests/kit/core/envelopes.h"

#define STILL_CLOCK_MS (KIT_NOW_MS + 4000)
