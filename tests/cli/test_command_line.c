// SPDX-License-Identifier: Apache-2.0
// What a command line comes to, without any broker: what is wrong is found before one is asked for.
#include "hub/cli/frame/parse.h"
#include "tests/cli/run.h"
#include <criterion/criterion.h>
#include <unistd.h>

static const struct {
    const char *words;
    int status;
    const char *says; // part of what is written, either way
} cases[] = {
    {"--version", COMMAND_OK, "librdkafka"},
    {"--version -o json", COMMAND_OK, "\"librdkafka\": \""},
    {"help", COMMAND_OK, "topics apply"},
    {"topics --help", COMMAND_OK, "topics diff"},
    {"topics apply --help", COMMAND_OK, "--registry FILE"},
    {"--help topics apply", COMMAND_OK, "--registry FILE"},
    {"help topics apply", COMMAND_OK, "Exit status:"},
    {"help help", COMMAND_OK, "--completion"},
    {"help topics aply", COMMAND_USAGE, "Did you mean \"apply\"?"},
    {"help nothing", COMMAND_USAGE, "There is no command \"nothing\"."},
    {"", COMMAND_USAGE, "Usage: signalbox NOUN"},
    {"topic list", COMMAND_USAGE, "There is no command \"topic\". Did you mean \"topics\"?"},
    {"topics lsit", COMMAND_USAGE, "There is no command \"topics lsit\". Did you mean \"list\"?"},
    {"topics", COMMAND_USAGE, "\"topics\" needs a verb"},
    {"subscriptoin list", COMMAND_USAGE, "Did you mean \"subscription\"?"},
    {"zzz", COMMAND_USAGE, "There is no command \"zzz\".\n"},
    {"topics list --prefx a", COMMAND_USAGE, "There is no option --prefx. Did you mean --prefix?"},
    {"topics list --lanes 4", COMMAND_USAGE, "\"topics list\" does not take --lanes"},
    {"topics diff --lanes 0", COMMAND_USAGE, "--lanes takes a whole number from 1 to 1024, not \"0\"."},
    {"topics diff --lanes=4x", COMMAND_USAGE, "not \"4x\""},
    {"topics diff --lanes", COMMAND_USAGE, "--lanes needs a value: N."},
    {"topics diff --lanes=99999999999999999999", COMMAND_USAGE, "--lanes takes a whole number"},
    {"topics list --quiet=yes", COMMAND_USAGE, "--quiet takes no value."},
    {"topics list -o xml", COMMAND_USAGE, "--output takes one of table|json|jsonl, not \"xml\"."},
    {"topics list -oxml", COMMAND_USAGE, "not \"xml\""},
    {"topics list -qz", COMMAND_USAGE, "There is no option -z."},
    {"topics list extra", COMMAND_USAGE, "does not know what to do with \"extra\"; it takes no arguments."},
    {"policy apply", COMMAND_USAGE, "\"policy apply\" needs FILE."},
    {"item why kent", COMMAND_USAGE, "\"item why\" needs FORCE ITEM."},
    {"item why -- kent --not-an-option more", COMMAND_USAGE, "does not know what to do with \"more\""},
    {"registry apply", COMMAND_USAGE, "Give a FILE of organisations"},
    {"topics list -X nonsense", COMMAND_USAGE, "-X takes NAME=VALUE"},
    {"topics list -X no.such.thing=1", COMMAND_USAGE, "no.such.thing"},
    {"topics list -X enable.auto.commit=true", COMMAND_USAGE, "enable.auto.commit"},
    {"topics list --prefix a/b", COMMAND_USAGE, "prefix"},
    {"topics list --properties /no/such/file", COMMAND_USAGE, "/no/such/file cannot be opened"},
    {"hub --session-ms 6000 --transaction-ms 9000", COMMAND_USAGE, "--session-ms must be longer"},
    {"subscription apply /no/such/file", COMMAND_NOT_FOUND, "/no/such/file cannot be opened"},
    {"key new", COMMAND_USAGE, "Give --agency"},
    {"key new --agency A/B", COMMAND_USAGE, "ids and names are of a-z"},
    {"key list --dir /no/such/folder", COMMAND_NOT_FOUND, "cannot be read"},
};

Test(command_line, what_is_wrong_is_said_with_what_would_be_right)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run = run_words(cases[i].words);
        cr_expect_eq(run.status, cases[i].status, "\"%s\" ended with %d: %s", cases[i].words, run.status, run.err);
        const char *heard = run.status == COMMAND_OK ? run.out : run.err;
        cr_expect(strstr(heard, cases[i].says), "\"%s\" said: %s", cases[i].words, heard);
        run_free(&run);
    }
}

static const char *const wrong_checks[] = {"check", "check all extra", "check all --bogus", "--bogus check all",
    "check all -o xml", "check all --lanes 3", "check all --timeout soon", "check all -o json", "check all --warn soon",
    "check all --at ftp://hub"};

