// SPDX-License-Identifier: Apache-2.0
// What is signed, bit for bit, and that nothing else passes: not another agency, topic, key, batch or place, not one
// flipped bit, and not a good root beside a bad signature.
#include "hub/contract/proof.h"
#include "hub/base/hex.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct proof_scope scope_of(const char *agency, const char *topic)
{
    return (struct proof_scope){kit_deployment(), slice_text(agency), slice_text(topic)};
}

#define KENT (&(struct proof_scope){kit_deployment(), slice_text("kent"), slice_text("in.kent")})

static struct slice unhex(const char *hex, uint8_t *out, size_t size)
{
    long len = hex_decode(slice_text(hex), out, size);
    cr_assert(len >= 0);
    return slice_of(out, (size_t)len);
}

// RFC 8032, section 7.1.
static const struct {
    const char *secret, *public_key, *message, *signature;
} rfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a"},
};

Test(proof, the_library_gives_the_published_signatures)
{
    for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
        uint8_t secret[32], public_key[32], expected[32], message[2], signature[64], wanted[64];
        size_t len = 64, public_len = 32;
        unhex(rfc8032[i].secret, secret, 32);
        unhex(rfc8032[i].public_key, expected, 32);
        unhex(rfc8032[i].signature, wanted, 64);
        struct slice text = unhex(rfc8032[i].message, message, 2);
        EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, 32);
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        cr_assert(EVP_PKEY_get_raw_public_key(key, public_key, &public_len) == 1);
        cr_assert_arr_eq(public_key, expected, 32);
        cr_assert(EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1);
        cr_assert(EVP_DigestSign(context, signature, &len, text.data, text.len) == 1);
        cr_assert_arr_eq(signature, wanted, 64);
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(key);
    }
}

Test(proof, the_statement_has_the_bytes_of_the_contract)
{
    uint8_t statement[PROOF_STATEMENT_BYTES];
    struct digest root;
    char hex[2 * PROOF_STATEMENT_BYTES + 1];
    unhex("40f706ecb629682cd0b2b584669138ccdf46115d6f897908ff5782d4f04cb50e", root.bytes, DIGEST_BYTES);
    size_t len = proof_statement(KENT, 2, &root, statement);
    hex_encode(slice_of(statement, len), hex);
    cr_assert_str_eq(hex, "7369676e616c626f782f76312f626174636800"                             // signalbox/v1/batch, 0
                          "61206d6f64656c206875620000000000"                                   // the kit's deployment
                          "046b656e74"                                                         // kent
                          "07696e2e6b656e74"                                                   // in.kent
                          "00000002"                                                           // two leaves
                          "40f706ecb629682cd0b2b584669138ccdf46115d6f897908ff5782d4f04cb50e"); // root
}

Test(proof, the_statement_refuses_names_that_do_not_fit)
{
    static const struct {
        size_t deployment, agency, topic;
        bool fits;
    } cases[] = {{16, 1, 1, true}, {16, 64, 100, true}, {16, 65, 100, false}, {16, 64, 101, false}, {16, 0, 7, false},
        {16, 4, 0, false}, {16, 260, 263, false}, {0, 4, 7, false}, {15, 4, 7, false}, {17, 4, 7, false}};
    static uint8_t name[512], statement[PROOF_STATEMENT_BYTES];
    struct digest root = {{0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct proof_scope scope = {
            slice_of(name, cases[i].deployment), slice_of(name, cases[i].agency), slice_of(name, cases[i].topic)};
        size_t len = proof_statement(&scope, 1, &root, statement);
        cr_assert_eq(len > 0, cases[i].fits, "case %zu", i);
    }
}

// Signed by another implementation (OpenSSL's command line, the tree by Python) with the first key of RFC 8032.
Test(proof, signatures_made_elsewhere_verify)
{
    static const char *const signatures[] = {
        "843c0b5bba07e6e2e5d615e2a56ce212ac482d1035d1c331111c5dcfe1eb214a3a59f46d571c"
        "2302fd84abbf5cff99f07a4aa337bfec1d865ba5362d30f58402",
        "5fc1089001683d1c287564b2e86b873e071c34cb6ad2ca1f7010f6b8045afb8c6d3d0d62fe95e065c3e532d6ee1806c1f6f299ef587182"
        "3df20ae275d9009609"};
    uint8_t public_key[32], id[PROOF_KEY_ID_BYTES], expected[PROOF_KEY_ID_BYTES], signature[64];
    struct digest siblings[6];
    unhex(rfc8032[0].public_key, public_key, 32);
    unhex("21fe31dfa154a261626bf854046fd227", expected, sizeof expected);
    proof_key_id(public_key, id);
    cr_assert_arr_eq(id, expected, sizeof id);
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, 32);
    struct envelope envelope = {
        .header = slice_text("header of the first"), .key_id = slice_of(id, sizeof id), .batch_size = 1};
    envelope.signature = unhex(signatures[0], signature, 64);
    cr_assert(proof_verify(&envelope, KENT, key, NULL), "alone");

    envelope.signature = unhex(signatures[1], signature, 64);
    envelope.batch_size = 64;
    envelope.leaf_index = 37;
    envelope.n_path = 6;
    for (size_t i = 0; i < 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "sibling %zu", i);
        siblings[i] = digest_of(slice_text(name));
        envelope.path[i] = digest_slice(&siblings[i]);
    }
    cr_assert(proof_verify(&envelope, KENT, key, NULL), "in a batch of 64");
    EVP_PKEY_free(key);
}

