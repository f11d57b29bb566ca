// SPDX-License-Identifier: Apache-2.0
// Ending on request.
#pragma once
#include <stdatomic.h>

// Becomes true at the first SIGINT or SIGTERM; the second one ends the process at once. The first call installs the
// handlers.
const atomic_bool *stop_flag(void);
