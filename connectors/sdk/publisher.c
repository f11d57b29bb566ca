// SPDX-License-Identifier: Apache-2.0
// From items to records. Items wait in the batch's arena until there are enough of them for one signature; what is
// refused never reaches the batch, so a bad line costs its neighbours nothing.
#include "connectors/sdk/publisher.h"
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/seal.h"
#include "hub/base/text.h"
#include "hub/rules/registry.h"

#include <stdlib.h>

#define BATCH_BYTES (64u * 1024 * 1024) // a batch is sent at this size, full or not

struct waiting {
    struct item item;
    uint64_t line;
};

struct publisher {
    struct publisher_settings settings; // its deployment is the one below
    uint8_t deployment[PROOF_DEPLOYMENT_BYTES];
    char topic[SEAL_TOPIC_BYTES];
    struct writer *writer;       // NULL if nothing is to be sent
    struct arena batch, scratch; // what waits; what one check or one signing needs
    struct waiting **items;
    uint32_t n_items;
};

// The writer reports by the cookie, which is the report in waiting.
static void on_report(void *context, const struct writer_report *report)
{
    struct publisher *publisher = context;
    struct publisher_sent *sent = report->cookie;
    sent->error = report->error;
    sent->partition = report->partition;
    sent->offset = report->offset;
    publisher->settings.sent(publisher->settings.context, sent);
    free(sent);
}

// What is not sent may be signed for no deployment at all.
static struct slice find_deployment(const struct publisher_settings *settings)
{
    static const uint8_t none[PROOF_DEPLOYMENT_BYTES];
    if (settings->deployment.len || (!settings->snapshot && settings->kafka))
        return settings->deployment;
    return settings->snapshot ? registry_deployment(settings->snapshot->registry) : slice_of(none, sizeof none);
}

struct publisher *publisher_new(const struct publisher_settings *settings, struct error *error)
{
    if (find_deployment(settings).len != PROOF_DEPLOYMENT_BYTES) {
        error_say(error, CAUSE_OTHER,
            "Signatures are good for one deployment, and without the registry it must be said which: give its id.");
        return NULL;
    }
    if (settings->batch == 0 || settings->batch > SEAL_BATCH_MAX) {
        error_say(error, CAUSE_OTHER, "A batch has 1 to %d items, not %u.", SEAL_BATCH_MAX, settings->batch);
        return NULL;
    }
    struct publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher || !(publisher->items = calloc(settings->batch, sizeof *publisher->items))) {
        error_say(error, CAUSE_OTHER, "there is no memory for a batch of %u items", settings->batch);
        free(publisher);
        return NULL;
    }
    publisher->settings = *settings;
    memcpy(publisher->deployment, find_deployment(settings).data, sizeof publisher->deployment);
    publisher->settings.deployment = slice_of(publisher->deployment, sizeof publisher->deployment);
    arena_init(&publisher->batch, 0);
    arena_init(&publisher->scratch, 0);
    seal_topic(settings->agency, publisher->topic);
    if (!settings->kafka)
        return publisher;
    struct writer_settings writer = {.report = on_report, .context = publisher};
    publisher->writer = writer_new(settings->kafka, &writer, error);
    if (publisher->writer && writer_partitions(publisher->writer, publisher->topic) > 0)
        return publisher;
    if (publisher->writer)
        *error = *writer_error(publisher->writer);
    return publisher_free(publisher);
}

struct publisher *publisher_free(struct publisher *publisher)
{
    if (!publisher)
        return NULL;
    if (publisher->writer)
        writer_free(publisher->writer);
    arena_deinit(&publisher->batch);
    arena_deinit(&publisher->scratch);
    free(publisher->items);
    free(publisher);
    return NULL;
}

static void name_item(const struct item *item, struct publisher_sent *sent)
{
    item_name(item->header, sent->name);
    text_print(sent->reference, sizeof sent->reference, "%s", item->routing->reference);
}

static void report_failure(struct publisher *publisher, const struct waiting *waiting, const struct error *error)
{
    struct publisher_sent sent = {.line = waiting->line, .error = error, .partition = -1, .offset = -1};
    name_item(&waiting->item, &sent);
    publisher->settings.sent(publisher->settings.context, &sent);
}

