// SPDX-License-Identifier: Apache-2.0
// Colours are only used where there are some and NO_COLOR is not set; bold, reverse and underline do elsewhere. What a
// line says never depends on them.
#define NCURSES_WIDECHAR 1
#include "hub/cli/health/screen.h"
#include "hub/cli/health/top.h"
#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ESCAPE_MS 50

static attr_t styles[STYLED_TEXT_STYLES];
static SCREEN *screen;

static void set_colours(void)
{
    static const struct {
        enum styled_text_style style;
        short colour;
        attr_t with;
    } rows[] = {{STYLED_TEXT_OK, COLOR_GREEN, A_NORMAL}, {STYLED_TEXT_WARNING, COLOR_YELLOW, A_BOLD},
        {STYLED_TEXT_CRITICAL, COLOR_RED, A_BOLD}, {STYLED_TEXT_UNKNOWN, COLOR_MAGENTA, A_BOLD}};
    const char *no_color = getenv("NO_COLOR");
    if ((no_color && *no_color) || !has_colors() || start_color() == ERR)
        return;
    use_default_colors();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        init_pair((short)(i + 1), rows[i].colour, -1);
        styles[rows[i].style] = (attr_t)COLOR_PAIR(i + 1) | rows[i].with;
    }
}

static void set_styles(void)
{
    static const attr_t plain[STYLED_TEXT_STYLES] = {[STYLED_TEXT_BOLD] = A_BOLD,
        [STYLED_TEXT_DIM] = A_DIM,
        [STYLED_TEXT_WARNING] = A_BOLD,
        [STYLED_TEXT_CRITICAL] = A_BOLD | A_REVERSE,
        [STYLED_TEXT_UNKNOWN] = A_UNDERLINE,
        [STYLED_TEXT_BAR] = A_REVERSE};
    memcpy(styles, plain, sizeof styles);
    set_colours();
}

bool screen_open(struct error *error)
{
    const char *term = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_say(error, CAUSE_OTHER,
            "There is no terminal to draw on: signalbox top --once prints one screen, signalbox status all of it.");
        return false;
    }
    setlocale(LC_CTYPE, "");
    screen = newterm(NULL, stdout, stdin);
    if (!screen || !tigetstr("cup")) {
        if (screen)
            screen_close();
        error_say(error, CAUSE_OTHER,
            "The terminal \"%.60s\" is not known here, or cannot place its cursor: set TERM, or use signalbox status "
            "--watch.",
            term ? term : "");
        return false;
    }
    cbreak();
    noecho();
    nonl();
    curs_set(0);
    keypad(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    set_styles();
    atexit(screen_close); // for an end without memory
    return true;
}

void screen_close(void)
{
    if (!screen)
        return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

void screen_size(size_t *rows, size_t *columns)
{
    *rows = (size_t)getmaxy(stdscr);
    *columns = (size_t)getmaxx(stdscr);
}

void screen_show(const struct styled_text *styled)
{
    erase();
    for (size_t i = 0; i < styled->n; i++) {
        const struct styled_text_line *line = &styled->lines[i];
        attr_t selected = line->selected ? A_REVERSE : A_NORMAL;
        move((int)i, 0);
        for (size_t run = 0; run < line->n_runs; run++) {
            attrset((int)(styles[line->runs[run].style] | selected));
            addstr(line->runs[run].text);
        }
        attrset((int)selected);
        for (size_t column = line->columns; line->selected && column < styled->width; column++)
            addch(' ');
        attrset(A_NORMAL);
    }
    refresh();
}

static uint32_t key_of_code(wint_t code)
{
    static const struct {
        wint_t code;
        uint32_t key;
    } rows[] = {{KEY_UP, TOP_KEY_UP}, {KEY_DOWN, TOP_KEY_DOWN}, {KEY_PPAGE, TOP_KEY_PAGE_UP},
        {KEY_NPAGE, TOP_KEY_PAGE_DOWN}, {KEY_HOME, TOP_KEY_HOME}, {KEY_END, TOP_KEY_END}, {KEY_LEFT, TOP_KEY_BACK},
        {KEY_RIGHT, TOP_KEY_ENTER}, {KEY_ENTER, TOP_KEY_ENTER}, {KEY_BTAB, TOP_KEY_BACK_TAB},
        {KEY_BACKSPACE, TOP_KEY_ERASE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].key;
    return 0;
}

static uint32_t key_of_character(wint_t character)
{
    switch (character) {
    case '\r':
    case '\n':
        return TOP_KEY_ENTER;
    case '\t':
        return TOP_KEY_TAB;
    case '\b':
    case 0x7f:
        return TOP_KEY_ERASE;
    case 0x1b:
        return TOP_KEY_ESCAPE;
    case 0x0c:
        clearok(stdscr, TRUE); // Ctrl-L: something else has written on the screen
        return 0;
    default:
        return (uint32_t)character;
    }
}

uint32_t screen_key(int timeout_ms)
{
    wint_t code = 0;
    timeout(timeout_ms);
    int kind = get_wch(&code);
    if (kind == KEY_CODE_YES && code == KEY_RESIZE)
        clearok(stdscr, TRUE); // terminals differ in which lines they keep
    if (kind == KEY_CODE_YES)
        return key_of_code(code);
    return kind == OK ? key_of_character(code) : 0;
}
