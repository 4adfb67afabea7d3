#define _GNU_SOURCE
#include "CFaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_int armed = -1;
static atomic_long calls, failing;
static atomic_int with, lasts, happened;
enum { SMALL = 1 << 16 };

void fault_arm(int kind, long number, int error, bool lasting) {
    atomic_store(&calls, 0);
    atomic_store(&failing, number);
    atomic_store(&with, error);
    atomic_store(&lasts, lasting);
    atomic_store(&happened, 0);
    atomic_store(&armed, kind);
}

long fault_disarm(void) {
    atomic_store(&armed, -1);
    return atomic_load(&calls);
}

bool fault_happened(void) { return atomic_load(&happened) != 0; }

/* Whether this call fails; errno says with what. */
static bool fails(int kind) {
    if (atomic_load(&armed) != kind) return false;
    long call = atomic_fetch_add(&calls, 1) + 1, first = atomic_load(&failing);
    if (call != first && !(atomic_load(&lasts) && call > first)) return false;
    atomic_store(&happened, 1);
    errno = atomic_load(&with);
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(FAULT_OPEN) ? -1 : REAL(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = mode_of(flags, list);
    va_end(list);
    return fails(FAULT_OPEN) ? -1 : REAL(openat)(folder, path, flags, mode);
}

ssize_t read(int file, void *bytes, size_t count) { return fails(FAULT_READ) ? -1 : REAL(read)(file, bytes, count); }

ssize_t pread(int file, void *bytes, size_t count, off_t place) {
    return fails(FAULT_READ) ? -1 : REAL(pread)(file, bytes, count, place);
}

ssize_t write(int file, const void *bytes, size_t count) {
    return fails(FAULT_WRITE) ? -1 : REAL(write)(file, bytes, count);
}

/* As the system does: the descriptor is gone, and the error is told. */
int close(int file) {
    int result = REAL(close)(file);
    return fails(FAULT_CLOSE) ? -1 : result;
}

void *mmap(void *start, size_t size, int protection, int flags, int file, off_t place) {
    if (file >= 0 && fails(FAULT_MAP)) return MAP_FAILED;
    return REAL(mmap)(start, size, protection, flags, file, place);
}

int rename(const char *from, const char *to) { return fails(FAULT_RENAME) ? -1 : REAL(rename)(from, to); }

int pthread_create(pthread_t *thread, const pthread_attr_t *traits, void *(*body)(void *), void *argument) {
    return fails(FAULT_THREAD) ? EAGAIN : REAL(pthread_create)(thread, traits, body, argument);
}

/* What dlsym takes itself must not lead back here. */
void *__libc_malloc(size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) { return size >= SMALL && fails(FAULT_MEMORY) ? NULL : __libc_malloc(size); }

void *aligned_alloc(size_t alignment, size_t size) {
    return size >= SMALL && fails(FAULT_MEMORY) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (size >= SMALL && fails(FAULT_MEMORY)) return ENOMEM;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}
