// SPDX-License-Identifier: Apache-2.0
// Control topics on the embedded broker: written by one, followed by a hub, read once by a publisher.
#include "hub/control/control.h"
#include "hub/control/control_value.h"
#include "hub/control/control_write.h"
#include "hub/control/lane_births.h"
#include "hub/kafka/admin.h"
#include "hub/kafka/broker.h"
#include "tests/cli/run.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <poll.h>

struct place {
    struct broker *broker;
    struct kafka_settings settings;
    struct arena arena;
    struct digest last[DOCUMENT_KINDS]; // of what was put there
    bool begun[DOCUMENT_KINDS];
    atomic_bool stop;
    struct error broken; // of Kafka
    struct error error;
};

static void open_place(struct place *place)
{
    *place = (struct place){0};
    arena_init(&place->arena, 0);
    cr_assert((place->broker = broker_new(&place->broken)), "%s", place->broken.text);
    place->settings = (struct kafka_settings){
        .bootstrap = broker_bootstrap(place->broker), .prefix = "t.", .embedded = true, .broker = place->broker};
    for (enum document_kind kind = 0; kind < DOCUMENT_KINDS; kind++) {
        char name[64];
        snprintf(name, sizeof name, "t.%s", document_topic(kind));
        cr_assert(broker_create_topic(place->broker, name, 1, &place->broken), "%s", place->broken.text);
    }
}

static void make_lanes(struct place *place)
{
    cr_assert(broker_create_topic(place->broker, "t.state", 3, &place->broken));
    cr_assert(lane_births_write(&place->settings, 3, KIT_NOW_MS, kit_deployment().data, &place->broken), "%s",
        place->broken.text);
}

static void close_place(struct place *place)
{
    broker_free(place->broker);
    arena_deinit(&place->arena);
}

static void put_bytes(struct place *place, enum document_kind kind, const char *key, struct slice value)
{
    size_t written;
    struct control_record record = {0, slice_text(key), value};
    cr_assert(control_write(&place->settings, document_topic(kind), &record, 1, NULL, &written, &place->broken), "%s",
        place->broken.text);
    cr_assert_eq(written, 1);
}

// Made from what was put on that topic before: there is one subscription only.
static void put(struct place *place, enum document_kind kind, const char *key, const ProtobufCMessage *message)
{
    struct slice value = control_value_pack(message, place->begun[kind] ? &place->last[kind] : NULL, &place->arena);
    put_bytes(place, kind, key, value);
    place->last[kind] = digest_of(value);
    place->begun[kind] = true;
}

static void put_registry(struct place *place, uint64_t version)
{
    Signalbox__V1__Registry *registry = kit_registry(&place->arena);
    registry->version = version;
    put(place, DOCUMENT_REGISTRY, arena_printf(&place->arena, "%010llu", (unsigned long long)version), &registry->base);
}

static void put_policy(struct place *place)
{
    Signalbox__V1__Policy *policy = kit_policy(&place->arena);
    policy->version = 1;
    put(place, DOCUMENT_POLICY, "0000000001", &policy->base);
}

static void put_subscription(struct place *place, const char *theme)
{
    Signalbox__V1__Subscription *row = kit_subscription(&place->arena, "kent", "all");
    char *themes[] = {(char *)theme};
    row->themes = themes;
    row->n_themes = 1;
    put(place, DOCUMENT_SUBSCRIPTION, "kent/all", &row->base);
}

// Turns until the state is as wished; at most 20 s.
#define UNTIL(control, wish)                                                                                           \
    do {                                                                                                               \
        struct control_state state;                                                                                    \
        int turns = 0;                                                                                                 \
        while (state = control_state(control), !(wish) && turns++ < 2000)                                              \
            poll(NULL, 0, 10);                                                                                         \
        cr_assert(wish, "%s", state.error.text);                                                                       \
    } while (0)

Test(control, is_loaded_once_everything_is_there_and_says_what_is_missing_before)
{
    struct place place;
    open_place(&place);
    cr_expect_null(control_load(&place.settings, &place.error));
    cr_expect(strstr(place.error.text, "no registry in force"), "%s", place.error.text);
    put_registry(&place, 1);
    cr_expect_null(control_load(&place.settings, &place.error));
    cr_expect(strstr(place.error.text, "no policy in force"), "%s", place.error.text);
    put_policy(&place);
    struct snapshot *snapshot = control_load(&place.settings, &place.error);
    cr_assert(snapshot, "%s", place.error.text);
    cr_expect_eq(snapshot->registry_version, 1);
    snapshot_free(snapshot);
    close_place(&place);
}

