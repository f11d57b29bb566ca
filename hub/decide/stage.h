// SPDX-License-Identifier: Apache-2.0
// The stages of a journey, in three files. Each lets the record pass (true) or ends its journey with an outcome
// (false); step.c has their order.
#pragma once
#include "hub/decide/journey.h"

// stages_proof.c: is it what was agreed, and by whom.
bool stage_origin(struct journey *journey);
bool stage_envelope(struct journey *journey);
bool stage_agency(struct journey *journey);
bool stage_key(struct journey *journey);
bool stage_signature(struct journey *journey);
bool stage_header(struct journey *journey);
bool stage_lane(struct journey *journey);
bool stage_content(struct journey *journey);
bool stage_facts(struct journey *journey);
// stages_memory.c: what the lane remembers of it.
bool stage_room(struct journey *journey);
bool stage_identity(struct journey *journey);
bool stage_standing(struct journey *journey);
bool stage_remember(struct journey *journey);
// stages_release.c: who gets it.
bool stage_release(struct journey *journey);
