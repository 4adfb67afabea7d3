#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* Everything a handler reads is prepared beforehand: a handler may call only async-signal-safe functions. */
static int keyboard = -1;
static int display = -1;
static int wake = -1;
static struct termios saved;
static char reset[1024];
static size_t reset_count;
static atomic_int armed;
static atomic_int installed;
static atomic_int continued;
static atomic_int resized;
/* The thread that speaks to the terminal at the moment; 0 for none. */
static atomic_int speaker;
/* Set once the terminal has been given back: from then on nothing of ours reaches it, until it is taken again. */
static atomic_int silenced;
/* The signals that were blocked before `terminal_guard_hold`. */
static sigset_t unheld;

static const int endings[] = {
    SIGTERM, SIGHUP, SIGINT,  SIGQUIT, SIGSEGV,   SIGABRT, SIGILL,  SIGTRAP,   SIGBUS, SIGFPE, SIGUSR1,
    SIGUSR2, SIGALRM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGSYS, SIGSTKFLT, SIGIO,  SIGPWR,
};
enum { ENDINGS = sizeof endings / sizeof *endings };
static struct sigaction former[ENDINGS];
static struct sigaction former_stop, former_continue, former_resize;
/* A handler for a stack overflow needs a stack of its own. */
static char handler_stack[64 * 1024];

static int this_thread(void) { return (int)syscall(SYS_gettid); }

/* Waits until no other thread speaks to the terminal: what it says must not come after the reset. A second at most: a
   terminal that has been stopped (Ctrl-S) takes nothing for ever. */
static void silence(void) {
    const struct timespec moment = {0, 1000 * 1000};
    int own = this_thread();
    atomic_store(&silenced, 1);
    for (int i = 0; i < 1000; i++) {
        int other = atomic_load(&speaker);
        if (other == 0 || other == own) return;
        nanosleep(&moment, NULL);
    }
}

/* A terminal that takes nothing (stopped, or its window behind a slow line) must not keep the process from ending: after
   a second what waits there is thrown away, so that the reset still goes out where it can. */
static void say_reset(void) {
    int flags = fcntl(display, F_GETFL);
    if (flags >= 0) fcntl(display, F_SETFL, flags | O_NONBLOCK);
    size_t done = 0;
    bool is_emptied = false;
    for (int tries = 0; tries < 200 && done < reset_count; tries++) {
        ssize_t count = write(display, reset + done, reset_count - done);
        if (count > 0) {
            done += (size_t)count;
            continue;
        }
        if (count == 0 || (errno != EAGAIN && errno != EINTR)) break;
        struct pollfd room = {.fd = display, .events = POLLOUT};
        if (!is_emptied && poll(&room, 1, 1000) == 0) {
            tcflush(display, TCOFLUSH);
            is_emptied = true;
        } else {
            /* Another thread may be in the middle of a write, and now get to its end. */
            poll(NULL, 0, 1);
        }
    }
    if (flags >= 0) fcntl(display, F_SETFL, flags);
}

void terminal_guard_restore(void) {
    silence();
    if (!atomic_exchange(&armed, 0)) return;
    int error = errno;
    say_reset();
    tcsetattr(keyboard, TCSANOW, &saved);
    errno = error;
}

static void notify(void) {
    int error = errno;
    ssize_t ignored = write(wake, "", 1);
    (void)ignored;
    errno = error;
}

static void on_ending(int number, siginfo_t *info, void *context) {
    (void)context;
    /* A file that grew over its limit: the write fails with an error, which is told. */
    if (number == SIGXFSZ && info->si_code == SI_KERNEL) return;
    terminal_guard_restore();
    for (int i = 0; i < ENDINGS; i++)
        if (endings[i] == number) sigaction(number, &former[i], NULL);
    /* Pending until this handler returns, then it ends the process the way it would have ended. */
    raise(number);
}

