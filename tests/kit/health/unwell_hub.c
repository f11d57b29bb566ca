// SPDX-License-Identifier: Apache-2.0
// Sources, and the hub itself: lanes, processes, canaries, ledgers, keys; all of them well.
#include "tests/kit/health/unwell_parts.h"
#include <stdlib.h>

void *unwell_array(struct health *health, size_t n, size_t size)
{
    void *array = arena_alloc(&health->arena, n * size);
    if (!array)
        abort();
    return array;
}

const char *unwell_hex(struct health *health, uint32_t seed, size_t bytes)
{
    char *text = unwell_array(health, bytes * 2 + 1, 1);
    for (size_t i = 0; i < bytes * 2; i++) {
        seed = seed * 1664525U + 1013904223U;
        text[i] = "0123456789abcdef"[seed >> 28];
    }
    return text;
}

struct finding unwell_finding(const struct health *health, enum verdict verdict, int64_t ago_ms, const char *rule,
    const char *numbers, const char *detail)
{
    return (struct finding){
        .verdict = verdict, .since_ms = health->at_ms - ago_ms, .rule = rule, .numbers = numbers, .detail = detail};
}

void unwell_sources(struct health *health)
{
    static const struct {
        const char *agency, *name, *region;
        uint64_t hour;
    } rows[KIT_SOURCES] = {
        {"border-force", "Border Force", "national", 9},
        {"btp", "British Transport Police", "national", 31},
        {"essex", "Essex Police", "eastern", 17},
        {"kent", "Kent Police", "eastern", 24},
        {"merseyside", "Merseyside Police", "north-west", 42},
        {"metropolitan", "Metropolitan Police Service", "london", 118},
        {"mopac", "Mayor's Office for Policing and Crime", "london", 2},
        {"nca", "National Crime Agency", "national", 13},
        {"norfolk", "Norfolk Constabulary", "eastern", 6},
        {"police-scotland", "Police Scotland", "scotland", 20},
    };
    health->sources = unwell_array(health, KIT_SOURCES, sizeof *health->sources);
    health->n_sources = KIT_SOURCES;
    for (size_t i = 0; i < KIT_SOURCES; i++)
        health->sources[i] = (struct source_health){
            .agency = rows[i].agency,
            .name = rows[i].name,
            .region = rows[i].region,
            .finding = unwell_finding(
                health, i == 6 ? VERDICT_SOURCE_QUIET : VERDICT_SOURCE_OK, 5 * UNWELL_HOUR, "rhythm", "", ""),
            .last_ms = figure_of(health->at_ms - (int64_t)(i * 29 % 200 + 3) * UNWELL_SECOND),
            .last_hour = figure_of((int64_t)rows[i].hour),
            .last_day = figure_of((int64_t)rows[i].hour * 19),
            .expected_hour = figure_of((int64_t)rows[i].hour * 1040),
            .silent_after_ms = figure_of(UNWELL_HOUR * 3 / (int64_t)rows[i].hour + 5 * UNWELL_MINUTE),
            .accepted = figure_of((int64_t)rows[i].hour * 18),
            .duplicates = figure_of((int64_t)rows[i].hour / 2),
            .refused = figure_of(0),
            .forwarded = figure_of((int64_t)i % 3),
            .waiting = figure_of(0),
            .delays = {figure_of(1100), figure_of(5300 + (int64_t)i * 410), figure_of(41), figure_of(130),
                {FIGURE_UNKNOWN, 0}},
        };
}

