// SPDX-License-Identifier: Apache-2.0
// How long an item takes from an agency to a force: from the moment at which it was due to be published until a reader
// of committed records on the force's feed holds it. The schedule is kept whatever the hub does (open loop), so that a
// hub that falls behind cannot hide it by slowing its own input. Signing is part of the time; every item is signed by
// itself.
#include "connectors/sdk/item.h"
#include "connectors/sdk/keys.h"
#include "connectors/sdk/seal.h"
#include "hub/control/control.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include "hub/rules/registry.h"
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SECOND_NS    INT64_C(1000000000)
#define STRAGGLERS_S 15 // how long to wait for what is still under way at the end

struct run {
    const char *bootstrap, *prefix, *agency, *force, *key_file;
    long rate, seconds, warm; // items a second; how long it is measured; and how long before that it is not
    EVP_PKEY *key;
    struct snapshot *control; // names the deployment
    struct writer *writer;
    struct reader *reader;
    struct arena arena; // of one item
    uint64_t n, n_warm; // items; those before the measured ones
    uint64_t first;     // number of the first: other runs' items are other items
    int64_t start_ns;
    int64_t *sent_ns;            // when the broker's client took it
    _Atomic int64_t *arrived_ns; // 0 if not yet
    atomic_uint_fast64_t arrived;
    atomic_bool stop;
    uint64_t refused;
};

