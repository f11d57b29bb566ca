// SPDX-License-Identifier: Apache-2.0
// Memory that runs out while a request is answered. The real server answers on a loopback port, each row of routes.def
// once for every allocation that its answer takes: the first fails, then the second, and so on. What comes is the whole
// answer, byte for byte, or a 503 or a connection that ends; and the next request gets the whole one again. What
// officers do is done as the desk has it in writing, or not at all. That the process is still there says the test's
// end.
#include "hub/console/html/assets.h"
#include "hub/base/hex.h"
#include "hub/console/server/console.h"
#include "hub/console/server/exchange.h"
#include "hub/control/control_value.h"
#include "tests/console/fake_kafka.h"
#include "tests/console/fixture_facts.h"
#include "tests/console/still_clock.h"
#include "tests/kit/core/control.h"
#include "tests/kit/health/unwell_health.h"
#include "tests/kit/memory/failing_allocator.h"
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ANSWER_BYTES (4u << 20)

// --- memory fails in the thread of the connection, from the request's line to its end ------------

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    size_t nth, failures; // nth 0: none fails
    bool failed, over;
} plan = {.mutex = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

void *__real_exchange_begin(void *console, const char *uri, struct MHD_Connection *connection);
void __real_exchange_end(
    void *console, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode why);

void *__wrap_exchange_begin(void *console, const char *uri, struct MHD_Connection *connection)
{
    if (plan.nth)
        failing_allocator_begin(plan.nth, plan.failures);
    return __real_exchange_begin(console, uri, connection);
}

void __wrap_exchange_end(
    void *console, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode why)
{
    __real_exchange_end(console, connection, exchange, why);
    bool failed = failing_allocator_end();
    pthread_mutex_lock(&plan.mutex);
    plan.failed = plan.nth && failed;
    plan.over = true;
    pthread_cond_signal(&plan.ended);
    pthread_mutex_unlock(&plan.mutex);
}

// --- the console under test ----------------------------------------------------------------------

static struct arena arena;
static struct fake_facts facts;
static struct observer *observer;
static struct console *console;
static struct kafka_settings kafka = {.bootstrap = "nowhere:9092", .prefix = ""};
static unsigned port;
static char cookie[256], token[CSRF_TOKEN_BYTES];
static char item_hex[33], item_place[64], refused_place[64];
static char *answer, *whole; // of the request at hand, without what changes from one to the next

// A few of each thing: what is repeated takes memory in the same places.
static struct health *small_health(void)
{
    struct health *health = kit_health_unwell(STILL_CLOCK_MS);
    size_t *const counts[] = {&health->n_forces, &health->n_sources, &health->n_topics, &health->n_groups,
        &health->n_lanes, &health->n_processes, &health->n_canaries, &health->n_keys, &health->n_ledgers,
        &health->n_refused, &health->n_troubles, &health->n_cleared};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = *counts[i] > 2 ? 2 : *counts[i];
    health->refused[0].agency = "kent";
    health->refused[0].code = "FIELD_LENGTH";
    return health;
}

// The bytes of the first refused record, and of the first item taken in; and the control documents in force.
static void give_records(void)
{
    static struct kafka_record records[5];
    static struct observer_refused refused[32];
    static struct book_line lines[64];
    static char sha256[2 * DIGEST_BYTES + 1];
    static struct digest digest;

    memcpy(refused, facts.refused, facts.n_refused * sizeof *refused);
    facts.refused = refused;
    struct slice bytes = slice_text("what an agency sent and the hub refused");
    struct digest of_bytes = digest_of(bytes);
    hex_encode(digest_slice(&of_bytes), sha256);
    refused[0].sha256 = sha256;
    records[0] = (struct kafka_record){
        .topic = "quarantine", .partition = refused[0].partition, .offset = refused[0].offset, .value = bytes};
    snprintf(refused_place, sizeof refused_place, "%d/%lld", refused[0].partition, (long long)refused[0].offset);

    memcpy(lines, facts.lines, facts.n_lines * sizeof *lines);
    facts.lines = lines;
    size_t at = 0;
    while (lines[at].verdict != SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED)
        at++;
    struct slice value = kit_envelope(&arena, kit_report(&arena, "kent", 1));
    digest = digest_of(value);
    struct book_line *line = &lines[at];
    line->value_sha256 = digest_slice(&digest);
    hex_encode(slice_of(line->item, sizeof line->item), item_hex);
    snprintf(item_place, sizeof item_place, "%s/%u/%lld", line->topic, line->lane, (long long)line->offset);
    records[1] = (struct kafka_record){
        .topic = line->topic, .partition = (int32_t)line->lane, .offset = line->offset, .value = value};

    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Policy *policy = kit_policy(&arena);
    registry->version = policy->version = 1;
    records[2] = (struct kafka_record){.topic = "ctl.registry",
        .timestamp_ms = 1,
        .key = slice_text("0000000001"),
        .value = control_value_pack(&registry->base, NULL, &arena)};
    records[3] = (struct kafka_record){.topic = "ctl.policy",
        .timestamp_ms = 2,
        .key = slice_text("0000000001"),
        .value = control_value_pack(&policy->base, NULL, &arena)};
    records[4] = (struct kafka_record){.topic = "ctl.subscriptions",
        .timestamp_ms = 3,
        .key = slice_text("kent/all"),
        .value = control_value_pack(&kit_subscription(&arena, "kent", "all")->base, NULL, &arena)};
    fake_kafka_give(records, sizeof records / sizeof *records);
}

static void start_console(void)
{
    struct error error;
    const struct console_settings settings = {
        .listen = "127.0.0.1:0", .local = UINT32_MAX >> 1, .version = "0.1.0", .kafka = &kafka, .observer = observer};
    console = console_start(&settings, &error);
    cr_assert(console, "%s", error.text);
    cr_assert_eq(sscanf(console_url(console), "http://127.0.0.1:%u/", &port), 1);
}

static void begin_test(void)
{
    arena_init(&arena, 0);
    facts = *fixture_facts(&arena, STILL_CLOCK_MS);
    give_records();
    observer = fake_observer_new(small_health(), &facts);
    start_console();
    answer = malloc(ANSWER_BYTES);
    whole = malloc(ANSWER_BYTES);
}

static void end_test(void)
{
    console_stop(console);
    fake_observer_free(observer);
    free(answer);
    free(whole);
    arena_deinit(&arena);
}

TestSuite(out_of_memory, .init = begin_test, .fini = end_test, .timeout = 600);

// --- requests ------------------------------------------------------------------------------------

static int connect_to_console(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(descriptor >= 0 && connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0);
    return descriptor;
}

static void read_answer(int descriptor)
{
    size_t len = 0;
    for (ssize_t got = 1; got > 0; len += got > 0 ? (size_t)got : 0)
        got = read(descriptor, answer + len, ANSWER_BYTES - 1 - len);
    answer[len] = 0;
    char *date = strstr(answer, "\r\nDate: ");
    if (date)
        memset(date + 8, '-', strcspn(date + 8, "\r"));
}

// What comes back is in answer; empty if the connection ended without one.
static void ask_console(const char *method, const char *path, const char *body)
{
    char request[8192];
    plan.over = false;
    int descriptor = connect_to_console(),
        len = snprintf(request, sizeof request,
            "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n"
            "Cookie: signalbox=%s\r\n",
            method, path, cookie);
    if (body)
        len += snprintf(request + len, sizeof request - (size_t)len,
            "Origin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            "%zu\r\n\r\n%s",
            strlen(body), body);
    else
        len += snprintf(request + len, sizeof request - (size_t)len, "\r\n");
    cr_assert(len < (int)sizeof request && write(descriptor, request, (size_t)len) == len);
    read_answer(descriptor);
    close(descriptor);
    pthread_mutex_lock(&plan.mutex);
    while (!plan.over)
        pthread_cond_wait(&plan.ended, &plan.mutex);
    pthread_mutex_unlock(&plan.mutex);
}

static unsigned status_of(const char *text)
{
    unsigned status = 0;
    return sscanf(text, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}

static void find_text(const char *before, const char *end, char *out, size_t size)
{
    const char *at = strstr(answer, before);
    cr_assert(at, "%s is not in %s", before, answer);
    at += strlen(before);
    size_t len = strcspn(at, end);
    cr_assert(len < size);
    memcpy(out, at, len);
    out[len] = 0;
}

static void begin_session(void)
{
    ask_console("GET", "/subscriptions/kent/new-one", NULL);
    find_text("Set-Cookie: signalbox=", ";", cookie, sizeof cookie);
    find_text("name=\"csrf\" value=\"", "\"", token, sizeof token);
}

// --- one request with each of its allocations failing in turn ------------------------------------

struct run {
    const char *method, *path, *body;
    unsigned status;    // of the whole answer
    const char *effect; // the topic that an act writes to beside the desk; NULL: none
    size_t entries;     // of the desk that say that it was done
};

static bool is_done(struct slice value)
{
    Signalbox__V1__DeskEntry *entry = signalbox__v1__desk_entry__unpack(arena_allocator(&arena), value.len, value.data);
    return entry && entry->done;
}

// What was shown or changed stands at the desk.
static void expect_written_down(const struct run *run, size_t nth)
{
    size_t done = 0;
    for (size_t i = 0; i < fake_kafka_written("desk"); i++)
        done += is_done(fake_kafka_value("desk", i));
    cr_assert(done == run->entries || (done == 0 && status_of(answer) != run->status),
        "%s: allocation %zu: %zu entries with\n%s", run->path, nth, done, answer);
    if (run->effect)
        cr_assert(fake_kafka_written(run->effect) <= done, "%s: allocation %zu", run->path, nth);
}

static void expect_all_or_nothing(const struct run *run, size_t nth)
{
    unsigned status = status_of(answer);
    cr_assert(status == 503 || !*answer || strcmp(answer, whole) == 0, "%s %s: allocation %zu of it gives\n%s",
        run->method, run->path, nth, answer);
    cr_assert(status != 503 || strstr(answer, "Content-Security-Policy: "), "%s: allocation %zu", run->path, nth);
}

// What is made once a snapshot is made again.
static void forget_rendered(struct rendered *rendered)
{
    rendered_make *make = rendered->make;
    rendered_deinit(rendered);
    rendered_init(rendered, make);
}

static void run_once(const struct run *run, size_t nth, size_t failures)
{
    forget_rendered(&console->json);
    forget_rendered(&console->metrics);
    plan.nth = nth;
    plan.failures = failures;
    fake_kafka_forget();
    ask_console(run->method, run->path, run->body);
    plan.nth = 0;
}

static void expect_whole(const struct run *run, size_t nth)
{
    run_once(run, 0, 0);
    cr_assert_str_eq(answer, whole, "%s: the answer after a failure at allocation %zu is another", run->path, nth);
}

static void run_out(const struct run *run, size_t failures)
{
    run_once(run, 0, 0);
    memcpy(whole, answer, strlen(answer) + 1);
    cr_assert_eq(status_of(whole), run->status, "%s %s gives\n%s", run->method, run->path, whole);
    bool failed = true;
    size_t nth = 1;
    for (; failed; nth++) {
        run_once(run, nth, failures);
        failed = plan.failed;
        expect_all_or_nothing(run, nth);
        if (run->body)
            expect_written_down(run, nth);
        if (nth % 16 == 1)
            expect_whole(run, nth);
    }
    cr_assert_gt(nth, 2, "%s takes no memory", run->path);
    cr_assert_str_eq(answer, whole);
}

// --- every row of routes.def ---------------------------------------------------------------------

static const struct row {
    const char *method, *path;
} rows[] = {
#define ROUTE(method, path, permission, handler) {#method, path},
#include "hub/console/server/routes.def"
#undef ROUTE
};

// What stands for a row's *. A row that has nothing here fails.
static const char *rest_of(const char *path, const struct health *health)
{
    const struct {
        const char *path, *rest;
    } rests[] = {
        {"/trail/*", arena_printf(&arena, "lag/group/%s", health->groups[0].name)},
        {"/forces/*", health->forces[0].id},
        {"/sources/*", health->sources[0].agency},
        {"/topics/*", health->topics[0].name},
        {"/groups/*", health->groups[0].name},
        {"/item/*", item_hex},
        {"/quarantine/*", refused_place},
        {"/subscriptions/*", "kent/new-one"},
        {"/assets/*", strrchr(asset_url("console.js"), '/') + 1},
    };
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
        if (strcmp(rests[i].path, path) == 0)
            return rests[i].rest;
    cr_assert(false, "%s needs a row in rest_of", path);
    return NULL;
}

static const char *address_of(const char *path)
{
    const struct health *health = observer_health(observer);
    size_t len = strlen(path);
    const char *address =
        path[len - 1] == '*' ? arena_printf(&arena, "%.*s%s", (int)len - 1, path, rest_of(path, health)) : path;
    health_drop(health);
    return address;
}

Test(out_of_memory, every_page_and_every_other_answer_comes_whole_or_not_at_all)
{
    begin_session();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].method, "GET") != 0 || strcmp(rows[i].path, "/events") == 0)
            continue; // acts and events have tests of their own
        const struct run run = {.method = "GET", .path = address_of(rows[i].path), .status = 200};
        run_out(&run, 1);
        run_out(&run, FAILING_ALLOCATOR_ALL);
    }
}

