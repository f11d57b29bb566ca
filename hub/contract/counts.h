// SPDX-License-Identifier: Apache-2.0
// How many values the contract's enums have, 0 included: the room of arrays and of sets of bits that go by value.
// counts.c does not compile while the contract has a value more. Raise the number then, add the value there, and look
// at every place that uses the number.
#pragma once

#define AUDIENCE_REASON_COUNT 13
#define CLASSIFICATION_COUNT  5
#define GATE_COUNT            9
#define KIND_COUNT            6
#define MARKING_DEMAND_COUNT  4
#define PRIORITY_COUNT        4
#define PURPOSE_COUNT         5
#define ROLE_COUNT            5
#define STRAND_COUNT          5
#define TRANSPORT_MODE_COUNT  7
