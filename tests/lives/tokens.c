// SPDX-License-Identifier: Apache-2.0
#include "tests/lives/tokens.h"
#include <stdio.h>
#include <stdlib.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

bool tokens_end(struct tokens *tokens)
{
    while (is_blank(*tokens->at))
        tokens->at++;
    return *tokens->at == 0;
}

static char *next_word(struct tokens *tokens)
{
    if (tokens_end(tokens)) {
        fprintf(stderr, "lives: a line ends too early\n");
        exit(2);
    }
    char *word = tokens->at;
    while (*tokens->at && !is_blank(*tokens->at))
        tokens->at++;
    if (*tokens->at)
        *tokens->at++ = 0;
    return word;
}

char *tokens_text(struct tokens *tokens)
{
    char *word = next_word(tokens);
    if (strcmp(word, "-") == 0)
        *word = 0;
    for (char *c = word; *c; c++)
        if (*c == '_')
            *c = ' ';
    return word;
}

int64_t tokens_number(struct tokens *tokens)
{
    char *word = next_word(tokens), *end;
    int64_t number = strtoll(word, &end, 10);
    if (*end || end == word) {
        fprintf(stderr, "lives: '%s' is no number\n", word);
        exit(2);
    }
    return number;
}

size_t tokens_list(struct tokens *tokens, struct arena *arena, char ***list)
{
    char *rest = tokens_text(tokens), *one;
    size_t n = 0;
    *list = arena_alloc(arena, TOKENS_LIST * sizeof **list);
    if (!*list)
        abort();
    if (!*rest)
        return 0;
    while (n < TOKENS_LIST && (one = strsep(&rest, ",")))
        (*list)[n++] = one;
    return n;
}
