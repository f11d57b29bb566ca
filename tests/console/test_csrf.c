// SPDX-License-Identifier: Apache-2.0
// Sessions last as long as they should, and belong to one officer and one process.
#include "hub/console/server/csrf.h"
#include <criterion/criterion.h>

#define NOW INT64_C(1790000000000)

static struct csrf csrf, other;
static struct session session;
static char cookie[CSRF_COOKIE_BYTES];

static void set_up(void)
{
    cr_assert(csrf_init(&csrf) && csrf_init(&other) && csrf_begin(&session, NOW));
    cr_assert(csrf_cookie(&csrf, "kent-1", &session, cookie));
}

// Whether a form that carries the token holds in another session, of another officer, of another process.
static bool token_holds(const struct csrf *which, const char *officer, const struct session *of, const char *token)
{
    char own[CSRF_TOKEN_BYTES];
    cr_assert(csrf_token(which, officer, of, own));
    return csrf_holds(own, token);
}

static bool session_lasts(const struct csrf *which, const char *officer, const char *text, int64_t at_ms)
{
    struct session found;
    return csrf_session(which, officer, text, at_ms, &found) == CSRF_SESSION;
}

Test(csrf, a_session_ends_when_idle_or_old, .init = set_up)
{
    cr_expect(session_lasts(&csrf, "kent-1", cookie, NOW));
    cr_expect(session_lasts(&csrf, "kent-1", cookie, NOW + CSRF_IDLE_MS - 1));
    cr_expect_not(session_lasts(&csrf, "kent-1", cookie, NOW + CSRF_IDLE_MS));
    session.seen_ms = NOW + CSRF_ALL_MS - 1000;
    cr_assert(csrf_cookie(&csrf, "kent-1", &session, cookie));
    cr_expect(session_lasts(&csrf, "kent-1", cookie, NOW + CSRF_ALL_MS - 1));
    cr_expect_not(session_lasts(&csrf, "kent-1", cookie, NOW + CSRF_ALL_MS));
}

Test(csrf, a_session_is_nobody_elses, .init = set_up)
{
    cr_expect_not(session_lasts(&csrf, "kent-2", cookie, NOW));
    cr_expect_not(session_lasts(&csrf, "", cookie, NOW));
    cr_expect_not(session_lasts(&other, "kent-1", cookie, NOW));
}

Test(csrf, every_changed_byte_ends_a_session, .init = set_up)
{
    for (size_t i = 0; cookie[i]; i++) {
        char before = cookie[i];
        cookie[i] = before == '0' ? '1' : '0';
        cr_expect_not(session_lasts(&csrf, "kent-1", cookie, NOW), "byte %zu", i);
        cookie[i] = before;
    }
    for (size_t len = strlen(cookie); len-- > 0;) {
        cookie[len] = 0;
        cr_expect_not(session_lasts(&csrf, "kent-1", cookie, NOW), "cut at %zu", len);
    }
}

Test(csrf, what_is_no_cookie_is_no_session, .init = set_up)
{
    static const char *const cases[] = {"", ".", "...", "00000000000000000000000000000000",
        "00000000000000000000000000000000...", "00000000000000000000000000000000.1.1.",
        "0g000000000000000000000000000000.1.1.00", "00000000000000000000000000000000.99999999999999999999999999.1.00",
        "00000000000000000000000000000000.-1.-1.0"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_not(session_lasts(&csrf, "kent-1", cases[i], NOW), "%s", cases[i]);
    char text[4096];
    memset(text, '0', sizeof text - 1);
    text[sizeof text - 1] = 0;
    cr_expect_not(session_lasts(&csrf, "kent-1", text, NOW));
}

Test(csrf, a_token_holds_for_its_session_alone, .init = set_up)
{
    char token[CSRF_TOKEN_BYTES];
    struct session later = session, strange;
    cr_assert(csrf_token(&csrf, "kent-1", &session, token));
    later.seen_ms += 1000; // another window of the same session
    cr_expect(token_holds(&csrf, "kent-1", &later, token));
    cr_assert(csrf_begin(&strange, NOW));
    cr_expect_not(token_holds(&csrf, "kent-1", &strange, token));
    cr_expect_not(token_holds(&csrf, "kent-2", &session, token));
    cr_expect_not(token_holds(&other, "kent-1", &session, token));
    cr_expect_not(token_holds(&csrf, "kent-1", &session, ""));
    token[CSRF_TOKEN_BYTES - 2] ^= 1;
    cr_expect_not(token_holds(&csrf, "kent-1", &session, token));
    cr_expect(strstr(cookie, token) == NULL);
}

Test(csrf, sessions_that_differ_in_their_last_byte_alone_are_two, .init = set_up)
{
    char token[CSRF_TOKEN_BYTES];
    struct session twin = session;
    twin.id[sizeof twin.id - 1] ^= 1;
    cr_assert(csrf_token(&csrf, "kent-1", &session, token));
    cr_expect(token_holds(&csrf, "kent-1", &session, token));
    cr_expect_not(token_holds(&csrf, "kent-1", &twin, token));
}

// Whoever sees a cookie must not be able to send a form with what it ends in.
Test(csrf, the_code_of_a_cookie_is_no_token, .init = set_up)
{
    cr_expect_not(token_holds(&csrf, "kent-1", &session, strrchr(cookie, '.') + 1));
}
