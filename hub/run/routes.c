// SPDX-License-Identifier: Apache-2.0
// A topic that is missing is looked up again when it is needed, so that the hub goes on by itself once it has been
// made.
#include "hub/run/routes.h"
#include "hub/rules/registry.h"
#include <stdio.h>

static const struct {
    enum bus_topic_kind kind;
    const char *name;
} fixed[] = {{BUS_LEDGER, "ledger"}, {BUS_STATE, "state"}, {BUS_QUARANTINE, "quarantine"}, {BUS_RELANE, "relane"}};

bool routes_init(struct routes *routes, struct bus *bus)
{
    memset(routes, 0, sizeof *routes);
    routes->bus = bus;
    routes->agencies = names_new();
    for (size_t i = 0; i < ORGANISATIONS_MAX; i++)
        routes->feed[i] = routes->exercise[i] = -1;
    for (size_t i = 0; i < BUS_TOPIC_KINDS; i++)
        routes->fixed[i] = -1;
    return routes->agencies != NULL;
}

void routes_deinit(struct routes *routes)
{
    routes->agencies = names_free(routes->agencies);
}

static bool miss_topic(struct routes *routes, const char *kind, const char *owner)
{
    if (!routes->error.text[0])
        error_say(&routes->error, CAUSE_MISSING,
            "Topic %s%s%s does not exist. Run `signalbox topics apply`; the hub needs it "
            "before it can go on.",
            kind, *owner ? "." : "", owner);
    return false;
}

static bool resolve_fixed(struct routes *routes)
{
    bool all = true;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        int *topic = &routes->fixed[fixed[i].kind];
        if (*topic < 0)
            *topic = routes->bus->ops->topic(routes->bus, fixed[i].kind, NULL);
        all = (*topic >= 0 || miss_topic(routes, fixed[i].name, "")) && all;
    }
    return all;
}

static int lookup_receipt(struct routes *routes, int number)
{
    const char *agency = (const char *)names_text(routes->agencies, number).data;
    routes->receipt[number] = routes->bus->ops->topic(routes->bus, BUS_RECEIPT, agency);
    return routes->receipt[number];
}

static int find_receipt(struct routes *routes, struct slice agency, bool *needed)
{
    *needed = true;
    int known = names_find(routes->agencies, agency);
    if (known >= 0 && routes->receipt[known] >= 0)
        return routes->receipt[known];
    *needed = registry_find(routes->snapshot->registry, agency) != ORG_NONE;
    if (known >= 0 && !*needed)
        return -1; // a stranger is asked about once per snapshot
    int number = names_add(routes->agencies, agency);
    return number < 0 ? -1 : lookup_receipt(routes, number);
}

// An organisation that has ended may have lost its topics; only what it might still be sent makes them needed.
static bool resolve_organisation(struct routes *routes, unsigned org, const Signalbox__V1__Organisation *row)
{
    bool open = row->valid_to_unix_ms == 0, all = true, needed;
    routes->exercise[org] = -1; // exercises are seldom
    routes->feed[org] = row->subscribes ? routes->bus->ops->topic(routes->bus, BUS_FEED, row->id) : -1;
    if (row->subscribes && routes->feed[org] < 0 && open)
        all = miss_topic(routes, "feed", row->id);
    if (row->publishes && find_receipt(routes, slice_text(row->id), &needed) < 0 && open)
        all = miss_topic(routes, "receipt", row->id);
    return all;
}

bool routes_refresh(struct routes *routes, const struct snapshot *snapshot)
{
    routes->snapshot = snapshot;
    routes->error.text[0] = '\0';
    names_clear(routes->agencies);
    bool all = resolve_fixed(routes);
    for (unsigned org = 0; org < registry_size(snapshot->registry); org++)
        all = resolve_organisation(routes, org, registry_row(snapshot->registry, org)) && all;
    return all;
}

static int find_topic(struct routes *routes, int *topic, enum bus_topic_kind kind, const char *name, unsigned org)
{
    if (*topic >= 0)
        return *topic;
    const char *id = registry_row(routes->snapshot->registry, org)->id;
    routes->error.text[0] = '\0';
    *topic = routes->bus->ops->topic(routes->bus, kind, id);
    if (*topic < 0)
        miss_topic(routes, name, id);
    return *topic;
}

int routes_feed(struct routes *routes, unsigned org)
{
    return find_topic(routes, &routes->feed[org], BUS_FEED, "feed", org);
}

int routes_exercise(struct routes *routes, unsigned org)
{
    return find_topic(routes, &routes->exercise[org], BUS_EXERCISE, "exercise", org);
}

int routes_receipt(struct routes *routes, struct slice agency, bool *needed)
{
    int topic = find_receipt(routes, agency, needed);
    if (topic >= 0 || !*needed)
        return topic;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%.*s", (int)agency.len, (const char *)agency.data);
    routes->error.text[0] = '\0';
    miss_topic(routes, "receipt", name);
    return -1;
}
