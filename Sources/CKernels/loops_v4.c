#include "table.h"

#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define NAME(x) PASTE(ck_v4_, x)
#define SET_NAME "x86-64-v4"
#define LANES 16
#define BLOCK 8
#include "loops.h"
#pragma clang attribute pop
#endif
