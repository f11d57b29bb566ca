// SPDX-License-Identifier: Apache-2.0
// The control topics as sources of a reader, shared by what reads once and what follows.
#pragma once
#include "hub/control/documents.h"
#include "hub/kafka/reader.h"

extern const struct reader_source control_sources[DOCUMENT_KINDS];
void control_offer(struct documents *documents, const struct kafka_record *record);
