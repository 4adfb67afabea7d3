#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The handler looks through this table, so it is not allocated; a model has some hundred files at most. Mappings beyond
   it are as good as any, only not guarded. */
enum { SLOTS = 4096 };
static struct {
    _Atomic(uintptr_t) start;
    atomic_size_t size;
    atomic_int is_cut;
} slots[SLOTS];

static struct sigaction former;
static atomic_int gave_up;
static pthread_mutex_t installing = PTHREAD_MUTEX_INITIALIZER;

/* The slot of an address, or SLOTS. */
static int slot_of(uintptr_t address) {
    for (int i = 0; i < SLOTS; i++) {
        uintptr_t start = atomic_load(&slots[i].start);
        if (start != 0 && address >= start && address - start < atomic_load(&slots[i].size)) return i;
    }
    return SLOTS;
}

/* Puts zeros in place of the rest of a file that is gone from `address` on. */
static bool mend(int slot, uintptr_t address) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = address / page * page;
    uintptr_t end = atomic_load(&slots[slot].start) + atomic_load(&slots[slot].size);
    void *zeros = mmap((void *)first, end - first, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) return false;
    atomic_store(&slots[slot].is_cut, 1);
    return true;
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    if (info->si_code == BUS_ADRERR) {
        int slot = slot_of((uintptr_t)info->si_addr);
        if (slot < SLOTS && mend(slot, (uintptr_t)info->si_addr)) {
            errno = error;
            return;
        }
    }
    /* No mapping of ours: whoever was here before decides, and in the end the system. */
    if (atomic_exchange(&gave_up, 1)) signal(number, SIG_DFL);
    else sigaction(number, &former, NULL);
    if (info->si_code <= 0) raise(number);
}

/* In front of whoever has come since: the handlers of a terminal give up at once. */
static void install(void) {
    pthread_mutex_lock(&installing);
    struct sigaction now;
    sigaction(SIGBUS, NULL, &now);
    if (!(now.sa_flags & SA_SIGINFO) || now.sa_sigaction != on_bus_error) {
        former = now;
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = on_bus_error;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, NULL);
    }
    pthread_mutex_unlock(&installing);
}

const void *mapped_file_open(int descriptor, size_t size) {
    void *start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) return NULL;
    for (int i = 0; i < SLOTS; i++) {
        size_t none = 0;
        if (!atomic_compare_exchange_strong(&slots[i].size, &none, size)) continue;
        atomic_store(&slots[i].is_cut, 0);
        atomic_store(&slots[i].start, (uintptr_t)start);
        break;
    }
    install();
    return start;
}

void mapped_file_close(const void *start, size_t size) {
    int slot = slot_of((uintptr_t)start);
    munmap((void *)start, size);
    if (slot == SLOTS) return;
    atomic_store(&slots[slot].start, 0);
    atomic_store(&slots[slot].size, 0);
}

bool mapped_file_is_cut(const void *start) {
    int slot = slot_of((uintptr_t)start);
    return slot < SLOTS && atomic_load(&slots[slot].is_cut) != 0;
}

void mapped_file_release(const void *start, size_t size) { madvise((void *)start, size, MADV_DONTNEED); }
