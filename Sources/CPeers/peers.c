#define _GNU_SOURCE
#include "CPeers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 8 };

/* Read by a handler of signals: 0 where a place is free. */
static volatile pid_t running[MOST];

static const int endings[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { ENDINGS = sizeof endings / sizeof endings[0] };

static void on_ending(int number) {
    for (int i = 0; i < MOST; i++)
        if (running[i] > 0) kill(-running[i], SIGKILL);
    signal(number, SIG_DFL);
    raise(number);
}

static void listen_for_endings(void) {
    for (int i = 0; i < ENDINGS; i++) {
        struct sigaction action, before;
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_RESTART;
        action.sa_handler = on_ending;
        sigaction(endings[i], NULL, &before);
        /* nohup: what is ignored stays ignored. */
        if (before.sa_handler == SIG_DFL) sigaction(endings[i], &action, NULL);
    }
}

static void close_all(const int *ends, int count) {
    int error = errno;
    for (int i = 0; i < count; i++) close(ends[i]);
    errno = error;
}

/* In the child: only what is safe after a fork of a process with threads. */
static void become(char *const words[], char *const environment[], const int theirs[3], pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* It has ended before that. */
    if (getppid() != parent) _exit(127);
    setpgid(0, 0);
    for (int i = 0; i < ENDINGS; i++) signal(endings[i], SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 0; i < 3; i++)
        if (dup2(theirs[i], i) < 0) _exit(127);
    execve(words[0], words, environment);
    _exit(127);
}

pid_t peers_start(char *const words[], char *const environment[], int ends[3]) {
    int place = 0;
    while (place < MOST && running[place] != 0) place++;
    if (place == MOST) {
        errno = EAGAIN;
        return -1;
    }
    int pairs[6];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs) != 0) return -1;
    if (pipe2(pairs + 2, O_CLOEXEC) != 0) return close_all(pairs, 2), -1;
    if (pipe2(pairs + 4, O_CLOEXEC) != 0) return close_all(pairs, 4), -1;
    const int theirs[3] = {pairs[1], pairs[3], pairs[5]};
    ends[0] = pairs[0], ends[1] = pairs[2], ends[2] = pairs[4];
    listen_for_endings();
    /* A signal between the fork and the note of it would leave the child alone. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t process = fork();
    if (process == 0) become(words, environment, theirs, parent);
    if (process > 0) {
        /* Whoever of the two comes first. */
        setpgid(process, process);
        running[place] = process;
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    close_all(theirs, 3);
    if (process < 0) return close_all(ends, 3), -1;
    for (int i = 0; i < 3; i++) fcntl(ends[i], F_SETFL, O_NONBLOCK);
    return process;
}

bool peers_has_ended(pid_t process) {
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, process, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == process;
}

int peers_end(pid_t process) {
    int place = 0;
    while (place < MOST && running[place] != process) place++;
    if (place == MOST || process <= 0) return -1;
    /* Not its group alone: where it has not got that far, it has none. */
    kill(-process, SIGKILL);
    kill(process, SIGKILL);
    int status = -1;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) break;
    running[place] = 0;
    return status;
}
