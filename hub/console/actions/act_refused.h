// SPDX-License-Identifier: Apache-2.0
// What the acts on refused records share.
#pragma once
#include "hub/console/actions/act.h"
#include "hub/console/pages/refused.h"

// The record that an act is about; false if it was refused because there is none.
bool act_refused_row(const struct act *act, struct observer_refused *row);