Test(control, follows_changes_and_keeps_what_is_in_force_when_one_is_refused)
{
    struct place place;
    open_place(&place);
    put_registry(&place, 1);
    put_policy(&place);
    struct control *control = control_follow(&place.settings, 1, &place.error);
    cr_assert(control, "%s", place.error.text);
    cr_assert(control_wait(control, 20000, &place.stop, &place.error), "%s", place.error.text);
    struct control_source *source = control_source(control);
    cr_expect_eq(source->take(source, 0)->registry_version, 1);
    put_subscription(&place, "no-such-theme");
    UNTIL(control, state.refused_total == 1);
    cr_expect(strstr(control_state(control).error.text, "no-such-theme"));
    cr_expect_eq(source->take(source, 0)->subscriptions_version, 0);
    put_registry(&place, 2);
    UNTIL(control, state.registry_version == 2);
    cr_expect_eq(source->take(source, 0)->registry_version, 2);
    control_free(control);
    close_place(&place);
}

Test(control, waits_with_the_reason_until_it_is_told_to_stop)
{
    struct place place;
    open_place(&place);
    struct control *control = control_follow(&place.settings, 1, &place.error);
    cr_assert(control, "%s", place.error.text);
    UNTIL(control, strstr(state.error.text, "no registry in force"));
    cr_expect_null(control_source(control)->take(control_source(control), 0));
    atomic_store(&place.stop, true);
    cr_expect_not(control_wait(control, -1, &place.stop, &place.error));
    cr_expect(strstr(place.error.text, "no registry in force"), "%s", place.error.text);
    control_free(control);
    close_place(&place);
}

Test(control, births_are_one_record_for_each_lane)
{
    struct place place;
    uint8_t deployment[16];
    open_place(&place);
    make_lanes(&place);
    cr_assert(lane_births_deployment(&place.settings, deployment, &place.error), "%s", place.error.text);
    cr_expect_arr_eq(deployment, kit_deployment().data, sizeof deployment);
    struct admin *admin = admin_new(&place.settings, &place.broken);
    for (int32_t lane = 0; lane < 3; lane++) {
        int64_t low, high;
        cr_assert(admin_watermarks(admin, "state", lane, &low, &high, &place.broken), "%s", place.broken.text);
        cr_expect_eq(high - low, 1);
    }
    admin_free(admin);
    close_place(&place);
}

// A command line with this broker's address.
static struct run run_at(const struct place *place, const char *words)
{
    char all[512];
    snprintf(all, sizeof all, "%s --bootstrap %s --prefix t.", words, place->settings.bootstrap);
    return run_words(all);
}

static void expect_run(const struct place *place, const char *words, int status, const char *out, const char *err)
{
    struct run run = run_at(place, words);
    cr_expect_eq(run.status, status, "%s ended with %d: %s", words, run.status, run.err);
    cr_expect(strstr(run.out, out), "%s wrote: %s", words, run.out);
    cr_expect(strstr(run.err, err), "%s said: %s", words, run.err);
    run_free(&run);
}

#define SAMPLES SOURCE_DIR "/hub/samples/"

Test(control, an_officer_applies_registry_policy_and_subscriptions_and_reads_them_back)
{
    struct place place;
    open_place(&place);
    make_lanes(&place);
    expect_run(&place, "registry list", COMMAND_NOT_FOUND, "", "There is no registry in force");
    expect_run(
        &place, "subscription apply " SAMPLES "subscriptions.jsonl --yes", COMMAND_FAILED, "", "apply those first");
    expect_run(&place, "registry apply " SAMPLES "organisations.csv", COMMAND_USAGE, "added", "give --yes");
    expect_run(&place, "registry apply " SAMPLES "organisations.csv --dry-run", COMMAND_OK, "added", "");
    expect_run(&place, "registry list", COMMAND_NOT_FOUND, "", "There is no registry in force");
    expect_run(&place, "registry apply " SAMPLES "organisations.csv --yes", COMMAND_OK, "added",
        "Version 1 of ctl.registry is written.");
    expect_run(&place, "registry apply " SAMPLES "organisations.csv --yes", COMMAND_OK, "", "Nothing changes");
    expect_run(&place, "policy apply " SAMPLES "policy.json --yes --note first", COMMAND_OK, "policy",
        "Version 1 of ctl.policy");
    expect_run(&place, "policy show -o json", COMMAND_OK, "\"note\": \"first\"", "");
    expect_run(&place, "subscription apply " SAMPLES "subscriptions.jsonl --yes -o jsonl", COMMAND_OK,
        "\"change\":\"added\"", "Subscriptions written: ");
    expect_run(&place, "subscription apply " SAMPLES "subscriptions.jsonl", COMMAND_OK, "", "Nothing changes");
    expect_run(&place, "registry show kent", COMMAND_OK, "Kent Police", "");
    expect_run(&place, "registry show nobody", COMMAND_NOT_FOUND, "", "There is no organisation \"nobody\"");
    expect_run(&place, "subscription list btp -o json", COMMAND_OK, "\"force\": \"btp\"", "");
    expect_run(&place, "subscription show btp/nothing", COMMAND_NOT_FOUND, "", "FORCE/NAME");
    close_place(&place);
}

