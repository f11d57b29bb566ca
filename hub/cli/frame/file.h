// SPDX-License-Identifier: Apache-2.0
// Files that a command is given.
#pragma once
#include "hub/base/error.h"
#include <stddef.h>

// The whole of a file ("-" for standard input), terminated; at most max_bytes. NULL with a sentence. To be freed.
char *file_read(const char *path, size_t max_bytes, size_t *len, struct error *error);
