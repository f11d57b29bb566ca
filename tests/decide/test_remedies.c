// SPDX-License-Identifier: Apache-2.0
// Every remedy that outcomes.def names, done: the case of the outcome is brought about, whoever is asked does what the
// sentence says, and the item, or the change of standing, goes through. A row of outcomes.def that nobody has done
// fails the test.
#include "tests/kit/core/cases.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include <criterion/criterion.h>

#define LANES          4
#define COUNT(list)    (sizeof(list) / sizeof *(list))
#define DAY_MS         INT64_C(86400000)
#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name

// A hub, what its officers decided, and what became of the record in hand.
struct bench {
    struct arena arena;
    Signalbox__V1__Registry *registry;
    Signalbox__V1__Policy *policy;
    struct snapshot *snapshot;
    struct memory memory;
    struct kit_item *item; // that met the outcome
    struct record record;  // the same
    struct decision decision;
};

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

// What officers write down is in force from here on.
static void put_in_force(struct bench *bench, struct subscription_row *rows, size_t n)
{
    struct error error;
    struct snapshot *snapshot = snapshot_new(bench->registry, bench->policy, rows, n, n, &error);
    cr_assert(snapshot, "%s", error.text);
    snapshot_free(bench->snapshot);
    bench->snapshot = snapshot;
    bench->registry->version++;
    bench->policy->version++;
}

static void put_all_in_force(struct bench *bench)
{
    put_in_force(bench, kit_subscribe_all(&bench->arena, bench->registry), bench->registry->n_organisations);
}

static void bench_init(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    arena_init(&bench->arena, 0);
    bench->registry = kit_case_registry(&bench->arena);
    bench->policy = kit_case_policy(&bench->arena);
    bench->memory = (struct memory){.roots = proof_cache_new(64), .lanes = LANES, .secret = secret};
    cr_assert(memory_init(&bench->memory));
    put_all_in_force(bench);
}

static void bench_free(struct bench *bench)
{
    memory_deinit(&bench->memory);
    proof_cache_free(bench->memory.roots);
    snapshot_free(bench->snapshot);
    arena_deinit(&bench->arena);
}

static void send_record(struct bench *bench, const struct record *record)
{
    bench->memory.lane = record->lane;
    bench->record = *record;
    step(bench->snapshot, &bench->memory, record, &bench->arena, &bench->decision);
}

static void send_item(struct bench *bench, struct kit_item *item)
{
    struct record record = kit_record(&bench->arena, item, kit_envelope(&bench->arena, item), LANES);
    send_record(bench, &record);
}

static bool went_through(const struct decision *decision)
{
    return (decision->outcome == OUTCOME_ACCEPTED && decision->n_deliveries > 0) ||
           decision->outcome == OUTCOME_STANDING_CHANGED;
}

static void need_through(struct bench *bench)
{
    cr_assert(went_through(&bench->decision), "%s %s on the way", outcome_row(bench->decision.outcome)->code,
        bench->decision.refusal.path);
}

// --- what several sentences ask for ---

// As it was before its bytes were spoilt: serialised again, whole, in order, under its subject, on its own topic.
static void send_again(struct bench *bench)
{
    send_item(bench, bench->item);
}

static void send_same_record(struct bench *bench)
{
    struct record record = bench->record;
    send_record(bench, &record);
}

static void send_under_new_reference(struct bench *bench)
{
    bench->item = kit_revision(&bench->arena, bench->item, 1);
    bench->item->header->nonce.data[0] ^= 1;
    send_again(bench);
}

// A revision above the highest, which the receipt names.
static void send_above_highest(struct bench *bench)
{
    uint32_t highest = bench->decision.highest_revision;
    cr_assert(highest > 0, "the receipt names the highest");
    send_item(bench, kit_revision(&bench->arena, bench->item, highest + 1));
}

static void change_standing(struct bench *bench, const char *issuer, Signalbox__V1__Standing standing, uint32_t number)
{
    send_item(bench, kit_standing(&bench->arena, bench->item, issuer, standing, number));
}

static void set_force(struct bench *bench, const char *force)
{
    Signalbox__V1__Header *header = bench->item->header;
    kit_set_texts(&bench->arena, &header->n_importer_forces, &header->importer_forces, &force, 1);
}

