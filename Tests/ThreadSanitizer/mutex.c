/* What the thread sanitizer does not see of Swift's Mutex: where two threads meet, the library takes and gives it with a call
 * of the system (FUTEX_LOCK_PI), and every access behind it would be told as a race. .ci/sanitize puts these functions in
 * front of the library's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void lock_function(uint32_t thread, SELF void *mutex);
typedef SWIFT void unlock_function(SELF void *mutex);

/* `__tsan_acquire` or `__tsan_release`, where the program has a sanitizer. */
static void tell(const char *name, void *mutex) {
    void (*function)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, name);
    if (function) function(mutex);
}

lock_function lock __asm__(LOCK);
unlock_function unlock __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF void *mutex) {
    ((lock_function *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    tell("__tsan_acquire", mutex);
}

SWIFT void unlock(SELF void *mutex) {
    tell("__tsan_release", mutex);
    ((unlock_function *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
