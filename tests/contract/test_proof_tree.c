// SPDX-License-Identifier: Apache-2.0
// The shape of the tree: roots as Certificate Transparency's own tests have them, every path of every small tree, and
// nothing but the right path for a place and a size.
#include "hub/contract/proof.h"
#include "hub/base/hex.h"
#include <criterion/criterion.h>

#define SIZES 64

static struct digest leaves[SIZES + 1], paths[(SIZES + 1) * ENVELOPE_PATH];
static uint8_t lengths[SIZES + 1];

static void make_leaves(void)
{
    for (uint8_t i = 0; i <= SIZES; i++)
        leaves[i] = proof_leaf(slice_of(&i, 1));
}

static uint32_t path_of(uint32_t index, struct slice path[ENVELOPE_PATH])
{
    for (uint32_t i = 0; i < lengths[index]; i++)
        path[i] = digest_slice(&paths[index * ENVELOPE_PATH + i]);
    return lengths[index];
}

static bool leads_to(
    uint32_t index, uint32_t size, const struct slice *path, uint32_t n_path, const struct digest *root)
{
    struct digest found;
    return proof_root(leaves[index], index, size, path, n_path, &found) && memcmp(&found, root, sizeof found) == 0;
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

static const struct {
    const char *leaf, *root; // the root of the tree of this leaf and all above
} published[] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

Test(proof_tree, gives_the_published_roots)
{
    for (uint32_t n = 1; n <= sizeof published / sizeof *published; n++) {
        uint8_t bytes[16];
        char hex[2 * DIGEST_BYTES + 1];
        struct digest root;
        long len = hex_decode(slice_text(published[n - 1].leaf), bytes, sizeof bytes);
        leaves[n - 1] = proof_leaf(slice_of(bytes, (size_t)len));
        cr_assert(proof_tree(leaves, n, &root, paths, lengths));
        hex_encode(digest_slice(&root), hex);
        cr_assert_str_eq(hex, published[n - 1].root, "%u leaves", n);
    }
}

Test(proof_tree, has_the_defined_shape_and_every_path_leads_to_its_root)
{
    make_leaves();
    for (uint32_t n = 1; n <= SIZES; n++) {
        struct digest root, defined = defined_root(leaves, n);
        struct slice path[ENVELOPE_PATH];
        cr_assert(proof_tree(leaves, n, &root, paths, lengths));
        cr_assert_arr_eq(root.bytes, defined.bytes, DIGEST_BYTES, "%u leaves", n);
        for (uint32_t i = 0; i < n; i++)
            cr_assert(leads_to(i, n, path, path_of(i, path), &root), "leaf %u of %u", i, n);
    }
}

Test(proof_tree, a_path_fits_one_place_only)
{
    make_leaves();
    for (uint32_t n = 1; n <= SIZES; n++) {
        struct digest root;
        struct slice path[ENVELOPE_PATH];
        proof_tree(leaves, n, &root, paths, lengths);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t n_path = path_of(i, path);
            for (uint32_t other = 0; other < n + 2; other++) {
                struct digest found;
                bool fits =
                    proof_root(leaves[i], other, n, path, n_path, &found) && memcmp(&found, &root, sizeof root) == 0;
                cr_assert_eq(fits, other == i, "leaf %u of %u at place %u", i, n, other);
            }
        }
    }
}

// How long the path of a leaf is, counted on the tree itself.
static uint32_t defined_length(uint32_t index, uint32_t n)
{
    uint32_t k = 1, length = 0;
    while (n > 1) {
        for (k = 1; k * 2 < n;)
            k *= 2;
        n = index < k ? k : n - k;
        index = index < k ? index : index - k;
        length++;
    }
    return length;
}

Test(proof_tree, a_path_of_another_length_is_refused)
{
    static uint8_t filler[DIGEST_BYTES];
    struct slice path[ENVELOPE_PATH + 2];
    struct digest found;
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        path[i] = slice_of(filler, sizeof filler);
    for (uint32_t n = 1; n <= 130; n++)
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t length = 0; length <= ENVELOPE_PATH; length++)
                cr_assert_eq(proof_root(leaves[0], i, n, path, length, &found), length == defined_length(i, n),
                    "leaf %u of %u with a path of %u", i, n, length);
    cr_assert(proof_root(leaves[0], 65535, 65536, path, 16, &found));
    cr_assert_not(proof_root(leaves[0], 65535, 65536, path, 17, &found));
    cr_assert_not(proof_root(leaves[0], 0, 65537, path, 17, &found), "no batch is larger");
    cr_assert_not(proof_root(leaves[0], 0, 0, path, 0, &found), "no batch is empty");
}

Test(proof_tree, a_hash_of_another_length_is_refused)
{
    static const size_t wrong[] = {0, 1, 31, 33, 64};
    static uint8_t filler[64];
    struct digest found;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct slice path = slice_of(filler, wrong[i]);
        cr_assert_not(proof_root(leaves[0], 0, 2, &path, 1, &found), "%zu bytes", wrong[i]);
    }
}

// Who has a signed tree of two knows bytes whose hash is its root. They must not pass as a header.
Test(proof_tree, a_node_does_not_pass_as_a_leaf)
{
    uint8_t pair[2 * DIGEST_BYTES];
    struct digest root;
    make_leaves();
    memcpy(pair, leaves[0].bytes, DIGEST_BYTES);
    memcpy(pair + DIGEST_BYTES, leaves[1].bytes, DIGEST_BYTES);
    proof_tree(leaves, 2, &root, paths, lengths);
    struct digest posing = proof_leaf(slice_of(pair, sizeof pair));
    cr_assert(memcmp(&posing, &root, sizeof root) != 0);
}

Test(proof_tree, refuses_no_leaves_and_too_many)
{
    struct digest root;
    cr_assert_not(proof_tree(leaves, 0, &root, paths, lengths));
    cr_assert_not(proof_tree(leaves, 65537, &root, paths, lengths));
}
