// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how the process is (the notify protocol of systemd). Without one, all of it does nothing.
#pragma once
#include <stdint.h>

// "Ready": only when what the process is for can be done. status is one line for `systemctl status`; the same for the
// others.
void notify_ready(const char *status);
void notify_status(const char *status);
void notify_stopping(const char *status);
void notify_watchdog(void);

// How often the manager wants to hear of the watchdog at least, in milliseconds; 0 if it does not.
int64_t notify_watchdog_ms(void);
