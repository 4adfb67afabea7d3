#include "openblas.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

// The soname since OpenBLAS 0.2, whichever kind of threads the library was built with.
#define LIBRARY "libopenblas.so.0"

// What <cblas.h> declares; with it the library's headers would be needed to build.
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };
typedef void sgemm_function(
    int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int a_stride,
    const float *b, int b_stride, float beta, float *c, int c_stride);

// LAPACK's, by address; numbers are 32 bits wide in the library that Debian has.
typedef void sgesdd_function(
    const char *job, const int *m, const int *n, float *a, const int *lda, float *s, float *u, const int *ldu, float *vt,
    const int *ldvt, float *work, const int *work_length, int *integers, int *info);

static void *library;
static sgemm_function *sgemm;
static char *(*core_name)(void);
static char problem[256];

extern char **environ;

static int is_named(const char *variable, const char *assignment) {
    size_t length = strchr(assignment, '=') - assignment + 1;
    return strncmp(variable, assignment, length) == 0;
}

// The variables with those of `added` set. [ended by NULL]
static char **extended(char **variables, char *const *added, int added_count) {
    long count = 0;
    while (variables && variables[count]) count++;
    char **list = calloc(count + added_count + 1, sizeof *list);
    if (!list) return NULL;
    long length = 0;
    for (long i = 0; i < count; i++) {
        int is_replaced = 0;
        for (int j = 0; j < added_count; j++) is_replaced |= is_named(variables[i], added[j]);
        if (!is_replaced) list[length++] = variables[i];
    }
    for (int j = 0; j < added_count; j++) list[length++] = added[j];
    return list;
}

// The library reads its variables from the environment while it is loaded. `setenv` would move the list that another thread
// may be reading; so a second list takes its place in one step, and is never freed.
static void *open_library(const char *core_type) {
    static char one_thread[] = "OPENBLAS_NUM_THREADS=1", core[64];
    char *added[] = {one_thread, core};
    if (core_type) snprintf(core, sizeof core, "OPENBLAS_CORETYPE=%s", core_type);
    char **before = environ, **during = extended(before, added, core_type ? 2 : 1);
    if (!during) return NULL;
    environ = during;
    void *opened = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    // Who set a variable meanwhile made a third list, which stays.
    if (environ == during) environ = before;
    return opened;
}

static int fail(const char *reason) {
    snprintf(problem, sizeof problem, "%s", reason ? reason : LIBRARY ": out of memory");
    ck_openblas_unload();
    return 0;
}

int ck_openblas_load(const char *core_type) {
    dlerror();
    library = open_library(core_type);
    if (!library) return fail(dlerror());
    sgemm = (sgemm_function *)dlsym(library, "cblas_sgemm");
    core_name = (char *(*)(void))dlsym(library, "openblas_get_corename");
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (!sgemm || !core_name || !set_threads) return fail(dlerror());
    // Somebody else in this process may have loaded it before, with threads.
    set_threads(1);
    return 1;
}

void ck_openblas_unload(void) {
    if (library) dlclose(library);
    library = NULL;
    sgemm = NULL;
    core_name = NULL;
}

const char *ck_openblas_core(void) { return core_name ? core_name() : ""; }

const char *ck_openblas_problem(void) { return problem; }

static void multiply(
    const float *x, int rows, const float *w, int outputs, int inputs, float *y, int y_stride) {
    sgemm(ROW_MAJOR, NO_TRANSPOSE, TRANSPOSE, rows, outputs, inputs, 1, x, inputs, w, inputs, 0, y, y_stride);
}

// A product that runs beside others works in a buffer of its own, which the library maps when one is first needed, and
// keeps. Where it cannot be mapped the library asks again without end. So a process whose addresses are limited
// (ulimit -v) has as many products at a time as buffers that fit; to begin with one.

// Bytes; the largest of any kernels (measured with 0.3.21).
#define BUFFER (128L << 20)

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
// How many buffers there may be, how many there are, how many are in use; without a limit nothing is counted.
static long allowed, buffers, running;

