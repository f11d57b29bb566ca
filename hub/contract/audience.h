// SPDX-License-Identifier: Apache-2.0
// Why a force got an item, in the words that travel with its copy (`signalbox-why`): part of the contract.
#pragma once
#include "hub/base/slice.h"

// The word for a reason (AudienceReason), such as "importer"; NULL for one without.
const char *audience_word(uint32_t reason);
// Bits AudienceReason of words with commas between them; a word that is not known is passed over.
uint32_t audience_of_words(struct slice words);
