// SPDX-License-Identifier: Apache-2.0
// The command line in two passes: first every word is sorted into options and the rest (options may stand anywhere,
// "--" ends them), then the rest names the command and the options are held against its row. Nothing is guessed: a word
// that fits nothing ends it, with the nearest word that would have fitted.
#include "hub/cli/frame/parse.h"
#include "hub/base/list.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/memory.h"
#include "hub/cli/frame/properties.h"
#include "hub/cli/frame/suggest.h"
#include <errno.h>
#include <stdlib.h>

struct words {
    int argc, at;
    char **argv;
    struct error *error;
};

static bool add_value(struct cli *cli, enum option option, const char *text)
{
    struct cli_values *values = &cli->values[option];
    if (!list_room(&values->texts, &values->room, values->n + 1, sizeof *values->texts))
        memory_end();
    values->texts[values->n++] = text;
    return true;
}

static bool check_number(const struct option_row *row, const char *text, struct error *error)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < row->low || number > row->high)
        return error_say(error, CAUSE_OTHER, "--%s takes a whole number from %lld to %lld, not \"%s\".", row->name,
            (long long)row->low, (long long)row->high, text);
    return true;
}

static bool check_choice(const struct option_row *row, const char *text, struct error *error)
{
    size_t len = strlen(text);
    for (const char *word = row->argument; *word; word += strspn(word, "|")) {
        size_t word_len = strcspn(word, "|");
        if (word_len == len && memcmp(word, text, len) == 0)
            return true;
        word += word_len;
    }
    return error_say(error, CAUSE_OTHER, "--%s takes one of %s, not \"%s\".", row->name, row->argument, text);
}

static bool check_value(enum option option, const char *text, struct error *error)
{
    const struct option_row *row = option_row(option);
    if (row->type == OPTION_TYPE_NUMBER)
        return check_number(row, text, error);
    if (row->type == OPTION_TYPE_CHOICE)
        return check_choice(row, text, error);
    return true;
}

// value is what came after = or the letter; NULL if nothing did, then the next word is the value.
static bool take_option(struct cli *cli, struct words *words, enum option option, const char *value)
{
    const struct option_row *row = option_row(option);
    if (row->type == OPTION_TYPE_FLAG) {
        if (value)
            return error_say(words->error, CAUSE_OTHER, "--%s takes no value.", row->name);
        return add_value(cli, option, "");
    }
    if (!value && words->at < words->argc)
        value = words->argv[words->at++];
    if (!value)
        return error_say(words->error, CAUSE_OTHER, "--%s needs a value: %s.", row->name, row->argument);
    return check_value(option, value, words->error) && add_value(cli, option, value);
}

static bool take_long(struct cli *cli, struct words *words, const char *word)
{
    size_t len = strcspn(word, "=");
    enum option option = option_by_name(word, len);
    if (option != OPTION_COUNT)
        return take_option(cli, words, option, word[len] ? word + len + 1 : NULL);
    const char *near = suggest_option(word, len);
    return error_say(words->error, CAUSE_OTHER,
        near ? "There is no option --%.*s. Did you mean --%s?" : "There is no option --%.*s.", (int)len, word, near);
}

static bool take_letters(struct cli *cli, struct words *words, const char *word)
{
    while (*word) {
        enum option option = option_by_letter(*word);
        if (option == OPTION_COUNT)
            return error_say(words->error, CAUSE_OTHER, "There is no option -%c.", *word);
        word++;
        bool flag = option_row(option)->type == OPTION_TYPE_FLAG;
        if (!take_option(cli, words, option, flag || !*word ? NULL : word))
            return false;
        if (!flag)
            return true;
    }
    return true;
}

// Sorts all words. The rest is gathered at the front of rest, which has room for all of them.
static bool sort_words(struct cli *cli, struct words *words, const char **rest, size_t *n_rest)
{
    bool options = true;
    while (words->at < words->argc) {
        const char *word = words->argv[words->at++];
        bool good = true;
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && word[0] == '-' && word[1] == '-')
            good = take_long(cli, words, word + 2);
        else if (options && word[0] == '-' && word[1])
            good = take_letters(cli, words, word + 1);
        else
            rest[(*n_rest)++] = word;
        if (!good)
            return false;
    }
    return true;
}

static bool no_command(const char *noun, const char *verb, struct error *error)
{
    const char *word = verb ? verb : noun;
    const char *near = suggest_word(verb ? noun : NULL, word);
    char ask[64] = "";
    if (near)
        snprintf(ask, sizeof ask, " Did you mean \"%s\"?", near);
    if (!verb)
        return error_say(error, CAUSE_OTHER, "There is no command \"%s\".%s", noun, ask);
    return error_say(error, CAUSE_OTHER, "There is no command \"%s %s\".%s", noun, verb, ask);
}

