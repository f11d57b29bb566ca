// SPDX-License-Identifier: Apache-2.0
// Subscriptions into rows of bits. Withdrawn ones are history and are not looked at; a live one that names what
// registry or policy do not know would silently ask for nothing, so it stops the compilation.
#include "hub/contract/id.h"
#include "hub/rules/interest_parts.h"
#include "hub/rules/registry_parts.h"
#include <stdlib.h>

struct live {
    const Signalbox__V1__Subscription *subscription;
    uint64_t revision;
    unsigned org;
};

struct compiler {
    const struct registry *registry;
    const struct policy *policy;
    struct interest *interest;
    struct error *error;
    struct live *live;
    size_t n;
};

// The subscription that is being written into its block.
struct writer {
    const struct compiler *compiler;
    const struct live *live;
    uint64_t *column;   // its word in the first row of the block
    uint32_t width;     // words of a row
    uint64_t bit, *any; // by field: subscriptions of the word that leave it open
};

static int by_org_and_revision(const void *a, const void *b)
{
    const struct live *left = a, *right = b;
    if (left->org != right->org)
        return left->org < right->org ? -1 : 1;
    return (left->revision > right->revision) - (left->revision < right->revision);
}

static bool refuse_subscription(
    const struct live *live, struct error *error, const char *field, const char *value, const char *remedy)
{
    return error_say(error, CAUSE_OTHER, "Subscription %.64s/%.64s: %s has '%.64s', which %s.",
        live->subscription->force, live->subscription->name, field, value, remedy);
}

static void allow_value(const struct writer *writer, enum interest_field field, uint32_t value)
{
    writer->column[(size_t)(writer->compiler->interest->base[field] + 1 + value) * writer->width] |= writer->bit;
}

static bool allow_codes(const struct writer *writer, enum interest_field field, const char *name,
    const struct codes *codes, size_t n, char *const *texts)
{
    writer->any[field] |= n ? 0 : writer->bit;
    for (size_t i = 0; i < n; i++) {
        uint32_t place = codes_find(codes, slice_text(texts[i]));
        if (place == CODES_NONE)
            return refuse_subscription(
                writer->live, writer->compiler->error, name, texts[i], "is not known; use a listed code");
        allow_value(writer, field, place);
    }
    return true;
}

static bool allow_enums(const struct writer *writer, enum interest_field field, const char *name,
    const ProtobufCEnumDescriptor *type, size_t n, const int *values)
{
    writer->any[field] |= n ? 0 : writer->bit;
    for (size_t i = 0; i < n; i++) {
        if (values[i] == 0 || !protobuf_c_enum_descriptor_get_value(type, values[i]))
            return refuse_subscription(writer->live, writer->compiler->error, name, "an unspecified or unknown value",
                "asks for nothing; leave it out");
        allow_value(writer, field, (uint32_t)values[i]);
    }
    return true;
}

static bool write_subscription(const struct writer *writer)
{
    const Signalbox__V1__Subscription *row = writer->live->subscription;
    const struct policy *policy = writer->compiler->policy;
    return allow_codes(
               writer, INTEREST_FORCE, "forces", &writer->compiler->registry->ids, row->n_forces, row->forces) &&
           allow_codes(writer, INTEREST_REGION, "regions", &policy->regions, row->n_regions, row->regions) &&
           allow_codes(writer, INTEREST_THEME, "themes", &policy->themes, row->n_themes, row->themes) &&
           allow_codes(writer, INTEREST_PRODUCT, "products", &policy->products, row->n_products, row->products) &&
           allow_enums(writer, INTEREST_STRAND, "strands", &signalbox__v1__strand__descriptor, row->n_strands,
               (const int *)row->strands) &&
           allow_enums(writer, INTEREST_KIND, "kinds", &signalbox__v1__kind__descriptor, row->n_kinds,
               (const int *)row->kinds) &&
           allow_enums(writer, INTEREST_PRIORITY, "priorities", &signalbox__v1__priority__descriptor, row->n_priorities,
               (const int *)row->priorities);
}

static void leave_open(const struct interest *interest, const struct writer *writer)
{
    for (unsigned field = 0; field < INTEREST_FIELD_COUNT; field++)
        for (uint32_t row = interest->base[field]; row < interest->base[field + 1]; row++)
            writer->column[(size_t)row * writer->width] |= writer->any[field];
}

// Up to 64 subscriptions into one word of the rows of their organisation.
static bool write_word(const struct compiler *compiler, uint32_t word, const struct live *live, size_t n)
{
    struct interest *interest = compiler->interest;
    uint64_t any[INTEREST_FIELD_COUNT] = {0};
    uint32_t first = interest->first[live->org], width = interest_width(interest->first[live->org + 1] - first, word);
    uint32_t in_block = word ? (word - 1) % width : 0;
    uint64_t *block = interest->rows + (size_t)(first + word - in_block) * interest->n_rows;
    struct writer writer = {.compiler = compiler, .column = block + in_block, .width = width, .any = any};
    for (size_t i = 0; i < n; i++) {
        writer.live = &live[i];
        writer.bit = UINT64_C(1) << i;
        if (!write_subscription(&writer))
            return false;
        interest->revisions[(size_t)(first + word) * 64 + i] = live[i].revision;
    }
    leave_open(interest, &writer);
    return true;
}

