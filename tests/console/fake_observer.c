// SPDX-License-Identifier: Apache-2.0
// Lists are filtered as the real observer does it; courses of figures are drawn from a formula, with a gap.
#include "tests/console/fake_observer.h"
#include "hub/observe/things.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct observer {
    pthread_mutex_t mutex;
    pthread_cond_t newer;
    const struct health *health;
    const struct fake_facts *facts;
};

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct observer *fake_observer_new(struct health *health, const struct fake_facts *facts)
{
    struct observer *observer = need_memory(calloc(1, sizeof *observer));
    pthread_mutex_init(&observer->mutex, NULL);
    pthread_cond_init(&observer->newer, NULL);
    observer->health = health;
    observer->facts = facts;
    return observer;
}

void fake_observer_put(struct observer *observer, struct health *health)
{
    pthread_mutex_lock(&observer->mutex);
    health->number = observer->health->number + 1;
    health_drop(observer->health);
    observer->health = health;
    pthread_cond_broadcast(&observer->newer);
    pthread_mutex_unlock(&observer->mutex);
}

struct observer *fake_observer_free(struct observer *observer)
{
    health_drop(observer->health);
    pthread_cond_destroy(&observer->newer);
    pthread_mutex_destroy(&observer->mutex);
    free(observer);
    return NULL;
}

void observer_console_certificate(struct observer *observer, const struct digest *sha256, int64_t to_ms)
{
    (void)observer, (void)sha256, (void)to_ms; // its health is invented
}

const struct health *observer_health(struct observer *observer)
{
    pthread_mutex_lock(&observer->mutex);
    const struct health *health = health_hold(observer->health);
    pthread_mutex_unlock(&observer->mutex);
    return health;
}

const struct health *observer_wait(struct observer *observer, uint64_t number, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + (int64_t)timeout_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&observer->mutex);
    int status = 0;
    while (observer->health->number <= number && status == 0)
        status = pthread_cond_timedwait(&observer->newer, &observer->mutex, &until);
    const struct health *health = observer->health->number > number ? health_hold(observer->health) : NULL;
    pthread_mutex_unlock(&observer->mutex);
    return health;
}

// What the snapshot says of it now: a course ends there.
static struct figure figure_now(const struct health *health, const struct thing_place *place, enum trail_figure figure)
{
    const struct figure unknown = {0};
    if (place->of == THING_GROUP) {
        const struct group_health *group = &health->groups[place->index];
        const struct figure figures[TRAIL_FIGURES] = {group->lag, group->lag_ms, group->per_minute, unknown};
        return figures[figure];
    }
    if (place->of == THING_FORCE) {
        const struct force_health *force = &health->forces[place->index];
        const struct figure figures[TRAIL_FIGURES] = {
            force->lag, force->lag_ms, figure_of(force->last_hour.value / 60), unknown};
        return figures[figure];
    }
    if (place->of == THING_SOURCE) {
        const struct source_health *source = &health->sources[place->index];
        const struct figure figures[TRAIL_FIGURES] = {
            source->waiting, unknown, figure_of(source->last_hour.value / 60), source->delays.hub_p50_ms};
        return figures[figure];
    }
    return place->of == THING_TOPIC && figure == TRAIL_PER_MINUTE ? health->topics[place->index].per_minute : unknown;
}

// A wave that becomes what is now in its last half hour.
static struct figure figure_in_course(size_t i, size_t n, unsigned seed, struct figure now)
{
    int64_t top = now.value > 20 ? now.value : 20, wave = (int64_t)(i * (7 + seed) % 97) * top / 97;
    int64_t come = i + 31 > n ? (int64_t)(i + 31 - n) : 0;
    return i + 1 == n ? now : figure_of((wave * (30 - come) + now.value * come) / 30);
}

bool observer_trail(struct observer *observer, const char *thing, enum trail_figure figure, struct trail *trail)
{
    const struct health *health = observer_health(observer);
    struct thing_place place;
    bool found = things_find(health, thing, &place);
    *trail = (struct trail){.n = found ? 180 : 0};
    for (size_t i = 0; i < trail->n; i++) {
        trail->at_ms[i] = health->at_ms - (int64_t)(trail->n - 1 - i) * 60000;
        if (i < 20 || i > 26)
            trail->values[i] = figure_in_course(i, trail->n, (unsigned)figure, figure_now(health, &place, figure));
    }
    health_drop(health);
    return found;
}

