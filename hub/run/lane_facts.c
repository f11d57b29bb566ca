// SPDX-License-Identifier: Apache-2.0
// A board has a cell for every lane of the deployment, made beforehand, so that a reader never meets one that comes or
// goes. What changes with every record lies beside the mutex.
#include "hub/run/lane_facts.h"
#include "hub/base/clock.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct lane_cell {
    struct lane_board *board;
    pthread_mutex_t lock; // guards owned and facts
    bool owned;
    struct lane_facts facts;
    _Atomic uint64_t restored, bytes;
    _Atomic uint32_t records;
};

struct lane_board {
    _Atomic uint64_t beats;
    uint32_t lanes;
    struct lane_cell cells[];
};

struct lane_board *lane_board_new(uint32_t lanes)
{
    struct lane_board *board = calloc(1, sizeof *board + lanes * sizeof *board->cells);
    if (!board)
        return NULL;
    board->lanes = lanes;
    for (uint32_t lane = 0; lane < lanes; lane++) {
        board->cells[lane].board = board;
        board->cells[lane].facts.lane = lane;
        pthread_mutex_init(&board->cells[lane].lock, NULL);
    }
    return board;
}

struct lane_board *lane_board_free(struct lane_board *board)
{
    for (uint32_t lane = 0; board && lane < board->lanes; lane++)
        pthread_mutex_destroy(&board->cells[lane].lock);
    free(board);
    return NULL;
}

static bool copy_facts(struct lane_cell *cell, struct lane_facts *facts)
{
    pthread_mutex_lock(&cell->lock);
    bool owned = cell->owned;
    if (owned)
        *facts = cell->facts;
    pthread_mutex_unlock(&cell->lock);
    if (!owned)
        return false;
    if (facts->stage == LANE_STAGE_RESTORING)
        facts->restored = atomic_load_explicit(&cell->restored, memory_order_relaxed);
    if (facts->begun_ms) {
        facts->records = atomic_load_explicit(&cell->records, memory_order_relaxed);
        facts->bytes = atomic_load_explicit(&cell->bytes, memory_order_relaxed);
    }
    return true;
}

size_t lane_board_read(struct lane_board *board, struct lane_facts *facts, size_t max)
{
    size_t n = 0;
    for (uint32_t lane = 0; lane < board->lanes && n < max; lane++)
        n += copy_facts(&board->cells[lane], &facts[n]);
    return n;
}

uint64_t lane_board_beats(const struct lane_board *board)
{
    return atomic_load_explicit(&board->beats, memory_order_relaxed);
}

void lane_board_beat(struct lane_board *board)
{
    counter_add(&board->beats, 1);
}

struct lane_cell *lane_board_cell(struct lane_board *board, uint32_t lane)
{
    return board && lane < board->lanes ? &board->cells[lane] : NULL;
}

static void enter_stage(struct lane_facts *facts, enum lane_stage stage)
{
    if (facts->stage != stage || facts->since_ms == 0)
        facts->since_ms = clock_wall_ms();
    facts->stage = stage;
}

static enum lane_stage stage_of(const struct lane *lane)
{
    static const enum lane_stage stages[] = {
        [LANE_CLOSED] = LANE_STAGE_CLOSED, [LANE_RESTORED] = LANE_STAGE_RESTORED, [LANE_RUNNING] = LANE_STAGE_RUNNING};
    return stages[lane->state];
}

static void fill_facts(struct lane_facts *facts, const struct lane *lane)
{
    facts->fingerprints = memory_count(&lane->memory);
    facts->fingerprint_bytes = memory_bytes(&lane->memory);
    facts->ledger_sequence = lane->mark.ledger_sequence;
    facts->ledger_head = lane->mark.ledger_head;
    facts->transaction = lane->mark.transaction;
    facts->begun_ms = 0;
    facts->failures = lane->failures;
    facts->doubts = lane->doubts;
}

void lane_cell_tell(struct lane_cell *cell, const struct lane *lane, const char *problem)
{
    if (!cell)
        return;
    struct lane_facts *facts = &cell->facts;
    pthread_mutex_lock(&cell->lock);
    if (cell->owned != lane->owned)
        *facts = (struct lane_facts){.lane = lane->number};
    cell->owned = lane->owned;
    enter_stage(facts, stage_of(lane));
    fill_facts(facts, lane);
    if (problem || facts->stage == LANE_STAGE_RUNNING)
        snprintf(facts->problem, sizeof facts->problem, "%s", problem ? problem : "");
    pthread_mutex_unlock(&cell->lock);
    lane_board_beat(cell->board);
}

void lane_cell_restoring(struct lane_cell *cell, uint64_t to_restore)
{
    if (!cell)
        return;
    atomic_store_explicit(&cell->restored, 0, memory_order_relaxed);
    pthread_mutex_lock(&cell->lock);
    enter_stage(&cell->facts, LANE_STAGE_RESTORING);
    cell->facts.to_restore = to_restore;
    pthread_mutex_unlock(&cell->lock);
    lane_board_beat(cell->board);
}

void lane_cell_restored(struct lane_cell *cell, uint64_t offsets)
{
    if (!cell)
        return;
    atomic_store_explicit(&cell->restored, offsets, memory_order_relaxed);
    lane_board_beat(cell->board);
}

void lane_cell_begin(struct lane_cell *cell)
{
    if (!cell)
        return;
    lane_cell_count(cell, 0, 0);
    pthread_mutex_lock(&cell->lock);
    cell->facts.begun_ms = clock_wall_ms();
    pthread_mutex_unlock(&cell->lock);
}

void lane_cell_count(struct lane_cell *cell, uint32_t records, uint64_t bytes)
{
    if (!cell)
        return;
    atomic_store_explicit(&cell->records, records, memory_order_relaxed);
    atomic_store_explicit(&cell->bytes, bytes, memory_order_relaxed);
}
