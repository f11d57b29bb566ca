// SPDX-License-Identifier: Apache-2.0
// One member on the model cluster. Its records come in the order in which the cluster took them, so that a run that is
// disturbed and one that is not see the same order of everything.
#include "tests/kit/loop/model_log.h"
#include <stdio.h>
#include <stdlib.h>

#define DELAY_CALLS 12

// What a message pointed to when it was produced: it must be there, unchanged, when its transaction is committed.
struct model_held {
    struct slice borrowed, copy;
};

struct model_lane {
    bool open, started;
    struct model_held *held;
    size_t n_held, held_capacity;
    uint64_t epoch, transaction; // transaction 0: none open
    int64_t next[MODEL_TOPICS];
};

struct model_bus {
    struct bus bus;
    struct model *model;
    unsigned number; // from 1, in the order in which members joined
    struct model_lane lanes[MODEL_LANES];
    uint32_t owned[MODEL_LANES];
    size_t n_owned;
    uint64_t generation; // in which it believes to own them
    bool revoke, assign; // to be told at the next polls
    unsigned late;
    enum model_fault (*fault)(void *context, const struct model_moment *moment);
    void *context;
    uint64_t calls;
    bool crashed;
    enum model_call last_call;
    enum model_fault last_fault;
    struct error error; // written when somebody asks for it: a call that goes well costs no sentence
};

static struct model_bus *model_of(struct bus *bus)
{
    return (struct model_bus *)bus;
}

static enum model_fault enter_call(
    struct model_bus *bus, enum model_call call, uint32_t lane, const struct bus_message *message)
{
    if (bus->crashed)
        return MODEL_CRASH_BEFORE;
    model_tick(bus->model);
    struct model_moment moment = {.call = call, .nth = ++bus->calls, .lane = lane, .message = message};
    enum model_fault fault = bus->fault ? bus->fault(bus->context, &moment) : MODEL_FINE;
    if (fault == MODEL_CRASH_BEFORE || fault == MODEL_CRASH_AFTER)
        model_crash(bus);
    bus->last_call = call;
    bus->last_fault = fault;
    return fault;
}

// Whether the call is to have its effect.
static bool has_effect(enum model_fault fault)
{
    return fault == MODEL_FINE || fault == MODEL_CRASH_AFTER || fault == MODEL_LOSE_APPLIED;
}

static enum bus_status answer_of(enum model_fault fault, enum bus_status status)
{
    switch (fault) {
    case MODEL_FINE:
        return status;
    case MODEL_LOSE:
    case MODEL_LOSE_APPLIED:
    case MODEL_LOSE_DELAYED:
        return BUS_LOST;
    case MODEL_REFUSE:
        return BUS_REFUSED;
    default:
        return BUS_BROKEN;
    }
}

static bool is_inbound(const char *name)
{
    return strncmp(name, "in.", 3) == 0 || strcmp(name, "relane") == 0;
}

static void give_origin(struct record *record, const struct bus_header *header)
{
    char text[24];
    snprintf(
        text, sizeof text, "%.*s", (int)header->value.len, header->value.len ? (const char *)header->value.data : "");
    if (strcmp(header->name, "traceparent") == 0)
        record->traceparent = header->value;
    if (strcmp(header->name, "signalbox-origin-topic") == 0)
        record->origin_topic = header->value;
    if (strcmp(header->name, "signalbox-origin-partition") == 0)
        record->origin_partition = (int32_t)strtol(text, NULL, 10);
    if (strcmp(header->name, "signalbox-origin-offset") == 0)
        record->origin_offset = strtoll(text, NULL, 10);
    if (strcmp(header->name, "signalbox-origin-appended") == 0)
        record->origin_appended_ms = strtoll(text, NULL, 10);
}

static void give_record(const char *topic, uint32_t lane, const struct model_record *from, struct bus_event *event)
{
    event->kind = BUS_RECORD;
    event->record = (struct record){.topic = slice_text(topic),
        .lane = lane,
        .offset = from->offset,
        .appended_ms = from->appended_ms,
        .key = from->key,
        .value = from->value,
        .origin_partition = -1,
        .origin_offset = -1,
        .origin_appended_ms = -1};
    bool relayed = strcmp(topic, "relane") == 0;
    for (size_t i = 0; i < from->n_headers; i++)
        if (relayed || strcmp(from->headers[i].name, "traceparent") == 0)
            give_origin(&event->record, &from->headers[i]);
}

