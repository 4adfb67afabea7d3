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

/// 32 numbers as whole numbers of 28 bits, in two digits of 14: x = unit · (high · 16384 + low), numbers 0, 2, 4 ... before
/// 1, 3, 5 ...; low from -8192 to 8191, high to 8192. The unit is a power of two; what is rounded is at most 2^-28 of the
/// largest of them. Of numbers that are not finite unit and sum are NaN.
struct ck_digits {
    float unit, sum;
    int16_t high[2][16], low[2][16];
};

/// digits = x.   x: [count · 32]   digits: [count]
void ck_split(const float *x, long count, struct ck_digits *digits);

/// Whether products of a format need the digits of x; those of the others need x.
int ck_takes_digits(ck_format format);

/// y[r] = the sum over a row's numbers times x, each row by itself, so that rows may be shared in any way.
///
///   weights: [rows, count blocks]   x: [count · ck_block_length]   digits: those of x, or NULL   y: [rows]
void ck_block_products(
    ck_format format, const void *weights, long rows, long count, const float *x, const struct ck_digits *digits,
    float *y);

/// The first block with a number, or a scale, that is NaN or infinite as float32; -1 where there is none.
long ck_find_not_finite(ck_format format, const void *blocks, long count);
