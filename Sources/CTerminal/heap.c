#include "CTerminal.h"

#include <malloc.h>

void heap_limits_set(int large, int heaps) {
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, large);
    mallopt(M_ARENA_MAX, heaps);
}
