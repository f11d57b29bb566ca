// SPDX-License-Identifier: Apache-2.0
// One line an event on standard error: time, level, stable id, key=value; where the journal reads it, with the level in
// front as the journal wants it. Never content: ids, codes and digests only.
#pragma once

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set_level(enum log_level level);

// id is stable, upper case with dashes, such as LANE-OPEN. format makes the key=value pairs.
void log_event(enum log_level level, const char *id, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define log_error(...)   log_event(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_event(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_event(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_event(LOG_LEVEL_DEBUG, __VA_ARGS__)
