// SPDX-License-Identifier: Apache-2.0
// What every program that speaks with a Signalbox begins with: the cluster, and why a call failed.
//
// All of libsignalbox: texts are UTF-8 and terminated. What a call takes is borrowed for the call, unless it says
// otherwise; what it gives is its own until the next call on the same object, unless it says otherwise. An object
// belongs to one thread at a time. Every _free takes NULL and returns NULL.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SIGNALBOX_API __attribute__((visibility("default")))
#else
#define SIGNALBOX_API
#endif

// How to reach the cluster. Must outlive what is made with it.
struct signalbox_connection {
    const char *bootstrap;         // host:port[,...]
    const char *prefix;            // of every topic and group; NULL or "" for none
    const char *const *properties; // "name=value" for librdkafka: TLS, login and so on
    size_t n_properties;
    uint32_t patience_ms;   // the longest wait for the broker on one thing; 0: as long as it may need
    const char *deployment; // the only one to work with, by its id of 32 hexadecimal digits; NULL: the registry's
};

enum signalbox_cause {
    SIGNALBOX_CAUSE_OTHER,         // settings, wrong use, what a file or a record holds
    SIGNALBOX_CAUSE_UNREACHABLE,   // no broker answers, or not in time
    SIGNALBOX_CAUSE_NOT_PERMITTED, // the broker refuses this user, or the system a file
    SIGNALBOX_CAUSE_MISSING,       // there is no such topic
    SIGNALBOX_CAUSE_NO_MEMORY,
};

#define SIGNALBOX_ERROR_BYTES 1280

// Why a call failed. After a call that did not fail it means nothing.
struct signalbox_error {
    enum signalbox_cause cause;
    char text[SIGNALBOX_ERROR_BYTES]; // for people: a sentence that says what to do
};

// The registry and the policy that are in force now: what items are checked with, by the hub's own rules.
struct signalbox_control;
// NULL with an error, also while there is no registry or no policy.
SIGNALBOX_API struct signalbox_control *signalbox_control_load(
    const struct signalbox_connection *connection, struct signalbox_error *error);
SIGNALBOX_API struct signalbox_control *signalbox_control_free(struct signalbox_control *control);

// "0.1.0": of the library that runs.
SIGNALBOX_API const char *signalbox_version(void);

#ifdef __cplusplus
}
#endif
