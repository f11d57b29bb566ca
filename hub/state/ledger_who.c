// SPDX-License-Identifier: Apache-2.0
// Organisations stand in the registry in order of number, and deliveries in order of the registry: so what is written
// in their order is a list.
#include "hub/state/ledger_who.h"
#include "hub/rules/registry.h"
#include <signalbox/v1/ledger.pb-c.h>

void ledger_who_begin(struct ledger_who *who, const struct registry *registry)
{
    who->registry = registry;
    who->opened = false;
    for (size_t gate = 0; gate < GATE_COUNT; gate++)
        who->last[gate].len = 0;
}

size_t ledger_who_bound(const struct decision *decision)
{
    return (4 + 2 * GATE_COUNT) * FIELD_BYTES + GATE_COUNT * LEDGER_LIST_BYTES +
           decision->n_deliveries * (2 + 5 + 5 + VARINT_BYTES);
}

// --- deliveries -----------------------------------------------------------------------------------------------------

struct column { // one number a delivery, or one for all
    struct bytes bytes;
    size_t first; // bytes of the first number
    uint64_t value;
    bool differ;
};

static void add_number(struct column *column, uint64_t number)
{
    if (column->bytes.len == 0)
        column->value = number;
    column->differ |= number != column->value;
    bytes_varint(&column->bytes, number);
    if (column->first == 0)
        column->first = column->bytes.len;
}

// A column that says the same of all is one number, and none at all if that goes without saying.
static void write_column(struct bytes *entry, uint32_t field, const struct column *column, bool said)
{
    if (column->differ)
        bytes_field(entry, field, bytes_slice(&column->bytes));
    else if (said)
        bytes_field(entry, field, slice_of(column->bytes.data, column->first));
}

static void write_deliveries(struct ledger_who *who, const struct decision *decision, struct bytes *entry)
{
    struct bytes list = {.data = who->columns[0]};
    struct column audience = {.bytes.data = who->columns[1]}, revisions = {.bytes.data = who->columns[2]},
                  parts = {.bytes.data = who->columns[3]};
    bool whole = true;
    unsigned before = 0;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        const struct delivery *delivery = &decision->deliveries[i];
        unsigned number = registry_number(who->registry, delivery->org);
        bytes_varint(&list, number - before);
        before = number;
        add_number(&audience, delivery->audience);
        add_number(&revisions, delivery->subscription_revision);
        add_number(&parts, delivery->parts);
        whole &= delivery->whole;
    }
    bytes_field(entry, 11, bytes_slice(&list));
    write_column(entry, 12, &audience, true);
    write_column(entry, 13, &revisions, revisions.value != 0);
    write_column(entry, 18, &parts, !whole);
}

// --- those who were left out ----------------------------------------------------------------------------------------

static size_t largest_gate(const struct decision *decision)
{
    size_t largest = 0, most = 0;
    for (size_t gate = 1; gate < GATE_COUNT; gate++) {
        size_t n = org_set_count(&decision->withheld[gate]);
        if (n > most) {
            most = n;
            largest = gate;
        }
    }
    return largest;
}

// The gate whose forces are all those with a feed that nothing else names: 0 if there is none.
static size_t find_rest(struct ledger_who *who, const struct decision *decision)
{
    size_t largest = largest_gate(decision);
    if (!largest)
        return 0;
    struct org_set rest;
    if (!who->opened) {
        org_set_clear(&who->forces);
        for (size_t i = 0; i < decision->n_deliveries; i++)
            org_set_add(&who->forces, decision->deliveries[i].org);
        for (size_t gate = 1; gate < GATE_COUNT; gate++)
            org_set_include(&who->forces, &decision->withheld[gate]);
        who->opened = true;
    }
    org_set_copy(&rest, &who->forces);
    for (size_t i = 0; i < decision->n_deliveries; i++)
        org_set_remove(&rest, decision->deliveries[i].org);
    for (size_t gate = 1; gate < GATE_COUNT; gate++)
        if (gate != largest)
            org_set_exclude(&rest, &decision->withheld[gate]);
    return org_set_equal(&rest, &decision->withheld[largest]) ? largest : 0;
}

static const struct ledger_list *list_of(struct ledger_who *who, size_t gate, const struct org_set *set)
{
    struct ledger_list *list = &who->last[gate];
    if (list->len && org_set_equal(&list->set, set))
        return list;
    struct bytes bytes = {.data = list->bytes};
    unsigned before = 0;
    for (unsigned org = org_set_next(set, 0); org < ORGANISATIONS_MAX; org = org_set_next(set, org + 1)) {
        unsigned number = registry_number(who->registry, org);
        bytes_varint(&bytes, number - before);
        before = number;
    }
    org_set_copy(&list->set, set);
    list->len = bytes.len;
    return list;
}

static void write_withheld(struct ledger_who *who, size_t gate, const struct org_set *set, struct bytes *entry)
{
    const struct ledger_list *list = list_of(who, gate, set);
    bytes_open(entry, 15, 2 + 1 + varint_size(list->len) + list->len);
    bytes_number(entry, 1, gate);
    bytes_field(entry, 2, slice_of(list->bytes, list->len));
}

void ledger_who_write(struct ledger_who *who, const struct decision *decision, struct bytes *entry)
{
    if (decision->n_deliveries)
        write_deliveries(who, decision, entry);
    size_t rest = find_rest(who, decision);
    bytes_number(entry, 14, rest);
    for (size_t gate = 1; gate < GATE_COUNT; gate++)
        if (gate != rest && !org_set_empty(&decision->withheld[gate]))
            write_withheld(who, gate, &decision->withheld[gate], entry);
}

void ledger_who_front(const struct ledger_who *who, struct bytes *front)
{
    if (!who->opened)
        return;
    uint8_t room[LEDGER_LIST_BYTES];
    struct bytes without = {.data = room};
    const struct org_set *forces = &who->forces;
    unsigned below = 0, before = 0;
    for (unsigned org = org_set_next(forces, 0); org < ORGANISATIONS_MAX; org = org_set_next(forces, org + 1)) {
        for (unsigned number = registry_number(who->registry, org); below < number; below++) {
            bytes_varint(&without, below - before);
            before = below;
        }
        below++;
    }
    bytes_number(front, 11, below);
    bytes_field(front, 12, bytes_slice(&without));
}