static void die_saying(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die_saying(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("latency: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

static int64_t due_ns(const struct run *run, uint64_t number)
{
    return run->start_ns + (int64_t)number * SECOND_NS / run->rate;
}

// --- the agency ----------------------------------------------------------------------------------

// The id tells the item's number, so that the reader needs nothing else.
static json_t *item_json(const struct run *run, uint64_t number)
{
    char id[33], text[160];
    snprintf(id, sizeof id, "6c6174656e637900%016" PRIx64, run->first + number);
    snprintf(text, sizeof text,
        "Invented report %" PRIu64 ": the line was seen near the station for the %" PRIu64 "th time.",
        run->first + number, number % 59 + 1);
    char subject[32];
    snprintf(subject, sizeof subject, "line-%04u", (unsigned)(number * 7 % 300));
    return json_pack("{s:{s:s, s:s, s:s, s:[s], s:[s], s:s, s:[s], s:s, s:i, s:s, s:s}, s:[{s:{s:s, s:s, s:i, s:i}, "
                     "s:{s:s, s:[{s:s, s:i, s:i, s:i}], s:{s:s, s:s, s:s, s:s}}}]}",
        "header", "itemId", id, "kind", "KIND_REPORT", "subject", subject, "strands", "STRAND_PROTECT", "themes",
        "drugs", "product", "intelligence-report", "importerForces", run->force, "priority", "PRIORITY_ROUTINE",
        "mopiGroup", 3, "reviewUnixMs", "1982880000000", "sharingBasis", "policing-purpose", "parts", "info",
        "classification", "CLASSIFICATION_OFFICIAL", "handling", "HANDLING_CODE_P", "sourceEvaluation", 2,
        "intelligenceAssessment", 2, "report", "title", "Line seen", "statements", "text", text, "sourceEvaluation", 2,
        "intelligenceAssessment", 2, "handling", 1, "line", "lineId", subject, "brand", "Invented", "status", "active",
        "scope", "external");
}

static void make_item(struct run *run, uint64_t number, struct item *item)
{
    const struct item_settings settings = {.agency = run->agency, .now_ms = clock_ns(CLOCK_REALTIME) / 1000000};
    struct problem why;
    json_t *value = item_json(run, number);
    if (!value || !item_from_json(value, &settings, &run->arena, item, &why))
        die_saying("an item cannot be made: %s", value ? why.text : "no memory");
    json_decref(value);
}

static void publish_item(struct run *run, uint64_t number)
{
    struct item item;
    const struct item *items[] = {&item};
    struct slice value;
    char topic[SEAL_TOPIC_BYTES];
    arena_reset(&run->arena);
    make_item(run, number, &item);
    const struct seal_signer signer = {registry_deployment(run->control->registry), run->agency, run->key};
    if (!seal_items(items, 1, &signer, &run->arena, &value))
        die_saying("an item cannot be signed");
    seal_topic(run->agency, topic);
    if (!writer_send(run->writer, topic, -1, slice_text(item.header->subject), value, NULL, 0, NULL))
        die_saying("%s", writer_error(run->writer)->text);
    run->sent_ns[number] = clock_ns(CLOCK_MONOTONIC);
    writer_poll(run->writer, 0);
}

static void on_report(void *context, const struct writer_report *report)
{
    struct run *run = context;
    if (!report->error)
        return;
    if (run->refused++ == 0)
        fprintf(stderr, "latency: %s\n", report->error->text);
}

static void publish_all(struct run *run)
{
    for (uint64_t number = 0; number < run->n; number++) {
        int64_t due = due_ns(run, number);
        const struct timespec at = {.tv_sec = due / SECOND_NS, .tv_nsec = due % SECOND_NS};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
            ;
        publish_item(run, number);
    }
    writer_flush(run->writer, STRAGGLERS_S * 1000);
}

// --- the force -----------------------------------------------------------------------------------

static bool number_of(struct slice value, struct arena *arena, uint64_t *number)
{
    static const uint8_t mark[8] = "latency";
    struct envelope envelope;
    struct refusal why;
    const Signalbox__V1__Header *header = NULL;
    if (envelope_open(value, &envelope, &why))
        header = envelope_header(&envelope, arena, &why);
    if (!header || header->item_id.len != ITEM_ID_BYTES || memcmp(header->item_id.data, mark, sizeof mark) != 0)
        return false;
    *number = 0;
    for (size_t i = sizeof mark; i < ITEM_ID_BYTES; i++)
        *number = *number << 8 | header->item_id.data[i];
    return true;
}

static void note_arrival(struct run *run, const struct kafka_record *record, struct arena *arena)
{
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    uint64_t number = 0;
    arena_reset(arena);
    bool ours = number_of(record->value, arena, &number);
    number -= run->first;
    if (!ours || number >= run->n || run->arrived_ns[number])
        die_saying("the feed holds what was not published, or twice");
    run->arrived_ns[number] = now;
    run->arrived++;
}

static void *read_all(void *context)
{
    struct run *run = context;
    struct kafka_record record;
    struct arena arena;
    arena_init(&arena, 0);
    while (!run->stop && run->arrived < run->n) {
        enum reader_status status = reader_next(run->reader, 100, &record);
        if (status == READER_FAILED)
            die_saying("%s", reader_error(run->reader)->text);
        if (status == READER_RECORD)
            note_arrival(run, &record, &arena);
    }
    arena_deinit(&arena);
    return NULL;
}

static void wait_for_stragglers(struct run *run, pthread_t reader)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STRAGGLERS_S;
    if (pthread_timedjoin_np(reader, NULL, &until) == 0)
        return;
    run->stop = true;
    pthread_join(reader, NULL);
}

// --- what came of it -----------------------------------------------------------------------------

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double at_share(const double *sorted, uint64_t n, double share)
{
    uint64_t rank = (uint64_t)(share * (double)n);
    return n ? sorted[rank < n ? rank : n - 1] : 0;
}

static void tell_figures(const struct run *run)
{
    uint64_t n = run->n - run->n_warm, came = 0;
    double *took = calloc(n + 1, sizeof *took), *late = calloc(n + 1, sizeof *late);
    if (!took || !late)
        die_saying("no memory");
    for (uint64_t i = 0; i < n; i++) {
        uint64_t number = i + run->n_warm;
        late[i] = (double)(run->sent_ns[number] - due_ns(run, number)) / 1e6;
        if (run->arrived_ns[number])
            took[came++] = (double)(run->arrived_ns[number] - due_ns(run, number)) / 1e6;
    }
    qsort(took, came, sizeof *took, by_size);
    qsort(late, n, sizeof *late, by_size);
    printf("{\"rate\": %ld, \"seconds\": %ld, \"items\": %" PRIu64 ", \"missing\": %" PRIu64 ", \"p50_ms\": %.2f, "
           "\"p90_ms\": %.2f, \"p99_ms\": %.2f, \"p999_ms\": %.2f, \"max_ms\": %.2f, \"sender_p50_ms\": %.2f, "
           "\"sender_p99_ms\": %.2f}\n",
        run->rate, run->seconds, n, n - came, at_share(took, came, 0.5), at_share(took, came, 0.9),
        at_share(took, came, 0.99), at_share(took, came, 0.999), at_share(took, came, 1.0), at_share(late, n, 0.5),
        at_share(late, n, 0.99));
    free(took);
    free(late);
}

// --- the command line ----------------------------------------------------------------------------

static long number_in(const char *text, long low, long high)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || end == text || value < low || value > high)
        die_saying("'%s' is not a number from %ld to %ld", text, low, high);
    return value;
}

