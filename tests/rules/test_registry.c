// SPDX-License-Identifier: Apache-2.0
// The registry at any time: who is in force, who stands for whom, whose key holds; and what a registry must not say.
#include "hub/rules/registry_parts.h"
#include "hub/contract/outcome.h"
#include "hub/contract/proof.h"
#include "hub/base/duration.h"
#include "tests/rules/uncompiled.h"
#include "tests/kit/core/random_world.h"
#include <criterion/criterion.h>

static struct org_set set_of(const struct snapshot *snapshot, const char *const *ids)
{
    struct org_set set = {0};
    for (size_t i = 0; ids[i]; i++)
        org_set_add(&set, registry_find(snapshot->registry, slice_text(ids[i])));
    return set;
}

static bool same(struct org_set a, struct org_set b)
{
    return org_set_equal(&a, &b);
}

static const struct resolve_case {
    const char *id;
    int64_t at_ms;
    const char *stand[3];
} resolve_cases[] = {
    {"force-07", KIT_NOW_MS, {"force-07"}},
    {"force-07", INT64_MIN, {"force-07"}},
    {"force-07", INT64_MAX, {"force-07"}},
    {"past-1", KIT_NOW_MS - 20 * DAY_MS - 1, {"past-1"}},
    {"past-1", KIT_NOW_MS - 20 * DAY_MS, {"past-2"}},
    {"past-1", KIT_NOW_MS - 10 * DAY_MS, {"force-00", "force-11"}},
    {"past-2", KIT_NOW_MS - 20 * DAY_MS - 1, {NULL}},
    {"past-2", KIT_NOW_MS - 10 * DAY_MS - 1, {"past-2"}},
    {"past-2", KIT_NOW_MS, {"force-00", "force-11"}},
    {"gone", KIT_NOW_MS - 1, {"gone"}},
    {"gone", KIT_NOW_MS, {NULL}},
    {"future", KIT_NOW_MS, {NULL}},
    {"future", KIT_NOW_MS + 1, {"future"}},
    {"silent", KIT_NOW_MS, {"silent"}},
};

