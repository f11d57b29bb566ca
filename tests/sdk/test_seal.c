// SPDX-License-Identifier: Apache-2.0
// Sealed by the agency's side, verified by the force's side: whatever is changed on the way is noticed.
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/seal.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include "tests/sdk/ground.h"
#include <criterion/criterion.h>

TestSuite(seal, .init = begin, .fini = end);

static struct slice slice_from(ProtobufCBinaryData bytes)
{
    return slice_of(bytes.data, bytes.len);
}

// A kit item as the publisher would hold it.
static struct item *item_of(struct kit_item *made)
{
    struct item *item = arena_alloc(&arena, sizeof *item);
    Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
    *item = (struct item){.header = made->header, .header_bytes = kit_seal(&arena, made), .routing = made->routing};
    kit_fill_envelope(&arena, made, &envelope);
    item->routing_bytes = slice_from(envelope.routing);
    item->n_parts = (uint32_t)envelope.n_parts;
    for (size_t i = 0; i < envelope.n_parts; i++) {
        item->parts[i] = (struct item_part){.slot = envelope.parts[i]->slot,
            .info = slice_from(envelope.parts[i]->info),
            .content = slice_from(envelope.parts[i]->content)};
        memcpy(item->parts[i].salt, envelope.parts[i]->salt.data, ENVELOPE_SALT_BYTES);
    }
    return item;
}

static void seal(struct kit_item *const *made, uint32_t n, const char *agency, struct slice *values)
{
    const struct item **items = arena_alloc(&arena, n * sizeof(*items));
    for (uint32_t i = 0; i < n; i++)
        items[i] = item_of(made[i]);
    const struct seal_signer signer = {kit_deployment(), agency, kit_key(agency)->key};
    cr_assert(seal_items(items, n, &signer, &arena, values));
}

// What a feed may have of it, with these parts, counted in the order of their numbers.
static struct slice copy_of(struct slice value, uint32_t parts)
{
    struct envelope envelope;
    struct refusal why;
    cr_assert(envelope_open(value, NULL, &envelope, &why) && envelope_infos(&envelope, &arena, &why), "%s", why.path);
    return envelope_copy(&envelope, parts, &arena);
}

static struct slice sealed_whole(struct kit_item *made)
{
    struct slice value;
    seal(&made, 1, "metropolitan", &value);
    return value;
}

static struct slice sealed(struct kit_item *made)
{
    return copy_of(sealed_whole(made), UINT32_MAX);
}

// The code of the refusal, or "" if it passed.
static const char *verdict(struct slice value, const char *force, struct inspected *item)
{
    static struct problem why;
    return inspect_incoming(value, snapshot, force, KIT_NOW_MS, NULL, &arena, item, &why) ? "" : why.code;
}

Test(seal, batches_of_any_size_verify_item_by_item)
{
    static const uint32_t sizes[] = {1, 2, 7, 63, 64};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct kit_item *made[64];
        struct slice values[64];
        struct proof_cache *roots = proof_cache_new(4);
        for (uint32_t i = 0; i < sizes[s]; i++)
            made[i] = kit_report(&arena, "metropolitan", i + 1);
        seal(made, sizes[s], "metropolitan", values);
        for (uint32_t i = 0; i < sizes[s]; i++) {
            struct inspected item;
            struct problem why = {.code = ""};
            cr_expect(inspect_incoming(
                          copy_of(values[i], UINT32_MAX), snapshot, "nclcc", KIT_NOW_MS, roots, &arena, &item, &why),
                "%u of %u: %s at %s", i, sizes[s], why.code, why.path);
            cr_expect_leq(values[i].len, seal_draft(item_of(made[i]), sizes[s], &arena).len);
        }
        proof_cache_free(roots);
    }
}

Test(seal, gives_the_same_bytes_as_any_other_signer_would)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 5);
    struct slice other = kit_envelope(&arena, made);
    cr_expect(slice_equal(sealed_whole(made), other));
}

Test(seal, breaks_when_any_byte_is_changed)
{
    struct kit_item *made[2] = {kit_report(&arena, "metropolitan", 1), kit_report(&arena, "metropolitan", 2)};
    struct slice values[2];
    struct inspected item;
    seal(made, 2, "metropolitan", values);
    values[1] = arena_copy(&arena, copy_of(values[1], UINT32_MAX));
    uint8_t *bytes = (uint8_t *)values[1].data;
    for (size_t i = 0; i < values[1].len; i++) {
        bytes[i] ^= 1;
        cr_expect(*verdict(values[1], "nclcc", &item), "byte %zu of %zu", i, values[1].len);
        bytes[i] ^= 1;
    }
    cr_expect_str_eq(verdict(values[1], "nclcc", &item), "");
}

Test(seal, of_another_agency_is_not_taken)
{
    struct inspected item;
    struct slice value;
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    seal(&made, 1, "kent", &value);
    cr_expect_str_eq(verdict(copy_of(value, 1), "nclcc", &item), "KEY_UNKNOWN");
    made->header->agency = "atlantis";
    cr_expect_str_eq(verdict(sealed(made), "nclcc", &item), "AGENCY_UNKNOWN");
}

