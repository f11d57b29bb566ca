// SPDX-License-Identifier: Apache-2.0
// Officers of the console, from a certificate's file to the registry and out again.
#include "hub/control/documents.h"
#include "hub/control/lane_births.h"
#include "tests/cli/run.h"
#include "hub/kafka/broker.h"
#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

#define SAMPLES SOURCE_DIR "/hub/samples/"
#define CLIENTS "clientAuth"
#define SERVERS "serverAuth"

static struct broker *broker;
static char folder[] = "/tmp/signalbox-officers-XXXXXX";

static void open_place(void)
{
    static const char *const topics[] = {"ctl.registry", "ctl.policy", "ctl.subscriptions", "state"};
    static const uint8_t deployment[16] = "a model hub";
    struct error error;
    cr_assert((broker = broker_new(&error)), "%s", error.text);
    for (size_t i = 0; i < 4; i++)
        cr_assert(broker_create_topic(broker, topics[i], 1, &error), "%s", error.text);
    const struct kafka_settings settings = {
        .bootstrap = broker_bootstrap(broker), .prefix = "", .embedded = true, .broker = broker};
    cr_assert(lane_births_write(&settings, 1, 0, deployment, &error), "%s", error.text);
    cr_assert(mkdtemp(folder));
}

static void close_place(void)
{
    char command[128];
    broker_free(broker);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

// A certificate of its own making, ending in so many seconds; the path, valid until the next call.
static const char *certificate(const char *name, const char *usage, long seconds)
{
    static char path[128];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, made, made, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, NID_ext_key_usage, usage);
    X509_gmtime_adj(X509_getm_notBefore(made), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made), seconds);
    X509_set_pubkey(made, key);
    X509_add_ext(made, extension, -1);
    cr_assert_gt(X509_sign(made, key, EVP_sha256()), 0);
    snprintf(path, sizeof path, "%s/%s.pem", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file && PEM_write_X509(file, made) == 1 && fclose(file) == 0);
    X509_EXTENSION_free(extension);
    X509_free(made);
    EVP_PKEY_free(key);
    return path;
}

static void expect_run(
    int status, const char *out, const char *err, const char *words, const char *path, const char *more)
{
    char all[512];
    snprintf(all, sizeof all, "%s %s %s --bootstrap %s", words, path ? path : "", more, broker_bootstrap(broker));
    struct run run = run_words(all);
    cr_expect_eq(run.status, status, "%s %s ended with %d: %s", words, more, run.status, run.err);
    cr_expect(strstr(run.out, out), "%s %s wrote: %s", words, more, run.out);
    cr_expect(strstr(run.err, err), "%s %s said: %s", words, more, run.err);
    run_free(&run);
}

#define ADD(id) "officer add " id " --certificate"
#define ROLE    " --role viewer --organisation nclcc --yes"

Test(officers, are_entered_kept_replaced_and_removed)
{
    open_place();
    expect_run(COMMAND_NOT_FOUND, "", "There is no registry in force", ADD("nclcc-17"),
        certificate("a", CLIENTS, 86400), ROLE);
    expect_run(COMMAND_OK, "added", "", "registry apply " SAMPLES "organisations.csv --yes", NULL, "");
    expect_run(COMMAND_OK, "", "", "policy apply " SAMPLES "policy.json --yes", NULL, "");
    expect_run(COMMAND_OK, "", "", "officer list -o jsonl", NULL, "");
    expect_run(COMMAND_OK, "officer nclcc-17", "Version 2 of ctl.registry", ADD("nclcc-17"),
        certificate("a", CLIENTS, 86400), ROLE);
    expect_run(COMMAND_OK, "officer btp-1", "Version 3", ADD("btp-1"), certificate("b", CLIENTS, 86400),
        "--role quarantine-officer --role content-reader --organisation btp --yes");
    expect_run(COMMAND_OK,
        "{\"id\":\"btp-1\",\"organisation\":\"btp\",\"roles\":[\"quarantine-officer\",\"content-reader\"]", "",
        "officer list -o jsonl", NULL, "");
    // A table says nothing of officers, so they stay.
    expect_run(COMMAND_OK, "", "Nothing changes", "registry apply " SAMPLES "organisations.csv --yes", NULL, "");
    char same[128];
    snprintf(same, sizeof same, "%s/b.pem", folder);
    expect_run(COMMAND_FAILED, "", "have the same certificate", ADD("nclcc-18"), same, ROLE);
    expect_run(COMMAND_OK, "officer nclcc-17", "Version 4", ADD("nclcc-17"), certificate("c", CLIENTS, 86400), ROLE);
    expect_run(COMMAND_OK, "removed", "Version 5", "officer remove btp-1 --yes", NULL, "");
    expect_run(COMMAND_NOT_FOUND, "", "There is no officer \"btp-1\"", "officer remove btp-1 --yes", NULL, "");
    close_place();
}

Test(officers, are_not_entered_with_what_no_console_would_take)
{
    open_place();
    expect_run(COMMAND_OK, "added", "", "registry apply " SAMPLES "organisations.csv --yes", NULL, "");
    expect_run(COMMAND_OK, "", "", "policy apply " SAMPLES "policy.json --yes", NULL, "");
    expect_run(COMMAND_FAILED, "", "not made for clients", ADD("a"), certificate("server", SERVERS, 86400), ROLE);
    expect_run(COMMAND_FAILED, "", "has ended", ADD("a"), certificate("old", CLIENTS, -60), ROLE);
    expect_run(COMMAND_FAILED, "", "holds no certificate in PEM", ADD("a"), SAMPLES "organisations.csv", ROLE);
    expect_run(COMMAND_NOT_FOUND, "", "nowhere.pem", ADD("a"), "nowhere.pem", ROLE);
    const char *good = certificate("good", CLIENTS, 86400);
    expect_run(COMMAND_USAGE, "", "at least one --role", ADD("a"), good, "--organisation nclcc --yes");
    expect_run(COMMAND_USAGE, "", "no role \"admin\"", ADD("a"), good, "--role admin --organisation nclcc --yes");
    expect_run(COMMAND_USAGE, "", "--organisation ID", ADD("a"), good, "--role viewer --yes");
    expect_run(COMMAND_FAILED, "", "'atlantis', which the registry does not have", ADD("a"), good,
        "--role viewer --organisation atlantis --yes");
    expect_run(COMMAND_FAILED, "", "Officer id 'Jo'", ADD("Jo"), good, ROLE);
    expect_run(COMMAND_FAILED, "", "has a role twice", ADD("a"), good, "--role viewer" ROLE);
    expect_run(COMMAND_OK, "", "", "officer list -o jsonl", NULL, "");
    close_place();
}
