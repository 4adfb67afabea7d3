// The loops of blocks.c, included once per instruction set with NAME(x) defined. No product is fused with a sum, so that
// every instruction set gives the same bits.
#pragma clang fp contract(off)
#define INLINE static inline __attribute__((always_inline))

// Half precision: sign, 5 bits of exponent, 10 of fraction. Where no instruction does it, scaling by 2^112 puts the exponent
// right, subnormals too; both are exact.
INLINE float NAME(half)(const uint8_t *x) {
#ifdef HAS_HALF
    // Compilers insert 16 bits into whatever register is at hand, and wait for what it held: the sum of the block before.
    uint16_t half;
    memcpy(&half, x, sizeof half);
    int bits = half;
    __asm__("" : "+r"(bits));
    return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(bits)));
#else
    uint16_t half;
    memcpy(&half, x, sizeof half);
    uint32_t magnitude = (uint32_t)(half & 0x7fff) << 13, sign = (uint32_t)(half & 0x8000) << 16, bits;
    float value;
    memcpy(&value, &magnitude, sizeof value);
    value *= 0x1p112f;
    memcpy(&bits, &value, sizeof bits);
    bits = (half & 0x7c00) == 0x7c00 ? 0x7f800000u | (magnitude & 0x7fffff) : bits;
    bits |= sign;
    memcpy(&value, &bits, sizeof value);
    return value;
#endif
}

INLINE void NAME(f32)(const uint8_t *x, float *y) { memcpy(y, x, sizeof *y); }
INLINE void NAME(f16)(const uint8_t *x, float *y) { *y = NAME(half)(x); }
INLINE void NAME(f64)(const uint8_t *x, float *y) {
    double value;
    memcpy(&value, x, sizeof value);
    *y = (float)value;
}
INLINE void NAME(bf16)(const uint8_t *x, float *y) {
    uint16_t half;
    memcpy(&half, x, sizeof half);
    uint32_t bits = (uint32_t)half << 16;
    memcpy(y, &bits, sizeof *y);
}

// -- blocks of 32: a scale, and what 0 stands for as an offset or as a number of its own. The low halves of 16 bytes are
// the first 16 numbers, the high halves the others; a fifth bit lies in a word of its own.

INLINE void NAME(nibbles)(const uint8_t *q, float scale, int offset, float minimum, float *y) {
    for (int j = 0; j < 16; j++) {
        y[j] = scale * (float)((q[j] & 15) - offset) + minimum;
        y[j + 16] = scale * (float)((q[j] >> 4) - offset) + minimum;
    }
}
INLINE void NAME(five_bits)(const uint8_t *high, const uint8_t *q, float scale, int offset, float minimum, float *y) {
    uint32_t fifth;
    memcpy(&fifth, high, sizeof fifth);
    for (int j = 0; j < 16; j++) {
        int low = (q[j] & 15) | (int)(fifth >> j & 1) << 4, upper = q[j] >> 4 | (int)(fifth >> (j + 16) & 1) << 4;
        y[j] = scale * (float)(low - offset) + minimum;
        y[j + 16] = scale * (float)(upper - offset) + minimum;
    }
}
INLINE void NAME(q4_0)(const uint8_t *x, float *y) { NAME(nibbles)(x + 2, NAME(half)(x), 8, 0, y); }
INLINE void NAME(q4_1)(const uint8_t *x, float *y) { NAME(nibbles)(x + 4, NAME(half)(x), 0, NAME(half)(x + 2), y); }
INLINE void NAME(q5_0)(const uint8_t *x, float *y) { NAME(five_bits)(x + 2, x + 6, NAME(half)(x), 16, 0, y); }
INLINE void NAME(q5_1)(const uint8_t *x, float *y) {
    NAME(five_bits)(x + 4, x + 8, NAME(half)(x), 0, NAME(half)(x + 2), y);
}
INLINE void NAME(q8_0)(const uint8_t *x, float *y) {
    float scale = NAME(half)(x);
    for (int j = 0; j < 32; j++) y[j] = scale * (float)(int8_t)x[2 + j];
}

