// SPDX-License-Identifier: Apache-2.0
// What ends one day: keys and certificates.
#pragma once
#include "hub/base/digest.h"
#include <stdint.h>

struct cycle;
struct observe_control;

// The certificate that this process's console serves.
struct console_certificate {
    struct digest sha256;
    int64_t to_ms; // 0: it serves none
};

// Fills health->keys, when processes are filled.
void observe_keys_report(
    const struct observe_control *control, const struct console_certificate *console, struct cycle *cycle);
