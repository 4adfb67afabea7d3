#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files in memory that somebody else may cut short meanwhile: reading what is gone gives zeros and is noted, where it
   would otherwise end the process (SIGBUS). */

/* The first `size` bytes of an open file, not written to; NULL and errno where they cannot be mapped. */
const void *mapped_file_open(int descriptor, size_t size);

/* Gives the memory back. */
void mapped_file_close(const void *start, size_t size);

/* Lets go of the memory of a mapping: what is read of it again comes from the file again. */
void mapped_file_release(const void *start, size_t size);

/* Whether a part of the mapping that begins at `start` turned out to be gone. */
bool mapped_file_is_cut(const void *start);

/* Adds whole blocks of 64 bytes to the state of a SHA-256 (FIPS 180-4), with the processor's own instructions for it
   where it has them. */
void sha256_blocks(uint32_t state[8], const void *bytes, size_t blocks);

/* The same on any processor. */
void sha256_blocks_plain(uint32_t state[8], const void *bytes, size_t blocks);