static void set_theme(struct bench *bench, const char *theme)
{
    Signalbox__V1__Header *header = bench->item->header;
    kit_set_texts(&bench->arena, &header->n_themes, &header->themes, &theme, 1);
}

// Enters one more key of the organisation, made from a name of its own.
static void register_key(struct bench *bench, const char *id, const char *name)
{
    Signalbox__V1__Organisation *organisation = kit_organisation(bench->registry, id);
    Signalbox__V1__SigningKey **before = organisation->keys;
    Signalbox__V1__Organisation made = {.id = arena_text(&bench->arena, slice_text(name))};
    kit_give_key(&bench->arena, &made);
    organisation->keys = arena_alloc(&bench->arena, (organisation->n_keys + 1) * sizeof(void *));
    memcpy(organisation->keys, before, organisation->n_keys * sizeof(void *));
    organisation->keys[organisation->n_keys++] = made.keys[0];
    put_all_in_force(bench);
}

static void sign_with_new_key(struct bench *bench)
{
    register_key(bench, bench->item->header->agency, "a new key");
    bench->item->signer = "a new key";
    send_again(bench);
}

// --- the bytes ---

// Two items, each with half of what the one was to say.
static void split_report(struct bench *bench)
{
    static const char *const halves[] = {"The line runs by rail.", "It is held by two people."};
    for (size_t i = 0; i < COUNT(halves); i++) {
        kit_set_text(&bench->arena, &kit_report_body(bench->item, 0)->statements[0]->text, halves[i]);
        send_under_new_reference(bench);
        need_through(bench);
    }
}

static void name_file_by_digest(struct bench *bench)
{
    static uint8_t digest[DIGEST_BYTES];
    static Signalbox__V1__Attachment file = SIGNALBOX__V1__ATTACHMENT__INIT, *files[] = {&file};
    struct kit_item *item = kit_guidance(&bench->arena, "kent", 1);
    kit_set_text(&bench->arena, &file.name, "guidance.pdf");
    kit_set_text(&bench->arena, &file.media_type, "application/pdf");
    kit_set_text(&bench->arena, &file.reference, "on the shelf of Kent Police");
    file.size_bytes = 300000;
    file.sha256 = (ProtobufCBinaryData){sizeof digest, digest};
    kit_guidance_body(item, 0)->attachments = files;
    kit_guidance_body(item, 0)->n_attachments = 1;
    send_item(bench, item);
}

static void take_back_by_change(struct bench *bench)
{
    send_again(bench);
    need_through(bench);
    change_standing(bench, "kent", STANDING(RECALLED), 1);
}

static void shorten_list(struct bench *bench)
{
    set_theme(bench, "drugs");
    send_again(bench);
}

static void convert_to_utf8(struct bench *bench)
{
    kit_set_text(&bench->arena, &bench->item->routing->place, "\xc3\xa9");
    send_again(bench);
}

static void remove_nul(struct bench *bench)
{
    bench->item->raw_header = (struct slice){0};
    kit_set_text(&bench->arena, &bench->item->header->product, "intelligence-report");
    send_again(bench);
}

static void fill_in(struct bench *bench)
{
    kit_set_text(&bench->arena, &bench->item->header->sharing_basis, "policing-purpose");
    send_again(bench);
}

static void shorten_text(struct bench *bench)
{
    kit_set_text(&bench->arena, &bench->item->routing->place, "CT20");
    send_again(bench);
}

static void correct_number(struct bench *bench)
{
    bench->item->header->mopi_group = 3;
    send_again(bench);
}

static void use_published_value(struct bench *bench)
{
    bench->item->header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_ROUTINE;
    send_again(bench);
}

// --- who sends, and where ---

static void enter_organisation(struct bench *bench)
{
    Signalbox__V1__Organisation *made = arena_alloc(&bench->arena, sizeof *made);
    *made = *kit_organisation(bench->registry, "essex");
    kit_set_text(&bench->arena, &made->id, "atlantis");
    kit_set_text(&bench->arena, &made->name, "Atlantis Police");
    kit_set_text(&bench->arena, &made->gss_code, "");
    kit_give_key(&bench->arena, made);
    made->number = 1000;
    Signalbox__V1__Organisation **before = bench->registry->organisations;
    size_t n = bench->registry->n_organisations++;
    bench->registry->organisations = arena_alloc(&bench->arena, (n + 1) * sizeof *before);
    bench->registry->organisations[0] = made; // by id, as the registry is
    memcpy(bench->registry->organisations + 1, before, n * sizeof *before);
    put_all_in_force(bench);
    send_same_record(bench);
}

