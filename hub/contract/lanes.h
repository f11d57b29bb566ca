// SPDX-License-Identifier: Apache-2.0
// How many lanes a deployment can have. Lane n is partition n of every inbound topic.
#pragma once

#define LANES_MAX 1024