// Four bits that choose from a table, whose steps are finer near 0.
static const int8_t NAME(steps)[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

INLINE void NAME(chosen)(const uint8_t *q, float scale, float *y) {
    for (int j = 0; j < 16; j++) {
        y[j] = scale * (float)NAME(steps)[q[j] & 15];
        y[j + 16] = scale * (float)NAME(steps)[q[j] >> 4];
    }
}
INLINE void NAME(iq4_nl)(const uint8_t *x, float *y) { NAME(chosen)(x + 2, NAME(half)(x), y); }

// -- blocks of 256: groups of 16 or 32 numbers whose scales are small whole numbers times that of the block

// Scale and minimum of groups of 32, six bits each in twelve bytes: those of the last four groups have their upper two
// bits in the upper bits of the first eight bytes.
INLINE void NAME(six_bits)(const uint8_t *packed, int group, int *scale, int *minimum) {
    if (group < 4) {
        *scale = packed[group] & 63;
        *minimum = packed[group + 4] & 63;
    } else {
        *scale = (packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4);
        *minimum = (packed[group + 4] >> 4) | (packed[group] >> 6 << 4);
    }
}

// scales and minima of groups of 16, a nibble each [16]; two bits a number [64]; scale; minimum
INLINE void NAME(q2_k)(const uint8_t *x, float *y) {
    float d = NAME(half)(x + 80), m = NAME(half)(x + 82);
    for (int group = 0; group < 16; group++) {
        const uint8_t *q = x + 16 + group / 8 * 32 + group % 2 * 16;
        int shift = group / 2 % 4 * 2;
        float scale = d * (float)(x[group] & 15), minimum = m * (float)(x[group] >> 4);
        for (int j = 0; j < 16; j++) y[group * 16 + j] = scale * (float)(q[j] >> shift & 3) - minimum;
    }
}

// third bits, inverted [32]; two bits a number [64]; scales of groups of 16, six bits less 32 [12]; scale
INLINE void NAME(q3_k)(const uint8_t *x, float *y) {
    const uint8_t *packed = x + 96;
    float d = NAME(half)(x + 108);
    for (int group = 0; group < 16; group++) {
        const uint8_t *q = x + 32 + group / 8 * 32 + group % 2 * 16, *third = x + group % 2 * 16;
        int shift = group / 2 % 4 * 2, bit = group / 2;
        int low = packed[group % 8] >> (group / 8 * 4) & 15, high = packed[8 + group % 4] >> (group / 4 * 2) & 3;
        float scale = d * (float)((low | high << 4) - 32);
        for (int j = 0; j < 16; j++)
            y[group * 16 + j] = scale * (float)((q[j] >> shift & 3) - 4 + ((third[j] >> bit & 1) << 2));
    }
}

// scale; minimum; scales and minima of groups of 32 [12]; nibbles [128]: the low ones of 32 bytes are a group, the high
// ones the next
INLINE void NAME(q4_k)(const uint8_t *x, float *y) {
    float d = NAME(half)(x), m = NAME(half)(x + 2);
    for (int pair = 0; pair < 4; pair++) {
        const uint8_t *q = x + 16 + pair * 32;
        int s0, m0, s1, m1;
        NAME(six_bits)(x + 4, pair * 2, &s0, &m0);
        NAME(six_bits)(x + 4, pair * 2 + 1, &s1, &m1);
        float scale0 = d * (float)s0, minimum0 = m * (float)m0, scale1 = d * (float)s1, minimum1 = m * (float)m1;
        for (int j = 0; j < 32; j++) y[pair * 64 + j] = scale0 * (float)(q[j] & 15) - minimum0;
        for (int j = 0; j < 32; j++) y[pair * 64 + 32 + j] = scale1 * (float)(q[j] >> 4) - minimum1;
    }
}

// as q4_k, with fifth bits [32] before the nibbles: bit g of a byte is that of group g
INLINE void NAME(q5_k)(const uint8_t *x, float *y) {
    const uint8_t *fifth = x + 16;
    float d = NAME(half)(x), m = NAME(half)(x + 2);
    for (int group = 0; group < 8; group++) {
        const uint8_t *q = x + 48 + group / 2 * 32;
        int shift = group % 2 * 4, s, minimum_count;
        NAME(six_bits)(x + 4, group, &s, &minimum_count);
        float scale = d * (float)s, minimum = m * (float)minimum_count;
        for (int j = 0; j < 32; j++)
            y[group * 32 + j] = scale * (float)((q[j] >> shift & 15) | (fifth[j] >> group & 1) << 4) - minimum;
    }
}

// low four bits [128]; high two bits [64]; scales of groups of 16 [16]; scale. Each half of the block is four rows of 32:
// the low nibbles of its first 32 and next 32 bytes, then their high nibbles; the high bits are those of one set of bytes.
INLINE void NAME(q6_k)(const uint8_t *x, float *y) {
    const int8_t *scales = (const int8_t *)x + 192;
    float d = NAME(half)(x + 208);
    for (int group = 0; group < 16; group++) {
        int part = group / 8, row = group / 2 % 4, first = group % 2 * 16;
        const uint8_t *low = x + part * 64 + row % 2 * 32 + first, *high = x + 128 + part * 32 + first;
        int low_shift = row / 2 * 4, high_shift = row * 2;
        float scale = d * (float)scales[group];
        for (int j = 0; j < 16; j++)
            y[group * 16 + j] =
                scale * (float)(((low[j] >> low_shift & 15) | (high[j] >> high_shift & 3) << 4) - 32);
    }
}

// scale; high two bits of the groups' scales [2]; low four bits [4]; nibbles that choose from the table [128]
INLINE void NAME(iq4_xs)(const uint8_t *x, float *y) {
    float d = NAME(half)(x);
    uint16_t high;
    memcpy(&high, x + 2, sizeof high);
    for (int group = 0; group < 8; group++) {
        int scale = (x[4 + group / 2] >> (group % 2 * 4) & 15) | (high >> (2 * group) & 3) << 4;
        NAME(chosen)(x + 8 + group * 16, d * (float)(scale - 32), y + group * 32);
    }
}

#define LOOP(name, bytes, length, scale, minimum)                                                                \
    static void NAME(widen_##name)(const uint8_t *x, long count, float *y) {                                     \
        for (long i = 0; i < count; i++) NAME(name)(x + i * bytes, y + i * length);                              \
    }
FORMATS(LOOP)
#undef LOOP

// The sum of the products of a row's numbers with x, without a row of float32 in memory: 32 sums in one order, whatever the
// instruction set and whatever rows are taken beside it. Numbers that are no blocks are taken 32 at a time.
typedef float NAME(eight) __attribute__((vector_size(32), aligned(4), may_alias));
#define EIGHT(x) (*(const NAME(eight) *)(x))
INLINE float NAME(total)(NAME(eight) s) {
    return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

#define DOT(name, bytes, length, scale, minimum)                                                                 \
    static float NAME(dot_##name)(const uint8_t *w, long count, const float *x, const struct ck_digits *digits) { \
        NAME(eight) s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};                                                      \
        (void)digits;                                                                                            \
        const long step = length < 32 ? 32 / length : 1;                                                         \
        long i = 0;                                                                                              \
        for (; i + step <= count; i += step) {                                                                   \
            float y[length < 32 ? 32 : length];                                                                  \
            for (long j = 0; j < step; j++) NAME(name)(w + (i + j) * bytes, y + j * length);                     \
            for (long j = 0; j < step * length; j += 32) {                                                       \
                const float *z = x + i * length + j;                                                             \
                s0 = SUM(s0, EIGHT(y + j), EIGHT(z));                                                            \
                s1 = SUM(s1, EIGHT(y + j + 8), EIGHT(z + 8));                                                    \
                s2 = SUM(s2, EIGHT(y + j + 16), EIGHT(z + 16));                                                  \
                s3 = SUM(s3, EIGHT(y + j + 24), EIGHT(z + 24));                                                  \
            }                                                                                                    \
        }                                                                                                        \
        s0 = (s0 + s1) + (s2 + s3);                                                                              \
        float sum = NAME(total)(s0);                                                                             \
        for (; i < count; i++) {                                                                                 \
            float y[length];                                                                                     \
            NAME(name)(w + i * bytes, y);                                                                        \
            for (long j = 0; j < length; j++) sum += y[j] * x[i * length + j];                                   \
        }                                                                                                        \
        return sum;                                                                                              \
    }
FORMATS_AND(DOT, NOTHING)
#undef DOT

typedef uint8_t NAME(bytes) __attribute__((vector_size(16), aligned(1), may_alias));
#include "digit_loops.h"
#undef EIGHT

#define ENTRY(name, bytes, length, scale, minimum) NAME(widen_##name),
static void (*const NAME(loops)[])(const uint8_t *, long, float *) = {FORMATS(ENTRY)};
#undef ENTRY
#define ENTRY(name, bytes, length, scale, minimum) NAME(dot_##name),
static float (*const NAME(dots)[])(const uint8_t *, long, const float *, const struct ck_digits *) = {FORMATS(ENTRY)};
#undef ENTRY
#undef INLINE
#undef SUM
