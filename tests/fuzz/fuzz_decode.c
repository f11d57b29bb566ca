// SPDX-License-Identifier: Apache-2.0
// Fuzzes what the console reads of an address and of a form: what is taken is clean text, and written down again and
// read once more it is the same; what the headers' checks see never leaves its bounds.
#include "hub/console/server/csrf.h"
#include "hub/contract/outcome.h"
#include "hub/console/server/decode.h"
#include "hub/console/server/gate.h"
#include "hub/contract/utf8.h"
#include <stdlib.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, bool lines)
{
    must(utf8_check(slice_text(text)) == OUTCOME_ACCEPTED);
    for (; *text; text++)
        must((unsigned char)*text >= 0x20 || (lines && *text == '\n'));
}

// Every byte as %HH: three times as long.
static char *escape(const char *text, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        *out++ = '%';
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    return out;
}

static void check_pairs(const struct pairs *pairs, size_t size, struct arena *arena)
{
    static struct pairs again;
    char *text = malloc(3 * size + 2 * PAIRS_MOST + 2), *end = text;
    must(text != NULL);
    for (size_t i = 0; i < pairs->n; i++) {
        check_text(pairs->items[i].name, true);
        check_text(pairs->items[i].value, true);
        must(pairs_find(pairs, pairs->items[i].name) == pairs->items[i].value);
        end = escape(pairs->items[i].name, end);
        *end++ = '=';
        end = escape(pairs->items[i].value, end);
        *end++ = '&';
    }
    must(decode_pairs(slice_of(text, (size_t)(end - text)), arena, &again) && again.n == pairs->n);
    for (size_t i = 0; i < again.n; i++)
        must(strcmp(again.items[i].name, pairs->items[i].name) == 0 &&
             strcmp(again.items[i].value, pairs->items[i].value) == 0);
    free(text);
}

static void check_headers(const uint8_t *data, size_t size)
{
    static const struct csrf secret = {{7}};
    struct session session;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = 0;
    bool plain = gate_host(text, false, "127.0.0.1"), tls = gate_host(text, true, "127.0.0.1");
    must(tls || !plain);
    must(!gate_origin(NULL, text, "localhost", false) || strcasecmp(text, "http://localhost") == 0);
    gate_form(text);
    must(csrf_session(&secret, "kent-1", text, 1, &session) == CSRF_NO_SESSION);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pairs pairs;
    struct arena arena;
    arena_init(&arena, 0);
    struct slice uri = slice_of(data, size);
    const char *path = decode_path(uri, &arena);
    if (path) {
        check_text(path, false);
        must(path[0] == '/');
    }
    struct slice query = decode_query(uri);
    must(query.len == 0 || (query.data > data && query.data + query.len == data + size));
    if (decode_pairs(query, &arena, &pairs))
        check_pairs(&pairs, size, &arena);
    if (decode_pairs(uri, &arena, &pairs))
        check_pairs(&pairs, size, &arena);
    check_headers(data, size);
    arena_deinit(&arena);
    return 0;
}