Test(out_of_memory, pages_that_say_more_and_pages_that_say_no_come_whole_or_not_at_all)
{
    static const struct run runs[] = {
        {"GET", "/find?find=no-such-thing", NULL, 200, NULL, 0},
        {"GET", "/find?find=e", NULL, 200, NULL, 0},
        {"GET", "/item?id=x", NULL, 400, NULL, 0},
        {"GET", "/quarantine?all=1&agency=kent", NULL, 200, NULL, 0},
        {"GET", "/topics?view=feed&q=a&sort=-lag", NULL, 200, NULL, 0},
        {"GET", "/ledger?lane=1", NULL, 200, NULL, 0},
        {"GET", "/subscriptions?problems=1", NULL, 200, NULL, 0},
        {"GET", "/subscriptions?new-force=kent&new-name=a", NULL, 303, NULL, 0},
        {"GET", "/forces?verdict=troubled&sort=force", NULL, 200, NULL, 0},
        {"GET", "/readyz?verbose=1", NULL, 200, NULL, 0},
        {"GET", "/nowhere", NULL, 404, NULL, 0},
        {"GET", "/forces/nobody", NULL, 404, NULL, 0},
        {"GET", "/trail/lag/nothing", NULL, 404, NULL, 0},
        {"GET", "/item/content", NULL, 405, NULL, 0},
        {"GET", "/about?a=%ff", NULL, 400, NULL, 0},
        {"POST", "/about", "a=b", 405, NULL, 0},
        {"POST", "/quarantine/done", "csrf=none&object=quarantine/0/1&reason=a", 403, NULL, 0},
    };
    begin_session();
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        run_out(&runs[i], 1);
}

