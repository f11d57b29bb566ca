// SPDX-License-Identifier: Apache-2.0
// What an agency does with sealed items: sign the root of their headers, and put it all into envelopes.
#include "tests/kit/core/envelopes.h"
#include "hub/base/murmur2.h"
#include <stdlib.h>

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static ProtobufCBinaryData bytes_of(struct arena *arena, const void *data, size_t len)
{
    ProtobufCBinaryData bytes = {.len = len, .data = need_memory(arena_alloc(arena, len))};
    memcpy(bytes.data, data, len);
    return bytes;
}

static void sign_bytes(
    const struct kit_item *item, uint32_t n, const struct digest *root, uint8_t signature[PROOF_SIGNATURE_BYTES])
{
    uint8_t statement[PROOF_STATEMENT_BYTES];
    const struct proof_scope scope = {item->sign_deployment.len ? item->sign_deployment : kit_deployment(),
        slice_text(item->sign_agency), slice_text(item->sign_topic)};
    size_t len = proof_statement(&scope, n, root, statement);
    size_t signature_len = PROOF_SIGNATURE_BYTES;
    EVP_MD_CTX *context = need_memory(EVP_MD_CTX_new());
    if (len == 0 || EVP_DigestSignInit(context, NULL, NULL, NULL, kit_key(item->signer)->key) != 1 ||
        EVP_DigestSign(context, signature, &signature_len, statement, len) != 1)
        abort();
    EVP_MD_CTX_free(context);
}

static void add_path(struct arena *arena, Signalbox__V1__Proof *proof, const struct digest *path, uint8_t len)
{
    proof->n_path = len;
    proof->path = need_memory(arena_alloc(arena, (len + 1u) * sizeof *proof->path));
    for (uint8_t i = 0; i < len; i++)
        proof->path[i] = bytes_of(arena, path[i].bytes, DIGEST_BYTES);
}

void kit_batch(struct arena *arena, struct kit_item *const *items, uint32_t n, struct slice *values)
{
    struct slice *headers = need_memory(arena_alloc(arena, n * sizeof *headers));
    const uint32_t size = proof_batch(n);
    struct digest *leaves = need_memory(arena_alloc(arena, size * sizeof *leaves)), root;
    struct digest *paths = need_memory(arena_alloc(arena, (size_t)size * ENVELOPE_PATH * sizeof *paths));
    uint8_t signature[PROOF_SIGNATURE_BYTES];
    for (uint32_t i = 0; i < n; i++) {
        headers[i] = kit_seal(arena, items[i]);
        leaves[i] = proof_leaf(headers[i]);
    }
    for (uint32_t i = n; i < size; i++)
        leaves[i] = digest_of(slice_of(&i, sizeof i));
    if (!proof_tree(leaves, size, &root, paths))
        abort();
    sign_bytes(items[0], size, &root, signature);
    for (uint32_t i = 0; i < n; i++) {
        Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
        Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
        envelope.header = bytes_of(arena, headers[i].data, headers[i].len);
        envelope.proof = &proof;
        proof.key_id = bytes_of(arena, kit_key(items[0]->signer)->key_id, PROOF_KEY_ID_BYTES);
        proof.signature = bytes_of(arena, signature, sizeof signature);
        proof.batch_size = size;
        proof.leaf_index = i;
        add_path(arena, &proof, &paths[(size_t)i * ENVELOPE_PATH], (uint8_t)proof_levels(size));
        kit_fill_envelope(arena, items[i], &envelope);
        values[i] = kit_packed(arena, &envelope.base);
    }
}

struct slice kit_envelope(struct arena *arena, struct kit_item *item)
{
    struct slice value;
    kit_batch(arena, &item, 1, &value);
    return value;
}

struct record kit_record(struct arena *arena, const struct kit_item *item, struct slice value, uint32_t lanes)
{
    struct record record = {.value = value, .appended_ms = KIT_NOW_MS, .origin_partition = -1, .origin_offset = -1};
    record.topic = slice_text(need_memory(arena_printf(arena, "in.%s", item->header->agency)));
    record.key = slice_text(item->header->subject);
    record.lane = murmur2_positive(record.key) % lanes;
    return record;
}
