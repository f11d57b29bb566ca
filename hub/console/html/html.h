// SPDX-License-Identifier: Apache-2.0
// Markup that cannot be injected into: markup stands in format strings, which are ours; everything that comes through
// %s is escaped for text and for quoted attributes alike. There is no way to put a text in raw.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct html {
    char *data; // terminated; freed by html_deinit
    size_t len, room;
    bool failed; // there was no memory, or a conversion was none of ours: it is not whole, and must not be sent
};

// A text for which there may have been no memory: "" then, since whoever gives memory remembers that.
static inline const char *html_text(const char *text)
{
    return text ? text : "";
}

void html_deinit(struct html *html);
// Conversions: %s (escaped), %c, %d %u %ld %lu %lld %llu %zu with width and zero flag, %.Nf, %%. With
// others the markup has failed.
void html_put(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
