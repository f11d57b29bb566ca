// SPDX-License-Identifier: Apache-2.0
// Ids of organisations, officers and subscriptions: 1 to 64 bytes of [a-z0-9-], because they become parts of topic
// names.
#pragma once
#include <stdbool.h>

bool id_valid(const char *text);
