// SPDX-License-Identifier: Apache-2.0
// Subscriptions that compile and yet can never get what they ask for. Pure.
#pragma once
#include <signalbox/v1/control.pb-c.h>
#include <stdbool.h>
#include <stddef.h>

#define SUBSCRIPTION_CHECK_BYTES 512 // holds every sentence

// What a subscription of a registry and a policy can never get, in a sentence in text; false if there is nothing to
// say.
bool subscription_check(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const Signalbox__V1__Subscription *subscription, int64_t now_ms, char *text, size_t size);
