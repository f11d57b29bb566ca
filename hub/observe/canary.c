// SPDX-License-Identifier: Apache-2.0
// Counts of canary items: on a board where they are sent, in the pulse on their way, summed where they are shown. A
// board is touched a few times a minute, so one mutex is enough.
#include "hub/observe/canary.h"
#include "hub/contract/lanes.h"
#include <pthread.h>
#include <stdlib.h>

struct canary_board {
    pthread_mutex_t lock;
    uint32_t lanes;
    struct canary_report rows[];
};

struct canary_board *canary_board_new(uint32_t lanes)
{
    struct canary_board *board = calloc(1, sizeof *board + lanes * sizeof board->rows[0]);
    if (!board)
        return NULL;
    pthread_mutex_init(&board->lock, NULL);
    board->lanes = lanes;
    for (uint32_t lane = 0; lane < lanes; lane++)
        board->rows[lane].lane = lane;
    return board;
}

struct canary_board *canary_board_free(struct canary_board *board)
{
    if (board)
        pthread_mutex_destroy(&board->lock);
    free(board);
    return NULL;
}

// Locks the board and gives the lane's row; NULL, and nothing is locked, if there is no such lane.
static struct canary_report *take_row(struct canary_board *board, uint32_t lane)
{
    if (!board || lane >= board->lanes)
        return NULL;
    pthread_mutex_lock(&board->lock);
    return &board->rows[lane];
}

void canary_board_sent(struct canary_board *board, uint32_t lane)
{
    struct canary_report *row = take_row(board, lane);
    if (!row)
        return;
    row->sent++;
    pthread_mutex_unlock(&board->lock);
}

static uint64_t *bucket_of(struct canary_report *row, uint64_t ms)
{
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        if (ms <= canary_bucket_ms[i])
            return &row->buckets[i];
    return &row->slower;
}

void canary_board_returned(struct canary_board *board, uint32_t lane, int64_t round_trip_ms)
{
    struct canary_report *row = take_row(board, lane);
    if (!row)
        return;
    uint64_t ms = round_trip_ms > 0 ? (uint64_t)round_trip_ms : 1; // 0 stands for none
    row->returned++;
    row->sum_ms += ms;
    ++*bucket_of(row, ms);
    row->last_ms = figure_of((int64_t)ms);
    row->lost_in_row = 0;
    pthread_mutex_unlock(&board->lock);
}

void canary_board_lost(struct canary_board *board, uint32_t lane)
{
    struct canary_report *row = take_row(board, lane);
    if (!row)
        return;
    row->lost++;
    row->lost_in_row++;
    pthread_mutex_unlock(&board->lock);
}

static bool tell_row(const struct canary_report *row, Signalbox__V1__CanaryPulse *out, struct arena *arena)
{
    signalbox__v1__canary_pulse__init(out);
    out->buckets = arena_alloc(arena, (CANARY_BUCKETS + 1) * sizeof *out->buckets);
    if (!out->buckets)
        return false;
    out->lane = row->lane;
    out->sent = row->sent;
    out->returned = row->returned;
    out->lost = row->lost;
    out->n_buckets = CANARY_BUCKETS + 1;
    memcpy(out->buckets, row->buckets, sizeof row->buckets);
    out->buckets[CANARY_BUCKETS] = row->slower;
    out->sum_ms = row->sum_ms;
    out->last_ms = row->last_ms.state == FIGURE_KNOWN ? (uint32_t)row->last_ms.value : 0;
    out->lost_in_row = row->lost_in_row;
    return true;
}

void canary_board_tell(struct canary_board *board, Signalbox__V1__Pulse *message, struct arena *arena)
{
    if (!board)
        return;
    Signalbox__V1__CanaryPulse *rows = arena_alloc(arena, board->lanes * sizeof *rows);
    message->canaries = arena_alloc(arena, board->lanes * sizeof *message->canaries);
    if (!rows || !message->canaries)
        return;
    pthread_mutex_lock(&board->lock);
    for (uint32_t lane = 0; lane < board->lanes && tell_row(&board->rows[lane], &rows[lane], arena); lane++)
        message->canaries[message->n_canaries++] = &rows[lane];
    pthread_mutex_unlock(&board->lock);
}

static void sum_row(struct canary_report *total, const Signalbox__V1__CanaryPulse *one)
{
    total->sent += one->sent;
    total->returned += one->returned;
    total->lost += one->lost;
    for (size_t i = 0; i < CANARY_BUCKETS && i < one->n_buckets; i++)
        total->buckets[i] += one->buckets[i];
    for (size_t i = CANARY_BUCKETS; i < one->n_buckets; i++)
        total->slower += one->buckets[i];
    total->sum_ms += one->sum_ms;
    if (one->last_ms && (total->last_ms.state != FIGURE_KNOWN || total->last_ms.value < one->last_ms))
        total->last_ms = figure_of(one->last_ms);
    if (one->lost_in_row > total->lost_in_row)
        total->lost_in_row = one->lost_in_row;
}

void canary_add(struct canary_report *rows, const Signalbox__V1__Pulse *pulse)
{
    for (size_t i = 0; i < pulse->n_canaries; i++) {
        const Signalbox__V1__CanaryPulse *one = pulse->canaries[i];
        if (one->lane >= LANES_MAX)
            continue;
        rows[one->lane].lane = one->lane;
        rows[one->lane].told = true;
        sum_row(&rows[one->lane], one);
    }
}
