#define _GNU_SOURCE
#include "kernels.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct job {
    atomic_long next;
    long tasks;
    void (*body)(void *context, long task);
    void *context;
};

static void work(void *argument) {
    struct job *job = argument;
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

static void *start(void *job) {
    ck_with_handler_stack(work, job);
    return NULL;
}

void ck_parallel(long workers, long tasks, void (*body)(void *context, long task), void *context) {
    struct job job = {.tasks = tasks, .body = body, .context = context};
    pthread_t threads[CK_MAX_WORKERS];
    long started = 0, wanted = (workers < tasks ? workers : tasks) - 1;
    if (wanted > CK_MAX_WORKERS) wanted = CK_MAX_WORKERS;
    // A thread that cannot be had only makes the others do its share.
    while (started < wanted && pthread_create(&threads[started], NULL, start, &job) == 0) started++;
    work(&job);
    for (long i = 0; i < started; i++) pthread_join(threads[i], NULL);
}