Test(registry, an_organisation_stands_for_itself_until_it_ends_and_then_its_successors_do)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct snapshot *snapshot = random_world_snapshot(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof resolve_cases / sizeof *resolve_cases; i++) {
        const struct resolve_case *row = &resolve_cases[i];
        const char *stand[4] = {row->stand[0], row->stand[1], row->stand[2]};
        unsigned org = registry_find(snapshot->registry, slice_text(row->id));
        cr_expect(same(registry_resolve(snapshot->registry, org, row->at_ms), set_of(snapshot, stand)), "%s, case %zu",
            row->id, i);
        bool itself = row->stand[0] && strcmp(row->stand[0], row->id) == 0;
        cr_expect_eq(registry_in_force(snapshot->registry, org, row->at_ms), itself, "%s, case %zu", row->id, i);
        struct org_set subscribers = registry_era_at(snapshot->registry, row->at_ms)->subscribers;
        cr_expect_eq(
            org_set_has(&subscribers, org), itself && strcmp(row->id, "silent") != 0, "%s, case %zu", row->id, i);
    }
    struct org_set nobody = registry_resolve(snapshot->registry, ORG_NONE, KIT_NOW_MS);
    cr_expect(org_set_empty(&nobody));
    cr_expect(!registry_in_force(snapshot->registry, ORG_NONE, KIT_NOW_MS));
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(registry, every_id_is_found_and_nothing_else_is)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct snapshot *snapshot = random_world_snapshot(&arena, NULL, 0);
    for (unsigned org = 0; org < registry_size(snapshot->registry); org++)
        cr_expect_eq(registry_find(snapshot->registry, slice_text(registry_row(snapshot->registry, org)->id)), org);
    static const char *const others[] = {"", "force", "force-0", "force-000", "Force-00", "force-45", " force-00"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_eq(registry_find(snapshot->registry, slice_text(others[i])), ORG_NONE, "'%s'", others[i]);
    cr_expect_eq(registry_find(snapshot->registry, (struct slice){0}), ORG_NONE);
    cr_expect_eq(registry_find(snapshot->registry, slice_of("force-00\0", 9)), ORG_NONE);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

#define ACTIVE  SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE
#define REVOKED SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED

static const struct key_case {
    int64_t from, to, revoked, at;
    Signalbox__V1__KeyState state;
    enum outcome outcome;
} key_cases[] = {
    {0, 0, 0, KIT_NOW_MS, ACTIVE, OUTCOME_ACCEPTED},
    {100, 200, 0, 99, ACTIVE, OUTCOME_KEY_INACTIVE},
    {100, 200, 0, 100, ACTIVE, OUTCOME_ACCEPTED},
    {100, 200, 0, 199, ACTIVE, OUTCOME_ACCEPTED},
    {100, 200, 0, 200, ACTIVE, OUTCOME_KEY_INACTIVE},
    {100, 0, 0, INT64_MAX, ACTIVE, OUTCOME_ACCEPTED},
    {100, 200, 150, 149, REVOKED, OUTCOME_ACCEPTED},
    {100, 200, 150, 150, REVOKED, OUTCOME_KEY_REVOKED},
    {100, 200, 150, 250, REVOKED, OUTCOME_KEY_REVOKED},
    {100, 200, 150, 50, REVOKED, OUTCOME_KEY_INACTIVE},
    {0, 0, 0, 1, REVOKED, OUTCOME_KEY_REVOKED},
    {0, 0, 150, 200, ACTIVE, OUTCOME_ACCEPTED},
};

Test(registry, a_key_holds_within_its_dates_until_it_is_revoked)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof key_cases / sizeof *key_cases; i++) {
        const struct key_case *row = &key_cases[i];
        Signalbox__V1__Registry *registry = kit_registry(&arena);
        Signalbox__V1__SigningKey *key = kit_organisation(registry, "kent")->keys[0];
        key->valid_from_unix_ms = row->from, key->valid_to_unix_ms = row->to;
        key->revoked_unix_ms = row->revoked, key->state = row->state;
        struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
        cr_assert(snapshot, "%s", error.text);
        unsigned kent = registry_find(snapshot->registry, slice_text("kent")),
                 essex = registry_find(snapshot->registry, slice_text("essex"));
        struct slice id = slice_of(key->key_id.data, key->key_id.len);
        EVP_PKEY *found;
        cr_expect_eq(registry_key(snapshot->registry, kent, id, row->at, &found), row->outcome, "case %zu", i);
        cr_expect_eq(found != NULL, row->outcome == OUTCOME_ACCEPTED, "case %zu", i);
        cr_expect_eq(registry_key(snapshot->registry, essex, id, row->at, &found), OUTCOME_KEY_UNKNOWN);
        cr_expect_eq(registry_key(snapshot->registry, ORG_NONE, id, row->at, &found), OUTCOME_KEY_UNKNOWN);
        cr_expect_eq(registry_key(snapshot->registry, kent, (struct slice){0}, row->at, &found), OUTCOME_KEY_UNKNOWN);
        snapshot_free(snapshot);
    }
    arena_deinit(&arena);
}

// Keys of its own, each made from another name.
static void give_keys(struct arena *arena, Signalbox__V1__Organisation *row, size_t n)
{
    Signalbox__V1__SigningKey **keys = arena_alloc(arena, n * sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__Organisation other = SIGNALBOX__V1__ORGANISATION__INIT;
        other.id = arena_printf(arena, "%s-%zu", row->id, i);
        kit_give_key(arena, &other);
        keys[i] = other.keys[0];
    }
    row->keys = keys;
    row->n_keys = n;
}