// The oldest record that is waiting, over all lanes and topics.
static bool poll_record(struct model_bus *bus, struct bus_event *event)
{
    struct model_record best = {.order = UINT64_MAX};
    uint32_t best_topic = 0, best_lane = 0;
    for (uint32_t lane = 0; lane < bus->model->lanes; lane++)
        for (uint32_t i = 0; bus->lanes[lane].started && i < bus->model->n_topics; i++) {
            const struct model_topic *topic = &bus->model->topics[i];
            struct model_record record;
            int64_t at = bus->lanes[lane].next[i];
            if (is_inbound(topic->name) && lane < topic->n_partitions && at >= 0 &&
                model_read(bus->model, topic->name, lane, true, &at, &record) && record.order < best.order) {
                best = record;
                best_topic = i;
                best_lane = lane;
            }
        }
    if (best.order == UINT64_MAX)
        return false;
    bus->lanes[best_lane].next[best_topic] = best.offset + 1;
    model_story_say(bus->model, "worker %u gets record %lld of %s, lane %u", bus->number, (long long)best.offset,
        bus->model->topics[best_topic].name, best_lane);
    give_record(bus->model->topics[best_topic].name, best_lane, &best, event);
    return true;
}

static bool poll_membership(struct model_bus *bus, struct bus_event *event)
{
    if (bus->late) {
        bus->late--;
        return false;
    }
    if (bus->revoke) {
        bus->revoke = false;
        event->kind = BUS_REVOKED;
        model_story_say(bus->model, "worker %u has to let its lanes go", bus->number);
        return true;
    }
    if (!bus->assign)
        return false;
    bus->assign = false;
    bus->generation = bus->model->generation;
    event->kind = BUS_ASSIGNED;
    if (bus->n_owned == 0)
        model_story_say(bus->model, "worker %u is given no lane", bus->number);
    for (size_t i = 0; i < bus->n_owned; i++)
        model_story_say(bus->model, "worker %u is given lane %u", bus->number, bus->owned[i]);
    event->n_lanes = bus->n_owned;
    memcpy(event->lanes, bus->owned, bus->n_owned * sizeof *bus->owned);
    return true;
}

static void op_poll(struct bus *base, int timeout_ms, struct bus_event *event)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_POLL, 0, NULL);
    event->kind = bus->crashed || fault == MODEL_BREAK ? BUS_FAILED : BUS_NOTHING;
    if (fault != MODEL_FINE || poll_membership(bus, event) || poll_record(bus, event))
        return;
    bus->model->clock_ms += timeout_ms;
}

static enum bus_status op_open(struct bus *base, uint32_t lane)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_OPEN, lane, NULL);
    if (!has_effect(fault))
        return answer_of(fault, BUS_OK);
    free(bus->lanes[lane].held);
    model_story_say(bus->model, "worker %u takes lane %u", bus->number, lane);
    bus->lanes[lane] = (struct model_lane){.open = true, .epoch = model_fence(bus->model, lane)};
    return answer_of(fault, BUS_OK);
}

static bool still_open(const struct model_bus *bus, uint32_t lane)
{
    return bus->lanes[lane].open && bus->lanes[lane].epoch == bus->model->epochs[lane];
}

static enum bus_status op_restore(struct bus *base, uint32_t lane, int64_t from,
    bool (*each)(void *context, int64_t offset, struct slice value), void *context)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_RESTORE, lane, NULL);
    struct model_record record;
    int64_t at = from < 0 ? 0 : from;
    model_story_say(bus->model, "lane %u reads its state from %lld to %lld", lane, (long long)at,
        (long long)model_end(bus->model, "state", lane));
    while (has_effect(fault) && model_read(bus->model, "state", lane, true, &at, &record))
        if (!each(context, record.offset, record.value)) {
            model_story_say(bus->model, "lane %u cannot go on from its state at %lld", lane, (long long)record.offset);
            return BUS_LOST;
        }
    bool hidden = at < model_end(bus->model, "state", lane); // behind an open transaction
    if (hidden)
        model_story_say(bus->model, "the end of lane %u's state is hidden behind an open transaction", lane);
    return answer_of(fault, hidden ? BUS_LOST : BUS_OK);
}

static enum bus_status op_state_range(struct bus *base, uint32_t lane, int64_t *low, int64_t *high)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_STATE_RANGE, lane, NULL);
    *low = model_find(bus->model, "state")->partitions[lane].low;
    *high = model_end(bus->model, "state", lane);
    return answer_of(fault, BUS_OK);
}

