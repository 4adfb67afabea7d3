#include "table.h"
#include <math.h>
#include <string.h>

static const struct ck_table *table = &ck_baseline_table;

// Before main, so that no caller needs a lock.
__attribute__((constructor)) static void choose_table(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    // Whole levels: the loops are compiled for all that belongs to one, such as the conversion of half-precision numbers.
    int v3 = __builtin_cpu_supports("x86-64-v3"), v4 = __builtin_cpu_supports("x86-64-v4");
    table = v4 ? &ck_v4_table : v3 ? &ck_v3_table : &ck_baseline_table;
#endif
}

const char *ck_instruction_set(void) { return table->instruction_set; }

void ck_pack_queries(const float *q, long q_stride, long rows, long d, float *packed) {
    table->pack_queries(q, q_stride, rows, d, packed);
}
void ck_scores(const float *packed, long rows, const float *kt, long d, float *s) {
    table->scores(packed, rows, kt, d, s);
}
void ck_mask(float *s, long rows, const uint64_t *bits) { table->mask(s, rows, bits); }
void ck_softmax(
    float *s, long rows, float first_key, ck_running state, long block, float *block_max, float *block_sum,
    long block_stride, int is_masked) {
    table->softmax(s, rows, first_key, state, block, block_max, block_sum, block_stride, is_masked);
}
void ck_accumulate(const float *p, long rows, const float *v, long width, const float *rescale, float *o) {
    table->accumulate(p, rows, v, width, rescale, o);
}
void ck_sums(const float *p, long rows, long n, const float *v, long width, const float *rescale, float *o) {
    table->sums(p, rows, n, v, width, rescale, o);
}
void ck_weights(float *s, long rows, long columns, const float *log_sum_exp) {
    table->weights(s, rows, columns, log_sum_exp);
}
void ck_gather_scores(
    const float *q, const float *keys, long d, const int32_t *places, long count, float *scores) {
    table->gather_scores(q, keys, d, places, count, scores);
}
void ck_gather_values(
    const float *weights, const float *values, long width, const int32_t *places, long count, float *o) {
    table->gather_values(weights, values, width, places, count, o);
}
float ck_maximum(const float *x, long n) { return table->maximum(x, n); }
float ck_exp_sum(const float *x, long n, float shift) { return table->exp_sum(x, n, shift); }
float ck_score(const float *q, const float *kt, long d, long key) { return table->score(q, kt, d, key); }
long ck_find_score(const float *q, const float *kt, long d, long first, long count, float score) {
    return table->find_score(q, kt, d, first, count, score);
}
void ck_rotate_tile(const float *k, const float *cosine, const float *sine, long d, long rotary, float *out) {
    table->rotate_tile(k, cosine, sine, d, rotary, out);
}
void ck_rotary_table(
    const float *frequency, long n, const float *positions, float factor, float *cosine, float *sine) {
    table->rotary_table(frequency, n, positions, factor, cosine, sine);
}
void ck_blend(float *s, const float *other, long rows, const uint64_t *bits) { table->blend(s, other, rows, bits); }
void ck_softcap(float *s, long n, float cap) { table->softcap(s, n, cap); }
void ck_layer_norm(const float *x, const float *w, const float *b, float epsilon, long rows, long n, float *y) {
    table->layer_norm(x, w, b, epsilon, rows, n, y);
}
void ck_gelu_tanh(float *x, long n, float scale) { table->gelu_tanh(x, n, scale); }
void ck_silu(float *x, long n) { table->silu(x, n); }
void ck_multiply(float *x, const float *y, long n) { table->multiply(x, y, n); }
void ck_add_scaled(float *x, const float *y, long n, float factor) { table->add_scaled(x, y, n, factor); }
void ck_matrix_vector(const float *w, long outputs, long inputs, const float *x, float *y) {
    table->matrix_vector(w, outputs, inputs, x, y);
}

void ck_relu(float *x, long n) {
    for (long j = 0; j < n; j++) x[j] = x[j] > 0 ? x[j] : 0;
}

void ck_gelu(float *x, long n) {
    for (long j = 0; j < n; j++) x[j] = 0.5f * x[j] * (1.0f + erff(x[j] * 0.70710678f));
}
void ck_rms_norm(const float *x, const float *w, float epsilon, long rows, long n, float *y) {
    table->rms_norm(x, w, epsilon, rows, n, y);
}
void ck_silu_multiply(float *gate, const float *up, long n) { table->silu_multiply(gate, up, n); }
void ck_add(float *x, const float *y, long n) { table->add(x, y, n); }

void ck_causal_convolution(
    const float *x, const float *before, long rows, long channels, const float *w, const float *b, long size,
    float *y) {
    table->causal_convolution(x, before, rows, channels, w, b, size, y);
}
void ck_selective_scan(const ck_scan *scan, const float *a, long first, long count) {
    table->selective_scan(scan, a, first, count);
}
void ck_head_scan(const ck_scan *scan, long head, float a, float d, long first, long count) {
    table->head_scan(scan, head, a, d, first, count);
}
void ck_weighted_mean_scan(
    const float *k, const float *v, long rows, long channels, const float *decay, const float *bonus, long first,
    long count, float *state, float *y) {
    table->weighted_mean_scan(k, v, rows, channels, decay, bonus, first, count, state, y);
}
void ck_softplus(float *x, long n, float low, float high) { table->softplus(x, n, low, high); }
void ck_sigmoid_multiply(float *gate, const float *y, long n) { table->sigmoid_multiply(gate, y, n); }

void ck_pack_tile(const float *x, long x_stride, long count, long d, float *out) {
    for (long i = 0; i < d; i++) {
        for (long j = 0; j < count; j++) out[i * CK_TILE + j] = x[j * x_stride + i];
        memset(out + i * CK_TILE + count, 0, sizeof(float) * (CK_TILE - count));
    }
}

float ck_narrow(const float *x, long n, uint16_t *y) {
    uint32_t largest = 0;
    for (long j = 0; j < n; j++) {
        uint32_t bits, small_bits;
        memcpy(&bits, x + j, sizeof bits);
        uint32_t magnitude = bits & 0x7fffffff;
        largest = magnitude > largest ? magnitude : largest;
        // Beside 0.5 a float32 has steps of 2^-24, those of subnormal halves: the sum rounds to them.
        float small = (magnitude < 0x38800000 ? fabsf(x[j]) : 0) + 0.5f;
        memcpy(&small_bits, &small, sizeof small_bits);
        uint32_t normal = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
        uint32_t half = magnitude < 0x38800000 ? small_bits - 0x3f000000 : magnitude < 0x477ff000 ? normal : 0x7c00;
        half = magnitude > 0x7f800000 ? 0x7e00 : half;
        y[j] = (uint16_t)(half | (bits >> 16 & 0x8000));
    }
    float result;
    memcpy(&result, &largest, sizeof result);
    return result;
}

void ck_pool(
    const int32_t *tiles, long count, long blocks_per_tile, long blocks_per_cell, const float *weights,
    const float *sums, const float *scale, long columns, float *highest, float *mass) {
    for (long t = 0; t < count; t++) {
        long first = tiles[t] * blocks_per_tile;
        for (long b = first; b < first + blocks_per_tile; b++) {
            long c = blocks_per_cell == 1 ? b : b / blocks_per_cell;
            if (c >= columns) break;
            highest[c] = weights[b] > highest[c] ? weights[b] : highest[c];
            // Rounding can leave the sum of a block next to nothing below 0.
            mass[c] += (sums[b] > 0 ? sums[b] : 0) * scale[tiles[t]];
        }
    }
}
