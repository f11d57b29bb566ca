// SPDX-License-Identifier: Apache-2.0
// Completion scripts: one case a command, with its verbs, options and the words of choices. Generated, so never out of
// date.
#include "hub/cli/frame/completion.h"
#include "hub/cli/frame/command.h"

static bool first_of_noun(const struct command *rows, size_t i)
{
    return i == 0 || strcmp(rows[i - 1].noun, rows[i].noun) != 0;
}

static void put_nouns(FILE *out)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    for (size_t i = 0; i < n; i++)
        if (first_of_noun(rows, i))
            fprintf(out, "%s%s", i ? " " : "", rows[i].noun);
}

static void put_verbs(FILE *out, const char *noun)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    const char *gap = "";
    for (size_t i = 0; i < n; i++)
        if (rows[i].verb && strcmp(rows[i].noun, noun) == 0) {
            fprintf(out, "%s%s", gap, rows[i].verb);
            gap = " ";
        }
}

static void put_options(FILE *out, const struct command *row)
{
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (command_takes(row, option))
            fprintf(out, "--%s ", option_row(option)->name);
}

// The shell cases of bash and zsh differ only in how a list of words is set; words is that.
static void put_cases(FILE *out, const char *indent)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s\"%s %s\") words=\"", indent, rows[i].noun, rows[i].verb ? rows[i].verb : "");
        put_options(out, &rows[i]);
        fputs("\" ;;\n", out);
    }
    for (size_t i = 0; i < n; i++)
        if (rows[i].verb && first_of_noun(rows, i)) {
            fprintf(out, "%s\"%s \") words=\"", indent, rows[i].noun);
            put_verbs(out, rows[i].noun);
            fputs("\" ;;\n", out);
        }
    fprintf(out, "%s\" \") words=\"", indent);
    put_nouns(out);
    fputs("\" ;;\n", out);
}

static void put_choices(FILE *out, const char *indent)
{
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const struct option_row *row = option_row(option);
        if (row->type != OPTION_TYPE_CHOICE)
            continue;
        fprintf(out, "%s--%s) words=\"", indent, row->name);
        for (const char *c = row->argument; *c; c++)
            fputc(*c == '|' ? ' ' : *c, out);
        fputs("\" ;;\n", out);
    }
}

static void put_nouns_without_verb(FILE *out)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    const char *gap = "";
    for (size_t i = 0; i < n; i++)
        if (!rows[i].verb) {
            fprintf(out, "%s%s", gap, rows[i].noun);
            gap = "|";
        }
}

static void put_bash(FILE *out)
{
    fputs("# bash completion of signalbox\n_signalbox() {\n"
          "    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" noun=\"\" "
          "verb=\"\" words=\"\" i\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        [[ ${COMP_WORDS[i]} == -* ]] && continue\n"
          "        if [[ -z $noun ]]; then noun=${COMP_WORDS[i]}; elif [[ -z $verb ]]; then verb=${COMP_WORDS[i]}; fi\n"
          "    done\n    case \"$noun\" in ",
        out);
    put_nouns_without_verb(out);
    fputs(") verb=\"\" ;; esac\n    case \"$noun $verb\" in\n", out);
    put_cases(out, "    ");
    fputs("    esac\n    case \"$previous\" in\n", out);
    put_choices(out, "    ");
    fputs("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "    [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
          "complete -F _signalbox signalbox\n",
        out);
}

static void put_zsh(FILE *out)
{
    fputs("#compdef signalbox\n_signalbox() {\n    local previous=\"${words[CURRENT-1]}\" noun=\"\" verb=\"\" word\n"
          "    local -a given=(\"${(@)words[2,CURRENT-1]}\")\n    local words=\"\"\n"
          "    for word in \"${given[@]}\"; do\n        [[ $word == -* ]] && continue\n"
          "        if [[ -z $noun ]]; then noun=$word; elif [[ -z $verb ]]; then verb=$word; fi\n"
          "    done\n    case \"$noun\" in ",
        out);
    put_nouns_without_verb(out);
    fputs(") verb=\"\" ;; esac\n    case \"$noun $verb\" in\n", out);
    put_cases(out, "    ");
    fputs("    esac\n    case \"$previous\" in\n", out);
    put_choices(out, "    ");
    fputs("    esac\n    compadd -- ${=words} || _files\n}\n_signalbox \"$@\"\n", out);
}

static void put_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++)
        fprintf(out, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
    fputc('\'', out);
}

static void put_fish_option(FILE *out, const char *condition, enum option option)
{
    const struct option_row *row = option_row(option);
    fprintf(out, "complete -c signalbox%s -l %s", condition, row->name);
    if (row->letter)
        fprintf(out, " -s %c", row->letter);
    if (row->type == OPTION_TYPE_CHOICE) {
        fputs(" -x -a '", out);
        for (const char *c = row->argument; *c; c++)
            fputc(*c == '|' ? ' ' : *c, out);
        fputc('\'', out);
    } else if (row->type != OPTION_TYPE_FLAG)
        fputs(" -r", out);
    fputs(" -d ", out);
    put_quoted(out, row->help);
    fputc('\n', out);
}

static void put_fish_command(FILE *out, const struct command *row, bool first)
{
    if (first) {
        fprintf(out, "complete -c signalbox -f -n __fish_use_subcommand -a %s -d ", row->noun);
        put_quoted(out, row->verb ? "" : row->summary);
        fputc('\n', out);
    }
    char condition[256];
    if (row->verb) {
        fprintf(out, "complete -c signalbox -f -n '__fish_seen_subcommand_from %s' -a %s -d ", row->noun, row->verb);
        put_quoted(out, row->summary);
        fputc('\n', out);
    }
    snprintf(condition, sizeof condition, " -n '__fish_seen_subcommand_from %s%s%s'", row->noun,
        row->verb ? "; and __fish_seen_subcommand_from " : "", row->verb ? row->verb : "");
    for (const enum option *option = row->options; *option != OPTION_COUNT; option++)
        put_fish_option(out, condition, *option);
}

static void put_fish(FILE *out)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    fputs("# fish completion of signalbox\n", out);
    for (enum option option = 0; option <= OPTION_LAST_COMMON; option++)
        put_fish_option(out, "", option);
    for (size_t i = 0; i < n; i++)
        put_fish_command(out, &rows[i], first_of_noun(rows, i));
}

void completion_write(FILE *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        put_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        put_zsh(out);
    else
        put_fish(out);
}
