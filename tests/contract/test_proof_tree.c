// SPDX-License-Identifier: Apache-2.0
// The shape of the tree, for the three sizes that a batch may have: every path, and nothing but the right path for a
// place and a size.
#include "hub/contract/proof.h"
#include <criterion/criterion.h>

static const uint32_t sizes[] = {1, 64, 1024};

#define EACH_SIZE(n) for (uint32_t s = 0, n = sizes[0]; s < 3; n = sizes[++s % 3])

static struct digest leaves[PROOF_BATCH_MAX], paths[PROOF_BATCH_MAX * ENVELOPE_PATH];

static void make_leaves(void)
{
    for (uint32_t i = 0; i < PROOF_BATCH_MAX; i++)
        leaves[i] = proof_leaf(slice_of(&i, sizeof i));
}

static uint32_t path_of(uint32_t index, uint32_t n, struct slice path[ENVELOPE_PATH])
{
    for (uint32_t i = 0; i < proof_levels(n); i++)
        path[i] = digest_slice(&paths[index * ENVELOPE_PATH + i]);
    return proof_levels(n);
}

static bool leads_from(
    uint32_t leaf, uint32_t place, uint32_t size, const struct slice *path, uint32_t n_path, const struct digest *root)
{
    struct digest found;
    return proof_root(leaves[leaf], place, size, path, n_path, &found) && memcmp(&found, root, sizeof found) == 0;
}

static bool leads_to(
    uint32_t index, uint32_t size, const struct slice *path, uint32_t n_path, const struct digest *root)
{
    return leads_from(index, index, size, path, n_path, root);
}

static struct digest join(const struct digest *left, const struct digest *right)
{
    static const uint8_t tag = 1;
    return digest_of_parts((const struct slice[]){slice_of(&tag, 1), digest_slice(left), digest_slice(right)}, 3);
}

// RFC 6962, section 2.1, word for word: split at the largest power of two below n.
static struct digest defined_root(const struct digest *first, uint32_t n)
{
    uint32_t k = 1;
    if (n == 1)
        return *first;
    while (k * 2 < n)
        k *= 2;
    struct digest left = defined_root(first, k), right = defined_root(first + k, n - k);
    return join(&left, &right);
}

Test(proof_tree, has_the_defined_shape_and_every_path_leads_to_its_root)
{
    make_leaves();
    EACH_SIZE(n)
    {
        struct digest root, defined = defined_root(leaves, n);
        struct slice path[ENVELOPE_PATH];
        cr_assert(proof_tree(leaves, n, &root, paths));
        cr_assert_arr_eq(root.bytes, defined.bytes, DIGEST_BYTES, "%u leaves", n);
        for (uint32_t i = 0; i < n; i++)
            cr_assert(leads_to(i, n, path, path_of(i, n, path), &root), "leaf %u of %u", i, n);
    }
}

Test(proof_tree, a_path_fits_one_place_only)
{
    make_leaves();
    EACH_SIZE(n)
    {
        struct digest root;
        struct slice path[ENVELOPE_PATH];
        cr_assert(proof_tree(leaves, n, &root, paths));
        for (uint32_t i = 0; i < n; i += n == PROOF_BATCH_MAX ? 37 : 1)
            for (uint32_t other = 0, n_path = path_of(i, n, path); other < n + 2; other++)
                cr_assert_eq(
                    leads_from(i, other, n, path, n_path, &root), other == i, "leaf %u of %u at place %u", i, n, other);
    }
}

Test(proof_tree, a_path_of_another_length_is_refused)
{
    static uint8_t filler[DIGEST_BYTES];
    struct slice path[ENVELOPE_PATH];
    struct digest found;
    for (size_t i = 0; i < ENVELOPE_PATH; i++)
        path[i] = slice_of(filler, sizeof filler);
    EACH_SIZE(n)
    for (uint32_t length = 0; length <= ENVELOPE_PATH; length++)
        cr_assert_eq(proof_root(leaves[0], n - 1, n, path, length, &found), length == proof_levels(n),
            "of %u with a path of %u", n, length);
}

Test(proof_tree, there_is_no_other_size)
{
    static uint8_t filler[DIGEST_BYTES];
    struct slice path[ENVELOPE_PATH];
    struct digest found;
    for (size_t i = 0; i < ENVELOPE_PATH; i++)
        path[i] = slice_of(filler, sizeof filler);
    for (uint32_t n = 0; n <= 70000; n += n < 1100 ? 1 : 997) {
        const bool is_size = n == 1 || n == 64 || n == 1024;
        bool proved = false;
        for (uint32_t length = 0; length <= ENVELOPE_PATH; length++)
            proved |= proof_root(leaves[0], 0, n, path, length, &found);
        cr_assert_eq(proved, is_size, "%u", n);
        cr_assert_eq(proof_batch_valid(n), is_size, "%u", n);
        cr_assert_eq(proof_batch(n), n <= 1 ? 1 : n <= 64 ? 64 : n <= 1024 ? 1024 : 0, "%u", n);
    }
    cr_assert_not(proof_tree(leaves, 0, &found, paths));
    cr_assert_not(proof_tree(leaves, 2, &found, paths));
    cr_assert_not(proof_tree(leaves, 63, &found, paths));
}

Test(proof_tree, a_hash_of_another_length_is_refused)
{
    static const size_t wrong[] = {0, 1, 31, 33, 64};
    static uint8_t filler[64];
    struct slice path[6];
    struct digest found;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t at = 0; at < 6; at++) {
            for (size_t k = 0; k < 6; k++)
                path[k] = slice_of(filler, k == at ? wrong[i] : DIGEST_BYTES);
            cr_assert_not(proof_root(leaves[0], 0, 64, path, 6, &found), "%zu bytes at %zu", wrong[i], at);
        }
}

// Who has a signed tree knows bytes whose hash is a node of it. They must not pass as a header.
Test(proof_tree, a_node_does_not_pass_as_a_leaf)
{
    uint8_t pair[2 * DIGEST_BYTES];
    make_leaves();
    memcpy(pair, leaves[0].bytes, DIGEST_BYTES);
    memcpy(pair + DIGEST_BYTES, leaves[1].bytes, DIGEST_BYTES);
    struct digest posing = proof_leaf(slice_of(pair, sizeof pair)), node = join(&leaves[0], &leaves[1]);
    cr_assert(memcmp(&posing, &node, sizeof node) != 0);
}
