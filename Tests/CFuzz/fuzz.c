#include "CFuzz.h"

/* Of libclang_rt.fuzzer_no_main. */
__attribute__((weak)) int LLVMFuzzerRunDriver(
    int *count, char ***arguments, int (*body)(const uint8_t *bytes, size_t count));

int fuzz_run(int count, char **arguments, int (*body)(const uint8_t *bytes, size_t count)) {
    return LLVMFuzzerRunDriver ? LLVMFuzzerRunDriver(&count, &arguments, body) : -1;
}
