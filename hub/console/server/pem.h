// SPDX-License-Identifier: Apache-2.0
// The files that TLS needs, and the sentence that says what is wrong with one.
#pragma once
#include "hub/base/error.h"

// All of a file of up to 256 KiB, terminated; *text is the caller's to free, also after false. own: nobody but its
// owner may read it. false with a sentence.
bool pem_read(char **text, const char *what, const char *path, bool own, struct error *error);
// "The console's <what> <path> <why>." Always false.
bool pem_fail(struct error *error, const char *what, const char *path, const char *why);
