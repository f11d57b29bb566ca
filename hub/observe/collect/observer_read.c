// SPDX-License-Identifier: Apache-2.0
// What others read: the newest snapshot, and copies out of the tables that the thread keeps. Nothing here asks Kafka.
#include "hub/control/subscription_check.h"
#include "hub/base/clock.h"
#include "hub/observe/collect/observer_state.h"

const struct health *observer_health(struct observer *observer)
{
    pthread_mutex_lock(&observer->lock);
    const struct health *health = health_hold(observer->newest);
    pthread_mutex_unlock(&observer->lock);
    return health;
}

const struct health *observer_wait(struct observer *observer, uint64_t number, int timeout_ms)
{
    const struct timespec until = clock_steady_after(timeout_ms);
    const struct health *health = NULL;
    pthread_mutex_lock(&observer->lock);
    while (observer->newest->number <= number && !observer->stop)
        if (pthread_cond_timedwait(&observer->changed, &observer->lock, &until) != 0)
            break;
    if (observer->newest->number > number)
        health = health_hold(observer->newest);
    pthread_mutex_unlock(&observer->lock);
    return health;
}

bool observer_trail(struct observer *observer, const char *thing, enum trail_figure figure, struct trail *trail)
{
    pthread_mutex_lock(&observer->lock);
    bool there = figure_history_read(&observer->history, thing, figure, trail);
    pthread_mutex_unlock(&observer->lock);
    return there;
}

// --- control documents ----------------------------------------------------------------------------------------------

// A message of our own, by way of its bytes.
static ProtobufCMessage *copy_message(const ProtobufCMessage *message, struct arena *arena)
{
    uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message) + 1);
    if (!bytes)
        return NULL;
    size_t len = protobuf_c_message_pack(message, bytes);
    return arena_unpack(arena, message->descriptor, slice_of(bytes, len));
}

const Signalbox__V1__Registry *observer_registry(struct observer *observer, struct arena *arena)
{
    pthread_mutex_lock(&observer->lock);
    const Signalbox__V1__Registry *registry = documents_registry(observer->parts.control.documents);
    ProtobufCMessage *own = registry ? copy_message(&registry->base, arena) : NULL;
    pthread_mutex_unlock(&observer->lock);
    return (const Signalbox__V1__Registry *)own;
}

static const char *problem_of(
    const struct documents *documents, const Signalbox__V1__Subscription *row, int64_t now_ms, struct arena *arena)
{
    char problem[SUBSCRIPTION_CHECK_BYTES];
    const Signalbox__V1__Registry *registry = documents_registry(documents);
    const Signalbox__V1__Policy *policy = documents_policy(documents);
    if (!registry || !policy || row->withdrawn ||
        !subscription_check(registry, policy, row, now_ms, problem, sizeof problem))
        return NULL;
    return arena_text(arena, slice_text(problem));
}

size_t observer_subscriptions(struct observer *observer, struct arena *arena, const struct observer_subscription **rows)
{
    const struct subscription_row *in_force = NULL;
    pthread_mutex_lock(&observer->lock);
    const struct documents *documents = observer->parts.control.documents;
    size_t n = documents_subscriptions(documents, &in_force), kept = 0;
    struct observer_subscription *out = arena_alloc(arena, (n + 1) * sizeof *out);
    for (size_t i = 0; out && i < n; i++) {
        ProtobufCMessage *own = copy_message(&in_force[i].subscription->base, arena);
        if (own)
            out[kept++] = (struct observer_subscription){(const Signalbox__V1__Subscription *)own, in_force[i].revision,
                problem_of(documents, in_force[i].subscription, observer->newest->at_ms, arena)};
    }
    pthread_mutex_unlock(&observer->lock);
    *rows = out;
    return kept;
}

// --- ledger, quarantine, desk ---------------------------------------------------------------------------------------

void observer_story(struct observer *observer, const uint8_t item[ITEM_ID_BYTES], struct arena *arena,
    struct book_story *story, int64_t *kept_since_ms)
{
    struct book_line *lines;
    pthread_mutex_lock(&observer->lock);
    const struct ledger_cache *cache = observer->parts.ledger.cache;
    size_t n = ledger_cache_story(cache, item, documents_numbers(observer->parts.control.documents), arena, &lines);
    *kept_since_ms = ledger_cache_since_ms(cache);
    pthread_mutex_unlock(&observer->lock);
    size_t own = n ? book_lines_part(lines, n) : 0;
    *story = (struct book_story){.lines = lines, .n = own, .also = lines + own, .n_also = n - own};
}

size_t observer_ledger(struct observer *observer, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct book_line **lines)
{
    pthread_mutex_lock(&observer->lock);
    const struct registry_numbers *numbers = documents_numbers(observer->parts.control.documents);
    size_t n = ledger_cache_newest(observer->parts.ledger.cache, numbers, lane, before, max, arena, lines);
    pthread_mutex_unlock(&observer->lock);
    return n;
}

size_t observer_quarantine(struct observer *observer, const char *agency, const char *code, bool dealt_with_too,
    size_t skip, size_t max, struct arena *arena, const struct observer_refused **rows)
{
    pthread_mutex_lock(&observer->lock);
    size_t n =
        observe_quarantine_list(&observer->parts.quarantine, agency, code, dealt_with_too, skip, max, arena, rows);
    pthread_mutex_unlock(&observer->lock);
    return n;
}

size_t observer_refused_reach(
    struct observer *observer, const char *pile, int64_t until_ms, struct arena *arena, const int64_t **before_offsets)
{
    pthread_mutex_lock(&observer->lock);
    size_t n = observe_quarantine_reach(&observer->parts.quarantine, pile, until_ms, arena, before_offsets);
    pthread_mutex_unlock(&observer->lock);
    return n;
}

bool observer_refused_at(
    struct observer *observer, int32_t partition, int64_t offset, struct arena *arena, struct observer_refused *row)
{
    pthread_mutex_lock(&observer->lock);
    bool there = observe_quarantine_at(&observer->parts.quarantine, partition, offset, arena, row);
    pthread_mutex_unlock(&observer->lock);
    return there;
}

size_t observer_desk(
    struct observer *observer, size_t max, struct arena *arena, const Signalbox__V1__DeskEntry *const **rows)
{
    pthread_mutex_lock(&observer->lock);
    const struct observe_desk *desk = &observer->parts.desk;
    size_t held = desk->n < DESK_KEPT ? (size_t)desk->n : DESK_KEPT, n = held < max ? held : max, kept = 0;
    const Signalbox__V1__DeskEntry **out = arena_alloc(arena, (n + 1) * sizeof *out);
    for (size_t i = 0; out && i < n; i++) {
        ProtobufCMessage *own = copy_message(&desk->entries[(desk->n - 1 - i) % DESK_KEPT]->base, arena);
        if (own)
            out[kept++] = (const Signalbox__V1__DeskEntry *)own;
    }
    pthread_mutex_unlock(&observer->lock);
    *rows = out;
    return kept;
}
