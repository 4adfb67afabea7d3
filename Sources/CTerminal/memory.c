#define _GNU_SOURCE
#include "CTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static atomic_int installed, ending;
static char work[256] = "working";

/* Bytes of addresses that the process has; 0 where the system does not say. */
static size_t bytes_in_use(void) {
    char text[64] = "";
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    size_t pages = 0;
    for (ssize_t i = 0; i < count && text[i] >= '0' && text[i] <= '9'; i++) pages = pages * 10 + (size_t)(text[i] - '0');
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* RLIM_INFINITY for none. */
static rlim_t address_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

bool memory_is_exhausted(void) {
    rlim_t limit = address_limit();
    /* Less than the stack of a thread and some more. */
    return atomic_load(&installed) && limit != RLIM_INFINITY && bytes_in_use() + ((size_t)10 << 20) > limit;
}

_Noreturn void memory_end(size_t wanted) {
    /* Another thread that gets nothing either waits for the end. */
    if (atomic_exchange(&ending, 1))
        for (;;) pause();
    terminal_guard_restore();
    char text[1024], more[64] = "more", bound[96] = "the system gives no more";
    if (wanted > 0) snprintf(more, sizeof more, "%zu kB more", (wanted + 999) / 1000);
    rlim_t limit = address_limit();
    if (limit != RLIM_INFINITY)
        snprintf(bound, sizeof bound, "the limit is %zu MB (ulimit -v)", (size_t)(limit / 1000000));
    int length = snprintf(
        text, sizeof text,
        "ropewalk: memory ran out while %s: %s than %zu MB are wanted, and %s; read fewer tokens (--tokens) or a shorter "
        "text, take a smaller model, or allow more\n",
        work, more, bytes_in_use() / 1000000, bound);
    ssize_t ignored = write(STDERR_FILENO, text, (size_t)length);
    (void)ignored;
    _exit(2);
}

/* Where not even a thread can be had, one would be waited for without end: its stack, and what it takes beside that. */
static bool has_room_for_a_thread(void) {
    rlim_t limit = address_limit();
    return limit == RLIM_INFINITY || bytes_in_use() + ((size_t)16 << 20) <= limit;
}

void memory_report_install(void) {
    atomic_store(&installed, 1);
    if (!has_room_for_a_thread()) memory_end((size_t)16 << 20);
}

void memory_report_work(const char *text) {
    strncpy(work, text, sizeof work - 1);
}

/* Swift ends the process where malloc has nothing, with a report for programmers. So the functions that give memory have
   this look at what they give; the memory itself is still the C library's. Sanitizers have functions of their own, and
   tests put others in their place (weak). */
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && \
    !__has_feature(memory_sanitizer)

#define WEAK __attribute__((weak))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *start, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static void *given(void *start, size_t size) {
    if (!start && size > 0 && atomic_load_explicit(&installed, memory_order_relaxed)) memory_end(size);
    return start;
}

WEAK void *malloc(size_t size) { return given(__libc_malloc(size), size); }

WEAK void *calloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) total = SIZE_MAX;
    return given(__libc_calloc(count, size), total);
}

WEAK void *realloc(void *start, size_t size) { return given(__libc_realloc(start, size), size); }

WEAK void *memalign(size_t alignment, size_t size) { return given(__libc_memalign(alignment, size), size); }

WEAK void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

WEAK int posix_memalign(void **result, size_t alignment, size_t size) {
    void *start = memalign(alignment, size);
    if (!start && size > 0) return ENOMEM;
    *result = start;
    return 0;
}

/* The library of queues asks again without end for a thread whose stack finds no room, and everybody waits. */
typedef int create_function(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument);

static bool is_of_queues(void *caller) {
    Dl_info place;
    return dladdr(caller, &place) && place.dli_fname && strstr(place.dli_fname, "libdispatch");
}

WEAK int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    static _Atomic(create_function *) library;
    create_function *create = atomic_load(&library);
    if (!create) {
        create = (create_function *)dlsym(RTLD_NEXT, "pthread_create");
        if (!create) return EAGAIN;
        atomic_store(&library, create);
    }
    int error = create(thread, attributes, body, argument);
    if (error && atomic_load(&installed) && address_limit() != RLIM_INFINITY && is_of_queues(__builtin_return_address(0)))
        memory_end((size_t)8 << 20);
    return error;
}

#endif