// Two officers, from the same revision: who came second is told.
Test(control, what_was_written_is_confirmed_or_the_loser_is_told)
{
    struct place place;
    size_t refused;
    open_place(&place);
    put_registry(&place, 1);
    put_policy(&place);
    put_subscription(&place, "drugs");
    struct digest first = place.last[DOCUMENT_SUBSCRIPTION];
    put_subscription(&place, "gangs");
    place.last[DOCUMENT_SUBSCRIPTION] = first;
    put_subscription(&place, "csea");
    const int64_t winner[] = {0, 1}, both[] = {1, 2};
    cr_expect(control_confirm(&place.settings, DOCUMENT_SUBSCRIPTION, winner, 2, &refused, &place.error));
    cr_expect_not(control_confirm(&place.settings, DOCUMENT_SUBSCRIPTION, both, 2, &refused, &place.error));
    cr_expect_eq(refused, 1);
    cr_expect(strstr(place.error.text, "another came first"), "%s", place.error.text);
    close_place(&place);
}

Test(control, a_record_without_value_takes_no_registry_out_of_force_and_a_lost_beginning_is_not_begun_anew)
{
    struct place place;
    open_place(&place);
    make_lanes(&place);
    put_registry(&place, 1);
    put_policy(&place);
    put_bytes(&place, DOCUMENT_REGISTRY, "0000000001", slice_of(NULL, 0));
    struct snapshot *snapshot = control_load(&place.settings, &place.error);
    cr_assert(snapshot, "%s", place.error.text);
    cr_expect_eq(snapshot->registry_version, 1);
    snapshot_free(snapshot);
    close_place(&place);

    open_place(&place); // the first version is gone
    make_lanes(&place);
    put_registry(&place, 2);
    expect_run(&place, "registry apply " SAMPLES "organisations.csv --yes", COMMAND_FAILED, "",
        "Topic ctl.registry holds later versions but not the first, on which they rest: restore it from a copy.");
    expect_run(&place, "registry list", COMMAND_NOT_FOUND, "", "Topic ctl.registry holds later versions");
    close_place(&place);
}

static char *write_file(struct place *place, const char *name, const char *text)
{
    static char folder[] = "/tmp/signalbox-control-XXXXXX";
    char *path;
    if (strstr(folder, "XXXXXX"))
        cr_assert(mkdtemp(folder));
    cr_assert((path = arena_printf(&place->arena, "%s/%s", folder, name)));
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}

#define TABLE_HEAD "id,name,kind,region,clearance,number,parent,desk_contact,signs\n"
#define KENT_ROW   "kent,Kent Police,territorial,eastern,official,5,pcc,Kent desk,items\n"
#define PCC_ROW    "pcc,Commissioner,agency,eastern,official,2,,,\n"

Test(control, a_row_of_the_registry_keeps_its_number_and_stays)
{
    struct place place;
    open_place(&place);
    make_lanes(&place);
    static const struct {
        const char *table;
        int status;
        const char *err;
    } turns[] = {
        {TABLE_HEAD KENT_ROW PCC_ROW, COMMAND_OK, "Version 1 of ctl.registry is written."},
        {TABLE_HEAD PCC_ROW, COMMAND_FAILED, "The row of organisation kent is missing: rows are never dropped."},
        {TABLE_HEAD "kent,Kent,territorial,eastern,official,6,,,\n" PCC_ROW, COMMAND_FAILED,
            "Organisation kent has the number 5 for life, and cannot have 6"},
        {TABLE_HEAD KENT_ROW PCC_ROW "essex,Essex,territorial,eastern,official,5,,,\n", COMMAND_FAILED,
            "Organisations essex and kent have the same number, 5"},
        {TABLE_HEAD KENT_ROW "essex,Essex,territorial,eastern,official,,,,\n" PCC_ROW, COMMAND_OK,
            "Version 2 of ctl.registry is written."},
    };
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        char *path = write_file(&place, "numbered.csv", turns[i].table);
        expect_run(
            &place, arena_printf(&place.arena, "registry apply %s --yes", path), turns[i].status, "", turns[i].err);
    }
    expect_run(&place, "registry show essex -o json", COMMAND_OK, "\"number\": 6", "");
    expect_run(&place, "registry show kent -o json", COMMAND_OK, "\"deskContact\": \"Kent desk\"", "");
    expect_run(&place, "registry list -o jsonl", COMMAND_OK, "\"parent\":\"pcc\"", "");
    expect_run(&place, "registry list -o jsonl", COMMAND_OK, "\"signs\":[\"items\"]", "");
    close_place(&place);
}

