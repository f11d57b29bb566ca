// SPDX-License-Identifier: Apache-2.0
// What somebody probably meant: the word at the smallest edit distance (a swap of neighbours counts as one), if it is
// near enough to be worth saying. Suggested, never run.
#include "hub/cli/frame/suggest.h"
#include "hub/cli/frame/command.h"

#define WORD_BYTES 96

static size_t lesser_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Optimal string alignment distance, on three rows.
static size_t distance_of(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][WORD_BYTES + 1];
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            now[j] = lesser_of(lesser_of(above[j], now[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = lesser_of(now[j], before[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

struct search {
    const char *word;
    size_t len;
    const char *best;
    size_t best_distance;
};

static struct search search_for(const char *word, size_t len)
{
    return (struct search){.word = word, .len = len, .best_distance = len < 5 ? 2 : 3};
}

static void consider_word(struct search *search, const char *candidate)
{
    size_t len = strlen(candidate);
    if (search->len > WORD_BYTES || len > WORD_BYTES)
        return;
    size_t d = distance_of(search->word, search->len, candidate, len);
    if (search->len > 2 && len > search->len && memcmp(candidate, search->word, search->len) == 0)
        d = 1; // the beginning of a word
    if (d < search->best_distance) {
        search->best_distance = d;
        search->best = candidate;
    }
}

const char *suggest_word(const char *noun, const char *word)
{
    struct search search = search_for(word, strlen(word));
    const struct command *rows;
    size_t n = command_rows(&rows);
    for (size_t i = 0; i < n; i++) {
        if (!noun)
            consider_word(&search, rows[i].noun);
        else if (rows[i].verb && strcmp(rows[i].noun, noun) == 0)
            consider_word(&search, rows[i].verb);
    }
    return search.best;
}

const char *suggest_option(const char *name, size_t len)
{
    struct search search = search_for(name, len);
    for (enum option option = 0; option < OPTION_COUNT; option++)
        consider_word(&search, option_row(option)->name);
    return search.best;
}

size_t suggest_distance(const char *word, const char *candidate)
{
    size_t len = strlen(word), candidate_len = strlen(candidate);
    return len > WORD_BYTES || candidate_len > WORD_BYTES ? SIZE_MAX : distance_of(word, len, candidate, candidate_len);
}
