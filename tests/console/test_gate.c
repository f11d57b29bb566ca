// SPDX-License-Identifier: Apache-2.0
// Which hosts, origins and forms come through.
#include "hub/console/server/gate.h"
#include <criterion/criterion.h>

static const struct host_case {
    const char *host;
    bool plain, tls;
} host_cases[] = {
    {"localhost", true, true},
    {"localhost:9309", true, true},
    {"LocalHost:1", true, true},
    {"127.0.0.1", true, true},
    {"127.0.0.1:65535", true, true},
    {"[::1]:9309", true, true},
    {"[::1]", true, true},
    {"127.0.0.2:9309", true, true}, // the listening host
    {"127.0.0.3:9309", false, true},
    {"console.example", false, true},
    {"localhost.example", false, true},
    {"local", false, true},
    {"127.0.0", false, true},
    {"127.0.0.", false, true},
    {"localhost.", false, true},
    {"127.0.0.1.example", false, true},
    {"[::2]", false, true},
    {"", false, false},
    {":9309", false, false},
    {"localhost:", false, false},
    {"localhost:x", false, false},
    {"localhost:123456", false, false},
    {"localhost:80:80", false, false},
    {"local host", false, false},
    {"localhost/x", false, false},
    {"user@localhost", false, false},
    {"[::1", false, false},
    {"[]", false, false},
    {"[::1]x", false, false},
};

Test(gate, on_plain_http_only_names_of_this_machine_are_answered)
{
    for (size_t i = 0; i < sizeof host_cases / sizeof *host_cases; i++) {
        const struct host_case *row = &host_cases[i];
        cr_expect_eq(gate_host(row->host, false, "127.0.0.2"), row->plain, "%s", row->host);
        cr_expect_eq(gate_host(row->host, true, "127.0.0.2"), row->tls, "%s with TLS", row->host);
    }
}

static const struct origin_case {
    const char *site, *origin;
    bool tls, good;
} origin_cases[] = {
    {"same-origin", "http://localhost:9309", false, true},
    {"same-origin", "null", false, true},
    {"same-origin", NULL, false, true},
    {NULL, "http://localhost:9309", false, true},
    {NULL, "https://localhost:9309", true, true},
    {"same-origin", "https://localhost:9309", true, true},
    {NULL, NULL, false, false},
    {NULL, "null", false, false},
    {"same-site", "null", false, false},
    {"same-site", NULL, false, false},
    {"cross-site", "null", false, false},
    {"cross-site", NULL, false, false},
    {"none", NULL, false, false},
    {"same-site", "http://localhost:9309", false, false},
    {"cross-site", "http://localhost:9309", false, false},
    {"none", "http://localhost:9309", false, false},
    {"", "http://localhost:9309", false, false},
    {"same-origin", "http://evil.example", false, false},
    {NULL, "http://evil.example", false, false},
    {NULL, "http://localhost:9310", false, false},
    {NULL, "http://localhost", false, false},
    {NULL, "https://localhost:9309", false, false},
    {NULL, "http://localhost:9309", true, false},
    {NULL, "http://localhost:9309.evil.example", false, false},
    {NULL, "", false, false},
};

Test(gate, a_post_comes_from_a_page_of_ours_or_not_at_all)
{
    for (size_t i = 0; i < sizeof origin_cases / sizeof *origin_cases; i++) {
        const struct origin_case *row = &origin_cases[i];
        cr_expect_eq(gate_origin(row->site, row->origin, "localhost:9309", row->tls), row->good, "case %zu", i);
    }
}

Test(gate, a_body_is_a_form)
{
    static const struct {
        const char *type;
        bool good;
    } cases[] = {
        {"application/x-www-form-urlencoded", true},
        {"Application/X-WWW-Form-Urlencoded", true},
        {"application/x-www-form-urlencoded; charset=UTF-8", true},
        {"application/x-www-form-urlencoded;charset=utf-8", true},
        {"application/x-www-form-urlencoded; charset=latin1", false},
        {"application/x-www-form-urlencodedx", false},
        {"multipart/form-data", false},
        {"text/plain", false},
        {"application/json", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(gate_form(cases[i].type), cases[i].good, "%s", cases[i].type ? cases[i].type : "none");
}
