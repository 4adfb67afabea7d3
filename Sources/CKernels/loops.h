// The loops themselves, included once per instruction set with LANES (floats in a vector) and NAME(x) defined.
#include <math.h>
#include <string.h>

#pragma clang fp contract(fast)

#include "vectors.h"

// -- s = q kt: a block of ROWS queries by 2 vectors of keys stays in registers. The queries lie beside each other,
// [dimension, ROWS], so that their addresses are constants: instructions, not multiplications, are what is short here.

#define SCORE_BLOCK(SIZE, ROWS)                                                                                  \
    INLINE void NAME(scores_of_##SIZE)(const float *q, const float *kt, long d, float *s) {                      \
        VEC a[ROWS][2];                                                                                          \
        UNROLL for (int r = 0; r < ROWS; r++) a[r][0] = a[r][1] = SPLAT(0.0f);                                   \
        for (long i = 0; i < d; i++) {                                                                           \
            VEC k0 = LOAD(kt + i * CK_TILE), k1 = LOAD(kt + i * CK_TILE + LANES);                                \
            UNROLL for (int r = 0; r < ROWS; r++) {                                                              \
                VEC x = SPLAT(q[i * ROWS + r]);                                                                  \
                a[r][0] = x * k0 + a[r][0];                                                                      \
                a[r][1] = x * k1 + a[r][1];                                                                      \
            }                                                                                                    \
        }                                                                                                        \
        UNROLL for (int r = 0; r < ROWS; r++) {                                                                  \
            STORE(s + r * CK_TILE, a[r][0]);                                                                     \
            STORE(s + r * CK_TILE + LANES, a[r][1]);                                                             \
        }                                                                                                        \
    }
SCORE_BLOCK(many, BLOCK)
SCORE_BLOCK(one, 1)

// Scalar on purpose: a vector of scattered stores is slower.
static void NAME(pack_queries)(const float *q, long q_stride, long rows, long d, float *packed) {
    long blocks = rows / BLOCK * BLOCK;
    for (long first = 0; first < blocks; first += BLOCK)
        for (long i = 0; i < d; i++)
            UNROLL for (int r = 0; r < BLOCK; r++) packed[first * d + i * BLOCK + r] = q[(first + r) * q_stride + i];
    for (long r = blocks; r < rows; r++) memcpy(packed + r * d, q + r * q_stride, sizeof(float) * d);
}

static void NAME(scores)(const float *packed, long rows, const float *kt, long d, float *s) {
    long blocks = rows / BLOCK * BLOCK;
    for (long j = 0; j < CK_TILE; j += 2 * LANES) {
        for (long r = 0; r < blocks; r += BLOCK) NAME(scores_of_many)(packed + r * d, kt + j, d, s + r * CK_TILE + j);
        for (long r = blocks; r < rows; r++) NAME(scores_of_one)(packed + r * d, kt + j, d, s + r * CK_TILE + j);
    }
}

static void NAME(blend)(float *s, const float *other, long rows, const uint64_t *bits) {
    IVEC lane_bit;
    UNROLL for (int i = 0; i < LANES; i++) lane_bit[i] = 1 << i;
    for (long r = 0; r < rows; r++)
        for (long word = 0; word < CK_TILE / 64; word++) {
            uint64_t taken = bits[r * (CK_TILE / 64) + word];
            float *x = s + r * CK_TILE + word * 64;
            const float *y = other + r * CK_TILE + word * 64;
            if (taken == 0) continue;
            for (long j = 0; j < 64; j += LANES) {
                IVEC is_taken = ((IVEC)(int32_t)(taken >> j) & lane_bit) != 0;
                STORE(x + j, (VEC)(((IVEC)LOAD(y + j) & is_taken) | ((IVEC)LOAD(x + j) & ~is_taken)));
            }
        }
}

static void NAME(mask)(float *s, long rows, const uint64_t *bits) {
    const IVEC hidden = (IVEC)SPLAT(-INFINITY);
    IVEC lane_bit;
    UNROLL for (int i = 0; i < LANES; i++) lane_bit[i] = 1 << i;
    for (long r = 0; r < rows; r++)
        for (long word = 0; word < CK_TILE / 64; word++) {
            uint64_t seen = bits[r * (CK_TILE / 64) + word];
            float *x = s + r * CK_TILE + word * 64;
            if (seen == ~0ull) continue;
            for (long j = 0; j < 64; j += LANES) {
                IVEC is_seen = ((IVEC)(int32_t)(seen >> j) & lane_bit) != 0;
                STORE(x + j, (VEC)(((IVEC)LOAD(x + j) & is_seen) | (hidden & ~is_seen)));
            }
        }
}