static void on_stop(int number) {
    (void)number;
    terminal_guard_restore();
    /* SIGTSTP itself would not stop a process group without a shell. */
    raise(SIGSTOP);
}

static void on_continue(int number) {
    (void)number;
    atomic_store(&continued, 1);
    notify();
}

static void on_resize(int number) {
    (void)number;
    atomic_store(&resized, 1);
    notify();
}

static void catch_ending(int number, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_ending;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    sigfillset(&action.sa_mask);
    sigaction(number, NULL, before);
    if (before->sa_handler != SIG_IGN || number == SIGXFSZ) sigaction(number, &action, NULL);
}

static void catch_signal(int number, void (*handler)(int), int flags, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    /* SIGTTOU among them: a background process may then still restore the terminal.
       SIGCONT must get through while stopped, but its handler waits. */
    sigfillset(&action.sa_mask);
    sigaction(number, NULL, before);
    if (before->sa_handler != SIG_IGN) sigaction(number, &action, NULL);
}

bool terminal_guard_install(int input, int output, const struct termios *modes, int wake_fd) {
    static bool registered;
    if (atomic_exchange(&installed, 1)) return false;
    keyboard = input;
    display = output;
    wake = wake_fd;
    saved = *modes;
    atomic_store(&silenced, 0);
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < ENDINGS; i++) catch_ending(endings[i], &former[i]);
    catch_signal(SIGTSTP, on_stop, SA_RESTART, &former_stop);
    catch_signal(SIGCONT, on_continue, SA_RESTART, &former_continue);
    catch_signal(SIGWINCH, on_resize, SA_RESTART, &former_resize);
    if (!registered) registered = atexit(terminal_guard_restore) == 0;
    return true;
}

bool terminal_guard_arm(const char *text, size_t count) {
    if (count > sizeof reset) return false;
    memcpy(reset, text, count);
    reset_count = count;
    atomic_store(&silenced, 0);
    atomic_store(&armed, 1);
    return true;
}

void terminal_guard_hold(void) {
    sigset_t held;
    sigemptyset(&held);
    for (int i = 0; i < ENDINGS; i++) sigaddset(&held, endings[i]);
    sigaddset(&held, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &held, &unheld);
    atomic_store(&speaker, this_thread());
}

void terminal_guard_release(void) {
    atomic_store(&speaker, 0);
    pthread_sigmask(SIG_SETMASK, &unheld, NULL);
}

ssize_t terminal_guard_write(const void *bytes, size_t count) {
    int before = atomic_exchange(&speaker, this_thread());
    ssize_t written = atomic_load(&silenced) ? (ssize_t)count : write(display, bytes, count);
    int error = errno;
    atomic_store(&speaker, before);
    errno = error;
    return written;
}

void terminal_guard_remove(void) {
    if (!atomic_load(&installed)) return;
    terminal_guard_restore();
    for (int i = 0; i < ENDINGS; i++) sigaction(endings[i], &former[i], NULL);
    sigaction(SIGTSTP, &former_stop, NULL);
    sigaction(SIGCONT, &former_continue, NULL);
    sigaction(SIGWINCH, &former_resize, NULL);
    keyboard = display = wake = -1;
    atomic_store(&installed, 0);
}

bool terminal_guard_take_continued(void) { return atomic_exchange(&continued, 0); }
bool terminal_guard_take_resized(void) { return atomic_exchange(&resized, 0); }
void terminal_guard_suspend(void) { kill(0, SIGTSTP); }

bool terminal_divert_to_memory(int descriptor) {
    int file = memfd_create("frame", MFD_CLOEXEC);
    if (file < 0) return false;
    int result = dup3(file, descriptor, O_CLOEXEC);
    int error = errno;
    close(file);
    errno = error;
    return result >= 0;
}

bool terminal_pipe(int ends[2]) { return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0; }

int terminal_columns(wchar_t character) { return wcwidth(character); }