// SPOILT(name, what the sentence begins with, what is done to a good registry)
#define SPOILT_REGISTRIES(SPOILT)                                                                                      \
    SPOILT(nobody, "The registry has 0 organisations", registry->n_organisations = 0)                                  \
    SPOILT(no_deployment, "The registry has a deployment id of 0 bytes", registry->deployment_id.len = 0)              \
    SPOILT(twice, "Organisation kent stands in the registry twice", kit_set_text(arena, &essex->id, "kent"))           \
    SPOILT(number_twice, "Organisations essex and kent have the same number, 3", essex->number = kent->number)         \
    SPOILT(number_too_high, "Organisation kent has number 1024; numbers are 0 to 1023", kent->number = 1024)           \
    SPOILT(bad_id, "Organisation id 'Kent Police' must be", kit_set_text(arena, &kent->id, "Kent Police"))             \
    SPOILT(no_region, "Organisation kent needs a kind and a region", kit_set_text(arena, &kent->region, ""))           \
    SPOILT(no_clearance, "Organisation kent needs a clearance", kent->clearance = 0)                                   \
    SPOILT(ends_first, "Organisation kent ends before it begins", kent->valid_from_unix_ms = 5;                        \
           kent->valid_to_unix_ms = 5)                                                                                 \
    SPOILT(unknown_successor, "Successor 'atlantis' of organisation kent", succeed(arena, kent, "atlantis"))           \
    SPOILT(unknown_second_successor, "Successor 'atlantis' of organisation kent",                                      \
           static const char *const both[] = {"essex", "atlantis"};                                                    \
           succeed(arena, kent, "essex"); kit_set_texts(arena, &kent->n_successors, &kent->successors, both, 2))       \
    SPOILT(own_successor, "Successors lead in a circle", succeed(arena, kent, "kent"))                                 \
    SPOILT(circle, "Successors lead in a circle", succeed(arena, kent, "essex"); succeed(arena, essex, "kent"))        \
    SPOILT(open_end, "Organisation kent has successors but no end", succeed(arena, kent, "essex");                     \
           kent->valid_to_unix_ms = 0)                                                                                 \
    SPOILT(other_key, "A key of organisation kent is not 32 bytes, or its id", kent->keys[0]->key_id.data[3] ^= 1)     \
    SPOILT(short_key, "A key of organisation kent is not 32 bytes, or its id", kent->keys[0]->public_key.len = 31)     \
    SPOILT(stateless_key, "A key of organisation kent has no state", kent->keys[0]->state = 0)                         \
    SPOILT(key_ends_first, "A key of organisation kent ends before it begins", kent->keys[0]->valid_to_unix_ms = -1)   \
    SPOILT(anybodys_key, "The key with id 01d0fabd251fcbbe2b93b4b927b26ad2 of organisation kent is of small order",    \
        become_anybodys(kent))                                                                                         \
    SPOILT(shared_key, "A key stands in the registry twice", kent->keys[0] = essex->keys[0])                           \
    SPOILT(second_key_shared, "A key stands in the registry twice", give_keys(arena, kent, 2);                         \
           kent->keys[1] = essex->keys[0])                                                                             \
    SPOILT(nine_keys, "Organisation kent has more than 8 keys", give_keys(arena, kent, 9))                             \
    SPOILT(desk_contact, "The desk contact of organisation kent is longer than 128 bytes",                             \
        kit_set_text(arena, &kent->desk_contact, arena_printf(arena, "%0129d", 0)))                                    \
    SPOILT(unknown_parent, "Parent 'atlantis' of organisation kent is not in the registry",                            \
        kit_set_text(arena, &kent->parent, "atlantis"))                                                                \
    SPOILT(                                                                                                            \
        own_parent, "The parents of organisation kent lead in a circle", kit_set_text(arena, &kent->parent, "kent"))   \
    SPOILT(parents_circle, "The parents of organisation essex lead in a circle",                                       \
           kit_set_text(arena, &kent->parent, "essex");                                                                \
           kit_set_text(arena, &essex->parent, "kent"))                                                                \
    SPOILT(purpose_unknown, "Organisation kent signs for a purpose that does not exist", kent->signs[1] = 5)           \
    SPOILT(purpose_twice, "Organisation kent signs for a purpose twice", kent->signs[1] = kent->signs[0])              \
    SPOILT(key_purpose_unknown, "A key of organisation kent signs for a purpose that does not exist",                  \
        let_key_sign(kent, 0))                                                                                         \
    SPOILT(key_purpose_too_much, "A key of organisation kent signs what the organisation itself may not",              \
        let_key_sign(kent, SIGNALBOX__V1__PURPOSE__PURPOSE_NOTICES))                                                   \
    SPOILT(                                                                                                            \
        officer_id, "Officer id 'DC 4711' must be", kit_set_text(arena, &officers(arena, registry)[0]->id, "DC 4711")) \
    SPOILT(officer_digest, "The certificate of officer nclcc-1 must be",                                               \
        officers(arena, registry)[0]->certificate_sha256.len = 31)                                                     \
    SPOILT(officer_homeless, "Officer nclcc-1 belongs to 'atlantis', which",                                           \
        kit_set_text(arena, &officers(arena, registry)[0]->organisation, "atlantis"))                                  \
    SPOILT(officer_roleless, "Officer nclcc-1 has 0 roles", officers(arena, registry)[0]->n_roles = 0)                 \
    SPOILT(officer_role, "Officer nclcc-1 has a role that does not exist", officers(arena, registry)[0]->roles[0] = 0) \
    SPOILT(officer_role_new, "Officer nclcc-1 has a role that does not exist",                                         \
        officers(arena, registry)[0]->roles[0] = 5)                                                                    \
    SPOILT(officer_role_twice, "Officer nclcc-1 has a role twice", officers(arena, registry)[0]->n_roles = 2)          \
    SPOILT(officer_dates, "Officer nclcc-1 ends before", officers(arena, registry)[0]->valid_from_unix_ms = 7;         \
           registry->officers[0]->valid_to_unix_ms = 7)                                                                \
    SPOILT(officer_order, "Officer nclcc-0 stands twice, or not in order",                                             \
        kit_set_text(arena, &officers(arena, registry)[1]->id, "nclcc-0"))                                             \
    SPOILT(officer_twice, "Officer nclcc-1 stands twice",                                                              \
        kit_set_text(arena, &officers(arena, registry)[1]->id, "nclcc-1"))                                             \
    SPOILT(officer_certificate, "Officers nclcc-1 and nclcc-2 have the same certificate",                              \
        officers(arena, registry)[1]->certificate_sha256.data[0] = 1)                                                  \
    SPOILT(unlisted_region, "Organisation kent is in or listens to region 'middle-earth'",                             \
        kit_set_text(arena, &kent->region, "middle-earth"))                                                            \
    SPOILT(no_centre, "Policy centre names 'nclcc', which is not",                                                     \
        kit_set_text(arena, &kit_organisation(registry, "nclcc")->id, "other"))

