#define _GNU_SOURCE
#include "CTerminal.h"

#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

pid_t terminal_start(char *const words[], unsigned short columns, unsigned short rows, int *master) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    pid_t process = forkpty(master, NULL, NULL, &size);
    if (process != 0) return process;
    /* Only what is safe after a fork of a process with threads. */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(words[0], words);
    _exit(127);
}