static void provoke_new_key(struct bench *bench)
{
    bench->item = kit_report(&bench->arena, "kent", 42);
    bench->item->signer = "a new key";
    send_again(bench);
}

static void enter_its_key(struct bench *bench)
{
    register_key(bench, "kent", "a new key");
    send_same_record(bench);
}

static void sign_with_own_key(struct bench *bench)
{
    bench->item->signer = "kent";
    send_again(bench);
}

static void provoke_other_deployment(struct bench *bench)
{
    bench->item = kit_report(&bench->arena, "kent", 42);
    bench->item->sign_deployment = slice_of("another hub     ", PROOF_DEPLOYMENT_BYTES);
    send_again(bench);
}

static void sign_for_this_hub_and_topic(struct bench *bench)
{
    bench->item->sign_deployment = kit_deployment();
    bench->item->sign_topic = "in.kent";
    send_again(bench);
}

static void publish_under_own_name(struct bench *bench)
{
    kit_set_text(&bench->arena, &bench->item->header->agency, "kent");
    send_again(bench);
}

static void let_key_sign_items(struct bench *bench)
{
    static Signalbox__V1__Purpose items[] = {SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS};
    kit_organisation(bench->registry, "merseyside")->keys[0]->signs = items;
    put_all_in_force(bench);
    send_same_record(bench);
}

static void make_own_id(struct bench *bench)
{
    bench->item->raw_id = false;
    send_again(bench);
}

static void let_hub_forward(struct bench *bench)
{
    struct record record = bench->record;
    record.origin_topic = record.topic;
    record.origin_partition = (int32_t)record.lane;
    record.origin_offset = record.offset;
    record.origin_appended_ms = record.appended_ms;
    record.topic = slice_text("relane");
    record.lane = bench->decision.to_lane;
    send_record(bench, &record);
}

static void repair_relane(struct bench *bench)
{
    struct record record = bench->record;
    record.lane = kit_record(&bench->arena, bench->item, record.value, LANES).lane;
    send_record(bench, &record);
}

// --- what it says ---

static void send_kind_of_policy(struct bench *bench)
{
    send_item(bench, kit_guidance(&bench->arena, bench->item->header->agency, 1));
}

static void use_registry_id(struct bench *bench)
{
    set_force(bench, "essex");
    send_again(bench);
}

static void correct_expiry(struct bench *bench)
{
    bench->item->header->expires_unix_ms = KIT_NOW_MS + DAY_MS;
    send_again(bench);
}

// The reference of kent's report, as it was published.
static void name_it_as_published(struct bench *bench)
{
    struct kit_item *change = bench->item;
    bench->item = kit_report(&bench->arena, "kent", 42);
    send_again(bench);
    need_through(bench);
    change->header->about = kit_reference(&bench->arena, bench->item, 0);
    send_item(bench, change);
}

static void mark_as_allowed(struct bench *bench)
{
    const char *recipient = bench->item->header->exporter_forces[0];
    Signalbox__V1__PartInfo *part = bench->item->infos[0];
    part->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
    kit_set_texts(&bench->arena, &part->n_recipients, &part->recipients, &recipient, 1);
    send_again(bench);
}

static void give_p(struct bench *bench)
{
    bench->item->infos[0]->handling = SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_P;
    send_again(bench);
}

static void give_c_with_conditions(struct bench *bench)
{
    kit_restrict(&bench->arena, bench->item, bench->item->header->exporter_forces[0]);
    send_again(bench);
}

static void give_c_with_usage(struct bench *bench)
{
    kit_restrict(&bench->arena, bench->item, bench->item->header->exporter_forces[0]);
    bench->item->infos[0]->action = SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_A3;
    kit_set_text(&bench->arena, &bench->item->infos[0]->usage, "In court.");
    send_again(bench);
}

static void grade_by_weakest(struct bench *bench)
{
    bench->item->infos[0]->source_evaluation = 3;
    send_again(bench);
}

