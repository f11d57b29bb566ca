// SPDX-License-Identifier: Apache-2.0
// What is marked above the ceiling and wrong in some other way too, what comes once more, and what claims to have come
// through the hub already.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/wire_writer.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define SECRET      SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET
#define TOP_SECRET  SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET

static Signalbox__V1__Header *header_of(const struct hostile_maker *maker)
{
    return maker->item->header;
}

static Signalbox__V1__PartInfo *info_of(const struct hostile_maker *maker)
{
    return maker->item->infos[0];
}

static void with_place(struct hostile_maker *maker, const char *text)
{
    kit_set_text(maker->arena, &maker->item->routing->place, text);
    hostile_send_item(maker);
}

// --- how secret ---

static void secret_item(struct hostile_maker *maker)
{
    info_of(maker)->classification = SECRET;
    hostile_send_item(maker);
}

static void top_secret(struct hostile_maker *maker)
{
    info_of(maker)->classification = TOP_SECRET;
    hostile_send_item(maker);
}

static void secret_second_part(struct hostile_maker *maker)
{
    kit_add_part(maker->arena, maker->item);
    maker->item->infos[1]->classification = SECRET;
    hostile_send_item(maker);
}

static void secret_of_a_stranger(struct hostile_maker *maker)
{
    maker->item->signer = "nobody whom the registry knows";
    secret_item(maker);
}

static void secret_badly_signed(struct hostile_maker *maker)
{
    maker->item->sign_topic = "in.essex";
    secret_item(maker);
}

static void secret_on_an_unknown_topic(struct hostile_maker *maker)
{
    secret_item(maker);
    maker->made->record.topic = slice_text("in.atlantis");
}

static void secret_with_another_key(struct hostile_maker *maker)
{
    secret_item(maker);
    maker->made->record.key = slice_text("line-2026-9999");
}

static void secret_with_other_content(struct hostile_maker *maker)
{
    secret_item(maker);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, maker->made->record.value);
    envelope->parts[0]->content.data[9] ^= 1;
    hostile_close(maker, envelope);
}

static void secret_with_a_broken_text(struct hostile_maker *maker)
{
    info_of(maker)->classification = SECRET;
    with_place(maker, "a\xc0\xaf");
}

static void secret_without_a_basis(struct hostile_maker *maker)
{
    kit_set_text(maker->arena, &header_of(maker)->sharing_basis, "");
    secret_item(maker);
}

static void secret_without_a_time(struct hostile_maker *maker)
{
    header_of(maker)->made_unix_ms = 0;
    secret_item(maker);
}

static void secret_in_a_broken_envelope(struct hostile_maker *maker)
{
    secret_item(maker);
    struct slice value = maker->made->record.value;
    uint8_t *bytes = arena_alloc(maker->arena, value.len + 2);
    memcpy(bytes, value.data, value.len);
    memcpy(bytes + value.len, "\x2a\x00", 2);
    hostile_send(maker, slice_of(bytes, value.len + 2));
}

static void secret_without_a_proof(struct hostile_maker *maker)
{
    secret_item(maker);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, maker->made->record.value);
    envelope->proof = NULL;
    hostile_close(maker, envelope);
}

// Five times as large as an item may be.
static void secret_and_too_large(struct hostile_maker *maker)
{
    secret_item(maker);
    struct slice value = maker->made->record.value;
    size_t size = 1000000;
    uint8_t *bytes = arena_alloc(maker->arena, size);
    struct wire_writer writer = {bytes, 0, size};
    wire_put(&writer, value.data, value.len);
    wire_put_varint(&writer, 9 << 3 | 2);
    wire_put_varint(&writer, size - value.len - 8);
    hostile_send(maker, slice_of(bytes, size));
}

static void secret_beyond_the_list(struct hostile_maker *maker)
{
    info_of(maker)->classification = (Signalbox__V1__Classification)5;
    hostile_send_item(maker);
}

// --- again ---

static void again_under_another_id(struct hostile_maker *maker)
{
    hostile_before(maker, kit_envelope(maker->arena, maker->item));
    header_of(maker)->nonce.data[15] ^= 1;
    hostile_send_item(maker);
}

static void again_in_other_words(struct hostile_maker *maker)
{
    hostile_before(maker, kit_envelope(maker->arena, maker->item));
    kit_set_text(maker->arena, &kit_report_body(maker->item, 0)->title, "Another title");
    hostile_send_item(maker);
}

