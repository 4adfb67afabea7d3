#include "blocks.h"
#include "kernels.h"
#include <float.h>
#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Name, bytes, numbers, and where the half-precision scales lie (-1: there is none). WHOLE: products with a row are those of
// whole numbers; of the others they are made from widened numbers.
#define FORMATS_AND(FORMAT, WHOLE)                                                                               \
    FORMAT(f32, 4, 1, -1, -1)                                                                                    \
    FORMAT(f64, 8, 1, -1, -1)                                                                                    \
    FORMAT(f16, 2, 1, -1, -1)                                                                                    \
    FORMAT(bf16, 2, 1, -1, -1)                                                                                   \
    WHOLE(q4_0, 18, 32, 0, -1)                                                                                   \
    WHOLE(q4_1, 20, 32, 0, 2)                                                                                    \
    WHOLE(q5_0, 22, 32, 0, -1)                                                                                   \
    WHOLE(q5_1, 24, 32, 0, 2)                                                                                    \
    WHOLE(q8_0, 34, 32, 0, -1)                                                                                   \
    FORMAT(q2_k, 84, 256, 80, 82)                                                                                \
    WHOLE(q3_k, 110, 256, 108, -1)                                                                               \
    WHOLE(q4_k, 144, 256, 0, 2)                                                                                  \
    WHOLE(q5_k, 176, 256, 0, 2)                                                                                  \
    WHOLE(q6_k, 210, 256, 208, -1)                                                                               \
    WHOLE(iq4_nl, 18, 32, 0, -1)                                                                                 \
    WHOLE(iq4_xs, 136, 256, 0, -1)
#define FORMATS(FORMAT) FORMATS_AND(FORMAT, FORMAT)
#define NOTHING(name, bytes, length, scale, minimum)

struct shape {
    int bytes, length, scale, minimum;
};
#define SHAPE(name, bytes, length, scale, minimum) {bytes, length, scale, minimum},
static const struct shape shapes[] = {FORMATS(SHAPE)};

long ck_block_length(ck_format format) { return shapes[format].length; }
long ck_block_bytes(ck_format format) { return shapes[format].bytes; }

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

// A product that is fused with the sum where the processor has an instruction for it.
#define PLAIN(sum, a, b) ((sum) + (a) * (b))
#if __has_builtin(__builtin_elementwise_fma)
#define FUSED(sum, a, b) __builtin_elementwise_fma(a, b, sum)
#else
#define FUSED(sum, a, b) PLAIN(sum, a, b)
#endif

// What takes and returns vectors of eight is inlined everywhere: there is no call whose form could differ.
#pragma clang diagnostic ignored "-Wpsabi"

#define SUM PLAIN
#define NAME(x) PASTE(baseline_, x)
#include "block_loops.h"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define SUM FUSED
#define HAS_HALF
#define HAS_PAIRS
#define NAME(x) PASTE(v3_, x)
#include "block_loops.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define SUM FUSED
#define NAME(x) PASTE(v4_, x)
#include "block_loops.h"
#undef NAME
#pragma clang attribute pop
#endif

void ck_widen(ck_format format, const void *blocks, long count, float *y) {
#if defined(__x86_64__)
    // One place decides about the processor.
    const char *set = ck_instruction_set();
    if (strcmp(set, "x86-64-v4") == 0) return v4_loops[format](blocks, count, y);
    if (strcmp(set, "x86-64-v3") == 0) return v3_loops[format](blocks, count, y);
#endif
    baseline_loops[format](blocks, count, y);
}

void ck_block_products(
    ck_format format, const void *weights, long rows, long count, const float *x, const struct ck_digits *digits,
    float *y) {
    float (*dot)(const uint8_t *, long, const float *, const struct ck_digits *) = baseline_dots[format];
#if defined(__x86_64__)
    const char *set = ck_instruction_set();
    if (strcmp(set, "x86-64-v4") == 0) dot = v4_dots[format];
    if (strcmp(set, "x86-64-v3") == 0) dot = v3_dots[format];
#endif
    const uint8_t *row = weights;
    for (long r = 0; r < rows; r++, row += count * shapes[format].bytes) y[r] = dot(row, count, x, digits);
}

#define NO(name, bytes, length, scale, minimum) 0,
#define YES(name, bytes, length, scale, minimum) 1,
static const int are_whole[] = {FORMATS_AND(NO, YES)};

int ck_takes_digits(ck_format format) { return are_whole[format]; }

void ck_split(const float *x, long count, struct ck_digits *digits) {
#if defined(__x86_64__)
    const char *set = ck_instruction_set();
    if (strcmp(set, "x86-64-v4") == 0) return v4_split(x, count, digits);
    if (strcmp(set, "x86-64-v3") == 0) return v3_split(x, count, digits);
#endif
    baseline_split(x, count, digits);
}

static int is_half_finite(const uint8_t *x) {
    uint16_t bits;
    memcpy(&bits, x, sizeof bits);
    return (bits & 0x7c00) != 0x7c00;
}

#define PIECE 1024

// Numbers without scales are widened a piece at a time; which number it is matters only where one is found.
static long find_plain(ck_format format, const uint8_t *numbers, long count) {
    float values[PIECE];
    for (long first = 0; first < count; first += PIECE) {
        long length = count - first < PIECE ? count - first : PIECE;
        ck_widen(format, numbers + first * shapes[format].bytes, length, values);
        int is_found = 0;
        for (long i = 0; i < length; i++) is_found |= !(fabsf(values[i]) <= FLT_MAX);
        for (long i = 0; is_found && i < length; i++)
            if (!(fabsf(values[i]) <= FLT_MAX)) return first + i;
    }
    return -1;
}

long ck_find_not_finite(ck_format format, const void *blocks, long count) {
    const struct shape *shape = &shapes[format];
    if (shape->scale < 0) return find_plain(format, blocks, count);
    const uint8_t *block = blocks;
    for (long i = 0; i < count; i++, block += shape->bytes)
        if (!is_half_finite(block + shape->scale) || (shape->minimum >= 0 && !is_half_finite(block + shape->minimum)))
            return i;
    return -1;
}
