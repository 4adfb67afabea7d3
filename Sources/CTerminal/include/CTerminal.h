#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

/* Gives the terminal back on every way out of the process. One terminal at a time. */

/* Installs the handlers. `saved` are the modes that `input` had before; `wake` is written to when the main loop has
   something to look at. False where a terminal is guarded already. */
bool terminal_guard_install(int input, int output, const struct termios *saved, int wake);

/* From here on the terminal must be given back by writing `reset`, at most 1 KiB; longer ones are refused (false). */
bool terminal_guard_arm(const char *reset, size_t count);

/* Between these two no signal ends or stops the process: the terminal is being taken, and is not ready to be given back.
   Faults excepted. */
void terminal_guard_hold(void);
void terminal_guard_release(void);

/* Writes to the terminal as write(2) does; to nowhere once the terminal has been given back, so that what another thread
   says does not come after the reset. */
ssize_t terminal_guard_write(const void *bytes, size_t count);

/* Gives the terminal back now; nothing where that has been done. */
void terminal_guard_restore(void);

/* Restores, and puts the former signal handlers back. */
void terminal_guard_remove(void);

/* Whether a signal arrived since the last call: the process was continued, the window changed its size. */
bool terminal_guard_take_continued(void);
bool terminal_guard_take_resized(void);

/* Stops the process group as Ctrl-Z does, and returns when the process is continued. */
void terminal_guard_suspend(void);

/* Gives the terminal back, runs a program that `words[0]` names (looked for in PATH), and returns when it has ended, with
   its status as waitpid(2) gives it; else why it could not be run (errno). Ctrl-C meanwhile is for that program alone. */
int terminal_run(char *const words[], int *status);

/* Makes a descriptor refer to a new, empty file in memory; false and errno where that fails. */
bool terminal_divert_to_memory(int descriptor);

/* A pipe that never blocks and that child processes do not get: its reading and its writing end. */
bool terminal_pipe(int ends[2]);

/* The columns of a character as the C library, and so ncurses, counts them; -1 for what it does not know. */
int terminal_columns(wchar_t character);

/* From here on a fault of the program (a trap, a wild pointer, abort) writes `header`, the signal and the stack into a new
   file of that path, says so in one line on standard error, and ends the process as the signal would. */
void crash_report_install(const char *path, const char *header);

/* Starts a program, `words[0]` with its arguments, on a pseudo-terminal of that size, whose other side is `master`. Its
   process; -1 and errno where that fails. */
pid_t terminal_start(char *const words[], unsigned short columns, unsigned short rows, int *master);

/* Blocks of `large` bytes and more are given back when they are freed, and there are at most `heaps` heaps. */
void heap_limits_set(int large, int heaps);

/* From here on a process that gets no memory says so in one line on standard error, with what it was doing, gives the
   terminal back, and ends with status 2. */
void memory_report_install(void);

/* What the process is doing, as it stands behind "while". */
void memory_report_work(const char *text);

/* Whether hardly any addresses are left within the limit of the process, so that what fails fails for that. */
bool memory_is_exhausted(void);

/* Ends the process for want of so many bytes; 0 where that is not known. */
_Noreturn void memory_end(size_t wanted);
