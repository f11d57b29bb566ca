// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant who wrote a word that there is not.
#pragma once
#include <stddef.h>

// The nearest noun, or verb of noun if that is not NULL, or option; NULL if nothing is near.
const char *suggest_word(const char *noun, const char *word);
const char *suggest_option(const char *name, size_t len);
// How many letters to change, add, drop or swap; SIZE_MAX if one is too long to be meant.
size_t suggest_distance(const char *word, const char *candidate);