// The key of order 1: what it verifies says nothing of who signed.
static void become_anybodys(Signalbox__V1__Organisation *row)
{
    memset(row->keys[0]->public_key.data, 0, PROOF_PUBLIC_BYTES);
    row->keys[0]->public_key.data[0] = 1;
    proof_key_id(row->keys[0]->public_key.data, row->keys[0]->key_id.data);
}

static void let_key_sign(Signalbox__V1__Organisation *row, Signalbox__V1__Purpose purpose)
{
    static Signalbox__V1__Purpose list[1];
    list[0] = purpose;
    row->keys[0]->signs = list;
    row->keys[0]->n_signs = 1;
}

static void succeed(struct arena *arena, Signalbox__V1__Organisation *row, const char *successor)
{
    row->valid_to_unix_ms = KIT_NOW_MS;
    kit_set_texts(arena, &row->n_successors, &row->successors, &successor, 1);
}

// Two good officers, whose certificates differ in the first byte.
static Signalbox__V1__Officer **officers(struct arena *arena, Signalbox__V1__Registry *registry)
{
    Signalbox__V1__Officer **rows = arena_alloc(arena, 2 * sizeof *rows);
    for (size_t i = 0; i < 2; i++) {
        rows[i] = arena_alloc(arena, sizeof **rows);
        signalbox__v1__officer__init(rows[i]);
        rows[i]->id = arena_printf(arena, "nclcc-%zu", i + 1);
        kit_set_text(arena, &rows[i]->organisation, "nclcc");
        rows[i]->certificate_sha256 = (ProtobufCBinaryData){32, arena_alloc(arena, 32)};
        rows[i]->certificate_sha256.data[0] = (uint8_t)(i + 1);
        rows[i]->roles = arena_alloc(arena, 2 * sizeof *rows[i]->roles);
        rows[i]->roles[0] = rows[i]->roles[1] = SIGNALBOX__V1__ROLE__ROLE_VIEWER;
        rows[i]->n_roles = 1;
    }
    registry->officers = rows;
    registry->n_officers = 2;
    return rows;
}

#define SPOIL(name, sentence, ...)                                                                                     \
    static void spoil_##name(struct arena *arena, Signalbox__V1__Registry *registry,                                   \
        Signalbox__V1__Organisation *kent, Signalbox__V1__Organisation *essex)                                         \
    {                                                                                                                  \
        (void)arena, (void)registry, (void)kent, (void)essex;                                                          \
        __VA_ARGS__;                                                                                                   \
    }
SPOILT_REGISTRIES(SPOIL)