// Raises the running maximum of one row to `highest` and rescales its sums to it.
INLINE void NAME(raise_maximum)(ck_running state, long r, float highest) {
    float old = state.maximum[r], new = highest > old ? highest : old;
    float scale = new > old ? expf(old - new) : 1.0f;
    state.score_sum[r] = scale * (state.score_sum[r] + state.sum[r] * (old - new));
    state.sum[r] *= scale;
    state.key_sum[r] *= scale;
    state.maximum[r] = new;
    state.rescale[r] = scale;
}

// The maxima of all rows come first: row after row, each exponential would wait for the maximum just before it.
INLINE void NAME(block_maxima)(const float *row, long block, float *maxima) {
    for (long b = 0; b * block < CK_TILE; b++) {
        VEC m = LOAD(row + b * block);
        for (long j = LANES; j < block; j += LANES) {
            VEC next = LOAD(row + b * block + j);
            m = HIGHER(m, next);
        }
        maxima[b] = NAME(horizontal_max)(m);
    }
}

// The sum of weight times key index comes from running sums: adding up the running sum of each vector counts every
// weight once for each vector from its own to the last.
//
// Only a masked tile needs weights of exactly 0: elsewhere those below the floor stay at it, 1e-38.
INLINE void NAME(softmax_row)(
    float *row, long r, float first_key, ck_running state, long block, float *sums, int is_masked) {
    VEC maximum = SPLAT(state.maximum[r]), score_sum = SPLAT(0.0f), total = SPLAT(0.0f), running_total = SPLAT(0.0f);
    float sum = 0;
    for (long b = 0; b * block < CK_TILE; b++) {
        VEC before = total;
        for (long j = b * block; j < (b + 1) * block; j += LANES) {
            VEC x = LOAD(row + j) - maximum, clamped = HIGHER(x, SPLAT(EXP_FLOOR));
            VEC p = NAME(exp_of_clamped)(clamped);
            if (is_masked) p = NAME(zero_below_floor)(p, x);
            STORE(row + j, p);
            total += p;
            running_total += total;
            score_sum = p * clamped + score_sum;
        }
        sums[b] = NAME(horizontal_sum)(total - before);
        sum += sums[b];
    }
    VEC last_key;
    UNROLL for (int i = 0; i < LANES; i++) last_key[i] = first_key + (float)(CK_TILE + i);
    state.sum[r] += sum;
    state.score_sum[r] += NAME(horizontal_sum)(score_sum);
    state.key_sum[r] += NAME(horizontal_sum)(total * last_key - running_total * (float)LANES);
}

INLINE void NAME(softmax_in_blocks)(
    float *s, long rows, float first_key, ck_running state, long block, float *block_max, float *block_sum,
    long block_stride, int is_masked) {
    for (long r = 0; r < rows; r++) NAME(block_maxima)(s + r * CK_TILE, block, block_max + r * block_stride);
    for (long r = 0; r < rows; r++) {
        float highest = -INFINITY;
        for (long b = 0; b * block < CK_TILE; b++) highest = HIGHER(block_max[r * block_stride + b], highest);
        NAME(raise_maximum)(state, r, highest);
    }
    for (long r = 0; r < rows; r++)
        NAME(softmax_row)(s + r * CK_TILE, r, first_key, state, block, block_sum + r * block_stride, is_masked);
}

// The usual blocks are constants to the compiler, which then unrolls them.
static void NAME(softmax)(
    float *s, long rows, float first_key, ck_running state, long block, float *block_max, float *block_sum,
    long block_stride, int is_masked) {
#define WITH(BLOCK_KEYS, IS_MASKED)                                                                              \
    NAME(softmax_in_blocks)(                                                                                     \
        s, rows, first_key, state, BLOCK_KEYS, block_max, block_sum, block_stride, IS_MASKED)
    if (is_masked)
        WITH(block, 1);
    else if (block == 64)
        WITH(64, 0);
    else if (block == 128)
        WITH(128, 0);
    else
        WITH(block, 0);
#undef WITH
}

// -- o = o * rescale + p v: a block of ROWS queries by COUNT vectors of the output stays in registers.