// --- what officers do ----------------------------------------------------------------------------

static const char *form_with(const char *fields)
{
    return arena_printf(&arena, "csrf=%s&reason=a+case&%s", token, fields);
}

Test(out_of_memory, what_officers_do_is_done_as_the_desk_says_or_not_at_all)
{
    begin_session();
    const char *refused = arena_printf(&arena, "object=quarantine/%s", refused_place);
    const struct run runs[] = {
        {"POST", "/item/content", form_with(arena_printf(&arena, "object=%s&item=%s", item_place, item_hex)), 200, NULL,
            1},
        {"POST", "/quarantine/content", form_with(refused), 200, NULL, 1},
        {"POST", "/quarantine/tell", form_with(arena_printf(&arena, "%s&note=Correct+it.", refused)), 303,
            "receipt.kent", 1},
        {"POST", "/quarantine/done", form_with(refused), 303, NULL, 1},
        {"POST", "/quarantine/all-done",
            form_with(
                arena_printf(&arena, "object=quarantine/kent/FIELD_LENGTH&until=%lld", (long long)STILL_CLOCK_MS)),
            303, NULL, 1},
        {"POST", "/subscriptions/apply", form_with("object=kent/new-one&revision=0&note=why&regions="), 200, NULL, 0},
        {"POST", "/subscriptions/apply", form_with("object=kent/new-one&revision=0&note=why&regions=&confirm=1"), 303,
            "ctl.subscriptions", 1},
        {"POST", "/subscriptions/withdraw", form_with("object=kent/all&revision=1&confirm=1"), 303, "ctl.subscriptions",
            1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t of_row = 0;
        for (size_t r = 0; r < sizeof runs / sizeof *runs; r++)
            of_row += strcmp(runs[r].path, rows[i].path) == 0;
        cr_assert(of_row > 0 || strcmp(rows[i].method, "GET") == 0, "%s needs a run here", rows[i].path);
    }
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        run_out(&runs[i], 1);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        run_out(&runs[i], FAILING_ALLOCATOR_ALL);
}

// --- events --------------------------------------------------------------------------------------

static void expect_event(const struct health *before, const struct health *now)
{
    char *all = health_changes_text(before, now);
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        failing_allocator_begin(nth, 1);
        char *text = health_changes_text(before, now);
        failed = failing_allocator_end();
        cr_assert(text || failed);
        cr_assert(!text || strcmp(text, all) == 0, "allocation %zu gives %s", nth, text);
        free(text);
    }
    free(all);
}

Test(out_of_memory, an_event_says_all_that_changed_or_is_not_sent)
{
    struct health *well = kit_health_well(STILL_CLOCK_MS), *unwell = small_health();
    well->number = 1;
    unwell->number = 2;
    expect_event(NULL, unwell);
    expect_event(well, unwell);
    health_drop(well);
    health_drop(unwell);
}
