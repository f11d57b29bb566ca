// SPDX-License-Identifier: Apache-2.0
// Setting the stage, a line a step. On the embedded broker topics are made here, since only its own process can make
// them; all else is the commands that an officer would type.
#include "hub/cli/demo/stage.h"
#include "hub/control/registry_file.h"
#include "hub/control/topics.h"
#include "hub/control/write.h"
#include "hub/rules/registry.h"
#include "hub/kafka/broker.h"
#include <ftw.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *const stage_agencies[STAGE_AGENCIES] = {"metropolitan", "merseyside", "kent", "btp", "mopac"};

#define LANES_TEXT "4"
#define CANARY     "signalbox-canary"
_Static_assert(STAGE_LANES == 4, "the text below says the same");

bool stage_fail(struct stage *stage, const char *sentence)
{
    stage->failed = true;
    cli_fail(stage->cli, COMMAND_FAILED, "%s The logs are in %s.", sentence, stage->folder);
    return false;
}

static void say(struct stage *stage, const char *step, const char *text)
{
    fprintf(stage->out, "%-14s %s\n", step, text);
}

static bool open_broker(struct stage *stage)
{
    struct kafka_error error;
    stage->kafka = stage->cli->kafka;
    if (!option_given(stage->cli, OPTION_BOOTSTRAP)) {
        stage->broker = broker_new(&error);
        if (!stage->broker)
            return stage_fail(stage, error.text);
        stage->kafka.bootstrap = broker_bootstrap(stage->broker);
        stage->kafka.embedded = true;
        stage->kafka.broker = stage->broker;
    }
    stage->place = (struct process_place){.folder = stage->folder, .bootstrap = stage->kafka.bootstrap};
    fprintf(stage->out, "%-14s %s%s\n", "Broker", stage->kafka.bootstrap,
        stage->broker ? ", embedded in this process: for trying, never for keeping data (all of it is gone at the end)"
                      : ", a real Apache Kafka");
    return true;
}

bool stage_new(struct stage *stage, struct cli *cli)
{
    *stage = (struct stage){
        .cli = cli, .out = cli->out, .stop = cli_stop(), .samples = option_text(cli, OPTION_SAMPLES), .hub = -1};
    setvbuf(cli->out, NULL, _IOLBF, 0); // each step is seen when it is done, in a pipe too
    snprintf(stage->folder, sizeof stage->folder, "/tmp/signalbox-demo.XXXXXX");
    if (!mkdtemp(stage->folder)) {
        cli_fail(cli, COMMAND_FAILED, "No folder can be made in /tmp: check its permissions and free space.");
        return false;
    }
    snprintf(stage->keys, sizeof stage->keys, "%s/keys", stage->folder);
    if (open_broker(stage))
        return true;
    stage_free(stage);
    return false;
}

// Runs a command to its end; its log is shown if it fails.
static bool command(struct stage *stage, const char *log, const char *const *words)
{
    int status = process_wait(process_start(&stage->place, log, words));
    if (status == COMMAND_OK)
        return true;
    char *said = process_log(&stage->place, log);
    fprintf(stage->cli->err, "signalbox %s %s ended with status %d:\n%s", words[0], words[1], status, said ? said : "");
    free(said);
    return stage_fail(stage, "A step failed.");
}

static Signalbox__V1__Registry *read_registry(struct stage *stage, struct arena *arena, char **text)
{
    char path[4096], error[REGISTRY_FILE_ERROR_BYTES];
    size_t len;
    snprintf(path, sizeof path, "%s/organisations.csv", stage->samples);
    *text = cli_read_file(path, 1u << 20, &len, error);
    Signalbox__V1__Registry *registry = *text ? registry_file_parse(*text, len, arena, error) : NULL;
    if (!registry)
        stage_fail(stage, error);
    return registry;
}

static bool make_topics(struct stage *stage, const Signalbox__V1__Registry *registry)
{
    struct kafka_error error;
    uint8_t deployment[16];
    struct topic_plan plan =
        topic_plan_of(&(struct topics_for){.lanes = STAGE_LANES, .replication = 1, .registry = registry});
    struct kafka_topic_row *rows = calloc(plan.n, sizeof *rows);
    struct kafka_result *results = calloc(plan.n, sizeof *results);
    struct kafka_admin *admin = kafka_admin_new(&stage->kafka, &error);
    for (size_t i = 0; rows && i < plan.n; i++)
        rows[i] = (struct kafka_topic_row){
            .name = plan.rows[i].name, .partitions = plan.rows[i].partitions, .replication = 1};
    bool made = rows && results && admin && kafka_admin_create(admin, rows, plan.n, results, &error) &&
                RAND_bytes(deployment, sizeof deployment) == 1 &&
                control_write_births(&stage->kafka, STAGE_LANES, (int64_t)time(NULL) * 1000, deployment, &error);
    kafka_admin_free(admin);
    topic_plan_deinit(&plan);
    free(rows);
    free(results);
    return made || stage_fail(stage, error.text);
}

static bool set_topics(struct stage *stage, const Signalbox__V1__Registry *registry, const char *file)
{
    const char *words[] = {"topics", "apply", "--registry", file, "--lanes", LANES_TEXT, "--yes", NULL};
    if (!(stage->broker ? make_topics(stage, registry) : command(stage, "topics.log", words)))
        return false;
    say(stage, "Topics",
        "one inbound topic an agency, one feed a force, ledger, state, receipts, quarantine; " LANES_TEXT " lanes");
    return true;
}