static void open_batch(struct arena *arena, const char *agency, uint64_t seed, uint32_t n, struct envelope *envelopes)
{
    struct kit_item *items[64] = {0};
    struct slice values[64];
    struct refusal why;
    for (uint32_t i = 0; i < n; i++)
        items[i] = kit_report(arena, agency, seed + i);
    kit_batch(arena, items, n, values);
    for (uint32_t i = 0; i < n; i++)
        cr_assert(envelope_open(values[i], NULL, &envelopes[i], &why));
}

Test(proof, every_item_of_a_batch_verifies_with_and_without_a_memory_of_roots)
{
    static const uint32_t sizes[] = {1, 2, 7, 63, 64};
    static struct envelope envelopes[64];
    struct arena arena;
    struct proof_cache *cache = proof_cache_new(4);
    EVP_PKEY *key = kit_key("kent")->key;
    arena_init(&arena, 0);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        open_batch(&arena, "kent", s, sizes[s], envelopes);
        for (uint32_t i = 0; i < sizes[s]; i++) {
            cr_assert(proof_verify(&envelopes[i], KENT, key, cache), "%u of %u", i, sizes[s]);
            cr_assert(i % 9 || proof_verify(&envelopes[i], KENT, key, NULL), "%u of %u", i, sizes[s]);
        }
    }
    cr_assert_null(proof_cache_free(cache));
    arena_deinit(&arena);
}

static const struct {
    const char *name, *agency, *topic, *key;
    bool passes;
    const char *deployment; // NULL: the kit's
} claims[] = {
    {"as it was signed", "kent", "in.kent", "kent", true, NULL},
    {"another deployment", "kent", "in.kent", "kent", false, "another hub....."},
    {"another topic", "kent", "in.essex", "kent", false, NULL},
    {"another agency", "essex", "in.kent", "kent", false, NULL},
    {"another agency on its own topic", "essex", "in.essex", "kent", false, NULL},
    {"another agency's key", "kent", "in.kent", "essex", false, NULL},
    {"a shifted border between agency and topic", "kent\x07in.k", "ent", "kent", false, NULL},
    {"no agency", "", "in.kent", "kent", false, NULL},
    {"no topic", "kent", "", "kent", false, NULL},
};

Test(proof, a_signature_is_good_for_one_deployment_agency_topic_and_key)
{
    static struct envelope envelope;
    struct arena arena;
    arena_init(&arena, 0);
    open_batch(&arena, "kent", 1, 1, &envelope);
    struct proof_cache *cache = proof_cache_new(1);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        struct proof_scope scope = scope_of(claims[i].agency, claims[i].topic);
        EVP_PKEY *key = kit_key(claims[i].key)->key;
        if (claims[i].deployment)
            scope.deployment = slice_of(claims[i].deployment, PROOF_DEPLOYMENT_BYTES);
        cr_assert_eq(proof_verify(&envelope, &scope, key, NULL), claims[i].passes, "%s", claims[i].name);
        if (strcmp(claims[i].key, "kent") == 0) // a remembered root was verified with the key that its id names
            cr_assert_eq(
                proof_verify(&envelope, &scope, key, cache), claims[i].passes, "%s, root known", claims[i].name);
    }
    cr_assert_not(proof_verify(&envelope, KENT, NULL, NULL), "no key");
    proof_cache_free(cache);
    arena_deinit(&arena);
}