static bool collect_rows(struct compiler *compiler, const struct subscription_row *rows, size_t n_rows)
{
    for (unsigned org = 0; org < compiler->registry->n; org++)
        org_set_add(&compiler->interest->guidance_by_default, org);
    for (size_t i = 0; i < n_rows; i++) {
        const Signalbox__V1__Subscription *row = rows[i].subscription;
        if (row->withdrawn)
            continue;
        struct live *live = &compiler->live[compiler->n++];
        *live = (struct live){.subscription = row,
            .revision = rows[i].revision,
            .org = registry_find(compiler->registry, slice_text(row->force))};
        if (live->org == ORG_NONE)
            return refuse_subscription(
                live, compiler->error, "force", row->force, "is not in the registry; use a registry id");
        if (!id_valid(row->name))
            return refuse_subscription(
                live, compiler->error, "name", row->name, "must be 1 to 64 characters of a-z, 0-9 and hyphen");
        if (live->revision == 0)
            return refuse_subscription(
                live, compiler->error, "revision", "0", "no subscription can have; count revisions from 1");
        for (size_t j = 0; j < row->n_kinds; j++)
            if (row->kinds[j] == SIGNALBOX__V1__KIND__KIND_GUIDANCE)
                org_set_remove(&compiler->interest->guidance_by_default, live->org);
    }
    qsort(compiler->live, compiler->n, sizeof *compiler->live, by_org_and_revision);
    return true;
}

static uint32_t words_for(size_t subscriptions)
{
    uint32_t words = (uint32_t)((subscriptions + 63) / 64);
    return words > INTEREST_WIDE ? 1 + (words - 1 + INTEREST_WIDE - 1) / INTEREST_WIDE * INTEREST_WIDE : words;
}

static void count_words(const struct compiler *compiler)
{
    struct interest *interest = compiler->interest;
    size_t at = 0;
    for (unsigned org = 0; org < ORGANISATIONS_MAX; org++) {
        size_t from = at;
        while (at < compiler->n && compiler->live[at].org == org)
            at++;
        interest->first[org + 1] = interest->first[org] + words_for(at - from);
    }
}

static bool write_all(const struct compiler *compiler)
{
    uint32_t word = 0;
    for (size_t at = 0, n; at < compiler->n; at += n) {
        const struct live *live = &compiler->live[at];
        word = at > 0 && live[-1].org == live->org ? word + 1 : 0;
        for (n = 1; n < 64 && at + n < compiler->n && live[n].org == live->org;)
            n++;
        if (!write_word(compiler, word, live, n))
            return false;
    }
    return true;
}

static void lay_out(struct interest *interest, const struct registry *registry, const struct policy *policy)
{
    const Signalbox__V1__Policy *document = policy->document;
    const size_t values[INTEREST_FIELD_COUNT] = {
        [INTEREST_FORCE] = registry->n,
        [INTEREST_REGION] = document->n_regions,
        [INTEREST_STRAND] = STRAND_COUNT,
        [INTEREST_THEME] = document->n_themes,
        [INTEREST_KIND] = KIND_COUNT,
        [INTEREST_PRODUCT] = document->n_products,
        [INTEREST_PRIORITY] = PRIORITY_COUNT,
    };
    for (unsigned field = 0; field < INTEREST_FIELD_COUNT; field++)
        interest->base[field + 1] = interest->base[field] + 1 + (uint32_t)values[field];
    interest->n_rows = interest->base[INTEREST_FIELD_COUNT];
}

static bool compile_rows(struct compiler *compiler, const struct subscription_row *rows, size_t n_rows)
{
    struct interest *interest = compiler->interest;
    compiler->live = malloc((n_rows + 1) * sizeof *compiler->live);
    if (!compiler->live)
        return error_no_memory(compiler->error, "the compiled subscriptions");
    if (!collect_rows(compiler, rows, n_rows))
        return false;
    lay_out(interest, compiler->registry, compiler->policy);
    count_words(compiler);
    size_t words = interest->first[ORGANISATIONS_MAX];
    interest->rows = calloc(words * interest->n_rows + 1, sizeof *interest->rows);
    interest->revisions = calloc(words * 64 + 1, sizeof *interest->revisions);
    if (!interest->rows || !interest->revisions)
        return error_no_memory(compiler->error, "the compiled subscriptions");
    return write_all(compiler);
}

struct interest *interest_new(const struct registry *registry, const struct policy *policy,
    const struct subscription_row *rows, size_t n_rows, struct error *error)
{
    struct compiler compiler = {
        .registry = registry, .policy = policy, .error = error, .interest = calloc(1, sizeof(struct interest))};
    if (!compiler.interest) {
        error_no_memory(error, "the compiled subscriptions");
        return NULL;
    }
    bool ok = compile_rows(&compiler, rows, n_rows);
    free(compiler.live);
    return ok ? compiler.interest : interest_free(compiler.interest);
}

struct interest *interest_free(struct interest *interest)
{
    if (!interest)
        return NULL;
    free(interest->rows);
    free(interest->revisions);
    free(interest);
    return NULL;
}