#define SUMS_BLOCK(SIZE, ROWS, COUNT)                                                                               \
    INLINE void NAME(sums_##SIZE##_##COUNT)(                                                                        \
        const float *p, long n, const float *v, long width, const float *rescale, float *o) {                          \
        VEC a[ROWS][COUNT];                                                                                            \
        UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int c = 0; c < COUNT; c++) {                                 \
            a[r][c] = rescale ? LOAD(o + r * width + c * LANES) * rescale[r] : SPLAT(0.0f);                            \
        }                                                                                                              \
        for (long j = 0; j < n; j++) {                                                                                 \
            VEC x[COUNT];                                                                                              \
            UNROLL for (int c = 0; c < COUNT; c++) x[c] = LOAD(v + j * width + c * LANES);                             \
            UNROLL for (int r = 0; r < ROWS; r++) {                                                                    \
                VEC weight = SPLAT(p[r * n + j]);                                                                      \
                UNROLL for (int c = 0; c < COUNT; c++) a[r][c] = weight * x[c] + a[r][c];                              \
            }                                                                                                          \
        }                                                                                                              \
        UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int c = 0; c < COUNT; c++) {                                 \
            STORE(o + r * width + c * LANES, a[r][c]);                                                                 \
        }                                                                                                              \
    }
SUMS_BLOCK(many, BLOCK, 2)
SUMS_BLOCK(many, BLOCK, 1)
SUMS_BLOCK(one, 1, 1)

INLINE void NAME(sums_of_rows)(
    const float *p, long rows, long n, const float *v, long width, const float *rescale, float *o) {
    long r = 0;
    for (; r + BLOCK <= rows; r += BLOCK) {
        const float *scales = rescale ? rescale + r : rescale;
        long c = 0;
        for (; c + 2 * LANES <= width; c += 2 * LANES)
            NAME(sums_many_2)(p + r * n, n, v + c, width, scales, o + r * width + c);
        for (; c < width; c += LANES)
            NAME(sums_many_1)(p + r * n, n, v + c, width, scales, o + r * width + c);
    }
    for (; r < rows; r++)
        for (long c = 0; c < width; c += LANES)
            NAME(sums_one_1)(p + r * n, n, v + c, width, rescale ? rescale + r : rescale, o + r * width + c);
}

// As many keys as a tile has are a constant to the compiler.
static void NAME(accumulate)(const float *p, long rows, const float *v, long width, const float *rescale, float *o) {
    NAME(sums_of_rows)(p, rows, CK_TILE, v, width, rescale, o);
}

static void NAME(sums)(
    const float *p, long rows, long n, const float *v, long width, const float *rescale, float *o) {
    NAME(sums_of_rows)(p, rows, n, v, width, rescale, o);
}

static void NAME(weights)(float *s, long rows, long columns, const float *log_sum_exp) {
    for (long r = 0; r < rows; r++) {
        float *row = s + r * columns;
        long j = 0;
        for (; j + LANES <= columns; j += LANES) STORE(row + j, NAME(exp)(LOAD(row + j) - log_sum_exp[r]));
        for (; j < columns; j++) row[j] = NAME(exp)(SPLAT(row[j] - log_sum_exp[r]))[0];
    }
}

// Keys that lie anywhere, row after row: one dot product each.
static void NAME(gather_scores)(
    const float *q, const float *keys, long d, const int32_t *places, long count, float *scores) {
    for (long j = 0; j < count; j++) {
        const float *k = keys + places[j] * d;
        VEC sum = SPLAT(0.0f);
        long i = 0;
        for (; i + LANES <= d; i += LANES) sum = LOAD(q + i) * LOAD(k + i) + sum;
        float total = NAME(horizontal_sum)(sum);
        for (; i < d; i++) total += q[i] * k[i];
        scores[j] = total;
    }
}

static void NAME(gather_values)(
    const float *weights, const float *values, long width, const int32_t *places, long count, float *o) {
    for (long i = 0; i < width; i += LANES) {
        VEC sum = SPLAT(0.0f);
        for (long j = 0; j < count; j++) sum = SPLAT(weights[j]) * LOAD(values + places[j] * width + i) + sum;
        STORE(o + i, sum);
    }
}

static float NAME(maximum)(const float *x, long n) {
    VEC m = SPLAT(-INFINITY);
    long j = 0;
    for (; j + LANES <= n; j += LANES) {
        VEC next = LOAD(x + j);
        m = HIGHER(m, next);
    }
    float highest = NAME(horizontal_max)(m);
    for (; j < n; j++) highest = x[j] > highest ? x[j] : highest;
    return highest;
}

static float NAME(exp_sum)(const float *x, long n, float shift) {
    VEC sum = SPLAT(0.0f);
    long j = 0;
    for (; j + LANES <= n; j += LANES) sum += NAME(exp)(LOAD(x + j) - shift);
    float total = NAME(horizontal_sum)(sum);
    for (; j < n; j++) total += NAME(exp)(SPLAT(x[j] - shift))[0];
    return total;
}

