#pragma once
#include <stdbool.h>
#include <sys/types.h>

/* Programs of others that run beside this one, and never outlive it. */

/* Starts a program, `words[0]` (a path) with its arguments and `environment`, as the leader of a group of its own. Its
   standard input is the other side of `ends[0]` (a socket: nobody gets SIGPIPE for it), its standard output and errors are
   read from `ends[1]` and `ends[2]`; none of the three blocks. Its process; -1 and errno where that fails.

   It is killed, with what it has started, by `peers_end`, and where a signal ends this process; it alone where this process
   ends in any other way. Not for use by several threads at once. */
pid_t peers_start(char *const words[], char *const environment[], int ends[3]);

/* Kills the process and its group, waits for it, and gives its status as waitpid(2) does; -1 where it is no process of
   `peers_start`, or has been waited for. */
int peers_end(pid_t process);

/* Whether it has ended; its status is kept until `peers_end`. */
bool peers_has_ended(pid_t process);
