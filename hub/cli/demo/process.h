// SPDX-License-Identifier: Apache-2.0
// The demo runs the program's own commands as processes, as a person would: what it shows can be typed.
#pragma once
#include "hub/cli/frame/command.h"
#include <sys/types.h>

struct process_place {
    const char *folder; // where logs go
    const char *bootstrap;
};

// Starts "signalbox <words...> --bootstrap ..." with its output in folder/<log>; words ends with NULL. -1 if it cannot.
pid_t process_start(const struct process_place *place, const char *log, const char *const *words);
// The same, reading what is sent into *input, which the caller closes.
pid_t process_start_fed(const struct process_place *place, const char *log, const char *const *words, int *input);
// Waits for its end; its exit status, or 128 and the signal.
int process_wait(pid_t pid);
// Whether it still runs; does not wait.
bool process_runs(pid_t pid);
// SIGTERM, then up to timeout_ms of patience, then SIGKILL. Returns its exit status.
int process_stop(pid_t pid, int timeout_ms);
// The log's text, terminated; to be freed. NULL if there is none.
char *process_log(const struct process_place *place, const char *log);
// Waits until the log holds the text. false after timeout_ms, or when the process has ended.
bool process_says(const struct process_place *place, const char *log, pid_t pid, const char *text, int timeout_ms);
