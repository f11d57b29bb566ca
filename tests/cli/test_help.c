// SPDX-License-Identifier: Apache-2.0
// Help, manual page and completion know every command and every option, since they come from the same rows.
#include "hub/cli/frame/completion.h"
#include "hub/cli/frame/help.h"
#include "tests/cli/run.h"
#include <criterion/criterion.h>
#include <sys/wait.h>

static const struct command *rows;
static size_t n_rows;

static void open_rows(void)
{
    n_rows = command_rows(&rows);
}

Test(help, of_every_command_has_its_summary_and_all_its_options, .init = open_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        char name[64], words[80];
        command_name(&rows[i], name, sizeof name);
        snprintf(words, sizeof words, "help %s", name);
        struct run run = run_words(words);
        cr_expect_eq(run.status, COMMAND_OK, "%s", name);
        cr_expect(strstr(run.out, rows[i].summary), "%s", name);
        for (const enum option *option = rows[i].options; *option != OPTION_COUNT; option++) {
            char text[64];
            snprintf(text, sizeof text, "--%s", option_row(*option)->name);
            cr_expect(strstr(run.out, text), "%s %s", name, text);
        }
        run_free(&run);
    }
}

Test(help, of_what_asks_a_hub_is_silent_of_kafka, .init = open_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        help_command(out, &rows[i]);
        fclose(out);
        bool kafka = strstr(text, "--bootstrap") && strstr(text, "--prefix") && strstr(text, "-X, ") &&
                     strstr(text, "--properties");
        cr_expect_eq(kafka, !command_is_plugin(&rows[i]), "%s", text);
        cr_expect(strstr(text, "--output"), "%s", text);
        cr_expect(!command_takes(&rows[i], OPTION_TIMEOUT) || !strstr(text, "default 30"), "%s", text);
        free(text);
    }
}

Test(help, fits_a_terminal_of_a_hundred_columns_but_for_examples, .init = open_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        char *text = NULL, *rest, *line;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        help_command(out, &rows[i]);
        fclose(out);
        for (rest = text; (line = strsep(&rest, "\n"));)
            cr_expect(
                strlen(line) <= 100 || strncmp(line, "  signalbox", 11) == 0 || strstr(line, "signalbox ") == line,
                "%s", line);
        free(text);
    }
}

Test(help, every_option_belongs_to_some_command_and_says_what_it_does, .init = open_rows)
{
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        bool taken = false;
        for (size_t i = 0; i < n_rows; i++)
            taken |= command_takes(&rows[i], option);
        cr_expect(taken, "--%s", option_row(option)->name);
        cr_expect_gt(strlen(option_row(option)->help), 10, "--%s", option_row(option)->name);
        cr_expect_eq(option_by_name(option_row(option)->name, strlen(option_row(option)->name)), option,
            "--%s stands twice", option_row(option)->name);
        cr_expect(!option_row(option)->letter || option_by_letter(option_row(option)->letter) == option,
            "-%c stands twice", option_row(option)->letter);
    }
}

Test(help, initial_values_are_within_their_range)
{
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const struct option_row *row = option_row(option);
        long long initial = row->initial ? atoll(row->initial) : row->low;
        cr_expect(row->type != OPTION_TYPE_NUMBER || (row->low <= initial && initial <= row->high), "--%s", row->name);
    }
}

Test(help, the_manual_page_names_every_command_and_option_and_leaves_no_line_to_roff, .init = open_rows)
{
    struct run run = run_words("help --man");
    cr_assert_eq(run.status, COMMAND_OK);
    for (size_t i = 0; i < n_rows; i++)
        cr_expect(strstr(run.out, rows[i].summary) || strchr(rows[i].summary, '-'), "%s", rows[i].summary);
    char *rest = run.out, *line;
    while ((line = strsep(&rest, "\n"))) {
        static const char *const known[] = {".TH ", ".SH ", ".SS ", ".TP", ".PP", ".B ", ".RS", ".RE", ".nf", ".fi"};
        bool fine = *line != '.' && *line != '\'';
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            fine |= strncmp(line, known[i], strlen(known[i])) == 0;
        cr_expect(fine, "%s", line);
    }
    run_free(&run);
}

// What a bash of its own offers after these words.
static void completes_to(const char *script, const char *words, const char *expected)
{
    char command[512], found[4096] = "";
    snprintf(command, sizeof command,
        "bash -c 'source %s; COMP_WORDS=(signalbox %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _signalbox; echo "
        "${COMPREPLY[@]}'",
        script, words);
    FILE *pipe = popen(command, "r");
    cr_assert(pipe && fgets(found, sizeof found, pipe), "%s", command);
    pclose(pipe);
    cr_expect(strstr(found, expected), "%s: %s", words, found);
}

Test(help, completion_of_bash_offers_nouns_verbs_options_and_choices)
{
    char script[] = "/tmp/signalbox-test.XXXXXX";
    FILE *file = fdopen(mkstemp(script), "w");
    completion_write(file, "bash");
    fclose(file);
    completes_to(script, "top", "topics");
    completes_to(script, "topics \"\"", "apply list diff check");
    completes_to(script, "topics apply --reg", "--registry");
    completes_to(script, "hub --wor", "--workers");
    completes_to(script, "topics list -o js --output j", "json jsonl");
    remove(script);
}

Test(help, completion_scripts_of_zsh_and_fish_know_every_command, .init = open_rows)
{
    static const char *const shells[] = {"zsh", "fish"};
    for (size_t shell = 0; shell < 2; shell++) {
        char words[64];
        snprintf(words, sizeof words, "help --completion %s", shells[shell]);
        struct run run = run_words(words);
        for (size_t i = 0; i < n_rows; i++)
            cr_expect(
                strstr(run.out, rows[i].noun) && (!rows[i].verb || strstr(run.out, rows[i].verb)), "%s", rows[i].noun);
        run_free(&run);
    }
}