#define ANYBODYS "\"publicKey\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""

// With the table's keys file, and in a registry written as JSON, where its id stands beside it.
Test(control, a_key_under_which_anybody_can_sign_is_not_written)
{
    struct place place;
    open_place(&place);
    make_lanes(&place);
    char *keys = write_file(&place, "nca.pub.json", "{\"agency\":\"nca\"," ANYBODYS "}");
    char *json = write_file(&place, "registry.json",
        "{\"organisations\":[{\"id\":\"nca\",\"name\":\"NCA\",\"kind\":\"agency\",\"region\":\"national\","
        "\"clearance\":\"OFFICIAL\",\"publishes\":true,\"keys\":[{\"state\":\"ACTIVE\",\"keyId\":"
        "\"AdD6vSUfy74rk7S5J7Jq0g==\"," ANYBODYS "}]}]}");
    expect_run(&place, arena_printf(&place.arena, "registry apply " SAMPLES "organisations.csv --yes --keys %s", keys),
        COMMAND_FAILED, "", "line 1: publicKey is of small order: anybody can sign under it.");
    expect_run(&place, arena_printf(&place.arena, "registry apply %s --yes", json), COMMAND_FAILED, "",
        "The key with id 01d0fabd251fcbbe2b93b4b927b26ad2 of organisation nca is of small order: anybody can sign "
        "under it. Take it out");
    expect_run(&place, "registry list", COMMAND_NOT_FOUND, "", "There is no registry in force");
    close_place(&place);
}

#define ONE_ROW                                                                                                        \
    "{\"organisations\":[{\"id\":\"nca\",\"name\":\"NCA\",\"kind\":\"agency\",\"region\":\"national\",\"clearance\":"  \
    "\"OFFICIAL\"}]"

// The lanes' births say which at first, and from then on the version before does.
Test(control, a_registry_is_of_the_deployment_of_the_lanes_in_every_version)
{
    struct place place;
    open_place(&place);
    char *plain = write_file(&place, "plain.json", ONE_ROW "}");
    char *other = write_file(&place, "other.json", ONE_ROW ",\"deploymentId\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}");
    char *apply = arena_printf(&place.arena, "registry apply %s --yes", plain);
    cr_assert(broker_create_topic(place.broker, "t.state", 3, &place.broken));
    expect_run(&place, apply, COMMAND_FAILED, "", "No lane has been born yet: \"signalbox topics apply\"");
    cr_assert(lane_births_write(&place.settings, 3, KIT_NOW_MS, kit_deployment().data, &place.broken));
    expect_run(&place, arena_printf(&place.arena, "registry apply %s --yes", other), COMMAND_FAILED, "",
        "other.json is a registry of another deployment than this one, which is 61206d6f64656c206875620000000000.");
    expect_run(&place, apply, COMMAND_OK, "added", "The deployment is 61206d6f64656c206875620000000000.");
    expect_run(&place, "registry show -o json", COMMAND_OK, "\"deploymentId\": \"YSBtb2RlbCBodWIAAAAAAA==\"", "");
    expect_run(&place, arena_printf(&place.arena, "registry apply %s --yes", other), COMMAND_FAILED, "",
        "is a registry of another deployment");
    char *shown = write_file(&place, "shown.json", ONE_ROW ",\"deploymentId\":\"YSBtb2RlbCBodWIAAAAAAA==\"}");
    expect_run(&place, arena_printf(&place.arena, "registry apply %s --yes", shown), COMMAND_OK, "", "Nothing changes");
    close_place(&place);
}

// What hub, publish and feed do when another program has written it.
Test(control, a_registry_with_a_key_under_which_anybody_can_sign_is_not_read)
{
    struct place place;
    open_place(&place);
    Signalbox__V1__Registry *registry = kit_registry(&place.arena);
    Signalbox__V1__SigningKey *key = kit_organisation(registry, "nca")->keys[0];
    memset(key->public_key.data, 0, key->public_key.len);
    proof_key_id(key->public_key.data, key->key_id.data);
    put(&place, DOCUMENT_REGISTRY, "0000000001", &registry->base);
    put_policy(&place);
    cr_expect_null(control_load(&place.settings, &place.error));
    cr_expect(strstr(place.error.text, "of organisation nca is of small order"), "%s", place.error.text);
    close_place(&place);
}

Test(control, a_broker_out_of_reach_has_a_status_of_its_own)
{
    struct run run = run_words("topics list --bootstrap 127.0.0.1:1 -q");
    cr_expect_eq(run.status, COMMAND_UNREACHABLE, "%s", run.err);
    cr_expect(strstr(run.err, "127.0.0.1:1"));
    run_free(&run);
}
