// SPDX-License-Identifier: Apache-2.0
// A head for each writer; there are as many writers as consoles were started, so a plain list will do.
#include "hub/console/desk/desk_chain.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

#define WRITER_BYTES 16

struct head {
    uint8_t writer[WRITER_BYTES];
    uint64_t sequence;
    struct digest digest;
};

struct desk_chains {
    bool whole;
    struct head *heads;
    size_t n, room;
};

struct desk_chains *desk_chains_new(bool whole)
{
    struct desk_chains *chains = calloc(1, sizeof *chains);
    if (chains)
        chains->whole = whole;
    return chains;
}

struct desk_chains *desk_chains_free(struct desk_chains *chains)
{
    if (chains)
        free(chains->heads);
    free(chains);
    return NULL;
}

size_t desk_chains_count(const struct desk_chains *chains)
{
    return chains->n;
}

static struct head *find_head(const struct desk_chains *chains, const uint8_t writer[WRITER_BYTES])
{
    for (size_t i = chains->n; i-- > 0;) // the newest write most
        if (memcmp(chains->heads[i].writer, writer, WRITER_BYTES) == 0)
            return &chains->heads[i];
    return NULL;
}

// NULL without memory.
static struct head *add_head(struct desk_chains *chains, const uint8_t writer[WRITER_BYTES])
{
    if (!list_room(&chains->heads, &chains->room, chains->n + 1, sizeof *chains->heads))
        return NULL;
    struct head *head = &chains->heads[chains->n++];
    *head = (struct head){0};
    memcpy(head->writer, writer, WRITER_BYTES);
    return head;
}

static bool say_break(struct error *error, const Signalbox__V1__DeskEntry *entry, const char *sentence)
{
    char writer[2 * WRITER_BYTES + 1];
    hex_encode(slice_of(entry->writer.data, entry->writer.len), writer);
    return error_say(
        error, CAUSE_OTHER, "Entry %llu of writer %s %s", (unsigned long long)entry->sequence, writer, sentence);
}

static bool follows_head(const struct desk_chains *chains, const struct head *head,
    const Signalbox__V1__DeskEntry *entry, struct error *error)
{
    static const struct digest none;
    const struct digest *before = head ? &head->digest : &none;
    if (!head && entry->sequence > 1)
        return !chains->whole ||
               say_break(error, entry, "is the first of its chain that is there: what was before it is lost.");
    if (head && entry->sequence <= head->sequence)
        return say_break(error, entry, "stands where a later one should: it was repeated or put in.");
    if (head && entry->sequence > head->sequence + 1)
        return say_break(error, entry, "does not follow the one before: entries between them are lost.");
    if (entry->sequence == 0 || memcmp(entry->previous_sha256.data, before->bytes, DIGEST_BYTES) != 0)
        return say_break(error, entry, "does not name the digest of the one before: one of the two was changed.");
    return true;
}

bool desk_chains_follow(struct desk_chains *chains, struct slice value, struct arena *arena,
    const Signalbox__V1__DeskEntry **out, struct error *error)
{
    const Signalbox__V1__DeskEntry *entry = (const Signalbox__V1__DeskEntry *)(const void *)arena_unpack(
        arena, &signalbox__v1__desk_entry__descriptor, value);
    *out = NULL;
    if (!entry && arena->failed)
        return error_no_memory(error, "an entry of the desk");
    if (!entry || entry->writer.len != WRITER_BYTES || entry->previous_sha256.len != DIGEST_BYTES) {
        return error_say(error, CAUSE_OTHER, "The record is no desk entry: only consoles may write to the topic desk.");
    }
    *out = entry;
    struct head *head = find_head(chains, entry->writer.data);
    bool good = follows_head(chains, head, entry, error);
    if (!head)
        head = add_head(chains, entry->writer.data);
    if (!head)
        return error_no_memory(error, "the chains of the desk");
    head->sequence = entry->sequence;
    head->digest = digest_of(value);
    return good;
}
