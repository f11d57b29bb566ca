// SPDX-License-Identifier: Apache-2.0
// Organisations stand in the registry in order of number, and deliveries in order of the registry: so what is written
// in their order is a list.
#include "hub/state/ledger_who.h"
#include "hub/base/uninitialized.h"
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

enum column { COLUMN_AUDIENCE, COLUMN_REVISION, COLUMN_PARTS }; // what stands beside each force

static inline uint64_t said_of(const struct delivery *delivery, enum column column)
{
    if (column == COLUMN_REVISION)
        return delivery->subscription_revision;
    return column == COLUMN_PARTS ? delivery->parts : delivery->audience;
}

// A column that says the same of all is one number.
static inline void write_column(
    struct bytes *entry, uint32_t field, const struct decision *decision, enum column column)
{
    uint64_t first = said_of(&decision->deliveries[0], column);
    size_t len = 0;
    bool differ = false;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        uint64_t number = said_of(&decision->deliveries[i], column);
        differ |= number != first;
        len += varint_size(number);
    }
    bytes_open(entry, field, differ ? len : varint_size(first));
    for (size_t i = 0; i < (differ ? decision->n_deliveries : 1); i++)
        bytes_varint(entry, said_of(&decision->deliveries[i], column));
}

static void write_forces(const struct ledger_who *who, const struct decision *decision, struct bytes *entry)
{
    size_t len = 0;
    unsigned before = 0;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        unsigned number = registry_number(who->registry, decision->deliveries[i].org);
        len += varint_size(number - before);
        before = number;
    }
    bytes_open(entry, 11, len);
    before = 0;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        unsigned number = registry_number(who->registry, decision->deliveries[i].org);
        bytes_varint(entry, number - before);
        before = number;
    }
}

// Columns are left out where what they say goes without saying.
static void write_deliveries(const struct ledger_who *who, const struct decision *decision, struct bytes *entry)
{
    bool asked = false, whole = true;
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        asked |= decision->deliveries[i].subscription_revision != 0;
        whole &= decision->deliveries[i].whole;
    }
    write_forces(who, decision, entry);
    write_column(entry, 12, decision, COLUMN_AUDIENCE);
    if (asked)
        write_column(entry, 13, decision, COLUMN_REVISION);
    if (!whole)
        write_column(entry, 18, decision, COLUMN_PARTS);
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
    struct org_set rest UNINITIALIZED;
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
    uint8_t room[LEDGER_LIST_BYTES] UNINITIALIZED;
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