static void add_lane(struct health *health, uint32_t lane)
{
    static const int64_t buckets[CANARY_BUCKETS] = {0, 20, 410, 730, 90, 8, 2};
    uint64_t sequence = 18211 + lane * 977;
    const char *head = unwell_hex(health, 77 + lane, 32);
    health->lanes[lane] = (struct lane_health){
        .lane = lane,
        .finding = unwell_finding(health, VERDICT_LANE_OK, 5 * UNWELL_HOUR, "running", "", ""),
        .process = health->processes[lane % 2].id,
        .state = "running",
        .restored_percent = figure_of(100),
        .fingerprints = figure_of(240000 + lane * 1311),
        .fingerprint_bytes = figure_of((240000 + lane * 1311) * 40),
        .ledger_sequence = figure_of((int64_t)sequence),
        .transaction = figure_of(5210 + (int64_t)lane),
        .ledger_head = head,
        .transaction_records = figure_of(0),
        .waiting = figure_of(0),
        .waiting_ms = figure_of(0),
        .doubts = figure_of(0),
        .problem = "",
    };
    health->ledgers[lane] =
        (struct ledger_health){lane, unwell_finding(health, VERDICT_LEDGER_OK, 5 * UNWELL_HOUR, "chain", "", ""),
            sequence, health->at_ms - 3 * UNWELL_SECOND};
    health->canaries[lane] = (struct canary_health){
        .lane = lane,
        .finding = unwell_finding(health, VERDICT_CANARY_OK, 5 * UNWELL_HOUR, "returned", "", ""),
        .sent = figure_of(1260),
        .returned = figure_of(1260),
        .lost = figure_of(0),
        .slower = figure_of(0),
        .sum_ms = figure_of(124300),
        .last_ms = figure_of(84 + lane),
    };
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        health->canaries[lane].buckets[i] = figure_of(buckets[i]);
    health->processes[lane % 2].n_lanes.value++;
}

static void add_process(struct health *health, uint32_t i)
{
    static const struct counter_health counters[] = {{"records_total", "", 82131}, {"transactions_total", "", 20884},
        {"aborts_total", "", 3}, {"recycles_total", "", 1}, {"outcomes_total", "ACCEPTED", 81002},
        {"outcomes_total", "DUPLICATE", 911}, {"outcomes_total", "SIGNATURE_BAD", 14}};
    struct counter_health *own = unwell_array(health, 7, sizeof *own);
    memcpy(own, counters, sizeof counters);
    health->processes[i] = (struct process_health){
        .id = unwell_hex(health, 7 + i, 16),
        .host = i ? "hub-b.example" : "hub-a.example",
        .version = "0.1.0",
        .library = "2.0.2",
        .pid = 4211 + i,
        .finding = unwell_finding(health, VERDICT_PROCESS_OK, 5 * UNWELL_HOUR, "heard", "every=2s silent=1s", ""),
        .started_ms = health->at_ms - 3 * UNWELL_DAY,
        .heard_ms = health->at_ms - 1 * UNWELL_SECOND,
        .registry_version = 41,
        .policy_version = 7,
        .subscriptions_version = 88,
        .certificate_to_ms = health->at_ms + (200 + (int64_t)i) * UNWELL_DAY,
        .memory_bytes = 212ULL << 20,
        .processor_ms = 812000 + i * 7000,
        .n_lanes = figure_of(0),
        .control_problem = "",
        .counters = own,
        .n_counters = 7,
    };
}

// There is room for a third process, which only a fixture that counts it in shows.
void unwell_hub(struct health *health, uint32_t n_lanes)
{
    health->n_all_lanes = n_lanes;
    health->n_lanes = health->n_ledgers = health->n_canaries = n_lanes;
    health->n_processes = 2;
    health->processes = unwell_array(health, 3, sizeof *health->processes);
    health->lanes = unwell_array(health, n_lanes, sizeof *health->lanes);
    health->ledgers = unwell_array(health, n_lanes, sizeof *health->ledgers);
    health->canaries = unwell_array(health, n_lanes, sizeof *health->canaries);
    for (uint32_t i = 0; i < 3; i++)
        add_process(health, i);
    for (uint32_t lane = 0; lane < n_lanes; lane++)
        add_lane(health, lane);
}

void unwell_keys(struct health *health)
{
    health->keys = unwell_array(health, KIT_SOURCES + 3, sizeof *health->keys);
    for (uint32_t i = 0; i < KIT_SOURCES + 3; i++) {
        bool source = i < KIT_SOURCES;
        bool process = i > KIT_SOURCES;
        health->keys[health->n_keys++] = (struct key_health){
            .holder = source    ? health->sources[i].agency
                      : process ? health->processes[i - KIT_SOURCES - 1].id
                                : "console",
            .id = unwell_hex(health, 900 + i, source ? 16 : 32),
            .finding = unwell_finding(health, VERDICT_KEY_OK, 5 * UNWELL_HOUR, "valid", "", ""),
            .to_ms = i == 2 ? 0 : health->at_ms + (60 + (int64_t)i * 11) * UNWELL_DAY,
        };
    }
}