static void write_as_contract_says(struct bench *bench)
{
    kit_set_text(&bench->arena, &kit_guidance_body(bench->item, 0)->language, "cy");
    send_again(bench);
}

static void wait_for_its_time(struct bench *bench)
{
    struct record record = bench->record;
    record.appended_ms += DAY_MS;
    send_record(bench, &record);
}

static void set_clock_right(struct bench *bench)
{
    bench->item->header->made_unix_ms = KIT_NOW_MS - 60000;
    send_again(bench);
}

static void provoke_old_change(struct bench *bench)
{
    struct kit_item *report = kit_report(&bench->arena, "kent", 42);
    send_item(bench, report);
    need_through(bench);
    bench->item = kit_standing(&bench->arena, report, "kent", STANDING(RECALLED), 1);
    bench->item->header->made_unix_ms = KIT_NOW_MS - 31 * DAY_MS;
    send_again(bench);
}

// Nothing lets the item itself through, and nothing shall: what may be sent is another, marked as the policy allows,
// without what made this one SECRET.
static void send_lawful_other(struct bench *bench)
{
    send_same_record(bench);
    cr_assert_eq(bench->decision.outcome, OUTCOME_SPILL, "sent again, it is a spill again");
    bench->item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
    kit_set_text(&bench->arena, &kit_report_body(bench->item, 0)->statements[0]->text, "A line runs to Kent.");
    send_under_new_reference(bench);
}

// --- what is known of it ---

static void use_its_status(struct bench *bench)
{
    bench->item->header->status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    send_again(bench);
}

static void provoke_change_of_other_status(struct bench *bench)
{
    struct kit_item *report = kit_report(&bench->arena, "kent", 42);
    send_item(bench, report);
    need_through(bench);
    bench->item = kit_standing(&bench->arena, report, "kent", STANDING(RECALLED), 1);
    bench->item->header->status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
    send_again(bench);
}

// One reference for two changes.
static void provoke_change_taken(struct bench *bench)
{
    struct kit_item *report = kit_report(&bench->arena, "kent", 42);
    send_item(bench, report);
    need_through(bench);
    bench->item = kit_standing(&bench->arena, report, "kent", STANDING(RESTRICTED), 1);
    send_again(bench);
    need_through(bench);
    kit_standing_body(bench->item)->standing = STANDING(RECALLED);
    kit_standing_body(bench->item)->number = 2;
    send_again(bench);
}

static void provoke_nobody_asks(struct bench *bench)
{
    put_in_force(bench, NULL, 0);
    bench->item = kit_report(&bench->arena, "kent", 42);
    send_again(bench);
}

// The centre finds that no force has a subscription.
static void subscribe_and_revise(struct bench *bench)
{
    put_all_in_force(bench);
    send_above_highest(bench);
}

// The centre finds that it was sent as a test, and those go to nobody.
static void send_as_actual(struct bench *bench)
{
    bench->item->header->status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    send_under_new_reference(bench);
}

static void make_room(struct bench *bench)
{
    bench->memory.max_bytes = 0;
    send_same_record(bench);
}

// --- changes of standing ---

static void have_agency_change(struct bench *bench)
{
    change_standing(bench, "kent", STANDING(RECALLED), 1);
}

static void have_centre_change(struct bench *bench)
{
    change_standing(bench, "nclcc", STANDING(RECALLED), 1);
}

static void publish_items_first(struct bench *bench)
{
    struct record change = bench->record;
    send_again(bench);
    need_through(bench);
    send_record(bench, &change);
}

static void give_higher_number(struct bench *bench)
{
    change_standing(bench, "kent", STANDING(RECALLED), 2);
}

static void have_other_release(struct bench *bench)
{
    change_standing(bench, "kent", STANDING(RELEASED), 2);
    need_through(bench);
    send_item(bench, kit_revision(&bench->arena, bench->item, 2));
}

// The change was meant for an item that the hub has, and named one that it never saw.
static void check_reference(struct bench *bench)
{
    send_under_new_reference(bench);
    need_through(bench);
    change_standing(bench, "kent", STANDING(RECALLED), 1);
}

