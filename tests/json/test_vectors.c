// SPDX-License-Identifier: Apache-2.0
// The contract's test vectors, held against the code: proto/vectors/vectors.json, which check_vectors recomputes
// without it.
#include "hub/base/hex.h"
#include "hub/contract/envelope.h"
#include "hub/contract/item_id.h"
#include "hub/contract/outcome.h"
#include "hub/contract/proof.h"
#include "hub/json/json.h"
#include <criterion/criterion.h>

static json_t *vectors;
static struct arena arena;

static void begin(void)
{
    vectors = json_load_file(SOURCE_DIR "/proto/vectors/vectors.json", 0, NULL);
    cr_assert_not_null(vectors);
    arena_init(&arena, 0);
}

static void end(void)
{
    json_decref(vectors);
    arena_deinit(&arena);
}

TestSuite(vectors, .init = begin, .fini = end);

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    cr_assert_not_null(text, "%s", name);
    return text;
}

static struct slice bytes_of_text(const char *text)
{
    size_t len = strlen(text) / 2;
    uint8_t *bytes = arena_alloc(&arena, len + 1);
    cr_assert_eq(hex_decode(slice_text(text), bytes, len), (long)len);
    return slice_of(bytes, len);
}

static struct slice bytes_of(const json_t *row, const char *name)
{
    return bytes_of_text(text_of(row, name));
}

static uint32_t number_of(const json_t *row, const char *name)
{
    return (uint32_t)json_integer_value(json_object_get(row, name));
}

static const json_t *rows_of(const char *name)
{
    const json_t *rows = json_object_get(vectors, name);
    cr_assert(json_array_size(rows) > 0, "%s", name);
    return rows;
}

Test(vectors, ids_are_made_of_agency_subject_and_nonce)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of("ids"), i, row)
    {
        struct item_id id;
        cr_assert(item_id_make(
            slice_text(text_of(row, "agency")), slice_text(text_of(row, "subject")), bytes_of(row, "nonce"), &id));
        cr_expect(slice_equal(item_id_slice(&id), bytes_of(row, "item_id")), "row %zu", i);
    }
}

Test(vectors, slots_routing_blocks_and_leaves_have_their_digests)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of("slots"), i, row)
    {
        struct digest digest = envelope_slot(number_of(row, "slot"), bytes_of(row, "salt"), bytes_of(row, "info"));
        cr_expect(slice_equal(digest_slice(&digest), bytes_of(row, "digest")), "slot %zu", i);
    }
    json_array_foreach(rows_of("routings"), i, row)
    {
        struct digest digest = envelope_routing_digest(bytes_of(row, "routing"));
        cr_expect(slice_equal(digest_slice(&digest), bytes_of(row, "digest")), "routing %zu", i);
    }
    json_array_foreach(rows_of("leaves"), i, row)
    {
        struct digest digest = proof_leaf(bytes_of(row, "header"));
        cr_expect(slice_equal(digest_slice(&digest), bytes_of(row, "leaf")), "leaf %zu", i);
    }
}

Test(vectors, paths_lead_to_their_roots_and_roots_into_what_is_signed)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows_of("paths"), i, row)
    {
        struct slice path[ENVELOPE_PATH];
        uint32_t n = 0, size = number_of(row, "batch_size");
        size_t at;
        json_t *sibling;
        json_array_foreach(json_object_get(row, "path"), at, sibling) path[n++] =
            bytes_of_text(json_string_value(sibling));
        struct digest leaf, root;
        memcpy(leaf.bytes, bytes_of(row, "leaf").data, DIGEST_BYTES);
        cr_assert(proof_root(leaf, number_of(row, "leaf_index"), size, path, n, &root), "row %zu", i);
        cr_expect(slice_equal(digest_slice(&root), bytes_of(row, "root")), "row %zu", i);
        const struct proof_scope scope = {
            bytes_of(vectors, "deployment"), slice_text(text_of(row, "agency")), slice_text(text_of(row, "topic"))};
        uint8_t statement[PROOF_STATEMENT_BYTES];
        size_t len = proof_statement(&scope, size, &root, statement);
        cr_expect(slice_equal(slice_of(statement, len), bytes_of(row, "signed_bytes")), "row %zu", i);
    }
}

// The hub's checks up to what a policy decides, in their order.
static enum outcome verdict_on(struct slice value, const struct proof_scope *scope, EVP_PKEY *key)
{
    struct envelope envelope;
    struct refusal why = {.outcome = OUTCOME_ACCEPTED};
    struct item_id id;
    if (!envelope_open(value, NULL, &envelope, &why))
        return (enum outcome)why.outcome;
    if (!proof_batch_valid(envelope.batch_size))
        return OUTCOME_FIELD_RANGE;
    if (!proof_verify(&envelope, scope, key, NULL))
        return OUTCOME_SIGNATURE_BAD;
    const Signalbox__V1__Header *header = envelope_header(&envelope, &arena, &why);
    if (!header)
        return (enum outcome)why.outcome;
    if (!item_id_make(slice_text(header->agency), slice_text(header->subject),
            slice_of(header->nonce.data, header->nonce.len), &id) ||
        !slice_equal(item_id_slice(&id), slice_of(header->item_id.data, header->item_id.len)))
        return OUTCOME_ITEM_ID_WRONG;
    bool good = envelope_routing(&envelope, header, &arena, &why) && envelope_infos(&envelope, &arena, &why) &&
                envelope_digests(&envelope, header, &why) && envelope_bodies(&envelope, header, &why);
    return good ? OUTCOME_ACCEPTED : (enum outcome)why.outcome;
}

Test(vectors, whole_envelopes_have_their_verdicts)
{
    const json_t *all = json_object_get(vectors, "envelopes");
    struct slice public = bytes_of(all, "public_key");
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public.data, public.len);
    const struct proof_scope scope = {
        bytes_of(vectors, "deployment"), slice_text(text_of(all, "agency")), slice_text(text_of(all, "topic"))};
    size_t i;
    json_t *row;
    cr_assert(json_array_size(json_object_get(all, "rows")) > 15);
    json_array_foreach(json_object_get(all, "rows"), i, row)
    {
        struct slice text = slice_text(text_of(row, "value"));
        uint8_t *bytes = arena_alloc(&arena, text.len);
        long len = json_base64_decode(text, bytes);
        cr_assert(len > 0, "%s", text_of(row, "name"));
        enum outcome outcome = verdict_on(slice_of(bytes, (size_t)len), &scope, key);
        cr_expect_str_eq(outcome_row(outcome)->code, text_of(row, "verdict"), "%s", text_of(row, "name"));
    }
    EVP_PKEY_free(key);
}
