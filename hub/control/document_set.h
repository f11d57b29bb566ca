// SPDX-License-Identifier: Apache-2.0
// The documents of one moment: newest registry, newest policy, newest record of every subscription.
#pragma once
#include "hub/control/change.h"

struct document_set {
    struct change *registry, *policy; // NULL if none
    struct change_list subscriptions; // in order of key, each key once
    uint64_t subscriptions_version;
};

// base with the first n changes over it. Changes are shared, not copied. If superseded is not NULL, what no longer
// counts is added to it. false without memory: out is to be ended all the same, and superseded says nothing.
bool document_set_overlay(const struct document_set *base, const struct change_list *changes, size_t n,
    struct document_set *out, struct change_list *superseded);
void document_set_deinit(struct document_set *set);

// true if the set compiles, or lacks a registry or policy, so that it cannot be compiled yet: then *snapshot is NULL,
// and a registry must compile by itself. false with a sentence; its cause is CAUSE_NO_MEMORY if the documents are not
// what it fails by.
bool document_set_compile(const struct document_set *set, struct snapshot **snapshot, struct error *error);
// true if the registry, which may be NULL, compiles without policy and subscriptions.
bool document_set_alone(const Signalbox__V1__Registry *registry, struct error *error);
// The rows of subscriptions that are not withdrawn, or of all. To be freed. NULL without memory.
struct subscription_row *document_set_rows(const struct document_set *set, bool withdrawn_too, size_t *n);