// For an outcome, who is asked does this. Without a mend there is nothing to do, and the sentence says so. provoke
// brings the outcome about in another way than the kit's case.
static const struct remedy {
    enum outcome outcome;
    void (*mend)(struct bench *bench);
    void (*provoke)(struct bench *bench);
} remedies[] = {
    {OUTCOME_ACCEPTED, NULL, NULL},
    {OUTCOME_ACCEPTED_NOBODY, send_as_actual, NULL},
    {OUTCOME_ACCEPTED_NOBODY, subscribe_and_revise, provoke_nobody_asks},
    {OUTCOME_POISON, send_same_record, NULL}, // to a hub that has been mended
    {OUTCOME_RELANE_ORIGIN, send_again, NULL},
    {OUTCOME_EMPTY, send_again, NULL},
    {OUTCOME_EMPTY, take_back_by_change, NULL},
    {OUTCOME_TOO_LARGE, split_report, NULL},
    {OUTCOME_TOO_LARGE, name_file_by_digest, NULL},
    {OUTCOME_WIRE_BROKEN, send_again, NULL},
    {OUTCOME_WIRE_LIMIT, shorten_list, NULL},
    {OUTCOME_WIRE_VARINT, send_again, NULL},
    {OUTCOME_UNKNOWN_FIELD, send_again, NULL},
    {OUTCOME_DUPLICATE_FIELD, send_again, NULL},
    {OUTCOME_UTF8_BROKEN, convert_to_utf8, NULL},
    {OUTCOME_TEXT_NUL, remove_nul, NULL},
    {OUTCOME_FIELD_MISSING, fill_in, NULL},
    {OUTCOME_FIELD_LENGTH, shorten_text, NULL},
    {OUTCOME_FIELD_RANGE, correct_number, NULL},
    {OUTCOME_ENUM_UNKNOWN, use_published_value, NULL},
    {OUTCOME_ENVELOPE_PARTS, send_again, NULL},
    {OUTCOME_AGENCY_UNKNOWN, enter_organisation, NULL},
    {OUTCOME_KEY_UNKNOWN, enter_its_key, provoke_new_key},
    {OUTCOME_KEY_UNKNOWN, sign_with_own_key, NULL},
    {OUTCOME_KEY_REVOKED, sign_with_new_key, NULL},
    {OUTCOME_KEY_INACTIVE, sign_with_new_key, NULL},
    {OUTCOME_SIGNATURE_BAD, sign_for_this_hub_and_topic, NULL},
    {OUTCOME_SIGNATURE_BAD, sign_for_this_hub_and_topic, provoke_other_deployment},
    {OUTCOME_AGENCY_MISMATCH, publish_under_own_name, NULL},
    {OUTCOME_KEY_PURPOSE, sign_with_new_key, NULL},
    {OUTCOME_KEY_PURPOSE, let_key_sign_items, NULL},
    {OUTCOME_KEY_MISMATCH, send_again, NULL},
    {OUTCOME_ITEM_ID_WRONG, make_own_id, NULL},
    {OUTCOME_WRONG_LANE, repair_relane, NULL},
    {OUTCOME_FORWARDED, let_hub_forward, NULL},
    {OUTCOME_FORWARDED, send_again, NULL},
    {OUTCOME_DIGEST_BAD, send_again, NULL},
    {OUTCOME_SPILL, send_lawful_other, NULL},
    {OUTCOME_KIND_NOT_TAKEN, send_kind_of_policy, NULL},
    {OUTCOME_FIELD_CONFLICT, correct_expiry, NULL},
    {OUTCOME_ORGANISATION_UNKNOWN, use_registry_id, NULL},
    {OUTCOME_CODE_UNKNOWN, shorten_list, NULL}, // to a theme that the policy lists
    {OUTCOME_ABOUT_WRONG, name_it_as_published, NULL},
    {OUTCOME_MARKING_INVALID, mark_as_allowed, NULL},
    {OUTCOME_HANDLING_INVALID, give_p, NULL},
    {OUTCOME_HANDLING_INVALID, give_c_with_conditions, NULL},
    {OUTCOME_HANDLING_INVALID, give_c_with_usage, NULL},
    {OUTCOME_GRADE_INVALID, grade_by_weakest, NULL},
    {OUTCOME_NOT_YET_VALID, wait_for_its_time, NULL},
    {OUTCOME_NOT_YET_VALID, set_clock_right, NULL},
    {OUTCOME_EXPIRED, correct_expiry, NULL},
    {OUTCOME_EXPIRED, set_clock_right, provoke_old_change},
    {OUTCOME_FIELD_FORM, write_as_contract_says, NULL},
    {OUTCOME_STATUS_CHANGED, use_its_status, NULL},
    {OUTCOME_STATUS_CHANGED, send_under_new_reference, NULL},
    {OUTCOME_STATUS_CHANGED, use_its_status, provoke_change_of_other_status},
    {OUTCOME_DUPLICATE_REVISION, send_above_highest, NULL},
    {OUTCOME_REVISION_TAKEN, send_above_highest, NULL},
    {OUTCOME_REVISION_TAKEN, send_under_new_reference, provoke_change_taken},
    {OUTCOME_LATE_REVISION, send_above_highest, NULL},
    {OUTCOME_WITHDRAWN, send_under_new_reference, NULL},
    {OUTCOME_STATE_FULL, make_room, NULL},
    {OUTCOME_STANDING_ISSUER, have_agency_change, NULL},
    {OUTCOME_STANDING_ISSUER, have_centre_change, NULL},
    {OUTCOME_STANDING_UNSENT, publish_items_first, NULL},
    {OUTCOME_STANDING_NUMBER, give_higher_number, NULL},
    {OUTCOME_STANDING_FINAL, send_under_new_reference, NULL},
    {OUTCOME_STANDING_EARLY, check_reference, NULL},
    {OUTCOME_STANDING_STAYS, have_other_release, NULL},
    {OUTCOME_STANDING_UNCHANGED, NULL, NULL},
    {OUTCOME_STANDING_CHANGED, NULL, NULL},
    {OUTCOME_DUPLICATE_CONTENT, NULL, NULL},
};

