// SPDX-License-Identifier: Apache-2.0
// The table that assets.cmake writes at build time.
#pragma once
#include "hub/console/html/assets.h"

extern const struct asset assets_table[];
extern const size_t assets_n;
