// SPDX-License-Identifier: Apache-2.0
// Proofs that prove nothing: keys, signatures, batches and paths of somebody else, of another item, or made up.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define BATCH       5  // items
#define LEAVES      64 // of them and what fills up

static Signalbox__V1__Envelope *open_good(struct hostile_maker *maker)
{
    return hostile_open(maker, kit_envelope(maker->arena, maker->item));
}

static void zero_bytes(ProtobufCBinaryData bytes)
{
    memset(bytes.data, 0, bytes.len);
}

static void all_zero(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = open_good(maker);
    zero_bytes(envelope->proof->key_id);
    zero_bytes(envelope->proof->signature);
    hostile_close(maker, envelope);
}

static void zero_signature(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = open_good(maker);
    zero_bytes(envelope->proof->signature);
    hostile_close(maker, envelope);
}

// R is the neutral point and S is 0: good under a key of small order, of which the registry has none.
static void neutral_signature(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = open_good(maker);
    zero_bytes(envelope->proof->signature);
    envelope->proof->signature.data[0] = 1;
    hostile_close(maker, envelope);
}

// S plus the order of the group solves the same equation; RFC 8032 demands the smaller of the two.
static void other_form_of_signature(struct hostile_maker *maker)
{
    static const uint8_t order[32] = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    Signalbox__V1__Envelope *envelope = open_good(maker);
    uint8_t *s = envelope->proof->signature.data + 32;
    hostile_before(maker, kit_envelope(maker->arena, maker->item));
    for (unsigned i = 0, carry = 0; i < sizeof order; i++) {
        unsigned sum = s[i] + order[i] + carry;
        s[i] = (uint8_t)sum;
        carry = sum >> 8;
    }
    hostile_close(maker, envelope);
}

static void one_bit(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = open_good(maker);
    envelope->proof->signature.data[20] ^= 0x10;
    hostile_close(maker, envelope);
}

static void signature_of(struct hostile_maker *maker, size_t len)
{
    Signalbox__V1__Envelope *envelope = open_good(maker);
    uint8_t *bytes = arena_alloc(maker->arena, len);
    memcpy(bytes, envelope->proof->signature.data, len < 64 ? len : 64);
    envelope->proof->signature = (ProtobufCBinaryData){.len = len, .data = bytes};
    hostile_close(maker, envelope);
}

static void short_signature(struct hostile_maker *maker)
{
    signature_of(maker, 63);
}
static void long_signature(struct hostile_maker *maker)
{
    signature_of(maker, 65);
}

static void key_of_another(struct hostile_maker *maker)
{
    maker->item->signer = "essex";
    hostile_send_item(maker);
}

static void key_of_a_stranger(struct hostile_maker *maker)
{
    maker->item->signer = "nobody whom the registry knows";
    hostile_send_item(maker);
}

static void signed_by_another(struct hostile_maker *maker)
{
    maker->item->signer = "essex";
    Signalbox__V1__Envelope *envelope = open_good(maker);
    memcpy(envelope->proof->key_id.data, kit_key("kent")->key_id, PROOF_KEY_ID_BYTES);
    hostile_close(maker, envelope);
}

static void key_run_out(struct hostile_maker *maker)
{
    maker->item = kit_report(maker->arena, "catch22", 77);
    hostile_send_item(maker);
}

static void key_revoked(struct hostile_maker *maker)
{
    maker->item = kit_report(maker->arena, "lb-hackney", 77);
    hostile_send_item(maker);
}

// An item that essex has signed and published, taken from its topic by kent.
static void taken_from_another_topic(struct hostile_maker *maker)
{
    maker->item = kit_report(maker->arena, "essex", 78);
    struct slice value = kit_envelope(maker->arena, maker->item);
    hostile_before(maker, value);
    hostile_send(maker, value)->topic = slice_text("in.kent");
}

static void signed_for_another_topic(struct hostile_maker *maker)
{
    maker->item->sign_topic = "in.essex";
    hostile_send_item(maker);
}

static void signed_as_another(struct hostile_maker *maker)
{
    maker->item->sign_agency = "essex";
    hostile_send_item(maker);
}

// A batch of five of kent's; the maker's item is the one in the given place.
static Signalbox__V1__Envelope *batch_of(struct hostile_maker *maker, unsigned place)
{
    struct kit_item *items[BATCH];
    struct slice values[BATCH];
    for (unsigned i = 0; i < BATCH; i++)
        items[i] = i == place ? maker->item : kit_report(maker->arena, "kent", 5000 + i);
    kit_batch(maker->arena, items, BATCH, values);
    hostile_before(maker, values[place]);
    return hostile_open(maker, values[place]);
}

// As batch_of, but nothing is sent before.
static Signalbox__V1__Envelope *batch_alone(struct hostile_maker *maker, unsigned place)
{
    Signalbox__V1__Envelope *envelope = batch_of(maker, place);
    maker->made->before.value = (struct slice){0};
    return envelope;
}

static void size_zero(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 0;
    hostile_close(maker, envelope);
}

static void size_too_large(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 1025;
    hostile_close(maker, envelope);
}

static void size_of_another_tree(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 1024;
    hostile_close(maker, envelope);
}

static void size_that_no_batch_has(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 65;
    hostile_close(maker, envelope);
}

static void index_not_below_size(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->leaf_index = LEAVES;
    hostile_close(maker, envelope);
}

static void index_of_another(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->leaf_index = 3;
    hostile_close(maker, envelope);
}

static void path_too_short(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->n_path--;
    hostile_close(maker, envelope);
}

