// SPDX-License-Identifier: Apache-2.0
// The headers of a refused record say all that may be known of it; its value is not looked at. Facts lie by partition
// and offset, in which order a partition gives them anyhow, so sorting is needed only while several partitions are read
// from the start.
#include "hub/observe/collect/observe_quarantine.h"
#include "hub/base/hex.h"
#include "hub/base/list.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/words.h"
#include <stdio.h>
#include <stdlib.h>

#define TEXTS_MAX 8192 // different topics and field paths; beyond these a path is shown as ""

void observe_quarantine_init(struct observe_quarantine *quarantine)
{
    *quarantine = (struct observe_quarantine){.topic = {.topic = "quarantine"}};
}

static void free_pile(void *thing)
{
    struct refused_pile *pile = thing;
    free(pile->name);
    free(pile->agency);
    free(pile->code);
}

void observe_quarantine_deinit(struct observe_quarantine *quarantine)
{
    free(quarantine->facts);
    free(quarantine->starts);
    thing_table_deinit(&quarantine->piles, free_pile);
    thing_table_deinit(&quarantine->texts, NULL);
}

// --- taking ---------------------------------------------------------------------------------------------------------

static void header_text(const struct kafka_record *record, const char *name, char *out, size_t size)
{
    struct slice value = {0};
    kafka_record_header(record, name, &value);
    snprintf(out, size, "%.*s", (int)(value.len < size ? value.len : size), (const char *)value.data);
}

static int64_t header_number(const struct kafka_record *record, const char *name, int64_t otherwise)
{
    char digits[24];
    header_text(record, name, digits, sizeof digits);
    return *digits ? strtoll(digits, NULL, 10) : otherwise;
}

// NULL without memory.
static const char *intern_text(struct observe_quarantine *quarantine, const char *text)
{
    char *known = thing_table_find(&quarantine->texts, text);
    if (known || quarantine->texts.n >= TEXTS_MAX)
        return known ? known : "";
    size_t size = strlen(text) + 1;
    char *kept = thing_table_thing(&quarantine->texts, text, size);
    return kept ? memcpy(kept, text, size) : NULL;
}

static bool name_pile(struct refused_pile *pile, const char *agency, const char *code, const char *name)
{
    if (pile->code)
        return true;
    free_pile(pile);
    pile->name = strdup(name);
    pile->agency = strdup(agency);
    pile->code = pile->name && pile->agency ? strdup(code) : NULL;
    return pile->code != NULL;
}

// *pile is NULL if there are too many. false without memory.
static bool find_pile(
    struct observe_quarantine *quarantine, const struct kafka_record *record, struct refused_pile **pile)
{
    char agency[65], code[65], name[132];
    *pile = NULL;
    header_text(record, "signalbox-agency", agency, sizeof agency);
    header_text(record, "signalbox-code", code, sizeof code);
    snprintf(name, sizeof name, "%s/%s", agency, code);
    if (quarantine->piles.n >= TEXTS_MAX && !thing_table_find(&quarantine->piles, name))
        return true;
    *pile = thing_table_thing(&quarantine->piles, name, sizeof **pile);
    return *pile && name_pile(*pile, agency, code, name);
}

static void apply_mark(struct refused_fact *fact, const struct observe_desk *desk)
{
    char object[64];
    snprintf(object, sizeof object, "quarantine/%d/%lld", fact->partition, (long long)fact->offset);
    const struct desk_mark *mark = observe_desk_mark(desk, object);
    fact->told = mark && mark->told;
    fact->dealt_with =
        (mark && mark->dealt_with) || observe_desk_reaches(desk, fact->pile->name, fact->partition, fact->offset);
}

