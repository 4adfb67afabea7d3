#pragma once
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <ncurses.h>
#include <term.h>
#include <wchar.h>

/* Swift does not import macros, and not the variables that ncurses changes behind its back. */
static inline attr_t curses_bold(void) { return A_BOLD; }
static inline attr_t curses_dim(void) { return A_DIM; }
static inline attr_t curses_underline(void) { return A_UNDERLINE; }
static inline attr_t curses_reverse(void) { return A_REVERSE; }
static inline int curses_color_pairs(void) { return COLOR_PAIRS; }
static inline int curses_function_key(int number) { return KEY_F(number); }
static inline mmask_t curses_left_press(void) { return BUTTON1_PRESSED; }
static inline mmask_t curses_left_click(void) { return BUTTON1_CLICKED; }
static inline mmask_t curses_left_double_click(void) { return BUTTON1_DOUBLE_CLICKED; }
static inline mmask_t curses_right_press(void) { return BUTTON3_PRESSED; }
static inline mmask_t curses_wheel_up(void) { return BUTTON4_PRESSED; }
static inline mmask_t curses_wheel_down(void) { return BUTTON5_PRESSED; }
/* tigetstr's failure value is the pointer -1, which Swift cannot compare with. */
static inline const char *curses_capability(const char *name) {
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}
