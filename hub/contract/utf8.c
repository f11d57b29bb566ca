// SPDX-License-Identifier: Apache-2.0
// A state machine over bytes. All its moves for one byte stand in one word, six bits a state, so that a move is a
// shift:
//
//     BROKEN <── anything else        PLAIN ──► PLAIN                     a character of one byte
//     NUL    <── PLAIN, byte 0        PLAIN ──► LAST ──► PLAIN            of two
//                                     PLAIN ──► TWO ──► LAST ──► PLAIN    of three, or by AFTER_E0, AFTER_ED
//                                     PLAIN ──► THREE ──► TWO ──► ...     of four, or by AFTER_F0, AFTER_F4
//
// The states AFTER_* stand for lead bytes whose second byte has a narrower range, which is where overlong forms,
// surrogates and what lies above U+10FFFF show. Most text here is ASCII, which goes eight bytes at a time.
#include "hub/contract/utf8.h"
#include "hub/contract/outcome.h"

// Each is where its six bits begin; BROKEN is 0, so that what a row does not name leads there.
enum state {
    BROKEN = 0,
    PLAIN = 6,
    LAST = 12,
    TWO = 18,
    THREE = 24,
    AFTER_E0 = 30,
    AFTER_ED = 36,
    AFTER_F0 = 42,
    AFTER_F4 = 48,
    NUL = 54,
};
#define STATE(moved) ((moved)&63) // what a move leaves above these bits are other states' moves

#define MOVE(from, to) ((uint64_t)(to) << (from))
#define LEAD(to)       (MOVE(PLAIN, to) | MOVE(NUL, NUL))
#define FOLLOW         (MOVE(LAST, PLAIN) | MOVE(TWO, LAST) | MOVE(THREE, TWO) | MOVE(NUL, NUL))

static const uint64_t moves[256] = {
    [0x00] = LEAD(NUL),
    [0x01 ... 0x7f] = LEAD(PLAIN),
    [0x80 ... 0x8f] = FOLLOW | MOVE(AFTER_ED, LAST) | MOVE(AFTER_F4, TWO),
    [0x90 ... 0x9f] = FOLLOW | MOVE(AFTER_ED, LAST) | MOVE(AFTER_F0, TWO),
    [0xa0 ... 0xbf] = FOLLOW | MOVE(AFTER_E0, LAST) | MOVE(AFTER_F0, TWO),
    [0xc0 ... 0xc1] = LEAD(BROKEN),
    [0xc2 ... 0xdf] = LEAD(LAST),
    [0xe0] = LEAD(AFTER_E0),
    [0xe1 ... 0xec] = LEAD(TWO),
    [0xed] = LEAD(AFTER_ED),
    [0xee ... 0xef] = LEAD(TWO),
    [0xf0] = LEAD(AFTER_F0),
    [0xf1 ... 0xf3] = LEAD(THREE),
    [0xf4] = LEAD(AFTER_F4),
    [0xf5 ... 0xff] = LEAD(BROKEN),
};

#define STRIDE 8
#define ONES   UINT64_C(0x0101010101010101)
#define HIGHS  UINT64_C(0x8080808080808080)

// ASCII and not NUL, all of them.
static bool is_plain(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, STRIDE);
    return !((word | (word - ONES)) & HIGHS);
}

// The state is masked where it is used and not where it is made: a shift by a register does so by itself, and each move
// waits for the one before.
static uint64_t advance_states(uint64_t moved, const uint8_t *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        moved = moves[at[i]] >> STATE(moved);
    return moved;
}

enum outcome utf8_check(struct slice text)
{
    const uint8_t *at = text.data, *end = text.data + text.len;
    uint64_t moved = PLAIN;
    for (; end - at >= STRIDE; at += STRIDE)
        if (STATE(moved) != PLAIN || !is_plain(at))
            moved = advance_states(moved, at, STRIDE);
    moved = advance_states(moved, at, (size_t)(end - at));
    return STATE(moved) == PLAIN ? OUTCOME_ACCEPTED : STATE(moved) == NUL ? OUTCOME_TEXT_NUL : OUTCOME_UTF8_BROKEN;
}
