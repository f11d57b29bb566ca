// SPDX-License-Identifier: Apache-2.0
// Setting the stage, a line a step. On the embedded broker topics are made here, since only its own process can make
// them; all else is the commands that an officer would type.
#include "hub/cli/demo/setup.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/stop.h"
#include "hub/control/registry_file.h"
#include "hub/control/topics.h"
#include "hub/control/lane_births.h"
#include "hub/rules/registry.h"
#include "hub/kafka/broker.h"
#include <ftw.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *const setup_agencies[SETUP_AGENCIES] = {"metropolitan", "merseyside", "kent", "btp", "mopac"};

#define LANES_TEXT "4"
#define CANARY     "signalbox-canary"
_Static_assert(SETUP_LANES == 4, "the text below says the same");

bool setup_fail(struct setup *setup, const char *sentence)
{
    setup->failed = true;
    cli_fail(setup->cli, COMMAND_FAILED, "%s The logs are in %s.", sentence, setup->folder);
    return false;
}

static void say_step(struct setup *setup, const char *step, const char *text)
{
    fprintf(setup->out, "%-14s %s\n", step, text);
}

static bool open_broker(struct setup *setup)
{
    struct error error;
    setup->kafka = setup->cli->kafka;
    if (!option_given(setup->cli, OPTION_BOOTSTRAP)) {
        setup->broker = broker_new(&error);
        if (!setup->broker)
            return setup_fail(setup, error.text);
        setup->kafka.bootstrap = broker_bootstrap(setup->broker);
        setup->kafka.embedded = true;
        setup->kafka.broker = setup->broker;
    }
    setup->place = (struct process_place){.folder = setup->folder, .bootstrap = setup->kafka.bootstrap};
    fprintf(setup->out, "%-14s %s%s\n", "Broker", setup->kafka.bootstrap,
        setup->broker ? ", embedded in this process: for trying, never for keeping data (all of it is gone at the end)"
                      : ", a real Apache Kafka");
    return true;
}

bool setup_new(struct setup *setup, struct cli *cli)
{
    *setup = (struct setup){
        .cli = cli, .out = cli->out, .stop = stop_flag(), .samples = option_text(cli, OPTION_SAMPLES), .hub = -1};
    setvbuf(cli->out, NULL, _IOLBF, 0); // each step is seen when it is done, in a pipe too
    snprintf(setup->folder, sizeof setup->folder, "/tmp/signalbox-demo.XXXXXX");
    if (!mkdtemp(setup->folder)) {
        cli_fail(cli, COMMAND_FAILED, "No folder can be made in /tmp: check its permissions and free space.");
        return false;
    }
    snprintf(setup->keys, sizeof setup->keys, "%s/keys", setup->folder);
    if (open_broker(setup))
        return true;
    setup_free(setup);
    return false;
}

// Runs a command to its end; its log is shown if it fails.
static bool run_command(struct setup *setup, const char *log, const char *const *words)
{
    int status = process_wait(process_start(&setup->place, log, words));
    if (status == COMMAND_OK)
        return true;
    char *said = process_log(&setup->place, log);
    fprintf(setup->cli->err, "signalbox %s %s ended with status %d:\n%s", words[0], words[1], status, said ? said : "");
    free(said);
    return setup_fail(setup, "A step failed.");
}

static Signalbox__V1__Registry *read_registry(struct setup *setup, struct arena *arena, char **text)
{
    char path[4096];
    struct error error;
    size_t len;
    snprintf(path, sizeof path, "%s/organisations.csv", setup->samples);
    *text = file_read(path, 1u << 20, &len, &error);
    Signalbox__V1__Registry *registry = *text ? registry_file_parse(*text, len, arena, &error) : NULL;
    if (!registry)
        setup_fail(setup, error.text);
    return registry;
}

static bool make_topics(struct setup *setup, const Signalbox__V1__Registry *registry)
{
    struct error error;
    uint8_t deployment[16];
    struct topic_plan plan =
        topic_plan_of(&(struct topics_for){.lanes = SETUP_LANES, .replication = 1, .registry = registry});
    struct kafka_topic_row *rows = calloc(plan.n, sizeof *rows);
    struct kafka_result *results = calloc(plan.n, sizeof *results);
    struct admin *admin = admin_new(&setup->kafka, &error);
    for (size_t i = 0; rows && i < plan.n; i++)
        rows[i] = (struct kafka_topic_row){
            .name = plan.rows[i].name, .partitions = plan.rows[i].partitions, .replication = 1};
    bool made = rows && results && admin && admin_create(admin, rows, plan.n, results, &error) &&
                RAND_bytes(deployment, sizeof deployment) == 1 &&
                lane_births_write(&setup->kafka, SETUP_LANES, (int64_t)time(NULL) * 1000, deployment, &error);
    admin_free(admin);
    topic_plan_deinit(&plan);
    free(rows);
    free(results);
    return made || setup_fail(setup, error.text);
}

static bool set_topics(struct setup *setup, const Signalbox__V1__Registry *registry, const char *file)
{
    const char *words[] = {"topics", "apply", "--registry", file, "--lanes", LANES_TEXT, "--yes", NULL};
    if (!(setup->broker ? make_topics(setup, registry) : run_command(setup, "topics.log", words)))
        return false;
    say_step(setup, "Topics",
        "one inbound topic an agency, one feed a force, ledger, state, receipts, quarantine; " LANES_TEXT " lanes");
    return true;
}

static bool set_key(struct setup *setup, const char *agency)
{
    const char *words[] = {"key", "new", "--agency", agency, "--dir", setup->keys, NULL};
    return run_command(setup, "keys.log", words);
}

