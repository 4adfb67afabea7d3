// Matrix products, which are OpenBLAS's. It is loaded at run time, because it chooses its kernels for the processor while
// it is loaded and its choice must sometimes be corrected; and so that what needs no product does not wait for it.
#pragma once

/// Loads the library, with kernels for the processor `core_type`; NULL leaves the choice to the library and to
/// OPENBLAS_CORETYPE. A product then takes one thread, whatever OPENBLAS_NUM_THREADS says; the environment is as it was.
/// Returns 1, or 0 with `ck_openblas_problem`. Not to be called by two threads at once.
int ck_openblas_load(const char *core_type);

/// Gives the library back, so that it can be loaded with other kernels. Products are not possible then.
void ck_openblas_unload(void);

/// The processor whose kernels the loaded library chose: "Haswell", "SkylakeX".
const char *ck_openblas_core(void);

/// Why the library cannot be used, in one line; for the last `ck_openblas_load` that failed.
const char *ck_openblas_problem(void);

/// Sees to it that a product finds the memory that the library works in, where the process has a limit of addresses. Called
/// once, after the library was loaded; 0 where there is too little.
int ck_openblas_reserve(void);

/// Bytes that products of so many workers will still take for the library to work in; 0 without a limit of addresses.
long ck_openblas_missing(long workers);

/// y[r][o] = sum over i of x[r][i] * w[o][i], with the loaded library.
/// x: [rows, inputs]   w: [outputs, inputs]   y: [rows, outputs] (stride y_stride)
void ck_product(const float *x, int rows, const float *w, int outputs, int inputs, float *y, int y_stride);

/// The matrix of a rank nearest to a: that of its largest singular values. Returns 0, or -1 with `ck_openblas_problem`.
/// a: [rows, columns], overwritten   result: [rows, columns]
int ck_low_rank(float *a, long rows, long columns, long rank, float *result);