static bool has_pending(const struct model *model, uint32_t lane)
{
    for (size_t i = 1; i < model->n_transactions; i++)
        if (model->transactions[i].fate == FATE_OPEN && model->transactions[i].lane == lane &&
            model->transactions[i].n_pending)
            return true;
    return false;
}

#define POSITIONS_BYTES 512

// Those that are beyond the beginning: "in.kent up to 3".
static void tell_positions(const struct bus_position *rows, size_t n, char text[POSITIONS_BYTES])
{
    size_t used = 0;
    snprintf(text, POSITIONS_BYTES, "nothing");
    for (size_t i = 0; i < n && used < POSITIONS_BYTES; i++)
        if (rows[i].next > 0)
            used += (size_t)snprintf(text + used, POSITIONS_BYTES - used, "%s%s up to %lld", used ? ", " : "",
                rows[i].topic, (long long)rows[i].next);
}

static enum bus_status op_committed(
    struct bus *base, uint32_t lane, struct bus_position *rows, int64_t *low, int64_t *high, size_t max, size_t *n)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_COMMITTED, lane, NULL);
    *n = 0;
    for (uint32_t i = 0; i < bus->model->n_topics && *n < max; i++) {
        const struct model_topic *topic = &bus->model->topics[i];
        if (!is_inbound(topic->name) || lane >= topic->n_partitions)
            continue;
        snprintf(rows[*n].topic, sizeof rows[*n].topic, "%s", topic->name);
        rows[*n].next = topic->partitions[lane].offset;
        low[*n] = topic->partitions[lane].low;
        high[(*n)++] = (int64_t)topic->partitions[lane].n;
    }
    char places[POSITIONS_BYTES];
    tell_positions(rows, *n, places);
    model_story_say(bus->model, "lane %u hears that the group has committed %s", lane, places);
    return answer_of(fault, has_pending(bus->model, lane) ? BUS_LOST : BUS_OK);
}

static enum bus_status op_start(struct bus *base, uint32_t lane, const struct bus_position *positions, size_t n)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_START, lane, NULL);
    if (!has_effect(fault))
        return answer_of(fault, BUS_OK);
    for (uint32_t i = 0; i < MODEL_TOPICS; i++)
        bus->lanes[lane].next[i] = -1;
    for (size_t i = 0; i < n; i++)
        bus->lanes[lane].next[model_find(bus->model, positions[i].topic) - bus->model->topics] = positions[i].next;
    bus->lanes[lane].started = true;
    model_story_say(bus->model, "lane %u runs", lane);
    return answer_of(fault, BUS_OK);
}

static int op_topic(struct bus *base, enum bus_topic_kind kind, const char *owner)
{
    static const char *const names[] = {"feed", "exercise", "receipt", "ledger", "state", "quarantine", "relane"};
    struct model_bus *bus = model_of(base);
    if (!has_effect(enter_call(bus, MODEL_CALL_TOPIC, 0, NULL)))
        return -1;
    char name[MODEL_NAME];
    snprintf(name, sizeof name, "%s%s%s", names[kind], owner ? "." : "", owner ? owner : "");
    struct model_topic *topic = model_find(bus->model, name);
    return topic ? (int)(topic - bus->model->topics) : -1;
}

static enum bus_status op_begin(struct bus *base, uint32_t lane)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_BEGIN, lane, NULL);
    if (!bus->lanes[lane].open || bus->lanes[lane].transaction)
        abort(); // a caller's mistake, never a fault of the world
    if (has_effect(fault) && still_open(bus, lane))
        bus->lanes[lane].transaction = model_begin(bus->model, lane);
    model_story_say(bus->model, "lane %u begins a transaction", lane);
    return answer_of(fault, BUS_OK);
}

static void hold_bytes(struct model_lane *lane, struct slice borrowed, struct slice copy)
{
    if (lane->n_held == lane->held_capacity) {
        lane->held_capacity = lane->held_capacity ? lane->held_capacity * 2 : 64;
        lane->held = realloc(lane->held, lane->held_capacity * sizeof *lane->held);
        if (!lane->held)
            abort();
    }
    lane->held[lane->n_held++] = (struct model_held){borrowed, copy};
}

static void check_held(struct model_lane *lane)
{
    for (size_t i = 0; i < lane->n_held; i++)
        if (!slice_equal(lane->held[i].borrowed, lane->held[i].copy)) {
            fprintf(stderr, "model: what a message points to has changed before its transaction was committed\n");
            abort();
        }
    lane->n_held = 0;
}