static int by_time(const void *a, const void *b)
{
    const struct refused_fact *x = a, *y = b;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static bool facts_room(struct observe_quarantine *quarantine)
{
    if (quarantine->n == REFUSED_MAX) {
        qsort(quarantine->facts, quarantine->n, sizeof *quarantine->facts, by_time);
        quarantine->n /= 2;
        memmove(quarantine->facts, quarantine->facts + quarantine->n, quarantine->n * sizeof *quarantine->facts);
        quarantine->sorted = false;
    }
    return list_room(&quarantine->facts, &quarantine->room, quarantine->n + 1, sizeof *quarantine->facts);
}

static struct refused_fact fact_of(
    const struct kafka_record *record, struct refused_pile *pile, const char *topic, const char *path)
{
    char digest[2 * DIGEST_BYTES + 1];
    struct refused_fact fact = {
        .pile = pile,
        .partition = record->partition,
        .offset = record->offset,
        .at_ms = record->timestamp_ms,
        .topic = topic,
        .inbound_partition = (int32_t)header_number(record, "signalbox-partition", -1),
        .inbound_offset = header_number(record, "signalbox-offset", -1),
        .path = path,
        .byte_offset = header_number(record, "signalbox-at", -1),
        .size = (uint64_t)header_number(record, "signalbox-size", 0),
        .sequence = (uint64_t)header_number(record, "signalbox-sequence", 0),
        .kept = record->value.len > 0,
    };
    header_text(record, "signalbox-sha256", digest, sizeof digest);
    hex_decode(slice_text(digest), fact.sha256, sizeof fact.sha256);
    return fact;
}

bool observe_quarantine_take(
    struct observe_quarantine *quarantine, const struct kafka_record *record, const struct observe_desk *desk)
{
    char topic[160], path[257];
    struct refused_pile *pile;
    if (!find_pile(quarantine, record, &pile))
        return false;
    if (!pile)
        return true;
    header_text(record, "signalbox-topic", topic, sizeof topic);
    header_text(record, "signalbox-path", path, sizeof path);
    const char *kept_topic = intern_text(quarantine, topic), *kept_path = intern_text(quarantine, path);
    if (!kept_topic || !kept_path || !facts_room(quarantine))
        return false;
    struct refused_fact *fact = &quarantine->facts[quarantine->n++];
    *fact = fact_of(record, pile, kept_topic, kept_path);
    apply_mark(fact, desk);
    quarantine->sorted = false;
    return true;
}

// --- finding --------------------------------------------------------------------------------------------------------

static int by_place(const void *a, const void *b)
{
    const struct refused_fact *x = a, *y = b;
    if (x->partition != y->partition)
        return x->partition < y->partition ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static struct refused_fact *fact_at(struct observe_quarantine *quarantine, int32_t partition, int64_t offset)
{
    const struct refused_fact key = {.partition = partition, .offset = offset};
    if (!quarantine->sorted && quarantine->n)
        qsort(quarantine->facts, quarantine->n, sizeof key, by_place);
    quarantine->sorted = true;
    return quarantine->n ? bsearch(&key, quarantine->facts, quarantine->n, sizeof key, by_place) : NULL;
}

static void mark_pile(
    struct observe_quarantine *quarantine, const struct refused_pile *pile, const struct observe_desk *desk)
{
    for (size_t i = 0; i < quarantine->n; i++)
        if (quarantine->facts[i].pile == pile)
            apply_mark(&quarantine->facts[i], desk);
}

void observe_quarantine_mark(struct observe_quarantine *quarantine, const char *object, const struct observe_desk *desk)
{
    int partition = 0;
    long long offset = 0;
    const char *slash = strchr(object, '/');
    if (sscanf(object, "quarantine/%d/%lld", &partition, &offset) == 2) {
        struct refused_fact *fact = fact_at(quarantine, partition, offset);
        if (fact)
            apply_mark(fact, desk);
        return;
    }
    const struct refused_pile *pile = slash ? thing_table_find(&quarantine->piles, slash + 1) : NULL;
    if (pile)
        mark_pile(quarantine, pile, desk);
}

// --- one cycle ------------------------------------------------------------------------------------------------------

static void forget_all(struct observe_quarantine *quarantine)
{
    struct followed topic = quarantine->topic;
    observe_quarantine_deinit(quarantine);
    *quarantine = (struct observe_quarantine){.topic = topic};
}

// What the broker no longer holds waits for nobody.
static void drop_expired(struct observe_quarantine *quarantine, const struct survey_topic *told)
{
    size_t n = 0;
    for (size_t i = 0; i < quarantine->n; i++) {
        const struct refused_fact *fact = &quarantine->facts[i];
        const struct survey_partition *part =
            (size_t)fact->partition < told->n_partitions ? &told->partitions[fact->partition] : NULL;
        if (!part || part->start.state != SURVEY_KNOWN || fact->offset >= part->start.value)
            quarantine->facts[n++] = *fact;
    }
    quarantine->n = n;
}

// false without memory. *moved: since they were looked at last.
static bool take_starts(struct observe_quarantine *quarantine, const struct survey_topic *told, bool *moved)
{
    *moved = !quarantine->starts;
    if (!quarantine->starts)
        quarantine->starts = calloc(told->n_partitions + 1, sizeof *quarantine->starts);
    for (size_t i = 0; quarantine->starts && i < told->n_partitions; i++) {
        *moved |= quarantine->starts[i] != told->partitions[i].start.value;
        quarantine->starts[i] = told->partitions[i].start.value;
    }
    return quarantine->starts != NULL;
}

// The desk comes first, so that what has been dealt with never shows as waiting.
void observe_quarantine_keep(struct observe_quarantine *quarantine, const struct followed *desk, struct cycle *cycle)
{
    const struct survey_topic *told = survey_topics_find(&cycle->topics, "quarantine");
    bool moved = false;
    if (quarantine->topic.n_partitions == 0 && desk->n_partitions && !desk->caught_up)
        return;
    if (followed_keep(&quarantine->topic, cycle->follow, told, cycle->now_ms))
        forget_all(quarantine);
    else if (told && quarantine->topic.n_partitions && !take_starts(quarantine, told, &moved))
        cycle_fail(cycle);
    else if (moved)
        drop_expired(quarantine, told);
}

static void count_piles(struct observe_quarantine *quarantine)
{
    for (size_t i = 0; i < quarantine->piles.n; i++) {
        struct refused_pile *pile = quarantine->piles.rows[i].thing;
        pile->waiting = pile->dealt_with = 0;
        pile->oldest_ms = pile->newest_ms = 0;
    }
    for (size_t i = 0; i < quarantine->n; i++) {
        const struct refused_fact *fact = &quarantine->facts[i];
        struct refused_pile *pile = fact->pile;
        pile->dealt_with += fact->dealt_with;
        if (fact->dealt_with)
            continue;
        pile->waiting++;
        pile->newest_ms = fact->at_ms > pile->newest_ms ? fact->at_ms : pile->newest_ms;
        if (!pile->oldest_ms || fact->at_ms < pile->oldest_ms)
            pile->oldest_ms = fact->at_ms;
    }
}

static int most_waiting_first(const void *a, const void *b)
{
    const struct quarantine_health *x = a, *y = b;
    if (x->waiting != y->waiting)
        return x->waiting < y->waiting ? 1 : -1;
    int order = strcmp(x->agency, y->agency);
    return order ? order : strcmp(x->code, y->code);
}

static void report_piles(const struct observe_quarantine *quarantine, struct health *health)
{
    health->refused = arena_alloc(&health->arena, (quarantine->piles.n + 1) * sizeof *health->refused);
    for (size_t i = 0; health->refused && i < quarantine->piles.n; i++) {
        const struct refused_pile *pile = quarantine->piles.rows[i].thing;
        if (pile->waiting + pile->dealt_with == 0)
            continue;
        health->refused[health->n_refused++] =
            (struct quarantine_health){.agency = words_copy(&health->arena, pile->agency),
                .code = words_copy(&health->arena, pile->code),
                .waiting = pile->waiting,
                .dealt_with = pile->dealt_with,
                .oldest_ms = pile->oldest_ms,
                .newest_ms = pile->newest_ms};
    }
    if (health->n_refused)
        qsort(health->refused, health->n_refused, sizeof *health->refused, most_waiting_first);
}

// What waits of one code, and who sent the newest.
static struct quarantine_kind kind_of(const struct health *health, const char *code)
{
    struct quarantine_kind kind = {.agency = ""};
    int64_t newest_ms = -1;
    for (size_t i = 0; i < health->n_refused; i++) {
        const struct quarantine_health *pile = &health->refused[i];
        if (strcmp(pile->code, code) != 0 || pile->waiting == 0)
            continue;
        kind.waiting += pile->waiting;
        if (!kind.oldest_ms || pile->oldest_ms < kind.oldest_ms)
            kind.oldest_ms = pile->oldest_ms;
        if (pile->newest_ms > newest_ms) {
            kind.agency = pile->agency;
            newest_ms = pile->newest_ms;
        }
    }
    return kind;
}

void observe_quarantine_report(struct observe_quarantine *quarantine, struct cycle *cycle)
{
    struct health *health = cycle->health;
    count_piles(quarantine);
    report_piles(quarantine, health);
    struct quarantine_signs signs = {
        .told = quarantine->topic.caught_up, .spills = kind_of(health, "SPILL"), .poisons = kind_of(health, "POISON")};
    for (size_t i = 0; i < health->n_refused; i++)
        signs.waiting += health->refused[i].waiting;
    judge_quarantine(&signs, &health->arena, &health->quarantine);
}

// --- for the accessors ----------------------------------------------------------------------------------------------

static struct observer_refused row_of(const struct refused_fact *fact, struct arena *arena)
{
    char digest[2 * DIGEST_BYTES + 1];
    hex_encode(slice_of(fact->sha256, DIGEST_BYTES), digest);
    return (struct observer_refused){
        .partition = fact->partition,
        .offset = fact->offset,
        .at_ms = fact->at_ms,
        .topic = words_copy(arena, fact->topic),
        .inbound_partition = fact->inbound_partition,
        .inbound_offset = fact->inbound_offset,
        .agency = words_copy(arena, fact->pile->agency),
        .code = words_copy(arena, fact->pile->code),
        .path = words_copy(arena, fact->path),
        .sha256 = words_copy(arena, digest),
        .byte_offset = fact->byte_offset,
        .size = fact->size,
        .ledger_sequence = fact->sequence,
        .kept = fact->kept,
        .told = fact->told,
        .dealt_with = fact->dealt_with,
    };
}

static int newest_first(const void *a, const void *b)
{
    const struct refused_fact *x = *(const struct refused_fact *const *)a, *y = *(const struct refused_fact *const *)b;
    return x->at_ms != y->at_ms ? (x->at_ms < y->at_ms) - (x->at_ms > y->at_ms) : by_place(y, x);
}

size_t observe_quarantine_list(struct observe_quarantine *quarantine, const char *agency, const char *code,
    bool dealt_with_too, size_t skip, size_t max, struct arena *arena, const struct observer_refused **rows)
{
    size_t n = 0;
    const struct refused_fact **found = calloc(quarantine->n + 1, sizeof *found);
    if (!found)
        arena->failed = true;
    for (size_t i = 0; found && i < quarantine->n; i++) {
        const struct refused_fact *fact = &quarantine->facts[i];
        if ((!agency || strcmp(agency, fact->pile->agency) == 0) && (!code || strcmp(code, fact->pile->code) == 0) &&
            (dealt_with_too || !fact->dealt_with))
            found[n++] = fact;
    }
    if (n)
        qsort(found, n, sizeof *found, newest_first);
    skip = skip < n ? skip : n;
    n = n - skip < max ? n - skip : max;
    struct observer_refused *out = arena_alloc(arena, (n + 1) * sizeof *out);
    for (size_t i = 0; out && i < n; i++)
        out[i] = row_of(found[skip + i], arena);
    *rows = out;
    free(found);
    return out ? n : 0;
}

// By offsets, which the partition gave: two hub processes need not have the same time.
size_t observe_quarantine_reach(struct observe_quarantine *quarantine, const char *pile, int64_t until_ms,
    struct arena *arena, const int64_t **before_offsets)
{
    size_t n = (size_t)quarantine->topic.n_partitions;
    int64_t *before = arena_alloc(arena, (n + 1) * sizeof *before);
    bool any = false;
    if (!before)
        return 0;
    memset(before, 0, (n + 1) * sizeof *before);
    for (size_t i = 0; i < quarantine->n; i++) {
        const struct refused_fact *fact = &quarantine->facts[i];
        if (strcmp(fact->pile->name, pile) != 0 || fact->dealt_with || fact->at_ms > until_ms ||
            (size_t)fact->partition >= n)
            continue;
        before[fact->partition] = fact->offset >= before[fact->partition] ? fact->offset + 1 : before[fact->partition];
        any = true;
    }
    *before_offsets = before;
    return any ? n : 0;
}

bool observe_quarantine_at(struct observe_quarantine *quarantine, int32_t partition, int64_t offset,
    struct arena *arena, struct observer_refused *row)
{
    const struct refused_fact *fact = fact_at(quarantine, partition, offset);
    if (fact)
        *row = row_of(fact, arena);
    return fact != NULL;
}
