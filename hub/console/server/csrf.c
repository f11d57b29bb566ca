// SPDX-License-Identifier: Apache-2.0
// A cookie is "<id>.<begun>.<seen>.<mac>", a token the mac of the officer and the id alone: it stays the same while the
// session lasts, in every window. Both macs are HMAC-SHA-256 under the same secret, told apart by their first word.
#include "hub/console/server/csrf.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#define MAC_TEXT_BYTES 512

bool csrf_init(struct csrf *csrf)
{
    return RAND_bytes(csrf->secret, sizeof csrf->secret) == 1;
}

bool csrf_begin(struct session *session, int64_t now_ms)
{
    *session = (struct session){.begun_ms = now_ms, .seen_ms = now_ms};
    return RAND_bytes(session->id, sizeof session->id) == 1;
}

static bool make_mac(const struct csrf *csrf, const char *text, char out[CSRF_TOKEN_BYTES])
{
    uint8_t bytes[DIGEST_BYTES];
    unsigned len = sizeof bytes;
    if (!HMAC(EVP_sha256(), csrf->secret, sizeof csrf->secret, (const uint8_t *)text, strlen(text), bytes, &len))
        return false;
    hex_encode(slice_of(bytes, len), out);
    return true;
}

// "<id>.<begun>.<seen>." without the mac.
static int put_front(const struct session *session, char *out, size_t size)
{
    char id[2 * sizeof session->id + 1];
    hex_encode(slice_of(session->id, sizeof session->id), id);
    return snprintf(out, size, "%s.%" PRId64 ".%" PRId64 ".", id, session->begun_ms, session->seen_ms);
}

bool csrf_cookie(
    const struct csrf *csrf, const char *officer, const struct session *session, char out[CSRF_COOKIE_BYTES])
{
    char text[MAC_TEXT_BYTES];
    int len = put_front(session, out, CSRF_COOKIE_BYTES - CSRF_TOKEN_BYTES);
    snprintf(text, sizeof text, "session %.100s %s", officer, out);
    return make_mac(csrf, text, out + len);
}

bool csrf_token(const struct csrf *csrf, const char *officer, const struct session *session, char out[CSRF_TOKEN_BYTES])
{
    char text[MAC_TEXT_BYTES], id[2 * sizeof session->id + 1];
    hex_encode(slice_of(session->id, sizeof session->id), id);
    snprintf(text, sizeof text, "form %.100s %s", officer, id);
    return make_mac(csrf, text, out);
}

bool csrf_holds(const char token[CSRF_TOKEN_BYTES], const char *carried)
{
    return strlen(carried) == strlen(token) && CRYPTO_memcmp(carried, token, strlen(token)) == 0;
}

// Reads what put_front wrote; the mac shows afterwards that nobody else did.
static bool read_front(const char *cookie, struct session *session)
{
    char *end;
    size_t dot = strcspn(cookie, ".");
    if (strlen(cookie) >= CSRF_COOKIE_BYTES || dot != 2 * sizeof session->id || !cookie[dot])
        return false;
    if (hex_decode(slice_of(cookie, dot), session->id, sizeof session->id) < 0)
        return false;
    session->begun_ms = strtoll(cookie + dot + 1, &end, 10);
    if (*end != '.')
        return false;
    session->seen_ms = strtoll(end + 1, &end, 10);
    return *end == '.';
}

enum csrf_answer csrf_session(
    const struct csrf *csrf, const char *officer, const char *cookie, int64_t now_ms, struct session *session)
{
    char should[CSRF_COOKIE_BYTES];
    *session = (struct session){0};
    if (!read_front(cookie, session))
        return CSRF_NO_SESSION;
    if (!csrf_cookie(csrf, officer, session, should))
        return CSRF_NO_MEMORY;
    if (strlen(cookie) != strlen(should) || CRYPTO_memcmp(cookie, should, strlen(should)) != 0)
        return CSRF_NO_SESSION;
    bool lasts = now_ms - session->seen_ms < CSRF_IDLE_MS && now_ms - session->begun_ms < CSRF_ALL_MS;
    return lasts ? CSRF_SESSION : CSRF_NO_SESSION;
}