Test(registry, one_that_contradicts_itself_does_not_compile_and_says_why)
{
    static const struct {
        const char *name, *sentence;
        void (*spoil)(
            struct arena *, Signalbox__V1__Registry *, Signalbox__V1__Organisation *, Signalbox__V1__Organisation *);
    } cases[] = {
#define ROW(name, sentence, ...) {#name, sentence, spoil_##name},
        SPOILT_REGISTRIES(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        Signalbox__V1__Registry *registry = kit_registry(&arena);
        cases[i].spoil(&arena, registry, kit_organisation(registry, "kent"), kit_organisation(registry, "essex"));
        expect_uncompiled(registry, kit_policy(&arena), cases[i].name, cases[i].sentence);
        arena_deinit(&arena);
    }
}

// Why such a key is refused: the library finds this signature good, and no private key is behind it.
Test(registry, an_envelope_that_nobody_signed_verifies_under_a_key_of_small_order)
{
    static const uint8_t signature[PROOF_SIGNATURE_BYTES] = {1}; // R is the neutral point, S is 0
    struct arena arena;
    struct envelope envelope;
    struct refusal why;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Organisation *nca = kit_organisation(registry, "nca");
    become_anybodys(nca);
    const Signalbox__V1__SigningKey *key = nca->keys[0];
    EVP_PKEY *anybodys = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->public_key.data, PROOF_PUBLIC_BYTES);
    cr_assert(envelope_open(kit_envelope(&arena, kit_report(&arena, "nca", 1)), &envelope, &why));
    envelope.key_id = slice_of(key->key_id.data, key->key_id.len);
    envelope.signature = slice_of(signature, sizeof signature);
    cr_expect(proof_verify(
        &envelope, &(struct proof_scope){kit_deployment(), slice_text("nca"), slice_text("in.nca")}, anybodys, NULL));
    expect_uncompiled(registry, kit_policy(&arena), "nobody's", "The key with id");
    EVP_PKEY_free(anybodys);
    arena_deinit(&arena);
}

Test(registry, officers_that_can_be_told_apart_compile)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    officers(&arena, registry)[1]->valid_to_unix_ms = 1;
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_expect(snapshot != NULL, "%s", error.text);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(registry, a_long_chain_of_successors_is_followed_to_its_end)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = random_world_registry(&arena);
    for (int i = 0; i < 40; i++)
        succeed(&arena, kit_organisation(registry, arena_printf(&arena, "force-%02d", i)),
            arena_printf(&arena, "force-%02d", i + 1));
    struct snapshot *snapshot = snapshot_new(registry, random_world_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    static const char *const last[] = {"force-40", NULL};
    cr_expect(same(
        registry_resolve(snapshot->registry, registry_find(snapshot->registry, slice_text("force-00")), KIT_NOW_MS),
        set_of(snapshot, last)));
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(registry, an_organisation_may_sign_with_any_of_its_eight_keys)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Organisation *kent = kit_organisation(registry, "kent");
    give_keys(&arena, kent, 8);
    kent->keys[2]->state = REVOKED;
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    unsigned org = registry_find(snapshot->registry, slice_text("kent"));
    for (size_t i = 0; i < 8; i++) {
        struct slice id = slice_of(kent->keys[i]->key_id.data, kent->keys[i]->key_id.len);
        EVP_PKEY *key;
        cr_expect_eq(registry_key(snapshot->registry, org, id, KIT_NOW_MS, &key),
            i == 2 ? OUTCOME_KEY_REVOKED : OUTCOME_ACCEPTED, "key %zu", i);
        cr_expect(i == 2 || EVP_PKEY_eq(key, kit_key(arena_printf(&arena, "kent-%zu", i))->key) == 1, "key %zu", i);
    }
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

// The kit's ten and as many councils as make n.
static Signalbox__V1__Registry *crowd(struct arena *arena, size_t n)
{
    Signalbox__V1__Registry *registry = kit_registry(arena);
    Signalbox__V1__Organisation **rows = arena_alloc(arena, n * sizeof *rows);
    memcpy(rows, registry->organisations, registry->n_organisations * sizeof *rows);
    for (size_t i = registry->n_organisations; i < n; i++) {
        rows[i] = arena_alloc(arena, sizeof **rows);
        *rows[i] = *kit_organisation(registry, "lb-hackney");
        rows[i]->id = arena_printf(arena, "council-%zu", i);
        rows[i]->number = (uint32_t)i;
        rows[i]->n_keys = 0;
    }
    registry->organisations = rows;
    registry->n_organisations = n;
    return registry;
}

Test(registry, has_up_to_1024_organisations)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    struct snapshot *snapshot = snapshot_new(crowd(&arena, 1024), kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    cr_expect_eq(registry_find(snapshot->registry, slice_text("council-1023")), 1023);
    struct org_set stands = registry_resolve(snapshot->registry, 1023, KIT_NOW_MS);
    cr_expect_eq(org_set_next(&stands, 0), 1023);
    snapshot_free(snapshot);
    cr_expect_null(snapshot_new(crowd(&arena, 1025), kit_policy(&arena), NULL, 0, 0, &error));
    arena_deinit(&arena);
}

Test(registry, an_officer_may_have_all_four_roles)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Officer *officer = officers(&arena, registry)[0];
    Signalbox__V1__Role roles[] = {1, 2, 3, 4};
    officer->roles = roles;
    officer->n_roles = 4;
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_expect(snapshot != NULL, "%s", error.text);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(registry, of_several_that_have_ended_each_is_followed)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    succeed(&arena, kit_organisation(registry, "kent"), "essex");
    succeed(&arena, kit_organisation(registry, "merseyside"), "north-wales");
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    const struct registry_era *era = registry_era_at(snapshot->registry, KIT_NOW_MS);
    static const char *const named[] = {"kent", "merseyside", "btp", NULL}, *const stand[] = {
                                                                                "essex", "north-wales", "btp", NULL};
    struct org_set set = set_of(snapshot, named), standing = {0};
    registry_era_resolve(era, &set, &standing);
    cr_expect(same(standing, set_of(snapshot, stand)));
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

Test(registry, a_number_leads_to_its_organisation_and_back)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    kit_organisation(registry, "kent")->number = ORGANISATION_NUMBERS - 1;
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    unsigned given = 0;
    for (unsigned number = 0; number <= ORGANISATION_NUMBERS; number++) {
        unsigned org = registry_by_number(snapshot->registry, number);
        given += org != ORG_NONE;
        cr_expect(org == ORG_NONE || registry_number(snapshot->registry, org) == number, "number %u", number);
    }
    cr_expect_eq(given, registry_size(snapshot->registry));
    unsigned kent = registry_find(snapshot->registry, slice_text("kent"));
    cr_expect_eq(registry_by_number(snapshot->registry, ORGANISATION_NUMBERS - 1), kent);
    snapshot_free(snapshot);
    arena_deinit(&arena);
}