Test(seal, copies_with_a_part_withheld_still_verify_and_show_no_trace_of_it)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    kit_add_part(&arena, made);
    struct slice value = sealed_whole(made);
    cr_expect_str_eq(verdict(copy_of(value, 3), "lb-hackney", &item), "MARKING_ABOVE");
    cr_expect_str_eq(verdict(copy_of(value, 3), "kent", &item), "");
    cr_expect(item.bodies[0] && item.bodies[1]);

    cr_expect_str_eq(verdict(copy_of(value, 1), "lb-hackney", &item), "");
    cr_expect(item.bodies[0] && !item.bodies[1] && item.envelope.n_parts == 1 && !item.newer);
    json_t *json = item_to_json(&item.envelope, item.header, item.bodies);
    json_t *parts = json_object_get(json, "parts"), *header = json_object_get(json, "header");
    cr_assert_eq(json_array_size(parts), 1);
    cr_expect(json_is_object(json_object_get(json_array_get(parts, 0), "report")));
    static const char *const proving[] = {"slots", "routingDigest", "parts"};
    for (size_t i = 0; i < 3; i++)
        cr_expect_null(json_object_get(header, proving[i]), "%s", proving[i]);
    static const char *const filled[] = {"number", "sizeBytes", "contentSha256"};
    for (size_t i = 0; i < 3; i++)
        cr_expect_null(json_object_get(json_object_get(json_array_get(parts, 0), "info"), filled[i]), "%s", filled[i]);
    cr_expect_null(json_object_get(json, "newer"));
    json_decref(json);
}

Test(seal, a_copy_that_holds_what_is_for_the_hub_alone_is_told)
{
    struct inspected item;
    cr_expect_str_eq(verdict(sealed_whole(kit_report(&arena, "metropolitan", 1)), "kent", &item), "ROUTING_SHOWN");
}

Test(seal, an_item_under_a_name_that_is_not_its_own_is_refused)
{
    struct inspected item;
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    kit_seal(&arena, made);
    made->raw_id = true;
    made->header->item_id.data[3] ^= 1;
    cr_expect_str_eq(verdict(sealed(made), "kent", &item), "ITEM_ID_WRONG");
}

// The header of a later contract, with a field that this one does not know.
static void make_newer(struct kit_item *made)
{
    static const uint8_t unknown[] = {0xc0, 0x3e, 0x01}; // field 1000, 1
    struct slice header = kit_seal(&arena, made);
    uint8_t *longer = arena_alloc(&arena, header.len + sizeof unknown);
    memcpy(longer, header.data, header.len);
    memcpy(longer + header.len, unknown, sizeof unknown);
    made->raw_header = slice_of(longer, header.len + sizeof unknown);
}

Test(seal, a_reader_takes_what_a_newer_contract_adds_and_says_so_and_a_publisher_does_not)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    struct problem why = {.code = ""};
    make_newer(made);
    struct slice value = kit_envelope(&arena, made);
    struct envelope envelope;
    struct refusal refusal;
    bool newer = false;
    cr_assert(envelope_open(value, &newer, &envelope, &refusal) && envelope_infos(&envelope, &arena, &refusal));
    cr_expect_str_eq(verdict(envelope_copy(&envelope, 1, &arena), "kent", &item), "");
    cr_expect(item.newer && item.bodies[0]);
    json_t *json = item_to_json(&item.envelope, item.header, item.bodies);
    cr_expect(json_is_true(json_object_get(json, "newer")));
    json_decref(json);
    cr_expect_not(inspect_outgoing(value, snapshot, "metropolitan", KIT_NOW_MS, &arena, &why));
    cr_expect_str_eq(why.code, "UNKNOWN_FIELD");
}

Test(seal, an_item_of_a_kind_that_a_newer_contract_added_is_handed_out_as_bytes)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    made->header->kind = (Signalbox__V1__Kind)77;
    cr_expect_str_eq(verdict(sealed(made), "kent", &item), "");
    cr_expect(item.newer && !item.bodies[0]);
    json_t *json = item_to_json(&item.envelope, item.header, item.bodies);
    cr_expect(json_is_string(json_object_get(json_array_get(json_object_get(json, "parts"), 0), "content")));
    json_decref(json);
}

Test(seal, a_copy_shows_ids_as_people_give_them_back)
{
    struct kit_item *earlier = kit_guidance(&arena, "metropolitan", 1), *made = kit_guidance(&arena, "metropolitan", 2);
    struct inspected item;
    kit_seal(&arena, earlier);
    kit_set_text(&arena, &made->header->subject, earlier->header->subject);
    made->header->about = kit_reference(&arena, earlier, 0);
    cr_expect_str_eq(verdict(sealed(made), "kent", &item), "");
    json_t *json = item_to_json(&item.envelope, item.header, item.bodies), *about = json_object_get(json, "about");
    char hex[33];
    hex_encode(slice_from(earlier->header->item_id), hex);
    cr_expect_str_eq(json_string_value(json_object_get(about, "itemId")), hex);
    hex_encode(slice_from(earlier->header->nonce), hex);
    cr_expect_str_eq(json_string_value(json_object_get(about, "nonce")), hex);
    hex_encode(slice_from(made->header->item_id), hex);
    cr_expect_str_eq(json_string_value(json_object_get(json_object_get(json, "header"), "itemId")), hex);
    cr_expect_null(json_object_get(json_object_get(json, "header"), "about"));
    json_decref(json);
}

