#include "kernels.h"
#include <stdatomic.h>
#include <stdlib.h>

// One block is kept for the next taker: to ask the system for some megabytes before every product would take longer than
// to fill them.
static _Atomic(float *) kept;

float *ck_scratch_take(void) {
    float *block = atomic_exchange(&kept, NULL);
    if (!block) block = aligned_alloc(64, CK_SCRATCH * sizeof(float));
    // As Swift does where an allocation fails.
    if (!block) abort();
    return block;
}

void ck_scratch_give(float *block) { free(atomic_exchange(&kept, block)); }
