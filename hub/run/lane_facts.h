// SPDX-License-Identifier: Apache-2.0
// What a worker tells of its lanes while they run, for whoever watches from another thread: written under a mutex when
// a lane is opened, committed or lost, and by relaxed stores in between; read as copies at any time.
#pragma once
#include "hub/run/counters.h"
#include "hub/run/lane.h"

enum lane_stage { LANE_STAGE_CLOSED, LANE_STAGE_RESTORING, LANE_STAGE_RESTORED, LANE_STAGE_RUNNING };

struct lane_facts {
    uint32_t lane;
    enum lane_stage stage;
    int64_t since_ms;              // Unix; when it came to this stage
    uint64_t restored, to_restore; // offsets of the state topic, while it restores
    uint64_t fingerprints, fingerprint_bytes;
    uint64_t ledger_sequence, transaction; // committed
    struct digest ledger_head;             // of the last block committed
    int64_t begun_ms;                      // Unix; 0: no transaction is open
    uint32_t records;                      // in the open transaction
    uint64_t bytes;
    unsigned failures, doubts; // in a row
    char problem[ERROR_BYTES]; // why it does not run; "" if it does
};

struct lane_board;
struct lane_board *lane_board_new(uint32_t lanes);            // NULL if there is no memory
struct lane_board *lane_board_free(struct lane_board *board); // takes NULL, returns NULL

// Any thread. Copies of the lanes that the worker owns, in order; at most max.
size_t lane_board_read(struct lane_board *board, struct lane_facts *facts, size_t max);
// Any thread. Grows whenever the worker gets on: with each turn of its loop, each lane told, each state record read
// back.
uint64_t lane_board_beats(const struct lane_board *board);

// The worker's thread only. Cells may be NULL, for lanes that nobody watches, and so may the board that they come from.
void lane_board_beat(struct lane_board *board);
struct lane_cell *lane_board_cell(struct lane_board *board, uint32_t lane); // NULL beyond the board
// All but the open transaction, as it is now. problem NULL keeps what was said before, unless the lane runs.
void lane_cell_tell(struct lane_cell *cell, const struct lane *lane, const char *problem);
void lane_cell_restoring(struct lane_cell *cell, uint64_t to_restore);
void lane_cell_restored(struct lane_cell *cell, uint64_t offsets);
void lane_cell_begin(struct lane_cell *cell);
void lane_cell_count(struct lane_cell *cell, uint32_t records, uint64_t bytes);
