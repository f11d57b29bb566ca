// SPDX-License-Identifier: Apache-2.0
// What ends one day: the keys that agencies sign with, the certificates of hub processes, and the console's own.
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/observe/collect/observe_keys.h"
#include "hub/base/duration.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/words.h"

#define MONTH_MS (30 * DAY_MS)

static struct key_health *add_key(struct health *health, const char *holder, const char *id, int64_t to_ms)
{
    struct key_health *key = &health->keys[health->n_keys++];
    *key = (struct key_health){.holder = words_copy(&health->arena, holder), .id = id, .to_ms = to_ms};
    return key;
}

static bool signs_at(const Signalbox__V1__SigningKey *key, int64_t at_ms)
{
    return key->state == SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE && key->valid_from_unix_ms <= at_ms &&
           (key->valid_to_unix_ms == 0 || at_ms < key->valid_to_unix_ms);
}

// Another key of the holder that may sign now and for a month to come.
static bool has_other(const Signalbox__V1__Organisation *org, const Signalbox__V1__SigningKey *key, int64_t now_ms)
{
    for (size_t i = 0; i < org->n_keys; i++)
        if (org->keys[i] != key && signs_at(org->keys[i], now_ms) && signs_at(org->keys[i], now_ms + MONTH_MS))
            return true;
    return false;
}

static void report_holder(struct cycle *cycle, const Signalbox__V1__Organisation *org)
{
    struct health *health = cycle->health;
    for (size_t i = 0; i < org->n_keys; i++) {
        const Signalbox__V1__SigningKey *key = org->keys[i];
        bool other = has_other(org, key, cycle->now_ms);
        bool ended = key->valid_to_unix_ms && key->valid_to_unix_ms <= cycle->now_ms;
        char *id = arena_alloc(&health->arena, 2 * key->key_id.len + 1);
        if (!id || key->state != SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE || (ended && other))
            continue;
        hex_encode(slice_of(key->key_id.data, key->key_id.len), id);
        judge_key(key->valid_to_unix_ms, other, cycle->now_ms, &health->arena,
            &add_key(health, org->id, id, key->valid_to_unix_ms)->finding);
    }
}

static void report_processes(struct cycle *cycle)
{
    struct health *health = cycle->health;
    for (size_t i = 0; i < health->n_processes; i++) {
        const struct process_health *process = &health->processes[i];
        if (process->certificate_to_ms && process->finding.verdict == VERDICT_PROCESS_OK)
            judge_key(process->certificate_to_ms, false, cycle->now_ms, &health->arena,
                &add_key(health, process->id, "certificate", process->certificate_to_ms)->finding);
    }
}

static void report_console(const struct console_certificate *console, struct cycle *cycle)
{
    struct health *health = cycle->health;
    char *id = console->to_ms ? arena_alloc(&health->arena, 2 * DIGEST_BYTES + 1) : NULL;
    if (!id)
        return;
    hex_encode(digest_slice(&console->sha256), id);
    judge_key(
        console->to_ms, false, cycle->now_ms, &health->arena, &add_key(health, "console", id, console->to_ms)->finding);
}

void observe_keys_report(
    const struct observe_control *control, const struct console_certificate *console, struct cycle *cycle)
{
    struct health *health = cycle->health;
    const Signalbox__V1__Registry *registry = documents_registry(control->documents);
    size_t room = health->n_processes + 1;
    for (size_t i = 0; registry && i < registry->n_organisations; i++)
        room += registry->organisations[i]->n_keys;
    health->keys = arena_alloc(&health->arena, room * sizeof *health->keys);
    if (!health->keys)
        return;
    for (size_t i = 0; registry && i < registry->n_organisations; i++)
        if (observe_control_in_force(registry->organisations[i], cycle->now_ms))
            report_holder(cycle, registry->organisations[i]);
    report_processes(cycle);
    report_console(console, cycle);
}
