#define _GNU_SOURCE
#include "kernels.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

// Threads stay when their work is done and wait for more: to start one takes as long as a product with one row, and a run
// token by token makes hundreds of these for every token.

struct job {
    atomic_long next;
    long tasks;
    void (*body)(void *context, long task);
    void *context;
};

// A thread that works for others. It is never freed, so that it can be told apart from a job, which is gone as soon as who
// waits for it goes on. Both sides say that they are about to sleep before they look once more, and who has something to tell
// looks for that after it was said: one of the two sees the other.
struct helper {
    _Atomic(struct job *) job;
    atomic_int is_done, is_asleep, is_awaited;
    pthread_mutex_t lock;
    pthread_cond_t is_wanted, has_ended;
    struct helper *next;
};

// Those that wait for work, the last one to finish first: its caches are the warmest.
static pthread_mutex_t parked_lock = PTHREAD_MUTEX_INITIALIZER;
static struct helper *parked;

static void work(struct job *job) {
    for (long task; (task = atomic_fetch_add(&job->next, 1)) < job->tasks;) job->body(job->context, task);
}

void ck_with_handler_stack(void (*body)(void *context), void *context) {
    // At the far end of the stack: an overflow never reaches it.
    char memory[1 << 15];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, before;
    sigaltstack(&stack, &before);
    body(context);
    sigaltstack(&before, NULL);
}

void ck_return_memory(void) { malloc_trim(0); }

// The next product of a run comes within this time; who waits longer sleeps and costs nothing.
#define PATIENCE 50000

static long long nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void rest(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

// Whether something comes about before patience ends.
#define COMES(condition)                                                                                         \
    ({                                                                                                           \
        int comes = 0;                                                                                           \
        for (long long end = nanoseconds() + PATIENCE; !(comes = (condition)) && nanoseconds() < end;)           \
            for (int i = 0; i < 16; i++) rest();                                                                 \
        comes;                                                                                                   \
    })

static void park(struct helper *helper) {
    pthread_mutex_lock(&parked_lock);
    helper->next = parked;
    parked = helper;
    pthread_mutex_unlock(&parked_lock);
}

// Who takes the job out of a helper has it: the helper, or who gave it and needs no help any more.
static struct job *wait_for_job(struct helper *helper) {
    struct job *job = NULL;
    if (COMES(atomic_load(&helper->job) != NULL)) job = atomic_exchange(&helper->job, NULL);
    if (job) return job;
    pthread_mutex_lock(&helper->lock);
    atomic_store(&helper->is_asleep, 1);
    while (!(job = atomic_exchange(&helper->job, NULL))) pthread_cond_wait(&helper->is_wanted, &helper->lock);
    atomic_store(&helper->is_asleep, 0);
    pthread_mutex_unlock(&helper->lock);
    return job;
}

static void signal_if(atomic_int *is_waiting, struct helper *helper, pthread_cond_t *condition) {
    if (!atomic_load(is_waiting)) return;
    pthread_mutex_lock(&helper->lock);
    pthread_cond_signal(condition);
    pthread_mutex_unlock(&helper->lock);
}

static void help(void *argument) {
    struct helper *helper = argument;
    for (;;) {
        work(wait_for_job(helper));
        atomic_store(&helper->is_done, 1);
        signal_if(&helper->is_awaited, helper, &helper->has_ended);
    }
}

static void wait_for_helper(struct helper *helper) {
    if (COMES(atomic_load(&helper->is_done))) return;
    pthread_mutex_lock(&helper->lock);
    atomic_store(&helper->is_awaited, 1);
    while (!atomic_load(&helper->is_done)) pthread_cond_wait(&helper->has_ended, &helper->lock);
    atomic_store(&helper->is_awaited, 0);
    pthread_mutex_unlock(&helper->lock);
}

static void *start(void *helper) {
    ck_with_handler_stack(help, helper);
    return NULL;
}

// A thread that waits, or a new one; NULL where none can be had.
static struct helper *take_helper(void) {
    pthread_mutex_lock(&parked_lock);
    struct helper *helper = parked;
    if (helper) parked = helper->next;
    pthread_mutex_unlock(&parked_lock);
    if (helper) return helper;
    helper = calloc(1, sizeof *helper);
    if (!helper) return NULL;
    pthread_mutex_init(&helper->lock, NULL);
    pthread_cond_init(&helper->is_wanted, NULL);
    pthread_cond_init(&helper->has_ended, NULL);
    pthread_t thread;
    if (pthread_create(&thread, NULL, start, helper) != 0) {
        free(helper);
        return NULL;
    }
    pthread_detach(thread);
    return helper;
}

void ck_parallel(long workers, long tasks, void (*body)(void *context, long task), void *context) {
    long wanted = (workers < tasks ? workers : tasks) - 1;
    if (wanted > CK_MAX_WORKERS) wanted = CK_MAX_WORKERS;
    struct job job = {.tasks = tasks, .body = body, .context = context};
    struct helper *helpers[CK_MAX_WORKERS];
    long count = 0;
    // A thread that cannot be had only makes the others do its share.
    for (struct helper *helper; count < wanted && (helper = take_helper()); count++) {
        helpers[count] = helper;
        atomic_store(&helper->is_done, 0);
        atomic_store(&helper->job, &job);
        signal_if(&helper->is_asleep, helper, &helper->is_wanted);
    }
    work(&job);
    for (long i = 0; i < count; i++) {
        // One that has not woken up yet is not waited for.
        struct job *expected = &job;
        if (!atomic_compare_exchange_strong(&helpers[i]->job, &expected, NULL)) wait_for_helper(helpers[i]);
        park(helpers[i]);
    }
}