static struct slice keep_bytes(struct model_bus *bus, uint32_t lane, struct slice bytes)
{
    struct slice copy = arena_copy(&bus->model->arena, bytes);
    hold_bytes(&bus->lanes[lane], bytes, copy);
    return copy;
}

static void append_record(struct model_bus *bus, uint32_t lane, const struct bus_message *message)
{
    struct model *model = bus->model;
    struct model_topic *topic = &model->topics[message->topic];
    if (message->partition < 0 || (uint32_t)message->partition >= topic->n_partitions)
        abort();
    struct model_entry *entry = model_add_entry(model, &topic->partitions[message->partition]);
    struct bus_header *headers = arena_alloc(&model->arena, (message->n_headers + 1) * sizeof *headers);
    for (size_t i = 0; i < message->n_headers; i++)
        headers[i] = (struct bus_header){message->headers[i].name, keep_bytes(bus, lane, message->headers[i].value)};
    entry->key = keep_bytes(bus, lane, message->key);
    entry->value = keep_bytes(bus, lane, message->value);
    entry->headers = headers;
    entry->n_headers = message->n_headers;
    entry->transaction = bus->lanes[lane].transaction;
}

// Writing is asynchronous: a producer that was fenced learns of it at its commit, and the brokers drop what it writes
// until then.
static enum bus_status op_produce(struct bus *base, uint32_t lane, const struct bus_message *message)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_PRODUCE, lane, message);
    if (!bus->crashed && !bus->lanes[lane].open)
        abort();
    const char *name = bus->model->topics[message->topic].name;
    if (fault == MODEL_REFUSE)
        model_story_say(bus->model, "lane %u can never write this to %s", lane, name);
    else if (fault == MODEL_LOSE)
        model_story_say(bus->model, "lane %u cannot write to %s now", lane, name);
    else if (!bus->crashed)
        model_story_write(bus->model, lane, name);
    if (has_effect(fault) && still_open(bus, lane) && bus->lanes[lane].transaction)
        append_record(bus, lane, message);
    return answer_of(fault, BUS_OK);
}

static void note_offsets(
    struct model *model, uint64_t number, uint32_t lane, const struct bus_position *positions, size_t n)
{
    struct model_transaction *transaction = &model->transactions[number];
    transaction->pending = arena_alloc(&model->arena, (n + 1) * sizeof *transaction->pending);
    for (size_t i = 0; i < n; i++)
        transaction->pending[i] =
            (struct model_pending){.topic = (uint32_t)(model_find(model, positions[i].topic) - model->topics),
                .partition = lane,
                .next = positions[i].next};
    transaction->n_pending = n;
}

static void tell_commit(
    struct model_bus *bus, uint32_t lane, enum model_fault fault, const struct bus_position *rows, size_t n)
{
    static const char *const ends[] = {[MODEL_LOSE] = ", and the request is lost",
        [MODEL_LOSE_APPLIED] = ", and the answer is lost",
        [MODEL_LOSE_DELAYED] = ", and the request is late"};
    char places[POSITIONS_BYTES];
    tell_positions(rows, n, places);
    model_story_say(bus->model, "lane %u commits, with %s%s", lane, places,
        fault >= MODEL_LOSE && fault <= MODEL_LOSE_DELAYED ? ends[fault] : "");
}

static enum bus_status op_commit(struct bus *base, uint32_t lane, const struct bus_position *positions, size_t n)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_COMMIT, lane, NULL);
    if (fault == MODEL_CRASH_BEFORE || fault == MODEL_BREAK)
        return BUS_BROKEN;
    if (!still_open(bus, lane) || (bus->generation != bus->model->generation && !bus->model->any_generation)) {
        model_story_say(bus->model, "the commit of lane %u is refused: fenced", lane);
        return answer_of(fault, BUS_FENCED);
    }
    tell_commit(bus, lane, fault, positions, n);
    uint64_t number = bus->lanes[lane].transaction;
    if (!number)
        abort();
    note_offsets(bus->model, number, lane, positions, n);
    if (fault == MODEL_LOSE_DELAYED) {
        bus->model->transactions[number].lands_at = bus->model->calls + DELAY_CALLS;
        bus->model->n_delayed++;
    }
    check_held(&bus->lanes[lane]);
    if (has_effect(fault)) {
        model_end_transaction(bus->model, number, FATE_COMMITTED);
        bus->lanes[lane].transaction = 0;
    }
    return answer_of(fault, BUS_OK);
}

