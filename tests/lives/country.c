// SPDX-License-Identifier: Apache-2.0
#include "tests/lives/country.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/control.h"
#include <stdio.h>
#include <stdlib.h>

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static size_t read_version(struct tokens *tokens)
{
    int64_t version = tokens_number(tokens);
    if (version < 0 || version >= COUNTRY_VERSIONS)
        abort();
    return (size_t)version;
}

static Signalbox__V1__Registry *registry_of(struct country *country, size_t version)
{
    Signalbox__V1__Registry *registry = country->registry[version];
    if (registry)
        return registry;
    registry = country->registry[version] = need_memory(arena_alloc(&country->arena, sizeof *registry));
    signalbox__v1__registry__init(registry);
    registry->version = version + 1;
    registry->deployment_id = (ProtobufCBinaryData){kit_deployment().len, (uint8_t *)(uintptr_t)kit_deployment().data};
    registry->organisations = need_memory(arena_alloc(&country->arena, COUNTRY_ORGANISATIONS * sizeof(void *)));
    return registry;
}

static Signalbox__V1__Organisation *add_organisation(struct country *country, size_t version)
{
    Signalbox__V1__Registry *registry = registry_of(country, version);
    Signalbox__V1__Organisation *row = need_memory(arena_alloc(&country->arena, sizeof *row));
    signalbox__v1__organisation__init(row);
    if (registry->n_organisations == COUNTRY_ORGANISATIONS)
        abort();
    return registry->organisations[registry->n_organisations++] = row;
}

static void *read_values(struct tokens *tokens, struct arena *arena, size_t *n)
{
    char **texts;
    *n = tokens_list(tokens, arena, &texts);
    int *values = need_memory(arena_alloc(arena, (*n + 1) * sizeof *values));
    for (size_t i = 0; i < *n; i++)
        values[i] = atoi(texts[i]);
    return values;
}

static void read_key(Signalbox__V1__SigningKey *key, struct tokens *tokens, struct arena *arena)
{
    key->valid_from_unix_ms = tokens_number(tokens);
    key->valid_to_unix_ms = tokens_number(tokens);
    key->revoked_unix_ms = tokens_number(tokens);
    if (key->revoked_unix_ms)
        key->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED;
    key->signs = read_values(tokens, arena, &key->n_signs);
}

void country_read_organisation(struct country *country, struct tokens *tokens)
{
    struct arena *arena = &country->arena;
    Signalbox__V1__Organisation *row = add_organisation(country, read_version(tokens));
    row->id = row->name = tokens_text(tokens);
    row->kind = tokens_text(tokens);
    row->region = tokens_text(tokens);
    row->n_listens_to = tokens_list(tokens, arena, &row->listens_to);
    row->clearance = (Signalbox__V1__Classification)tokens_number(tokens);
    row->valid_from_unix_ms = tokens_number(tokens);
    row->valid_to_unix_ms = tokens_number(tokens);
    row->n_successors = tokens_list(tokens, arena, &row->successors);
    row->publishes = tokens_number(tokens) != 0;
    row->subscribes = tokens_number(tokens) != 0;
    row->number = (uint32_t)tokens_number(tokens);
    row->signs = read_values(tokens, arena, &row->n_signs);
    kit_give_key(arena, row);
    read_key(row->keys[0], tokens, arena);
}

void country_read_policy(struct country *country, struct tokens *tokens)
{
    size_t version = read_version(tokens);
    Signalbox__V1__Policy *policy = country->policy[version] = kit_policy(&country->arena);
    policy->version = version + 1;
    policy->dedup_window_days = (uint32_t)tokens_number(tokens);
    policy->max_age_days = (uint32_t)tokens_number(tokens);
    policy->max_ahead_ms = (uint32_t)tokens_number(tokens);
    policy->item_years = (uint32_t)tokens_number(tokens);
    policy->unsent_changes = (uint32_t)tokens_number(tokens);
    policy->n_kinds = (size_t)tokens_number(tokens);
    kit_set_text(&country->arena, &policy->centre, tokens_text(tokens));
    for (size_t i = 0; i < policy->n_strand_leads; i++)
        policy->strand_leads[i]->in_audience = tokens_number(tokens) != 0;
}

void country_read_subscription(struct country *country, struct tokens *tokens)
{
    struct arena *arena = &country->arena;
    size_t version = read_version(tokens);
    Signalbox__V1__Subscription *row = need_memory(arena_alloc(arena, sizeof *row));
    signalbox__v1__subscription__init(row);
    if (country->n_subscriptions[version] == COUNTRY_SUBSCRIPTIONS)
        abort();
    struct subscription_row *place = &country->subscriptions[version][country->n_subscriptions[version]++];
    place->subscription = row;
    place->revision = (uint64_t)tokens_number(tokens);
    row->force = tokens_text(tokens);
    row->name = tokens_text(tokens);
    row->n_regions = tokens_list(tokens, arena, &row->regions);
    row->n_forces = tokens_list(tokens, arena, &row->forces);
    row->n_themes = tokens_list(tokens, arena, &row->themes);
    row->n_products = tokens_list(tokens, arena, &row->products);
    row->strands = read_values(tokens, arena, &row->n_strands);
    row->kinds = read_values(tokens, arena, &row->n_kinds);
    row->priorities = read_values(tokens, arena, &row->n_priorities);
    row->withdrawn = tokens_number(tokens) != 0;
}

static void find_organisations(struct country *country, size_t version)
{
    const Signalbox__V1__Registry *registry = country->registry[version];
    for (size_t i = 0; i < registry->n_organisations; i++)
        country->organisation[version][i] =
            registry_find(country->compiled[version]->registry, slice_text(registry->organisations[i]->id));
}

void country_compile(struct country *country, struct tokens *tokens)
{
    size_t version = read_version(tokens), n = country->n_subscriptions[version];
    struct error error;
    country->compiled[version] = snapshot_new(
        country->registry[version], country->policy[version], country->subscriptions[version], n, n, &error);
    if (!country->compiled[version]) {
        fprintf(stderr, "lives: %s\n", error.text);
        exit(2);
    }
    find_organisations(country, version);
}

size_t country_size(const struct country *country, int64_t version)
{
    return country->registry[version]->n_organisations;
}

const struct snapshot *country_snapshot(const struct country *country, int64_t version)
{
    if (version < 0 || version >= COUNTRY_VERSIONS || !country->compiled[version])
        abort();
    return country->compiled[version];
}

void country_deinit(struct country *country)
{
    for (size_t i = 0; i < COUNTRY_VERSIONS; i++)
        if (country->compiled[i])
            snapshot_free(country->compiled[i]);
    arena_deinit(&country->arena);
}
