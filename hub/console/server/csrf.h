// SPDX-License-Identifier: Apache-2.0
// Sessions and the tokens of forms. Nothing is kept: a session stands in the officer's cookie under a secret of this
// process, and a form carries a token that only a page of the same officer's session can hold.
#pragma once
#include "hub/base/slice.h"

#define CSRF_IDLE_MS      (INT64_C(15) * 60 * 1000)
#define CSRF_ALL_MS       (INT64_C(8) * 3600 * 1000)
#define CSRF_TOKEN_BYTES  65
#define CSRF_COOKIE_BYTES 160

struct csrf {
    uint8_t secret[32];
};

struct session {
    uint8_t id[16];
    int64_t begun_ms, seen_ms;
};

// Takes a new secret. false if the machine has no random numbers.
bool csrf_init(struct csrf *csrf);

// A new session. false if the machine has no random numbers.
bool csrf_begin(struct session *session, int64_t now_ms);
enum csrf_answer { CSRF_NO_SESSION, CSRF_SESSION, CSRF_NO_MEMORY };
// The session in a cookie's value. There is none if it is not this officer's, of another process, idle for CSRF_IDLE_MS
// or older than CSRF_ALL_MS.
enum csrf_answer csrf_session(
    const struct csrf *csrf, const char *officer, const char *cookie, int64_t now_ms, struct session *session);
// The cookie's value for a session seen now. false without memory.
bool csrf_cookie(
    const struct csrf *csrf, const char *officer, const struct session *session, char out[CSRF_COOKIE_BYTES]);

// What all forms of a session carry. false without memory.
bool csrf_token(
    const struct csrf *csrf, const char *officer, const struct session *session, char out[CSRF_TOKEN_BYTES]);
// Whether what a form carries is the token of its session; in a time that tells nothing of it.
bool csrf_holds(const char token[CSRF_TOKEN_BYTES], const char *carried);
