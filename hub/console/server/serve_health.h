// SPDX-License-Identifier: Apache-2.0
// The two forms of a snapshot that programs read.
#pragma once
#include "hub/console/server/rendered.h"

rendered_make serve_health_make_json, serve_health_make_metrics;
