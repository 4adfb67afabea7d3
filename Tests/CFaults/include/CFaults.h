#pragma once
#include <stdbool.h>

/* Calls of the system that can be made to fail. A program that is linked with this has them in place of the C library's,
   for everything in it and for the libraries that it uses; without `fault_arm` they only pass on. */
enum fault_kind { FAULT_OPEN, FAULT_READ, FAULT_WRITE, FAULT_CLOSE, FAULT_MAP, FAULT_RENAME, FAULT_THREAD, FAULT_MEMORY };

/* From now on calls of a kind are counted, and the one with this number, from 1, fails with an error of `errno.h`; with
   `lasting` all after it fail too. Memory counts from 64 KiB on. */
void fault_arm(int kind, long number, int error, bool lasting);

/* Ends that. How many calls there were. */
long fault_disarm(void);

/* Whether one was made to fail since `fault_arm`. */
bool fault_happened(void);