static void provoke_case(struct bench *bench, enum outcome outcome)
{
    struct kit_case made;
    cr_assert(kit_case(&bench->arena, outcome, LANES, &made), "no case for %s", outcome_row(outcome)->code);
    bench->item = made.item;
    bench->memory.max_bytes = made.full ? 1 : 0;
    for (size_t i = 0; i + made.poison < made.n; i++)
        send_record(bench, &made.records[i]);
    if (!made.poison)
        return;
    bench->record = made.records[0];
    step_poison(&bench->memory, &bench->record, &bench->arena, &bench->decision);
}

static void check_remedy(const struct remedy *remedy, size_t i)
{
    const struct outcome_row *row = outcome_row(remedy->outcome);
    struct bench bench;
    bench_init(&bench);
    if (remedy->provoke)
        remedy->provoke(&bench);
    else
        provoke_case(&bench, remedy->outcome);
    cr_assert_str_eq(outcome_row(bench.decision.outcome)->code, row->code, "row %zu, before anything is done", i);
    if (remedy->mend) {
        remedy->mend(&bench);
        cr_expect(went_through(&bench.decision), "row %zu, %s: \"%s\" was done, and then %s %s, %zu deliveries", i,
            row->code, row->remedy, outcome_row(bench.decision.outcome)->code, bench.decision.refusal.path,
            bench.decision.n_deliveries);
    }
    bench_free(&bench);
}

Test(remedies, are_done_and_the_item_goes_through)
{
    for (size_t i = 0; i < COUNT(remedies); i++)
        check_remedy(&remedies[i], i);
}

static const struct remedy *remedy_of(enum outcome outcome)
{
    for (size_t i = 0; i < COUNT(remedies); i++)
        if (remedies[i].outcome == outcome)
            return &remedies[i];
    return NULL;
}

Test(remedies, are_all_done_but_where_the_sentence_asks_for_nothing)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        const struct outcome_row *row = outcome_row((enum outcome)outcome);
        const struct remedy *remedy = remedy_of((enum outcome)outcome);
        cr_assert(remedy, "nobody has done what %s asks for", row->code);
        bool nothing = strncmp(row->remedy, "Nothing", 7) == 0;
        bool refused = row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
        cr_expect(remedy->mend || nothing, "%s", row->code);
        cr_expect(!refused || remedy->mend, "%s is refused, and nobody has mended it", row->code);
    }
}