static bool set_keys(struct setup *setup)
{
    for (size_t i = 0; i < SETUP_AGENCIES; i++)
        if (!set_key(setup, setup_agencies[i]))
            return false;
    if (!set_key(setup, CANARY))
        return false;
    say_step(setup, "Keys", "one Ed25519 key for each of five agencies, and one for the canary, made for this run");
    return true;
}

static bool apply_file(struct setup *setup, const char *noun, const char *file, const char *step, const char *text)
{
    char log[64], path[4096];
    snprintf(log, sizeof log, "%s.log", noun);
    snprintf(path, sizeof path, "%s/%s", setup->samples, file);
    bool keyed = strcmp(noun, "registry") == 0;
    const char *words[] = {noun, "apply", path, "--yes", keyed ? "--keys" : NULL, setup->keys, NULL};
    if (!run_command(setup, log, words))
        return false;
    say_step(setup, step, text);
    return true;
}

// Where the hub's log says that it listens.
static void find_console(struct setup *setup)
{
    static const char before[] = "event=HTTP-LISTENING url=";
    char *said = process_log(&setup->place, "hub.log"), *at = said ? strstr(said, before) : NULL;
    if (at)
        snprintf(setup->console, sizeof setup->console, "%.*s", (int)strcspn(at + strlen(before), " \n"),
            at + strlen(before));
    free(said);
    say_step(setup, "Console", at ? setup->console : "none: this machine gives no port; see hub.log");
}

static bool start_hub(struct setup *setup)
{
    char key[160], secret[160];
    snprintf(key, sizeof key, "%s/" CANARY ".pem", setup->keys);
    snprintf(secret, sizeof secret, "%s/hub.secret", setup->keys);
    if (!run_command(setup, "keys.log", (const char *const[]){"key", "secret", secret, NULL}))
        return false;
    const char *words[] = {"hub", "--lanes", LANES_TEXT, "--listen", "127.0.0.1:0", "--local-roles", "all",
        "--canary-key", key, "--canary-seconds", "5", "--silent-after", "15", "--collect-seconds", "2", "--secret",
        secret, setup->broker ? "--embedded" : NULL, NULL};
    setup->hub = process_start(&setup->place, "hub.log", words);
    if (setup->hub < 0 || !process_says(&setup->place, "hub.log", setup->hub, "HUB-READY", 60000)) {
        char *said = process_log(&setup->place, "hub.log");
        fprintf(setup->cli->err, "%s", said ? said : "");
        free(said);
        return setup_fail(setup, "The hub did not become ready.");
    }
    say_step(setup, "Hub", "running: " LANES_TEXT " lanes; a batch of a lane is one Kafka transaction");
    find_console(setup);
    return true;
}

static unsigned count_real(const Signalbox__V1__Registry *registry)
{
    unsigned n = 0;
    for (size_t i = 0; i < registry->n_organisations; i++)
        n += strcmp(registry->organisations[i]->kind, REGISTRY_CANARY) != 0;
    return n;
}

bool setup_set(struct setup *setup)
{
    struct arena arena;
    char path[4096], *text = NULL;
    snprintf(path, sizeof path, "%s/organisations.csv", setup->samples);
    arena_init(&arena, 0);
    const Signalbox__V1__Registry *registry = read_registry(setup, &arena, &text);
    setup->organisations = registry ? count_real(registry) : 0;
    bool set = registry && set_topics(setup, registry, path) && set_keys(setup) &&
               apply_file(setup, "registry", "organisations.csv", "Registry",
                   "140 real organisations of this field, dated, with region and clearance") &&
               apply_file(setup, "policy", "policy.json", "Policy",
                   "marking matrix, code lists, who belongs to an audience") &&
               apply_file(setup, "subscription", "subscriptions.jsonl", "Subscriptions",
                   "what each force asks for; it never widens what it may see") &&
               start_hub(setup);
    arena_deinit(&arena);
    free(text);
    return set;
}

// The publisher's own two lines of summary, and what it calls the items.
static void tell_summary(struct setup *setup, const char *agency, const char *log)
{
    char *said = process_log(&setup->place, log), *rest = said;
    published_add(&setup->published, agency, said ? said : "");
    for (char *line; rest && (line = strsep(&rest, "\n"));)
        if (strstr(line, " lines: ") || strncmp(line, "The hub: ", 9) == 0)
            fprintf(setup->out, "    %-13s %s\n", strncmp(line, "The hub: ", 9) == 0 ? "" : agency, line);
    free(said);
}

bool setup_publish(struct setup *setup, const char *agency)
{
    char log[80], file[4096], key[160];
    snprintf(log, sizeof log, "publish-%s.log", agency);
    snprintf(file, sizeof file, "%s/agencies/%s.jsonl", setup->samples, agency);
    snprintf(key, sizeof key, "%s/%s.pem", setup->keys, agency);
    const char *words[] = {"publish", "--agency", agency, "--key", key, "--wait", "-o", "jsonl", file, NULL};
    if (!run_command(setup, log, words))
        return false;
    tell_summary(setup, agency, log);
    return true;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

bool setup_free(struct setup *setup)
{
    bool stopped = setup->hub < 0 || process_stop(setup->hub, 6000) == COMMAND_OK;
    if (!stopped)
        setup_fail(setup, "The hub did not stop in order.");
    broker_free(setup->broker);
    published_deinit(&setup->published);
    if (!setup->failed)
        nftw(setup->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return stopped;
}
