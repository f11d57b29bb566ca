// SPDX-License-Identifier: Apache-2.0
// Health of the size that the console must bear: 500 groups on 8 partitions each, with their topics.
#pragma once
#include "hub/observe/health.h"

struct health *fixture_large(int64_t now_ms);
