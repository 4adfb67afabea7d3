#pragma once
#include <stddef.h>
#include <stdint.h>

/* libFuzzer, where the program was linked with it; -1 at once where it was not. It ends the process when it is done. */
int fuzz_run(int count, char **arguments, int (*body)(const uint8_t *bytes, size_t count));