static void path_of(struct hostile_maker *maker, Signalbox__V1__Envelope *envelope, size_t n)
{
    ProtobufCBinaryData *path = arena_alloc(maker->arena, n * sizeof *path);
    for (size_t i = 0; i < n; i++)
        path[i] = i < envelope->proof->n_path ? envelope->proof->path[i] : envelope->proof->path[0];
    envelope->proof->path = path;
    envelope->proof->n_path = n;
    hostile_close(maker, envelope);
}

static void path_too_long(struct hostile_maker *maker)
{
    path_of(maker, batch_alone(maker, 2), 7);
}
static void path_of_eleven(struct hostile_maker *maker)
{
    path_of(maker, batch_alone(maker, 2), 11);
}

static void path_in_a_batch_of_one(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 1;
    envelope->proof->leaf_index = 0;
    hostile_close(maker, envelope);
}

static void path_upside_down(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    ProtobufCBinaryData first = envelope->proof->path[0];
    envelope->proof->path[0] = envelope->proof->path[1];
    envelope->proof->path[1] = first;
    hostile_close(maker, envelope);
}

static void path_entry_cut(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->path[1].len = 31;
    hostile_close(maker, envelope);
}

// The longest path that there can be, all of it made up.
static void deepest_tree(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_alone(maker, 2);
    envelope->proof->batch_size = 1024;
    path_of(maker, envelope, 10);
}

// The root is known to be good, the header is not one of its leaves.
static void stranger_in_a_known_batch(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_of(maker, 2);
    struct slice header = kit_seal(maker->arena, kit_report(maker->arena, "kent", 6000));
    envelope->header = (ProtobufCBinaryData){.len = header.len, .data = (uint8_t *)header.data};
    hostile_close(maker, envelope);
}

// What lies inside the tree is offered as a header: its two children, whose hash is the node, were it not for the first
// byte.
static void node_as_leaf(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_of(maker, 2);
    struct digest leaf = proof_leaf(slice_of(envelope->header.data, envelope->header.len));
    uint8_t *pair = arena_alloc(maker->arena, 2 * DIGEST_BYTES);
    memcpy(pair, leaf.bytes, DIGEST_BYTES);
    memcpy(pair + DIGEST_BYTES, envelope->proof->path[0].data, DIGEST_BYTES);
    envelope->header = (ProtobufCBinaryData){.len = 2 * DIGEST_BYTES, .data = pair};
    envelope->proof->leaf_index = 1;
    envelope->proof->path++;
    envelope->proof->n_path--;
    hostile_close(maker, envelope);
}

// A root that the hub remembers, with a signature that it has not seen beside it.
static void known_root_bad_signature(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = batch_of(maker, 2);
    envelope->proof->signature.data[5] ^= 1;
    hostile_close(maker, envelope);
}

#define BAD OUTCOME_SIGNATURE_BAD, "proof.signature", false

const struct hostile_row hostile_proofs[] = {
    {"a key and a signature of zeros", all_zero, OUTCOME_KEY_UNKNOWN, "proof.key_id", false},
    {"a signature of zeros", zero_signature, BAD},
    {"a signature of a key of small order", neutral_signature, BAD},
    {"the other form of a taken item's signature", other_form_of_signature, BAD},
    {"one bit of the signature changed", one_bit, BAD},
    {"a signature of 63 bytes", short_signature, OUTCOME_FIELD_LENGTH, "proof.signature", false},
    {"a signature of 65 bytes", long_signature, OUTCOME_FIELD_LENGTH, "proof.signature", false},
    {"the key of another agency", key_of_another, OUTCOME_KEY_UNKNOWN, "proof.key_id", false},
    {"the key of a stranger", key_of_a_stranger, OUTCOME_KEY_UNKNOWN, "proof.key_id", false},
    {"signed by another under our key's id", signed_by_another, BAD},
    {"a key that has run out", key_run_out, OUTCOME_KEY_INACTIVE, "proof.key_id", false},
    {"a key that is revoked", key_revoked, OUTCOME_KEY_REVOKED, "proof.key_id", false},
    {"another agency's item on our topic", taken_from_another_topic, OUTCOME_KEY_UNKNOWN, "proof.key_id", false},
    {"an item signed for another topic", signed_for_another_topic, BAD},
    {"an item signed in another's name", signed_as_another, BAD},
    {"a batch of none", size_zero, OUTCOME_FIELD_MISSING, "proof.batch_size", false},
    {"a batch of 1,025", size_too_large, OUTCOME_FIELD_RANGE, "proof.batch_size", false},
    {"a batch of 65", size_that_no_batch_has, OUTCOME_FIELD_RANGE, "proof.batch_size", false},
    {"a larger batch than it was", size_of_another_tree, BAD},
    {"a leaf beyond the batch", index_not_below_size, BAD},
    {"the place of another leaf", index_of_another, BAD},
    {"a path without its end", path_too_short, BAD},
    {"a path that goes on", path_too_long, BAD},
    {"a path of eleven", path_of_eleven, OUTCOME_WIRE_LIMIT, "proof.path[10]", false},
    {"a path in a batch of one", path_in_a_batch_of_one, BAD},
    {"a path upside down", path_upside_down, BAD},
    {"a hash of 31 bytes in the path", path_entry_cut, OUTCOME_FIELD_LENGTH, "proof.path[1]", false},
    {"a made-up path of ten", deepest_tree, BAD},
    {"a stranger in a known batch", stranger_in_a_known_batch, BAD},
    {"a node of the tree as an item", node_as_leaf, BAD},
    {"a known root with another signature", known_root_bad_signature, BAD},
};
const size_t hostile_n_proofs = COUNT(hostile_proofs);