Test(proof, a_key_of_another_kind_is_refused)
{
    static struct envelope envelope;
    struct arena arena;
    arena_init(&arena, 0);
    open_batch(&arena, "kent", 1, 1, &envelope);
    EVP_PKEY *x25519 = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    cr_assert(x25519);
    cr_assert_not(proof_verify(&envelope, KENT, x25519, NULL));
    EVP_PKEY_free(x25519);
    arena_deinit(&arena);
}

// With a path, a signature or a size of another batch, however good it is there.
Test(proof, what_belongs_to_another_batch_is_refused)
{
    static struct envelope mine[8], theirs[8];
    struct arena arena;
    struct proof_cache *cache = proof_cache_new(16);
    EVP_PKEY *key = kit_key("kent")->key;
    arena_init(&arena, 0);
    open_batch(&arena, "kent", 1, 8, mine);
    open_batch(&arena, "kent", 100, 8, theirs);
    cr_assert(proof_verify(&mine[3], KENT, key, cache) && proof_verify(&theirs[3], KENT, key, cache));

    struct envelope mixed[5] = {mine[3], mine[3], mine[3], mine[3], mine[3]};
    memcpy(mixed[0].path, theirs[3].path, sizeof mixed[0].path);
    memcpy(mixed[1].path, mine[4].path, sizeof mixed[1].path);
    mixed[2].signature = theirs[3].signature; // the root is known, and the signature is a good one of the same key
    mixed[3].batch_size = 1024;
    mixed[4].header = theirs[3].header;
    for (size_t i = 0; i < 5; i++) {
        cr_assert_not(proof_verify(&mixed[i], KENT, key, cache), "mixed %zu, roots known", i);
        cr_assert_not(proof_verify(&mixed[i], KENT, key, NULL), "mixed %zu", i);
    }
    proof_cache_free(cache);
    arena_deinit(&arena);
}

// The whole chain that stands between a record and trust in it.
static bool is_trusted(struct slice value, struct arena *arena, struct proof_cache *cache)
{
    struct envelope envelope;
    struct refusal why;
    const Signalbox__V1__Header *header;
    return envelope_open(value, NULL, &envelope, &why) && proof_verify(&envelope, KENT, kit_key("kent")->key, cache) &&
           (header = envelope_header(&envelope, arena, &why)) && envelope_routing(&envelope, header, arena, &why) &&
           envelope_infos(&envelope, arena, &why) && envelope_digests(&envelope, header, &why);
}

static struct slice one_of_a_batch(struct arena *arena)
{
    struct kit_item *items[16] = {0};
    struct slice values[16];
    for (uint32_t i = 0; i < 16; i++)
        items[i] = kit_report(arena, "kent", i);
    kit_batch(arena, items, 16, values);
    return values[5];
}

Test(proof, no_flipped_bit_is_trusted, .timeout = 60)
{
    struct arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    struct proof_cache *cache = proof_cache_new(64);
    struct slice value = one_of_a_batch(&arena);
    uint8_t *changed = arena_alloc(&arena, value.len);
    memcpy(changed, value.data, value.len);
    cr_assert(is_trusted(value, &scratch, cache));
    for (size_t bit = 0; bit < value.len * 8; bit++) {
        changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert_not(
            is_trusted(slice_of(changed, value.len), &scratch, cache), "bit %zu of byte %zu", bit % 8, bit / 8);
        changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        arena_reset(&scratch);
    }
    cr_assert(is_trusted(slice_of(changed, value.len), &scratch, cache), "nothing but the bits was wrong");
    proof_cache_free(cache);
    arena_deinit(&scratch);
    arena_deinit(&arena);
}

Test(proof, ten_thousand_changed_records_are_not_trusted, .timeout = 60)
{
    struct kit_random random = {2026};
    struct arena arena, scratch;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    struct slice value = one_of_a_batch(&arena);
    uint8_t *changed = arena_alloc(&arena, value.len);
    for (int i = 0; i < 10000; i++) {
        memcpy(changed, value.data, value.len);
        for (uint64_t n = 1 + kit_below(&random, 6); n > 0; n--)
            changed[kit_below(&random, value.len)] = (uint8_t)kit_next(&random);
        bool same = memcmp(changed, value.data, value.len) == 0;
        cr_assert_eq(is_trusted(slice_of(changed, value.len), &scratch, NULL), same, "change %d", i);
        arena_reset(&scratch);
    }
    arena_deinit(&scratch);
    arena_deinit(&arena);
}
