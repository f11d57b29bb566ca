// SPDX-License-Identifier: Apache-2.0
// What the fixture's observer knows beside health: the control documents of the samples, a small ledger, refused
// records, the desk. All of it is invented, and the same for the same time.
#pragma once
#include "tests/console/fake_observer.h"

// Everything lives in the arena.
struct fake_facts *fixture_facts(struct arena *arena, int64_t now_ms);
// One officer more, with the certificate's SHA-256 in hex and roles such as "viewer,quarantine-officer". false if it is
// none.
bool fixture_officer(
    struct fake_facts *facts, struct arena *arena, const char *id, const char *sha256, const char *roles);
// From now on no officer is in the registry.
void fixture_forget(struct fake_facts *facts);
