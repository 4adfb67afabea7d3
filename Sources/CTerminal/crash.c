#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { FAULTS = sizeof faults / sizeof *faults, FRAMES = 128 };
static char report_path[1024];
static char report_header[8192];
static atomic_int reporting;
static char report_stack[64 * 1024];

static void say(int file, const char *text) {
    ssize_t ignored = write(file, text, strlen(text));
    (void)ignored;
}

static const char *fault_name(int number) {
    switch (number) {
    case SIGSEGV: return "a wild pointer or too deep a stack (SIGSEGV)";
    case SIGBUS: return "memory that is gone (SIGBUS)";
    case SIGFPE: return "an impossible division (SIGFPE)";
    case SIGABRT: return "abort (SIGABRT)";
    default: return "a check of its own (trap)";
    }
}

static void say_address(int file, uintptr_t address) {
    char text[] = "0x0000000000000000";
    for (int i = 17; address && i > 1; i--, address >>= 4) text[i] = "0123456789abcdef"[address & 15];
    say(file, text);
}

static void write_report(int number, const siginfo_t *info) {
    int file = open(report_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        say(STDERR_FILENO, ".\n");
        return;
    }
    say(file, report_header);
    say(file, "ended by ");
    say(file, fault_name(number));
    say(file, ", address ");
    say_address(file, info->si_code > 0 ? (uintptr_t)info->si_addr : 0);
    say(file, "\nstack (places in the program: addr2line -Cfie ropewalk ADDRESS):\n");
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    backtrace_symbols_fd(frames, count, file);
    close(file);
    say(STDERR_FILENO, "; details are in ");
    say(STDERR_FILENO, report_path);
    say(STDERR_FILENO, "\n");
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    /* Another thread that fails too waits for the end. */
    if (atomic_exchange(&reporting, 1))
        for (;;) pause();
    /* Swift aborts where an allocation fails, having said how much was wanted, and libraries that get no memory or no
       thread stop in ways of their own: no fault of the program. */
    if ((number == SIGABRT && error == ENOMEM) || memory_is_exhausted()) memory_end(0);
    say(STDERR_FILENO, "ropewalk: a fault of the program itself ended it: ");
    say(STDERR_FILENO, fault_name(number));
    write_report(number, info);
    signal(number, SIG_DFL);
    raise(number);
}

void crash_report_install(const char *path, const char *header) {
    if (strlen(path) >= sizeof report_path) return;
    strcpy(report_path, path);
    strncpy(report_header, header, sizeof report_header - 1);
    /* The first call loads a library, which a handler must not do. */
    void *frame;
    backtrace(&frame, 1);
    stack_t stack = {.ss_sp = report_stack, .ss_size = sizeof report_stack};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < FAULTS; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_ONSTACK | SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(faults[i], &action, NULL);
    }
}