static bool set_key(struct stage *stage, const char *agency)
{
    const char *words[] = {"key", "new", "--agency", agency, "--dir", stage->keys, NULL};
    return command(stage, "keys.log", words);
}

static bool set_keys(struct stage *stage)
{
    for (size_t i = 0; i < STAGE_AGENCIES; i++)
        if (!set_key(stage, stage_agencies[i]))
            return false;
    if (!set_key(stage, CANARY))
        return false;
    say(stage, "Keys", "one Ed25519 key for each of five agencies, and one for the canary, made for this run");
    return true;
}

static bool apply(struct stage *stage, const char *noun, const char *file, const char *step, const char *text)
{
    char log[64], path[4096];
    snprintf(log, sizeof log, "%s.log", noun);
    snprintf(path, sizeof path, "%s/%s", stage->samples, file);
    bool keyed = strcmp(noun, "registry") == 0;
    const char *words[] = {noun, "apply", path, "--yes", keyed ? "--keys" : NULL, stage->keys, NULL};
    if (!command(stage, log, words))
        return false;
    say(stage, step, text);
    return true;
}

// Where the hub's log says that it listens.
static void find_console(struct stage *stage)
{
    static const char before[] = "event=HTTP-LISTENING url=";
    char *said = process_log(&stage->place, "hub.log"), *at = said ? strstr(said, before) : NULL;
    if (at)
        snprintf(stage->console, sizeof stage->console, "%.*s", (int)strcspn(at + strlen(before), " \n"),
            at + strlen(before));
    free(said);
    say(stage, "Console", at ? stage->console : "none: this machine gives no port; see hub.log");
}

static bool start_hub(struct stage *stage)
{
    char key[160];
    snprintf(key, sizeof key, "%s/" CANARY ".pem", stage->keys);
    const char *words[] = {"hub", "--lanes", LANES_TEXT, "--listen", "127.0.0.1:0", "--local-roles", "all",
        "--canary-key", key, "--canary-seconds", "5", "--silent-after", "15", "--collect-seconds", "2",
        stage->broker ? "--embedded" : NULL, NULL};
    stage->hub = process_start(&stage->place, "hub.log", words);
    if (stage->hub < 0 || !process_says(&stage->place, "hub.log", stage->hub, "HUB-READY", 60000)) {
        char *said = process_log(&stage->place, "hub.log");
        fprintf(stage->cli->err, "%s", said ? said : "");
        free(said);
        return stage_fail(stage, "The hub did not become ready.");
    }
    say(stage, "Hub", "running: " LANES_TEXT " lanes; a batch of a lane is one Kafka transaction");
    find_console(stage);
    return true;
}

static unsigned count_real(const Signalbox__V1__Registry *registry)
{
    unsigned n = 0;
    for (size_t i = 0; i < registry->n_organisations; i++)
        n += strcmp(registry->organisations[i]->kind, REGISTRY_CANARY) != 0;
    return n;
}

bool stage_set(struct stage *stage)
{
    struct arena arena;
    char path[4096], *text = NULL;
    snprintf(path, sizeof path, "%s/organisations.csv", stage->samples);
    arena_init(&arena, 0);
    const Signalbox__V1__Registry *registry = read_registry(stage, &arena, &text);
    stage->organisations = registry ? count_real(registry) : 0;
    bool set =
        registry && set_topics(stage, registry, path) && set_keys(stage) &&
        apply(stage, "registry", "organisations.csv", "Registry",
            "110 real organisations of this field, dated, with region and clearance") &&
        apply(stage, "policy", "policy.json", "Policy", "marking matrix, code lists, who belongs to an audience") &&
        apply(stage, "subscription", "subscriptions.jsonl", "Subscriptions",
            "what each force asks for; it never widens what it may see") &&
        start_hub(stage);
    arena_deinit(&arena);
    free(text);
    return set;
}

// The publisher's own two lines of summary.
static void tell_summary(struct stage *stage, const char *agency, const char *log)
{
    char *said = process_log(&stage->place, log), *rest = said;
    for (char *line; rest && (line = strsep(&rest, "\n"));)
        if (strstr(line, " lines: ") || strncmp(line, "The hub: ", 9) == 0)
            fprintf(stage->out, "    %-13s %s\n", strncmp(line, "The hub: ", 9) == 0 ? "" : agency, line);
    free(said);
}

bool stage_publish(struct stage *stage, const char *agency)
{
    char log[80], file[4096], key[160];
    snprintf(log, sizeof log, "publish-%s.log", agency);
    snprintf(file, sizeof file, "%s/agencies/%s.jsonl", stage->samples, agency);
    snprintf(key, sizeof key, "%s/%s.pem", stage->keys, agency);
    const char *words[] = {"publish", "--agency", agency, "--key", key, "--wait", file, NULL};
    if (!command(stage, log, words))
        return false;
    tell_summary(stage, agency, log);
    return true;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

bool stage_free(struct stage *stage)
{
    bool stopped = stage->hub < 0 || process_stop(stage->hub, 6000) == COMMAND_OK;
    if (!stopped)
        stage_fail(stage, "The hub did not stop in order.");
    broker_free(stage->broker);
    if (!stage->failed)
        nftw(stage->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return stopped;
}