// Finds the row that the first words name; *used says how many they are.
static bool find_command(struct cli *cli, const char *const *rest, size_t n_rest, size_t *used, struct error *error)
{
    *used = 1;
    if (n_rest == 0)
        return error_say(error, CAUSE_OTHER, "Which command? \"signalbox help\" lists them.");
    if (!command_has_noun(rest[0]))
        return no_command(rest[0], NULL, error);
    cli->command = command_find(rest[0], NULL);
    if (cli->command)
        return true;
    if (n_rest == 1)
        return error_say(
            error, CAUSE_OTHER, "\"%s\" needs a verb; \"signalbox help %s\" lists them.", rest[0], rest[0]);
    *used = 2;
    cli->command = command_find(rest[0], rest[1]);
    return cli->command || no_command(rest[0], rest[1], error);
}

static bool check_options(const struct cli *cli, struct error *error)
{
    char name[64];
    command_name(cli->command, name, sizeof name);
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (cli->values[option].n && !command_takes(cli->command, option))
            return error_say(error, CAUSE_OTHER, "\"%s\" does not take --%s; \"signalbox help %s\" lists its options.",
                name, option_row(option)->name, name);
    return true;
}

static bool check_arguments(const struct cli *cli, struct error *error)
{
    char name[64];
    size_t fewest, most;
    command_arity(cli->command, &fewest, &most);
    command_name(cli->command, name, sizeof name);
    if (cli->n_arguments < fewest)
        return error_say(error, CAUSE_OTHER, "\"%s\" needs %s.", name, cli->command->arguments);
    if (cli->n_arguments > most)
        return error_say(error, CAUSE_OTHER, "\"%s\" does not know what to do with \"%s\"; it takes %s.", name,
            cli->arguments[most], *cli->command->arguments ? cli->command->arguments : "no arguments");
    return true;
}

static bool read_environment(struct cli *cli, struct error *error)
{
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        char name[64];
        struct error why;
        if (cli->values[option].n || !command_takes(cli->command, option) ||
            !option_environment(option, name, sizeof name))
            continue;
        const char *text = getenv(name);
        if (!text || !*text)
            continue;
        if (!check_value(option, text, &why))
            return error_say(error, CAUSE_OTHER, "In the environment, %s: %s", name, why.text);
        add_value(cli, option, text);
    }
    return true;
}

static void set_common(struct cli *cli)
{
    const char *format = option_text(cli, OPTION_OUTPUT);
    cli->format = strcmp(format, "json") == 0 ? CLI_JSON : strcmp(format, "jsonl") == 0 ? CLI_JSONL : CLI_TABLE;
    cli->quiet = option_flag(cli, OPTION_QUIET);
    cli->verbose = option_flag(cli, OPTION_VERBOSE);
    cli->kafka.bootstrap = option_text(cli, OPTION_BOOTSTRAP);
    cli->kafka.prefix = option_text(cli, OPTION_PREFIX);
}

enum parse_result parse_command_line(struct cli *cli, int argc, char **argv, struct error *error)
{
    *cli = (struct cli){.out = stdout, .err = stderr};
    const char **rest = memory_need(calloc((size_t)argc + 1, sizeof *rest));
    cli->arguments = rest;
    struct words words = {.argc = argc, .at = 1, .argv = argv, .error = error};
    size_t n_rest = 0, used = 0;
    if (!sort_words(cli, &words, rest, &n_rest)) {
        const char *noun = n_rest ? rest[0] : words.at < argc ? argv[words.at] : "";
        cli->command = command_find(noun, NULL); // how to end is the command's to say
        return PARSE_WRONG;
    }
    cli->n_arguments = n_rest;
    set_common(cli);
    if (cli->values[OPTION_VERSION].n)
        return PARSE_VERSION;
    if (cli->values[OPTION_HELP].n)
        return PARSE_HELP;
    if (!find_command(cli, rest, n_rest, &used, error))
        return PARSE_WRONG;
    memmove(rest, rest + used, (n_rest - used) * sizeof *rest);
    cli->n_arguments = n_rest - used;
    if (!check_options(cli, error) || !check_arguments(cli, error) || !read_environment(cli, error))
        return PARSE_WRONG;
    set_common(cli);
    return properties_read(cli, error) ? PARSE_COMMAND : PARSE_WRONG;
}

void parse_free(struct cli *cli)
{
    for (enum option option = 0; option < OPTION_COUNT; option++)
        free(cli->values[option].texts);
    properties_free(cli);
    free((void *)cli->arguments);
}
