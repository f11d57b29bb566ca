// SPDX-License-Identifier: Apache-2.0
// What a transaction writes beside the feeds, packed: the ledger block, receipts per agency, the state delta. Pure.
// A packer takes decisions one by one and gives serialised values split at PACK_BYTES.
#pragma once
#include "hub/core/step.h"
#include <signalbox/v1/ledger.pb-c.h>
#include <signalbox/v1/receipt.pb-c.h>
#include <signalbox/v1/state.pb-c.h>

#define PACK_BYTES (512u * 1024u)