static void print_usage(void)
{
    puts("Publishes items on schedule and prints how long each took to its force's feed.\n\n"
         "  --bootstrap HOST:PORT  --prefix TEXT\n"
         "  --agency ID            who publishes; --key FILE is its private key\n"
         "  --force ID             who reads; every item names it\n"
         "  --rate N               items a second\n"
         "  --seconds N            how long it is measured\n"
         "  --warm N               seconds before that, not measured (2)");
}

static void read_options(struct run *run, int argc, char **argv)
{
    static const struct option names[] = {{"bootstrap", 1, NULL, 'b'}, {"prefix", 1, NULL, 'p'},
        {"agency", 1, NULL, 'a'}, {"key", 1, NULL, 'k'}, {"force", 1, NULL, 'f'}, {"rate", 1, NULL, 'r'},
        {"seconds", 1, NULL, 's'}, {"warm", 1, NULL, 'w'}, {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
    *run = (struct run){.bootstrap = "localhost:9092", .prefix = "", .rate = 100, .seconds = 20, .warm = 2};
    for (int c; (c = getopt_long(argc, argv, "h", names, NULL)) != -1;)
        switch (c) {
        case 'b':
            run->bootstrap = optarg;
            break;
        case 'p':
            run->prefix = optarg;
            break;
        case 'a':
            run->agency = optarg;
            break;
        case 'k':
            run->key_file = optarg;
            break;
        case 'f':
            run->force = optarg;
            break;
        case 'r':
            run->rate = number_in(optarg, 1, 100000);
            break;
        case 's':
            run->seconds = number_in(optarg, 1, 3600);
            break;
        case 'w':
            run->warm = number_in(optarg, 0, 60);
            break;
        default:
            print_usage();
            exit(c == 'h' ? 0 : 2);
        }
    if (!run->agency || !run->force || !run->key_file)
        die_saying("--agency, --force and --key are needed");
}

static void connect_all(struct run *run)
{
    // What a publisher sets that signs and sends items one by one.
    static const char *const at_once[] = {"linger.ms=0"};
    struct error error;
    char feed[96];
    struct kafka_settings reading = {.bootstrap = run->bootstrap, .prefix = run->prefix}, writing = reading;
    writing.properties = at_once;
    writing.n_properties = 1;
    const struct writer_settings writer = {.report = on_report, .context = run};
    snprintf(feed, sizeof feed, "feed.%s", run->force);
    const struct reader_source source = {.topic = feed, .partition = -1};
    const struct reader_settings reader = {.sources = &source, .n_sources = 1, .from = READER_END};
    if (!(run->key = keys_load(run->key_file, &error)))
        die_saying("%s", error.text);
    run->control = control_load(&reading, &error);
    run->writer = run->control ? writer_new(&writing, &writer, &error) : NULL;
    run->reader = run->writer ? reader_new(&reading, &reader, &error) : NULL;
    if (!run->reader)
        die_saying("%s", error.text);
}

static void set_up(struct run *run)
{
    run->first = (uint64_t)clock_ns(CLOCK_REALTIME);
    run->n_warm = (uint64_t)(run->rate * run->warm);
    run->n = (uint64_t)(run->rate * run->seconds) + run->n_warm;
    run->sent_ns = calloc(run->n, sizeof *run->sent_ns);
    run->arrived_ns = calloc(run->n, sizeof *run->arrived_ns);
    if (!run->sent_ns || !run->arrived_ns)
        die_saying("no memory");
    arena_init(&run->arena, 0);
    connect_all(run);
}

static void tear_down(struct run *run)
{
    writer_free(run->writer);
    reader_free(run->reader);
    EVP_PKEY_free(run->key);
    arena_deinit(&run->arena);
    free(run->sent_ns);
    free((void *)run->arrived_ns);
}

int main(int argc, char **argv)
{
    static struct run run;
    pthread_t reader;
    read_options(&run, argc, argv);
    set_up(&run);
    if (pthread_create(&reader, NULL, read_all, &run) != 0)
        die_saying("no thread");
    run.start_ns = clock_ns(CLOCK_MONOTONIC) + SECOND_NS / 2;
    publish_all(&run);
    wait_for_stragglers(&run, reader);
    tell_figures(&run);
    bool complete = run.arrived == run.n && run.refused == 0;
    tear_down(&run);
    return complete ? 0 : 1;
}