Test(seal, does_not_hand_a_part_to_those_whom_it_does_not_name)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    kit_restrict(&arena, made, "essex");
    struct slice value = sealed(made);
    cr_expect_str_eq(verdict(value, "kent", &item), "NOT_RECIPIENT");
    cr_expect_str_eq(verdict(value, "essex", &item), "");
    cr_expect_str_eq(verdict(value, "atlantis", &item), "ORGANISATION_UNKNOWN");
}

Test(seal, tells_why_a_force_has_an_item)
{
    struct inspected item;
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    kit_set_exporter(&arena, made->header, "metropolitan");
    kit_set_texts(
        &arena, &made->header->n_importer_forces, &made->header->importer_forces, (const char *[]){"kent"}, 1);
    cr_expect_str_eq(verdict(sealed(made), "kent", &item), "");
    uint32_t reasons = inspect_audience(&item, snapshot, "kent", KIT_NOW_MS);
    cr_expect(reasons & 1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER, "%x", reasons);
    cr_expect_not(reasons & 1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_EXPORTER, "%x", reasons);
}

Test(seal, hands_a_part_to_each_recipient_and_to_whoever_took_a_recipient_s_place)
{
    static const char *const recipients[] = {"essex", "merseyside"};
    const char *successor = "north-wales";
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    struct error error;
    kit_restrict(&arena, made, "essex");
    kit_set_texts(&arena, &made->infos[0]->n_recipients, &made->infos[0]->recipients, recipients, 2);
    struct slice value = sealed(made);
    cr_expect_str_eq(verdict(value, "merseyside", &item), "", "the second one");
    cr_expect_str_eq(verdict(value, "north-wales", &item), "NOT_RECIPIENT");
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Organisation *ended = kit_organisation(registry, "merseyside");
    ended->valid_to_unix_ms = KIT_NOW_MS;
    kit_set_texts(&arena, &ended->n_successors, &ended->successors, &successor, 1);
    snapshot_free(snapshot);
    snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    cr_expect_str_eq(verdict(value, "north-wales", &item), "");
    cr_expect_str_eq(verdict(value, "merseyside", &item), "NOT_RECIPIENT");
}

Test(seal, hands_a_part_for_one_organisation_s_use_to_that_one_alone)
{
    const char *use_only = "ORGANISATION USE ONLY";
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    Signalbox__V1__PartInfo *part = made->infos[0];
    struct inspected item;
    kit_set_texts(&arena, &part->n_instructions, &part->instructions, &use_only, 1);
    kit_set_text(&arena, &part->organisation, "essex");
    struct slice value = sealed(made);
    cr_expect_str_eq(verdict(value, "essex", &item), "");
    cr_expect_str_eq(verdict(value, "kent", &item), "NOT_RECIPIENT");
}

// Neither a place nor a size tells how many there were, and no filling comes twice.
Test(seal, places_are_random_and_what_is_left_is_filled_up)
{
    struct kit_item *made[2] = {kit_report(&arena, "metropolitan", 1), kit_report(&arena, "metropolitan", 2)};
    uint32_t places[64] = {0}, distinct = 0;
    struct digest siblings[64];
    for (uint32_t i = 0; i < 64; i++) {
        struct slice values[2];
        struct envelope first, second;
        struct refusal why;
        seal(made, 2, "metropolitan", values);
        cr_assert(envelope_open(values[0], NULL, &first, &why) && envelope_open(values[1], NULL, &second, &why));
        cr_assert(first.batch_size == 64 && second.batch_size == 64 && first.leaf_index != second.leaf_index);
        distinct += places[first.leaf_index]++ == 0;
        memcpy(siblings[i].bytes, first.path[0].data, DIGEST_BYTES);
        for (uint32_t k = 0; k < i; k++)
            cr_expect(memcmp(&siblings[i], &siblings[k], sizeof *siblings) != 0 ||
                      (first.leaf_index ^ 1) == second.leaf_index);
    }
    cr_expect_gt(distinct, 20, "64 throws fall on about 40 of 64 places: %u", distinct);
}

Test(seal, judges_a_key_by_the_time_of_the_record)
{
    struct kit_item *made = kit_report(&arena, "metropolitan", 1);
    struct inspected item;
    struct error error;
    struct slice value = sealed(made);
    for (int64_t left_ms = 0; left_ms < 2; left_ms++) {
        Signalbox__V1__Registry *registry = kit_registry(&arena);
        kit_organisation(registry, "metropolitan")->keys[0]->valid_to_unix_ms = KIT_NOW_MS + left_ms;
        snapshot_free(snapshot);
        snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
        cr_assert(snapshot, "%s", error.text);
        cr_expect_str_eq(verdict(value, "kent", &item), left_ms ? "" : "KEY_INACTIVE");
    }
}