#define ITEMS   SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS
#define ANSWERS SIGNALBOX__V1__PURPOSE__PURPOSE_ANSWERS

static const struct purpose_case {
    Signalbox__V1__Purpose organisation, key; // one in each list, 0 for an empty one
    bool items, answers;
} purpose_cases[] = {
    {ITEMS, 0, true, false},
    {ANSWERS, 0, false, true},
    {0, 0, false, false},
    {ITEMS, ITEMS, true, false},
    {ANSWERS, ANSWERS, false, true},
};

Test(registry, a_key_signs_what_its_list_or_else_its_organisation_says)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof purpose_cases / sizeof *purpose_cases; i++) {
        const struct purpose_case *row = &purpose_cases[i];
        Signalbox__V1__Registry *registry = kit_registry(&arena);
        Signalbox__V1__Organisation *kent = kit_organisation(registry, "kent");
        kent->n_signs = row->organisation != 0, kent->signs[0] = row->organisation;
        if (row->key)
            let_key_sign(kent, row->key);
        struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
        cr_assert(snapshot, "%s", error.text);
        unsigned org = registry_find(snapshot->registry, slice_text("kent"));
        struct slice id = slice_of(kent->keys[0]->key_id.data, kent->keys[0]->key_id.len);
        cr_expect_eq(registry_key_signs(snapshot->registry, org, id, ITEMS), row->items, "case %zu", i);
        cr_expect_eq(registry_key_signs(snapshot->registry, org, id, ANSWERS), row->answers, "case %zu", i);
        cr_expect(!registry_key_signs(snapshot->registry, org, slice_text("another key"), ITEMS));
        snapshot_free(snapshot);
    }
    arena_deinit(&arena);
}

// A key may be narrowed to one of the two that its organisation may sign.
Test(registry, a_key_s_own_list_narrows_its_organisation_s)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Organisation *kent = kit_organisation(registry, "kent");
    kit_set_text(&arena, &kent->parent, "essex");
    kit_set_text(&arena, &kent->desk_contact, arena_printf(&arena, "%0128d", 0));
    let_key_sign(kent, ANSWERS);
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    unsigned org = registry_find(snapshot->registry, slice_text("kent"));
    struct slice id = slice_of(kent->keys[0]->key_id.data, kent->keys[0]->key_id.len);
    cr_expect(!registry_key_signs(snapshot->registry, org, id, ITEMS));
    cr_expect(registry_key_signs(snapshot->registry, org, id, ANSWERS));
    snapshot_free(snapshot);
    arena_deinit(&arena);
}