static void send_one(struct publisher *publisher, const struct waiting *waiting, struct slice value)
{
    struct publisher_sent *sent = calloc(1, sizeof *sent);
    if (!sent) {
        report_failure(publisher, waiting, &(struct error){.text = "there is no memory left"});
        return;
    }
    sent->line = waiting->line;
    name_item(&waiting->item, sent);
    struct slice key = slice_text(waiting->item.header->subject);
    if (writer_send(publisher->writer, publisher->topic, -1, key, value, NULL, 0, sent))
        return;
    free(sent);
    report_failure(publisher, waiting, writer_error(publisher->writer));
}

static bool sign_and_send(struct publisher *publisher)
{
    const uint32_t n = publisher->n_items;
    struct slice *values = arena_alloc(&publisher->scratch, n * sizeof *values);
    const struct item **items = arena_alloc(&publisher->scratch, n * sizeof(*items));
    for (uint32_t i = 0; items && i < n; i++)
        items[i] = &publisher->items[i]->item;
    const struct seal_signer signer = {
        publisher->settings.deployment, publisher->settings.agency, publisher->settings.key};
    bool signed_all = values && items && seal_items(items, n, &signer, &publisher->scratch, values);
    for (uint32_t i = 0; i < n && publisher->writer; i++) {
        if (signed_all)
            send_one(publisher, publisher->items[i], values[i]);
        else
            report_failure(publisher, publisher->items[i], &(struct error){.text = "the batch could not be signed"});
    }
    return signed_all;
}

bool publisher_send(struct publisher *publisher)
{
    if (publisher->n_items == 0)
        return true;
    arena_reset(&publisher->scratch);
    bool ok = sign_and_send(publisher);
    publisher->n_items = 0;
    arena_reset(&publisher->batch);
    return ok;
}

static bool check_item(struct publisher *publisher, const struct item *item, int64_t now_ms, struct problem *why)
{
    const struct publisher_settings *settings = &publisher->settings;
    arena_reset(&publisher->scratch);
    struct slice draft = seal_draft(item, settings->batch, &publisher->scratch);
    if (!draft.data)
        return problem_say(why, PROBLEM_ITEM_FORMAT, "", "There is no memory left for an item of this size.");
    return inspect_outgoing(draft, settings->snapshot, settings->agency, now_ms, &publisher->scratch, why);
}

static bool take_item(struct publisher *publisher, json_t *value, uint64_t line, int64_t now_ms,
    char name[ITEM_NAME_BYTES], struct problem *why)
{
    const struct item_settings form = {.agency = publisher->settings.agency,
        .nonce_key = publisher->settings.nonce_key,
        .now_ms = now_ms,
        .folder = publisher->settings.folder};
    struct waiting *waiting = arena_alloc(&publisher->batch, sizeof *waiting);
    if (!waiting)
        return problem_say(why, PROBLEM_ITEM_FORMAT, "", "There is no memory left.");
    waiting->line = line;
    if (!item_from_json(value, &form, &publisher->batch, &waiting->item, why) ||
        !check_item(publisher, &waiting->item, now_ms, why))
        return false;
    item_name(waiting->item.header, name);
    publisher->items[publisher->n_items++] = waiting;
    return true;
}

bool publisher_add(struct publisher *publisher, json_t *value, uint64_t line, int64_t now_ms,
    char name[ITEM_NAME_BYTES], struct problem *why)
{
    bool ok = take_item(publisher, value, line, now_ms, name, why);
    if (publisher->n_items == publisher->settings.batch || publisher->batch.used_bytes > BATCH_BYTES)
        publisher_send(publisher);
    if (publisher->n_items == 0)
        arena_reset(&publisher->batch); // what was refused
    return ok;
}

bool publisher_flush(struct publisher *publisher, int timeout_ms)
{
    return publisher_send(publisher) && (!publisher->writer || writer_flush(publisher->writer, timeout_ms));
}

void publisher_poll(struct publisher *publisher)
{
    if (publisher->writer)
        writer_poll(publisher->writer, 0);
}
