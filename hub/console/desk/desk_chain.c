// SPDX-License-Identifier: Apache-2.0
// A head for each writer; there are as many writers as consoles were started, so a plain list will do.
#include "hub/console/desk/desk_chain.h"
#include "hub/base/digest.h"
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
    size_t n;
};

struct desk_chains *desk_chains_new(bool whole)
{
    struct desk_chains *chains = calloc(1, sizeof *chains);
    if (!chains)
        abort();
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

static struct head *find(const struct desk_chains *chains, const uint8_t writer[WRITER_BYTES])
{
    for (size_t i = chains->n; i-- > 0;) // the newest write most
        if (memcmp(chains->heads[i].writer, writer, WRITER_BYTES) == 0)
            return &chains->heads[i];
    return NULL;
}

static struct head *add(struct desk_chains *chains, const uint8_t writer[WRITER_BYTES])
{
    struct head *heads = realloc(chains->heads, (chains->n + 1) * sizeof *heads);
    if (!heads)
        abort();
    chains->heads = heads;
    heads[chains->n] = (struct head){0};
    memcpy(heads[chains->n].writer, writer, WRITER_BYTES);
    return &heads[chains->n++];
}

static bool say(char error[DESK_CHAIN_ERROR_BYTES], const Signalbox__V1__DeskEntry *entry, const char *sentence)
{
    char writer[2 * WRITER_BYTES + 1];
    hex_encode(slice_of(entry->writer.data, entry->writer.len), writer);
    snprintf(error, DESK_CHAIN_ERROR_BYTES, "Entry %llu of writer %s %s", (unsigned long long)entry->sequence, writer,
        sentence);
    return false;
}

static bool follows(const struct desk_chains *chains, const struct head *head, const Signalbox__V1__DeskEntry *entry,
    char error[DESK_CHAIN_ERROR_BYTES])
{
    static const struct digest none;
    const struct digest *before = head ? &head->digest : &none;
    if (!head && entry->sequence > 1)
        return !chains->whole ||
               say(error, entry, "is the first of its chain that is there: what was before it is lost.");
    if (head && entry->sequence <= head->sequence)
        return say(error, entry, "stands where a later one should: it was repeated or put in.");
    if (head && entry->sequence > head->sequence + 1)
        return say(error, entry, "does not follow the one before: entries between them are lost.");
    if (entry->sequence == 0 || memcmp(entry->previous_sha256.data, before->bytes, DIGEST_BYTES) != 0)
        return say(error, entry, "does not name the digest of the one before: one of the two was changed.");
    return true;
}

bool desk_chains_follow(struct desk_chains *chains, struct slice value, struct arena *arena,
    const Signalbox__V1__DeskEntry **out, char error[DESK_CHAIN_ERROR_BYTES])
{
    const Signalbox__V1__DeskEntry *entry =
        signalbox__v1__desk_entry__unpack(arena_allocator(arena), value.len, value.data);
    *out = NULL;
    if (!entry || entry->writer.len != WRITER_BYTES || entry->previous_sha256.len != DIGEST_BYTES) {
        snprintf(
            error, DESK_CHAIN_ERROR_BYTES, "The record is no desk entry: only consoles may write to the topic desk.");
        return false;
    }
    *out = entry;
    struct head *head = find(chains, entry->writer.data);
    bool good = follows(chains, head, entry, error);
    if (!head)
        head = add(chains, entry->writer.data);
    head->sequence = entry->sequence;
    head->digest = digest_of(value);
    return good;
}
