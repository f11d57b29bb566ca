// SPDX-License-Identifier: Apache-2.0
// Who stands behind a certificate: the registry's dates, for officer and organisation.
#include "hub/console/server/officers.h"
#include "hub/console/server/permissions.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

#define FROM 1000
#define TO   2000

static Signalbox__V1__Registry *registry_with_officer(struct arena *arena, Signalbox__V1__Officer *officer)
{
    static Signalbox__V1__Role roles[] = {SIGNALBOX__V1__ROLE__ROLE_VIEWER, SIGNALBOX__V1__ROLE__ROLE_CONTENT_READER};
    static Signalbox__V1__Officer *rows[1];
    struct digest digest = digest_of(slice_text("certificate"));
    Signalbox__V1__Registry *registry = kit_registry(arena);
    signalbox__v1__officer__init(officer);
    officer->id = (char *)(uintptr_t) "kent-1";
    officer->organisation = (char *)(uintptr_t) "kent";
    officer->certificate_sha256 =
        (ProtobufCBinaryData){32, (uint8_t *)(uintptr_t)arena_copy(arena, digest_slice(&digest)).data};
    officer->roles = roles;
    officer->n_roles = 2;
    officer->valid_from_unix_ms = FROM;
    officer->valid_to_unix_ms = TO;
    rows[0] = officer;
    registry->officers = rows;
    registry->n_officers = 1;
    return registry;
}

static const struct officer_case {
    const char *certificate;
    int64_t from, to, organisation_to, at;
    enum officer_answer answer;
} cases[] = {
    {"certificate", FROM, TO, 0, FROM, OFFICER_KNOWN},
    {"certificate", FROM, TO, 0, TO - 1, OFFICER_KNOWN},
    {"certificate", FROM, TO, 0, FROM - 1, OFFICER_NOT_YET},
    {"certificate", FROM, TO, 0, TO, OFFICER_ENDED},
    {"certificate", 0, 0, 0, 0, OFFICER_KNOWN},
    {"certificate", 0, 0, 0, INT64_MAX, OFFICER_KNOWN},
    {"certificate", FROM, TO, 1500, 1499, OFFICER_KNOWN},
    {"certificate", FROM, TO, 1500, 1500, OFFICER_WITHOUT_ORGANISATION},
    {"another", FROM, TO, 0, FROM, OFFICER_UNKNOWN},
    {"", FROM, TO, 0, FROM, OFFICER_UNKNOWN},
};

Test(officers, are_known_by_their_certificate_within_their_dates)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct officer_case *row = &cases[i];
        Signalbox__V1__Officer officer;
        Signalbox__V1__Registry *registry = registry_with_officer(&arena, &officer);
        struct digest digest = digest_of(slice_text(row->certificate));
        officer.valid_from_unix_ms = row->from, officer.valid_to_unix_ms = row->to;
        kit_organisation(registry, "kent")->valid_to_unix_ms = row->organisation_to;
        struct officer found = officer_find(registry, &digest, row->at);
        bool known = row->answer == OFFICER_KNOWN;
        cr_expect_eq(found.answer, row->answer, "case %zu", i);
        cr_expect_str_eq(found.id, known ? "kent-1" : "", "case %zu", i);
        cr_expect_eq(found.roles, known ? role_bit(1) | role_bit(4) : 0u, "case %zu", i);
    }
    arena_deinit(&arena);
}

Test(officers, without_a_registry_or_an_organisation_nobody_is_known)
{
    struct arena arena;
    Signalbox__V1__Officer officer;
    struct digest digest = digest_of(slice_text("certificate"));
    arena_init(&arena, 0);
    cr_expect_eq(officer_find(NULL, &digest, FROM).answer, OFFICER_NO_REGISTRY);
    Signalbox__V1__Registry *registry = registry_with_officer(&arena, &officer);
    officer.organisation = (char *)(uintptr_t) "atlantis";
    cr_expect_eq(officer_find(registry, &digest, FROM).answer, OFFICER_WITHOUT_ORGANISATION);
    arena_deinit(&arena);
}

Test(officers, roles_that_do_not_exist_give_nothing)
{
    struct arena arena;
    Signalbox__V1__Officer officer;
    struct digest digest = digest_of(slice_text("certificate"));
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = registry_with_officer(&arena, &officer);
    static Signalbox__V1__Role strange[] = {(Signalbox__V1__Role)0, (Signalbox__V1__Role)5, (Signalbox__V1__Role)31};
    officer.roles = strange;
    officer.n_roles = 3;
    struct officer found = officer_find(registry, &digest, FROM);
    cr_expect_eq(found.roles, 0u);
    arena_deinit(&arena);
}

Test(officers, whoever_is_not_let_in_is_told_why)
{
    for (enum officer_answer answer = OFFICER_NO_CERTIFICATE; answer <= OFFICER_WITHOUT_ORGANISATION; answer++)
        cr_expect_gt(strlen(officer_sentence(answer)), 20, "answer %d", (int)answer);
}
