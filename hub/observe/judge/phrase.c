// SPDX-License-Identifier: Apache-2.0
// Patterns are measured first and filled in then, so a sentence is one allocation.
#include "hub/observe/judge/phrase.h"
#include "hub/observe/words.h"
#include <stdlib.h>

static const char *find_word(struct slice key, const struct phrase_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal(key, slice_text(words[i].key)))
            return words[i].value;
    abort();
}

// Appends to out, or only counts if out is NULL.
static size_t put_text(char *out, size_t at, struct slice text)
{
    if (out && text.len)
        memcpy(out + at, text.data, text.len);
    return at + text.len;
}

static size_t fill_pattern(char *out, const char *pattern, const struct phrase_word *words, size_t n)
{
    size_t at = 0;
    for (const char *rest = pattern; *rest;) {
        size_t plain = strcspn(rest, "{");
        at = put_text(out, at, slice_of(rest, plain));
        rest += plain;
        if (!*rest)
            break;
        size_t key = strcspn(rest, "}");
        if (!rest[key])
            abort();
        at = put_text(out, at, slice_text(find_word(slice_of(rest + 1, key - 1), words, n)));
        rest += key + 1;
    }
    return at;
}

char *phrase_fill(struct arena *arena, const char *pattern, const struct phrase_word *words, size_t n)
{
    static char nothing[] = ""; // holds nothing that phrase_capital could change
    char *text = arena_alloc(arena, fill_pattern(NULL, pattern, words, n) + 1);
    if (!text)
        return nothing;
    fill_pattern(text, pattern, words, n);
    return text;
}

const char *phrase_waits(struct arena *arena, int64_t records)
{
    if (records == 0)
        return words_print(arena, "nothing waits");
    return records == 1 ? words_print(arena, "1 record waits")
                        : words_print(arena, "%lld records wait", (long long)records);
}

const char *phrase_count(struct arena *arena, int64_t n, const char *singular)
{
    if (n == 0)
        return words_print(arena, "no %ss", singular);
    return words_print(arena, "%lld %s%s", (long long)n, singular, n == 1 ? "" : "s");
}

void phrase_list_add(struct phrase_list *list, const char *name)
{
    if (list->n++ < list->most) {
        if (list->last)
            list->text = list->text ? words_print(list->arena, "%s, %s", list->text, list->last) : list->last;
        list->last = name;
    }
}

const char *phrase_list_text(const struct phrase_list *list)
{
    if (list->n == 0)
        return "";
    size_t more = list->n > list->most ? list->n - list->most : 0;
    if (more && list->text)
        return words_print(list->arena, "%s, %s and %zu more", list->text, list->last, more);
    if (more)
        return words_print(list->arena, "%s and %zu more", list->last, more);
    return list->text ? words_print(list->arena, "%s and %s", list->text, list->last) : list->last;
}

static bool is_plain(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte && strchr("._/-:,@+%", byte));
}

static bool all_plain(const char *word)
{
    while (*word && is_plain((unsigned char)*word))
        word++;
    return !*word;
}

const char *phrase_shell(struct arena *arena, const char *word)
{
    if (*word && all_plain(word))
        return words_copy(arena, word);
    char *text = arena_alloc(arena, 4 * strlen(word) + 3); // a quote in quotes takes four
    if (!text)
        return "";
    size_t n = 0;
    text[n++] = '\'';
    for (; *word; word++) {
        unsigned char byte = (unsigned char)*word;
        if (byte == '\'') {
            memcpy(text + n, "'\\''", 4);
            n += 4;
        } else {
            text[n++] = byte < 0x20 || byte == 0x7f ? '?' : *word;
        }
    }
    text[n] = '\'';
    return text;
}

char *phrase_capital(char *text)
{
    if (*text >= 'a' && *text <= 'z')
        *text = (char)(*text - 'a' + 'A');
    return text;
}
