#include "table.h"

#define NAME(x) PASTE(ck_baseline_, x)
#define SET_NAME "baseline"
#define LANES 4
#define BLOCK 4
#include "loops.h"
