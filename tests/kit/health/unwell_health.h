// SPDX-License-Identifier: Apache-2.0
// Snapshots of a whole deployment for whoever shows health: the police forces, regional units and agencies of the
// sample registry, ten sources, four lanes on two processes. Always the same for the same time. Each comes with its
// troubles found; health_drop it.
#pragma once
#include "hub/observe/health.h"

#define KIT_LANES   4
#define KIT_SOURCES 10

// Nothing is wrong, some sources and readers idle.
struct health *kit_health_well(int64_t now_ms);
// A bad night as it may really be: Kent's reader stopped, BTP's group not permitted, one source silent, refusals that
// wait.
struct health *kit_health_night(int64_t now_ms);
// Every verdict of verdicts.def that can stand beside the others, and so every kind of trouble, on nine lanes.
struct health *kit_health_unwell(int64_t now_ms);
// The broker does not answer: all else is unknown.
struct health *kit_health_cut(int64_t now_ms);
// A hub process lags behind the control data; there is no policy.
struct health *kit_health_control_behind(int64_t now_ms);
struct health *kit_health_control_missing(int64_t now_ms);
// The bad night with names, sentences and codes that try to break out of HTML, JSON, terminals and metrics, and very
// long ones.
struct health *kit_health_hostile(int64_t now_ms);
