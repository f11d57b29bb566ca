// SPDX-License-Identifier: Apache-2.0
// Fields that contradict each other or that the kind of item demands. What a single field may hold is the guard's
// business, except where routing would go wrong without it: there it is asked for once more.
#include "hub/decide/facts_parts.h"
#include "hub/contract/item_id.h"
#include "hub/contract/outcome.h"

#define HEADER_IS(kind_name) (input->header->kind == SIGNALBOX__V1__KIND__KIND_##kind_name)

static bool refuse_conflict(const struct facts_input *input, const char *field)
{
    return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.%s", field);
}

static bool refuse_missing(const struct facts_input *input, const char *field)
{
    return facts_refuse(input->why, OUTCOME_FIELD_MISSING, "header.%s", field);
}

// Place of the first entry that an earlier one equals, or n. For short lists only: those of organisations are looked at
// in facts_names.c.
static size_t find_repeat(size_t n, char *const *texts)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(texts[i], texts[j]) == 0)
                return i;
    return n;
}

static bool check_lists(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const struct list {
        const char *field;
        size_t n;
        char *const *texts;
    } lists[] = {
        {"themes", header->n_themes, header->themes},
        {"boroughs", header->n_boroughs, header->boroughs},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t at = find_repeat(lists[i].n, lists[i].texts);
        if (at < lists[i].n)
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.%s[%zu]", lists[i].field, at);
    }
    return true;
}

static bool check_part_lists(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    size_t at = find_repeat(part->n_instructions, part->instructions);
    if (at < part->n_instructions)
        return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "parts[%zu].info.instructions[%zu]", i, at);
    at = find_repeat(part->n_descriptors, part->descriptors);
    if (at < part->n_descriptors)
        return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "parts[%zu].info.descriptors[%zu]", i, at);
    return true;
}

static bool take_strands(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    for (size_t i = 0; i < header->n_strands; i++) {
        uint32_t strand = (uint32_t)header->strands[i];
        if (strand == 0 || strand >= STRAND_COUNT)
            return facts_refuse(input->why, OUTCOME_FIELD_MISSING, "header.strands[%zu]", i);
        if (input->facts->strands >> strand & 1)
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.strands[%zu]", i);
        input->facts->strands |= 1u << strand;
    }
    return true;
}

static bool take_modes(const struct facts_input *input)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < input->header->n_modes; i++) {
        uint32_t mode = (uint32_t)input->header->modes[i] & 31;
        if (seen >> mode & 1)
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "header.modes[%zu]", i);
        seen |= 1u << mode;
    }
    input->facts->rail = seen >> SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL & 1;
    return true;
}

static bool check_states(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    uint32_t priority = (uint32_t)header->priority;
    if (priority >= PRIORITY_COUNT)
        return refuse_missing(input, "priority");
    input->facts->priorities = 1u << priority;
    if (header->status == SIGNALBOX__V1__STATUS__STATUS_UNSPECIFIED)
        return refuse_missing(input, "status");
    if (input->item->n_parts == 0)
        return facts_refuse(input->why, OUTCOME_FIELD_MISSING, "parts");
    return true;
}

static bool check_order_of_times(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    if (header->expires_unix_ms && header->expires_unix_ms <= header->made_unix_ms)
        return refuse_conflict(input, "expires_unix_ms");
    if (header->expires_unix_ms && header->not_before_unix_ms >= header->expires_unix_ms)
        return refuse_conflict(input, "not_before_unix_ms");
    const Signalbox__V1__Routing *routing = input->routing;
    if (routing && routing->happened_to_unix_ms && routing->happened_to_unix_ms < routing->happened_from_unix_ms)
        return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "routing.happened_to_unix_ms");
    return true;
}

static bool refuse_about(const struct facts_input *input, const char *field)
{
    return facts_refuse(input->why, OUTCOME_ABOUT_WRONG, "header.about.%s", field);
}

// What an item is about lies on its own subject, so that both meet in one lane; the id says so without memory.
static bool check_about(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    const Signalbox__V1__ItemReference *about = header->about;
    struct item_id id;
    if (!about)
        return true;
    struct slice said = slice_of(about->item_id.data, about->item_id.len);
    if (!item_id_make(slice_text(about->agency), slice_text(header->subject),
            slice_of(about->nonce.data, about->nonce.len), &id) ||
        !slice_equal(said, item_id_slice(&id)) ||
        slice_equal(said, slice_of(header->item_id.data, header->item_id.len)))
        return refuse_about(input, "item_id");
    if (HEADER_IS(GUIDANCE) && strcmp(about->agency, header->agency) != 0)
        return refuse_about(input, "agency");
    return true;
}

// A change of standing is said once; another wording is the next change.
static bool check_change(const struct facts_input *input)
{
    if (!HEADER_IS(STANDING))
        return true;
    if (input->header->revision != 1)
        return refuse_conflict(input, "revision");
    return input->item->n_parts == 1 || facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "parts");
}

static bool check_review(const struct facts_input *input)
{
    const Signalbox__V1__Header *header = input->header;
    return header->review_unix_ms == 0 || header->review_unix_ms > header->made_unix_ms ||
           refuse_conflict(input, "review_unix_ms");
}

static bool check_product(const struct facts_input *input)
{
    if (!input->facts->products)
        return true;
    unsigned place = (unsigned)__builtin_ctzll(input->facts->products);
    return policy_document(input->snapshot->policy)->products[place]->kind == input->header->kind ||
           refuse_conflict(input, "product");
}

bool facts_check_fields(const struct facts_input *input)
{
    if (!take_strands(input) || !take_modes(input) || !check_states(input) || !check_lists(input))
        return false;
    for (size_t i = 0; i < input->item->n_parts; i++)
        if (!check_part_lists(input, i))
            return false;
    return check_product(input) && check_order_of_times(input) && check_review(input) && check_about(input) &&
           check_change(input);
}