static void after_its_recall(struct hostile_maker *maker)
{
    struct kit_item *item = maker->item;
    maker->item = kit_standing(maker->arena, item, "kent", SIGNALBOX__V1__STANDING__STANDING_RECALLED, 1);
    hostile_before(maker, kit_envelope(maker->arena, maker->item));
    maker->made->before_outcome = OUTCOME_STANDING_EARLY;
    maker->item = item;
    hostile_send_item(maker);
}

// --- on the hub's own topic ---

static struct record *relay_record(struct hostile_maker *maker, const char *origin)
{
    struct record *record = hostile_send_item(maker);
    record->topic = slice_text("relane");
    record->origin_topic = slice_text(origin);
    record->origin_partition = 0;
    record->origin_offset = 12;
    record->origin_appended_ms = record->appended_ms;
    return record;
}

static void relayed_from_nowhere(struct hostile_maker *maker)
{
    relay_record(maker, "in.kent")->origin_offset = -1;
}
static void relayed_for_another(struct hostile_maker *maker)
{
    relay_record(maker, "in.essex");
}
static void relayed_from_the_ledger(struct hostile_maker *maker)
{
    relay_record(maker, "ledger");
}

static void relayed_to_another_lane(struct hostile_maker *maker)
{
    struct record *record = relay_record(maker, "in.kent");
    record->lane = (record->lane + 1) % maker->lanes;
}

const struct hostile_row hostile_spills[] = {
    {"SECRET", secret_item, OUTCOME_SPILL, "parts[0].info.classification", true},
    {"TOP SECRET", top_secret, OUTCOME_SPILL, "parts[0].info.classification", true},
    {"SECRET in the second part", secret_second_part, OUTCOME_SPILL, "parts[1].info.classification", true},
    {"SECRET of a stranger", secret_of_a_stranger, OUTCOME_KEY_UNKNOWN, "proof.key_id", true},
    {"SECRET and badly signed", secret_badly_signed, OUTCOME_SIGNATURE_BAD, "proof.signature", true},
    {"SECRET on an unknown topic", secret_on_an_unknown_topic, OUTCOME_AGENCY_UNKNOWN, "", true},
    {"SECRET with another key", secret_with_another_key, OUTCOME_KEY_MISMATCH, "header.subject", true},
    {"SECRET with other content", secret_with_other_content, OUTCOME_DIGEST_BAD, "parts[0].content", true},
    {"SECRET with a broken text", secret_with_a_broken_text, OUTCOME_UTF8_BROKEN, "routing.place", true},
    {"SECRET without a basis of sharing", secret_without_a_basis, OUTCOME_SPILL, "parts[0].info.classification", true},
    {"SECRET without a time of making", secret_without_a_time, OUTCOME_FIELD_MISSING, "header.made_unix_ms", true},
    {"SECRET in an envelope with one more field", secret_in_a_broken_envelope, OUTCOME_UNKNOWN_FIELD, "5", true},
    {"SECRET without a proof", secret_without_a_proof, OUTCOME_FIELD_MISSING, "proof", true},
    {"SECRET and too large", secret_and_too_large, OUTCOME_TOO_LARGE, "", true},
    {"a classification beyond the list", secret_beyond_the_list, OUTCOME_ENUM_UNKNOWN, "parts[0].info.classification",
        true},
    {"the same content under another id", again_under_another_id, OUTCOME_DUPLICATE_CONTENT, "", false},
    {"the same revision in other words", again_in_other_words, OUTCOME_REVISION_TAKEN, "header.revision", false},
    {"an item that comes after its recall", after_its_recall, OUTCOME_WITHDRAWN, "", false},
    {"relayed from nowhere", relayed_from_nowhere, OUTCOME_RELANE_ORIGIN, "", false},
    {"relayed for another agency", relayed_for_another, OUTCOME_KEY_UNKNOWN, "proof.key_id", false},
    {"relayed from the ledger", relayed_from_the_ledger, OUTCOME_AGENCY_UNKNOWN, "", false},
    {"relayed to another's lane", relayed_to_another_lane, OUTCOME_WRONG_LANE, "header.subject", false},
};
const size_t hostile_n_spills = COUNT(hostile_spills);
