// Weights as files keep them, widened to float32. The numbers of a format come in blocks of a fixed length; the formats
// with a Q are those of GGUF files: small whole numbers with scales that a block shares. Compiled for several instruction
// sets as the loops of kernels.h; every set gives the same bits.
#pragma once
#include <stdint.h>

typedef enum {
    CK_F32, CK_F64, CK_F16, CK_BF16,
    CK_Q4_0, CK_Q4_1, CK_Q5_0, CK_Q5_1, CK_Q8_0,
    CK_Q2_K, CK_Q3_K, CK_Q4_K, CK_Q5_K, CK_Q6_K,
    CK_IQ4_NL, CK_IQ4_XS,
} ck_format;

/// Numbers in a block.
long ck_block_length(ck_format format);
/// Bytes of a block.
long ck_block_bytes(ck_format format);

/// y = the numbers of `count` blocks, at any alignment.   y: [count · ck_block_length]
void ck_widen(ck_format format, const void *blocks, long count, float *y);

/// y[r] = the sum over a row's numbers times x, each row by itself, so that rows may be shared in any way.
///
///   weights: [rows, count blocks]   x: [count · ck_block_length]   y: [rows]
void ck_block_products(ck_format format, const void *weights, long rows, long count, const float *x, float *y);

/// The first block with a number, or a scale, that is NaN or infinite as float32; -1 where there is none.
long ck_find_not_finite(ck_format format, const void *blocks, long count);