// The scores of some keys in the order of operations of `scores`, so that the results are the same to the bit.
INLINE VEC NAME(score_vector)(const float *q, const float *kt, long d, long j) {
    VEC sum = SPLAT(0.0f);
    for (long i = 0; i < d; i++) sum = SPLAT(q[i]) * LOAD(kt + i * CK_TILE + j) + sum;
    return sum;
}

static float NAME(score)(const float *q, const float *kt, long d, long key) {
    return NAME(score_vector)(q, kt, d, key / LANES * LANES)[key % LANES];
}

static long NAME(find_score)(const float *q, const float *kt, long d, long first, long count, float score) {
    for (long j = first; j < first + count; j += LANES) {
        VEC sum = NAME(score_vector)(q, kt, d, j);
        for (int lane = 0; lane < LANES; lane++)
            if (sum[lane] == score) return j + lane;
    }
    return -1;
}

// Each product is rounded, as where single vectors are turned: a selection compares scores from both to the bit.
static void NAME(rotate_tile)(const float *k, const float *cosine, const float *sine, long d, long rotary, float *out) {
#pragma clang fp contract(off)
    long half = rotary / 2;
    for (long i = 0; i < half; i++) {
        const float *a = k + i * CK_TILE, *b = k + (i + half) * CK_TILE;
        const float *c = cosine + i * CK_TILE, *s = sine + i * CK_TILE;
        float *x = out + i * CK_TILE, *y = out + (i + half) * CK_TILE;
        for (long j = 0; j < CK_TILE; j += LANES) {
            VEC va = LOAD(a + j), vb = LOAD(b + j), vc = LOAD(c + j), vs = LOAD(s + j);
            STORE(x + j, va * vc - vb * vs);
            STORE(y + j, vb * vc + va * vs);
        }
    }
    if (d > rotary) memcpy(out + rotary * CK_TILE, k + rotary * CK_TILE, sizeof(float) * (d - rotary) * CK_TILE);
}

#include "elementwise.h"
#include "scans.h"

// cos and sin by reduction to [-pi/4, pi/4] in double, so that large positions lose nothing, and float polynomials.
static void NAME(rotary_table)(
    const float *frequency, long n, const float *positions, float factor, float *cosine, float *sine) {
    for (long i = 0; i < n; i++) {
        float f = frequency[i];
        for (long j = 0; j < CK_TILE; j++) {
            double angle = (double)(f * positions[j]);
            double quarter = angle * 0.63661977236758134 + 6755399441055744.0;
            int64_t bits;
            memcpy(&bits, &quarter, sizeof bits);
            quarter -= 6755399441055744.0;
            double r = angle - quarter * 1.5707963267948966;
            r -= quarter * 6.123233995736766e-17;
            double z = r * r;
            double s = r + r * z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 - z / 39916800))));
            double c = 1 + z * (-0.5 + z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 - z / 3628800))));
            double a = bits & 1 ? s : c, b = bits & 1 ? c : s;
            cosine[i * CK_TILE + j] = (float)((bits + 1) & 2 ? -a : a) * factor;
            sine[i * CK_TILE + j] = (float)(bits & 2 ? -b : b) * factor;
        }
    }
}

const struct ck_table NAME(table) = {
    .instruction_set = SET_NAME,
    .pack_queries = NAME(pack_queries),
    .scores = NAME(scores),
    .mask = NAME(mask),
    .softmax = NAME(softmax),
    .accumulate = NAME(accumulate),
    .sums = NAME(sums),
    .weights = NAME(weights),
    .gather_scores = NAME(gather_scores),
    .gather_values = NAME(gather_values),
    .maximum = NAME(maximum),
    .exp_sum = NAME(exp_sum),
    .score = NAME(score),
    .find_score = NAME(find_score),
    .rotate_tile = NAME(rotate_tile),
    .rotary_table = NAME(rotary_table),
    .blend = NAME(blend),
    .softcap = NAME(softcap),
    .layer_norm = NAME(layer_norm),
    .gelu_tanh = NAME(gelu_tanh),
    .silu = NAME(silu),
    .multiply = NAME(multiply),
    .add_scaled = NAME(add_scaled),
    .matrix_vector = NAME(matrix_vector),
    .rms_norm = NAME(rms_norm),
    .silu_multiply = NAME(silu_multiply),
    .add = NAME(add),
    .causal_convolution = NAME(causal_convolution),
    .selective_scan = NAME(selective_scan),
    .head_scan = NAME(head_scan),
    .weighted_mean_scan = NAME(weighted_mean_scan),
    .softplus = NAME(softplus),
    .sigmoid_multiply = NAME(sigmoid_multiply),
};
