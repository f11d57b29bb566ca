// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets: written once, for their owner alone, and read only if nobody else can read them.
#pragma once
#include "hub/base/error.h"
#include "hub/base/slice.h"

#define KEY_FILE_MISSING (-1)
#define KEY_FILE_REFUSED (-2)

// Writes a new file with mode 0600, whole or not at all. An existing file is never overwritten. false with a sentence.
bool key_file_write(const char *path, struct slice bytes, struct error *error);
// A descriptor to read from, to be closed by the caller; else KEY_FILE_MISSING or KEY_FILE_REFUSED (not a regular file,
// readable by group or others), both with a sentence; if_read ends that on what others can read.
int key_file_open(const char *path, const char *if_read, struct error *error);
