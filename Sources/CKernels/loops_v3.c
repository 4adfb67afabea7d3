#include "table.h"

#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define NAME(x) PASTE(ck_v3_, x)
#define SET_NAME "x86-64-v3"
#define LANES 8
#define BLOCK 4
#include "loops.h"
#pragma clang attribute pop
#endif