static int is_room(long bytes) {
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return 0;
    munmap(start, bytes);
    return 1;
}

int ck_openblas_reserve(void) {
    // The smallest product that the library needs a buffer for has some million multiplications.
    enum { SIDE = 128 };
    static float zeros[SIDE * SIDE], sums[SIDE * SIDE];
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 1;
    if (!is_room(BUFFER)) return 0;
    multiply(zeros, SIDE, zeros, SIDE, SIDE, sums, SIDE);
    buffers = 1;
    // A quarter of the addresses at most.
    allowed = (long)(limit.rlim_cur / 4 / BUFFER);
    if (allowed < 1) allowed = 1;
    return 1;
}

long ck_openblas_missing(long workers) {
    pthread_mutex_lock(&gate);
    long missing = (workers < allowed ? workers : allowed) - buffers;
    pthread_mutex_unlock(&gate);
    return missing > 0 ? missing * BUFFER : 0;
}

static void enter(void) {
    pthread_mutex_lock(&gate);
    while (running == buffers) {
        // Twice: another thread may be about to map one.
        if (buffers < allowed && is_room(2 * BUFFER)) {
            buffers++;
        } else {
            pthread_cond_wait(&left, &gate);
        }
    }
    running++;
    pthread_mutex_unlock(&gate);
}

static void leave(void) {
    pthread_mutex_lock(&gate);
    running--;
    pthread_cond_signal(&left);
    pthread_mutex_unlock(&gate);
}

void ck_product(const float *x, int rows, const float *w, int outputs, int inputs, float *y, int y_stride) {
    if (!allowed) return multiply(x, rows, w, outputs, inputs, y, y_stride);
    enter();
    multiply(x, rows, w, outputs, inputs, y, y_stride);
    leave();
}

int ck_low_rank(float *a, long rows, long columns, long rank, float *result) {
    sgesdd_function *sgesdd = library ? (sgesdd_function *)dlsym(library, "sgesdd_") : NULL;
    if (!sgesdd) {
        snprintf(problem, sizeof problem, "%s", LIBRARY ": it has no singular values (sgesdd)");
        return -1;
    }
    // What lies row by row is the transposed matrix column by column: m = columns, n = rows.
    int m = (int)columns, n = (int)rows, least = m < n ? m : n, length = -1, info = 0;
    float asked = 0;
    int *integers = calloc(8 * (size_t)least, sizeof *integers);
    float *s = calloc(least, sizeof *s), *u = calloc((size_t)m * least, sizeof *u);
    float *vt = calloc((size_t)least * n, sizeof *vt), *work = NULL;
    float *left = calloc((size_t)n * rank, sizeof *left), *right = calloc((size_t)m * rank, sizeof *right);
    int is_made = integers && s && u && vt && left && right;
    if (is_made) {
        sgesdd("S", &m, &n, a, &m, s, u, &m, vt, &least, &asked, &length, integers, &info);
        length = (int)asked + 1;
        work = calloc(length, sizeof *work);
        is_made = info == 0 && work;
    }
    if (is_made) {
        sgesdd("S", &m, &n, a, &m, s, u, &m, vt, &least, work, &length, integers, &info);
        is_made = info == 0;
    }
    if (is_made) {
        for (long j = 0; j < n; j++)
            for (long k = 0; k < rank; k++) left[j * rank + k] = s[k] * vt[k + j * least];
        for (long i = 0; i < m; i++)
            for (long k = 0; k < rank; k++) right[i * rank + k] = u[i + k * m];
        ck_product(left, n, right, m, (int)rank, result, m);
    } else {
        snprintf(problem, sizeof problem, "%s", LIBRARY ": singular values were not found, or memory was too short");
    }
    free(integers);
    free(s);
    free(u);
    free(vt);
    free(work);
    free(left);
    free(right);
    return is_made ? 0 : -1;
}
