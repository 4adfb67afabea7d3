/* The kernels in C under libFuzzer with address and undefined-behaviour sanitizers: sizes and numbers come from the input,
   every array has exactly the length that its header states. `.ci/fuzz kernels` compiles this; no package target does. */
#include "blocks.h"
#include "kernels.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *input;
static size_t left;

/* A number in 0..<limit from the input; 0 where that has ended. */
static long take(long limit) {
    if (left < 2) return 0;
    long value = input[0] | input[1] << 8;
    input += 2;
    left -= 2;
    return value % limit;
}

/* So many numbers, finite as those of a run are, from the rest of the input, again and again. */
static float *floats(long count) {
    float *values = malloc((size_t)(count > 0 ? count : 1) * sizeof *values);
    for (long i = 0; i < count; i++) {
        int8_t byte = left ? (int8_t)input[(size_t)i % left] : 1;
        values[i] = ldexpf(byte, (int)(i % 5) - 4);
    }
    return values;
}

static void widen(void) {
    ck_format format = (ck_format)take(CK_IQ4_XS + 1);
    long count = take(40), bytes = count * ck_block_bytes(format);
    uint8_t *blocks = malloc((size_t)bytes + 1);
    for (long i = 0; i < bytes; i++) blocks[i + 1] = left ? input[(size_t)i % left] : 0;
    float *y = malloc((size_t)(count * ck_block_length(format) + 1) * sizeof *y);
    ck_widen(format, blocks + 1, count, y);
    ck_find_not_finite(format, blocks + 1, count);
    free(blocks);
    free(y);
}

static void elementwise(void) {
    long n = take(300), rows = 1 + take(4);
    float *x = floats(n * rows), *y = floats(n * rows), *w = floats(n), *b = floats(n);
    ck_rms_norm(x, w, 1e-5f, rows, n, y);
    ck_layer_norm(x, w, take(2) ? b : NULL, 1e-5f, rows, n, y);
    ck_gelu(x, n);
    ck_gelu_tanh(x, n, 0.79788456f);
    ck_silu(x, n);
    ck_relu(x, n);
    ck_multiply(x, y, n);
    ck_add_scaled(x, y, n, 0.5f);
    ck_silu_multiply(x, y, n);
    ck_add(x, y, n);
    ck_softcap(y, n, 30);
    ck_maximum(x, n);
    ck_exp_sum(x, n, 1);
    free(x);
    free(y);
    free(w);
    free(b);
}

static void attention(void) {
    long rows = 1 + take(9), d = 2 * (1 + take(40)), width = 16 * (1 + take(5)), block = 16 << take(5);
    float *q = floats(rows * d), *packed = floats(rows * d), *k = floats(CK_TILE * d), *kt = floats(CK_TILE * d);
    float *s = floats(rows * CK_TILE), *other = floats(rows * CK_TILE), *v = floats(CK_TILE * width);
    float *o = floats(rows * width), *state = floats(5 * rows);
    float *highest = floats(rows * (CK_TILE / block)), *sums = floats(rows * (CK_TILE / block));
    uint64_t *bits = malloc((size_t)rows * CK_TILE / 64 * sizeof *bits);
    for (long i = 0; i < rows * CK_TILE / 64; i++) bits[i] = 0x9E3779B97F4A7C15u * (uint64_t)(i + take(1000));
    ck_pack_tile(k, d, take(CK_TILE + 1), d, kt);
    ck_pack_queries(q, d, rows, d, packed);
    ck_scores(packed, rows, kt, d, s);
    ck_blend(s, other, rows, bits);
    int is_masked = (int)take(2);
    if (is_masked) ck_mask(s, rows, bits);
    for (long i = 0; i < rows; i++) state[i] = -1e30f, state[rows + i] = state[2 * rows + i] = state[3 * rows + i] = 0;
    ck_running running = {state, state + rows, state + 2 * rows, state + 3 * rows, state + 4 * rows};
    ck_softmax(s, rows, 512, running, block, highest, sums, CK_TILE / block, is_masked);
    ck_accumulate(s, rows, v, width, state + 4 * rows, o);
    ck_weights(other, rows, CK_TILE, state);
    ck_score(q, kt, d, take(CK_TILE));
    ck_find_score(q, kt, d, 16 * take(8), 16 * take(8), 1);
    float *all[] = {q, packed, k, kt, s, other, v, o, state, highest, sums};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
    free(bits);
}

static void rotation(void) {
    long d = 2 * (1 + take(40)), rotary = 2 * take(d / 2 + 1), n = rotary / 2;
    float *k = floats(CK_TILE * d), *out = floats(CK_TILE * d), *frequency = floats(n), *positions = floats(CK_TILE);
    float *cosine = floats(n * CK_TILE), *sine = floats(n * CK_TILE);
    ck_rotary_table(frequency, n, positions, 1, cosine, sine);
    ck_rotate_tile(k, cosine, sine, d, rotary, out);
    float *all[] = {k, out, frequency, positions, cosine, sine};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    input = bytes;
    left = count;
    static void (*const parts[])(void) = {widen, elementwise, attention, rotation};
    parts[take(4)]();
    return 0;
}