Test(command_line, a_wrong_one_of_check_is_a_line_of_a_plug_in_on_standard_output)
{
    for (size_t i = 0; i < sizeof wrong_checks / sizeof *wrong_checks; i++) {
        struct run run = run_words(wrong_checks[i]);
        cr_expect_eq(run.status, COMMAND_HEALTH_UNKNOWN, "%s ended with %d", wrong_checks[i], run.status);
        cr_expect_eq(strncmp(run.out, "SIGNALBOX UNKNOWN - ", 20), 0, "%s: %s", wrong_checks[i], run.out);
        cr_expect_eq(strchr(run.out, '\n'), run.out + strlen(run.out) - 1, "%s: %s", wrong_checks[i], run.out);
        run_free(&run);
    }
}

static enum parse_result parse_words(struct cli *cli, struct error *error, int argc, char **argv)
{
    enum parse_result result = parse_command_line(cli, argc, argv, error);
    cr_expect_eq(result, PARSE_COMMAND, "%s", error->text);
    return result;
}

Test(command_line, options_stand_anywhere_and_the_last_one_counts)
{
    struct cli cli;
    struct error error = {.text = ""};
    char *argv[] = {
        "signalbox", "-X", "a=1", "topics", "--lanes=2", "apply", "-Xb=2", "-qy", "--lanes", "4", "--registry", "-"};
    parse_words(&cli, &error, sizeof argv / sizeof *argv, argv);
    cr_expect_eq(option_number(&cli, OPTION_LANES), 4);
    cr_expect(cli.quiet && option_flag(&cli, OPTION_YES) && !option_flag(&cli, OPTION_DRY_RUN));
    cr_expect_str_eq(option_text(&cli, OPTION_REGISTRY), "-");
    cr_expect_eq(cli.kafka.n_properties, 2);
    cr_expect_str_eq(cli.kafka.properties[1], "b=2");
    cr_expect_eq(cli.n_arguments, 0);
    parse_free(&cli);
}

Test(command_line, what_follows_two_hyphens_is_an_argument)
{
    struct cli cli;
    struct error error = {.text = ""};
    char *argv[] = {"signalbox", "policy", "apply", "--", "--odd-name"};
    parse_words(&cli, &error, 5, argv);
    cr_expect_str_eq(cli_argument(&cli, 0), "--odd-name");
    cr_expect_null(cli_argument(&cli, 1));
    parse_free(&cli);
}

Test(command_line, settings_come_from_the_environment_but_the_command_line_wins)
{
    struct cli cli;
    struct error error = {.text = ""};
    char *argv[] = {"signalbox", "hub", "--batch-ms", "7"};
    setenv("SIGNALBOX_BATCH_MS", "9", 1);
    setenv("SIGNALBOX_WORKERS", "3", 1);
    setenv("SIGNALBOX_PREFIX", "p.", 1);
    parse_words(&cli, &error, 4, argv);
    cr_expect_eq(option_number(&cli, OPTION_BATCH_MS), 7);
    cr_expect_eq(option_number(&cli, OPTION_WORKERS), 3);
    cr_expect_eq(option_number(&cli, OPTION_BATCH_RECORDS), 20000);
    cr_expect_str_eq(cli.kafka.prefix, "p.");
    parse_free(&cli);
    setenv("SIGNALBOX_WORKERS", "many", 1);
    cr_expect_eq(parse_command_line(&cli, 4, argv, &error), PARSE_WRONG);
    cr_expect(
        strstr(error.text, "In the environment, SIGNALBOX_WORKERS: --workers takes a whole number"), "%s", error.text);
    parse_free(&cli);
}

// Writes text to a file of its own, gives its name.
static const char *file_of(const char *text)
{
    static char name[64];
    snprintf(name, sizeof name, "/tmp/signalbox-test.XXXXXX");
    int file = mkstemp(name);
    cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return name;
}

Test(command_line, properties_of_a_file_come_first_so_that_those_of_the_command_line_win)
{
    struct cli cli;
    struct error error = {.text = ""};
    const char *name = file_of("# comment\n\n  a = 1 \r\nb=2");
    char *argv[] = {"signalbox", "topics", "list", "-X", "b=3", "--properties", (char *)name};
    parse_words(&cli, &error, 7, argv);
    cr_expect_eq(cli.kafka.n_properties, 3);
    cr_expect_str_eq(cli.kafka.properties[0], "a = 1");
    cr_expect_str_eq(cli.kafka.properties[2], "b=3");
    parse_free(&cli);
    unlink(name);
    name = file_of("a=1\nnonsense\n");
    cr_expect_eq(parse_command_line(&cli, 7, argv, &error), PARSE_WRONG);
    cr_expect(strstr(error.text, ", line 2: a property is NAME=VALUE"), "%s", error.text);
    parse_free(&cli);
    unlink(name);
}
