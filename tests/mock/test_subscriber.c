// SPDX-License-Identifier: Apache-2.0
// A force's subscriber on the embedded broker, whose own copy of the registry is behind the hub's.
#include "connectors/sdk/subscriber.h"
#include "tests/mock/agency_and_force.h"

TestSuite(subscriber, .init = begin, .fini = end, .timeout = 120);

static struct snapshot *compile_registry(const Signalbox__V1__Registry *registry)
{
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), NULL, 0, 0, &error);
    cr_assert(snapshot, "%s", error.text);
    return snapshot;
}

static void drop_organisation(Signalbox__V1__Registry *registry, const char *id)
{
    Signalbox__V1__Organisation *dropped = kit_organisation(registry, id);
    size_t n = 0;
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (registry->organisations[i] != dropped)
            registry->organisations[n++] = registry->organisations[i];
    registry->n_organisations = n;
}

// What a registry lacked before its newest change.
static void lack_agency(Signalbox__V1__Registry *registry)
{
    drop_organisation(registry, "metropolitan");
}

static void lack_force(Signalbox__V1__Registry *registry)
{
    drop_organisation(registry, "kent");
}

static void lack_key(Signalbox__V1__Registry *registry)
{
    kit_organisation(registry, "metropolitan")->n_keys = 0;
}

static void lack_longer_validity(Signalbox__V1__Registry *registry)
{
    kit_organisation(registry, "metropolitan")->keys[0]->valid_to_unix_ms = 1;
}

static void lack_purpose(Signalbox__V1__Registry *registry)
{
    static Signalbox__V1__Purpose answers[] = {SIGNALBOX__V1__PURPOSE__PURPOSE_ANSWERS};
    kit_organisation(registry, "metropolitan")->keys[0]->signs = answers;
    kit_organisation(registry, "metropolitan")->keys[0]->n_signs = 1;
}

static const struct {
    const char *code; // with the old registry
    void (*lack)(Signalbox__V1__Registry *registry);
} olds[] = {
    {"AGENCY_UNKNOWN", lack_agency},
    {"ORGANISATION_UNKNOWN", lack_force},
    {"KEY_UNKNOWN", lack_key},
    {"KEY_INACTIVE", lack_longer_validity},
    {"KEY_PURPOSE", lack_purpose},
};

struct copies {
    const struct snapshot *now, *next;
};

static const struct snapshot *take_copy(void *context)
{
    struct copies *copies = context;
    const struct snapshot *copy = copies->now;
    copies->now = copies->next;
    return copy;
}

// What becomes of the first item with the copies of the registry that are there at the start and when it is asked for.
static enum subscriber_status receive(struct copies copies, struct received *received)
{
    const struct subscriber_settings settings = {
        .kafka = &kafka, .force = "kent", .from = READER_BEGINNING, .snapshot = take_copy, .context = &copies};
    struct subscriber *subscriber = subscriber_new(&settings, &error);
    enum subscriber_status status;
    cr_assert(subscriber, "%s", error.text);
    do
        status = subscriber_next(subscriber, 1000, received);
    while (status == SUBSCRIBER_NOTHING);
    subscriber_free(subscriber);
    return status;
}

Test(subscriber, what_an_old_registry_does_not_know_is_asked_of_a_newer_one_before_it_is_refused)
{
    write_record("feed.kent", slice_text("k"), feed_copy(kit_envelope(&arena, kit_report(&arena, "metropolitan", 1))));
    struct snapshot *newest = compile_registry(kit_registry(&arena));
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        struct received received;
        Signalbox__V1__Registry *registry = kit_registry(&arena);
        olds[i].lack(registry);
        struct snapshot *old = compile_registry(registry);
        cr_expect_eq(receive((struct copies){old, old}, &received), SUBSCRIBER_REFUSED);
        cr_expect_str_eq(received.why.code, olds[i].code);
        cr_expect_eq(receive((struct copies){old, newest}, &received), SUBSCRIBER_ITEM, "%s", olds[i].code);
        snapshot_free(old);
    }
    snapshot_free(newest);
}