const Signalbox__V1__Registry *observer_registry(struct observer *observer, struct arena *arena)
{
    (void)arena;
    return observer->facts->registry;
}

size_t observer_subscriptions(struct observer *observer, struct arena *arena, const struct observer_subscription **rows)
{
    (void)arena;
    *rows = observer->facts->subscriptions;
    return observer->facts->n_subscriptions;
}

void observer_story(struct observer *observer, const uint8_t item[ITEM_ID_BYTES], struct arena *arena,
    struct book_story *story, int64_t *kept_since_ms)
{
    const struct fake_facts *facts = observer->facts;
    struct book_line *found = arena_alloc(arena, (facts->n_lines + 1) * sizeof *found);
    size_t n = 0;
    for (size_t i = found ? facts->n_lines : 0; i-- > 0;)
        if (facts->lines[i].has_item && memcmp(facts->lines[i].item, item, ITEM_ID_BYTES) == 0)
            found[n++] = facts->lines[i];
    const struct health *health = observer_health(observer);
    *kept_since_ms = health->began_ms;
    health_drop(health);
    size_t own = n ? book_lines_part(found, n) : 0;
    *story = (struct book_story){.lines = found, .n = own, .also = found + own, .n_also = n - own};
}

size_t observer_ledger(struct observer *observer, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct book_line **lines)
{
    const struct fake_facts *facts = observer->facts;
    struct book_line *found = arena_alloc(arena, (facts->n_lines + 1) * sizeof *found);
    size_t n = 0;
    for (size_t i = 0; found && i < facts->n_lines && n < max; i++) {
        const struct book_line *line = &facts->lines[i];
        if ((lane < 0 || line->lane == (uint32_t)lane) && (before == 0 || line->sequence < before))
            found[n++] = *line;
    }
    *lines = found;
    return n;
}

size_t observer_quarantine(struct observer *observer, const char *agency, const char *code, bool dealt_with_too,
    size_t skip, size_t max, struct arena *arena, const struct observer_refused **rows)
{
    const struct fake_facts *facts = observer->facts;
    struct observer_refused *found = arena_alloc(arena, (facts->n_refused + 1) * sizeof *found);
    size_t n = 0;
    for (size_t i = 0; found && i < facts->n_refused && n < max; i++) {
        const struct observer_refused *row = &facts->refused[i];
        bool wanted = (!agency || strcmp(agency, row->agency) == 0) && (!code || strcmp(code, row->code) == 0) &&
                      (dealt_with_too || !row->dealt_with);
        if (wanted && skip > 0)
            skip--;
        else if (wanted)
            found[n++] = *row;
    }
    *rows = found;
    return n;
}

size_t observer_refused_reach(
    struct observer *observer, const char *pile, int64_t until_ms, struct arena *arena, const int64_t **before_offsets)
{
    const struct fake_facts *facts = observer->facts;
    int64_t *before = arena_alloc(arena, 64 * sizeof *before);
    size_t n = 0;
    for (size_t i = 0; before && i < facts->n_refused; i++) {
        const struct observer_refused *row = &facts->refused[i];
        const char *name = arena_printf(arena, "%s/%s", row->agency, row->code);
        if (!name || strcmp(name, pile) != 0 || row->dealt_with || row->at_ms > until_ms)
            continue;
        before[row->partition] = row->offset >= before[row->partition] ? row->offset + 1 : before[row->partition];
        n = 64;
    }
    *before_offsets = before;
    return n;
}

bool observer_refused_at(
    struct observer *observer, int32_t partition, int64_t offset, struct arena *arena, struct observer_refused *row)
{
    (void)arena;
    const struct fake_facts *facts = observer->facts;
    for (size_t i = 0; i < facts->n_refused; i++)
        if (facts->refused[i].partition == partition && facts->refused[i].offset == offset) {
            *row = facts->refused[i];
            return true;
        }
    return false;
}

size_t observer_desk(
    struct observer *observer, size_t max, struct arena *arena, const Signalbox__V1__DeskEntry *const **rows)
{
    (void)arena;
    *rows = observer->facts->desk;
    return observer->facts->n_desk < max ? observer->facts->n_desk : max;
}
