// SPDX-License-Identifier: Apache-2.0
// An observer without Kafka: hub/observe/observer.h over snapshots and facts that a test gives. Linked before the
// library, it stands in for the real one.
#pragma once
#include "hub/observe/observer.h"

// What it answers with. Borrowed; what is left out is empty. Lists are in the order in which observer.h promises them.
struct fake_facts {
    const Signalbox__V1__Registry *registry;
    const struct observer_subscription *subscriptions;
    size_t n_subscriptions;
    const struct book_line *lines; // of the ledger, newest first
    size_t n_lines;
    const struct observer_refused *refused; // newest first
    size_t n_refused;
    const Signalbox__V1__DeskEntry *const *desk; // newest first
    size_t n_desk;
};

// Takes health over. facts must outlive it; it may be changed between requests.
struct observer *fake_observer_new(struct health *health, const struct fake_facts *facts);
// Shows a newer snapshot, which it takes over; numbers go on by themselves.
void fake_observer_put(struct observer *observer, struct health *health);
struct observer *fake_observer_free(struct observer *observer);