static void op_abort(struct bus *base, uint32_t lane)
{
    struct model_bus *bus = model_of(base);
    enum model_fault fault = enter_call(bus, MODEL_CALL_ABORT, lane, NULL);
    uint64_t number = bus->lanes[lane].transaction;
    if (number && !bus->crashed && still_open(bus, lane))
        model_story_say(bus->model, "lane %u aborts", lane);
    else if (number && !bus->crashed)
        model_story_say(bus->model, "worker %u aborts in lane %u, which has another owner now", bus->number, lane);
    // A commit that is on its way cannot be taken back; the next opening decides the race.
    if (has_effect(fault) && number && still_open(bus, lane) && !bus->model->transactions[number].lands_at)
        model_end_transaction(bus->model, number, FATE_ABORTED);
    bus->lanes[lane].transaction = 0;
    bus->lanes[lane].n_held = 0;
}

static void op_close(struct bus *base, uint32_t lane)
{
    struct model_bus *bus = model_of(base);
    enter_call(bus, MODEL_CALL_CLOSE, lane, NULL);
    if (!bus->crashed)
        model_story_say(bus->model, "worker %u forgets lane %u", bus->number, lane);
    bus->lanes[lane].open = bus->lanes[lane].started = false;
}

static const struct error *op_error(struct bus *base)
{
    struct model_bus *bus = model_of(base);
    error_say(&bus->error, CAUSE_OTHER, "model: fault %d at call %d", bus->last_fault, bus->last_call);
    return &bus->error;
}

static const struct bus_ops ops = {
    .poll = op_poll,
    .open = op_open,
    .restore = op_restore,
    .state_range = op_state_range,
    .committed = op_committed,
    .start = op_start,
    .topic = op_topic,
    .begin = op_begin,
    .produce = op_produce,
    .commit = op_commit,
    .abort = op_abort,
    .close = op_close,
    .error = op_error,
};

struct model_bus *model_join(struct model *model)
{
    struct model_bus *bus = calloc(1, sizeof *bus);
    if (!bus)
        abort();
    bus->bus.ops = &ops;
    bus->model = model;
    bus->number = ++model->n_members;
    return bus;
}

struct bus *model_bus(struct model_bus *bus)
{
    return &bus->bus;
}

struct model_bus *model_part(struct model_bus *bus)
{
    for (uint32_t lane = 0; lane < MODEL_LANES; lane++)
        free(bus->lanes[lane].held);
    free(bus);
    return NULL;
}

void model_set_fault(
    struct model_bus *bus, enum model_fault (*fault)(void *context, const struct model_moment *moment), void *context)
{
    bus->fault = fault;
    bus->context = context;
}

void model_crash(struct model_bus *bus)
{
    if (!bus->crashed)
        model_story_say(bus->model, "worker %u dies", bus->number);
    bus->crashed = true;
}

size_t model_in_transaction(const struct model_bus *bus)
{
    size_t n = 0;
    for (uint32_t lane = 0; lane < MODEL_LANES; lane++)
        n += bus->lanes[lane].transaction != 0;
    return n;
}

uint64_t model_calls(const struct model_bus *bus)
{
    return bus->calls;
}

bool model_crashed(const struct model_bus *bus)
{
    return bus->crashed;
}

static void share_lanes(struct model_bus *bus, size_t place, size_t n)
{
    bus->revoke = bus->n_owned > 0 || bus->generation > 0;
    bus->assign = true;
    bus->late = 0;
    bus->n_owned = 0;
    for (uint32_t lane = (uint32_t)place; lane < bus->model->lanes; lane += (uint32_t)n)
        bus->owned[bus->n_owned++] = lane;
}

void model_rebalance(struct model *model, struct model_bus *const *members, size_t n)
{
    model->generation++;
    for (size_t i = 0; i < n; i++)
        share_lanes(members[i], i, n);
}

void model_expel(struct model_bus *bus, unsigned late)
{
    bus->late = late;
    bus->revoke = true;
    bus->assign = false;
    bus->n_owned = 0;
}

void model_check_generation(struct model *model, bool check)
{
    model->any_generation = !check;
}

void model_refetch(struct model_bus *bus, uint32_t lane, const char *topic, int64_t offset)
{
    bus->lanes[lane].next[model_find(bus->model, topic) - bus->model->topics] = offset;
}
