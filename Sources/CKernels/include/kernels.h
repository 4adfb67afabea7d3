// The elementwise hot loops and the attention tiles. Every function exists for several instruction sets; the best one that
// the processor has is chosen when the program starts. All arrays are float32, row by row, and must not overlap.
//
// A key tile holds CK_TILE keys, transposed: [dimension][key]. Rows past the text are zero.
#pragma once
#include <stdint.h>

#define CK_TILE 256

/// "x86-64-v4", "x86-64-v3" or "baseline": what the loops were compiled for.
const char *ck_instruction_set(void);

#define CK_MAX_WORKERS 256

/// Calls body(context, task) for every task in 0..<tasks, each once, on up to `workers` threads; returns when all are done.
void ck_parallel(long workers, long tasks, void (*body)(void *context, long task), void *context);

/// Calls body(context) with memory set aside for signal handlers, so that the thread can still say that its stack overflowed.
void ck_with_handler_stack(void (*body)(void *context), void *context);

/// Gives freed memory back to the system, also what lies between memory that is in use.
void ck_return_memory(void);

// -- attention tiles

/// Copies queries into the order in which `ck_scores` reads them.   q: [rows, d] (stride q_stride)   packed: [rows · d]
void ck_pack_queries(const float *q, long q_stride, long rows, long d, float *packed);

/// s[r][j] = sum over i of q[r][i] * kt[i][j].   packed: of `rows` queries   kt: [d, CK_TILE]   s: [rows, CK_TILE]
void ck_scores(const float *packed, long rows, const float *kt, long d, float *s);

/// s[r][j] = other[r][j] where bit j of row r is 1.   s, other: [rows, CK_TILE]   bits: [rows, CK_TILE / 64]
void ck_blend(float *s, const float *other, long rows, const uint64_t *bits);
/// s = cap * tanh(s / cap).   s: [n]
void ck_softcap(float *s, long n, float cap);

/// s[r][j] = -infinity where bit j of row r is 0.   bits: [rows, CK_TILE / 64]
void ck_mask(float *s, long rows, const uint64_t *bits);

/// The running softmax of rows of scores (Milakov and Gimelshein 2018): one entry a row in every array.
typedef struct {
    float *maximum;      ///< of the scores so far; start at -1e30
    float *sum;          ///< of exp(score - maximum); start at 0
    float *score_sum;    ///< of exp(score - maximum) * (score - maximum); start at 0
    float *key_sum;      ///< of exp(score - maximum) * key index; start at 0
    float *rescale;      ///< out: what to multiply earlier sums by, because the maximum rose
} ck_running;

/// s = exp(s - maximum) in place; updates `state`; leaves maxima of scores and sums of exponentials of every `block` keys
/// behind. Where the tile is masked, hidden keys get exactly 0.   s: [rows, CK_TILE]   block_max, block_sum: [rows, CK_TILE / block] (stride block_stride)
void ck_softmax(
    float *s, long rows, float first_key, ck_running state, long block, float *block_max, float *block_sum,
    long block_stride, int is_masked);

/// Adds one query to its row of cells of the map: highest[c] = max(highest[c], weights[b]), mass[c] += sums[b] * scale[tile]
/// for every block b of the tiles and its cell c = b / blocks_per_cell.   weights, sums: [block]   scale: [tile]
void ck_pool(
    const int32_t *tiles, long count, long blocks_per_tile, long blocks_per_cell, const float *weights,
    const float *sums, const float *scale, long columns, float *highest, float *mass);

/// o[r] = o[r] * rescale[r] + sum over j of p[r][j] * v[j].   p: [rows, CK_TILE]   v: [CK_TILE, width]   o: [rows, width]
/// width is a multiple of 16.
void ck_accumulate(const float *p, long rows, const float *v, long width, const float *rescale, float *o);

/// o[r] = o[r] * rescale[r] + sum over j of p[r][j] * v[j]; without rescale, o begins at 0.
/// p: [rows, n]   v: [n, width]   o: [rows, width]   width is a multiple of 16.
void ck_sums(const float *p, long rows, long n, const float *v, long width, const float *rescale, float *o);

/// s[r][j] = exp(s[r][j] - log_sum_exp[r]); -infinity gives exactly 0.   s: [rows, columns]
void ck_weights(float *s, long rows, long columns, const float *log_sum_exp);

/// scores[j] = q . keys[places[j]].   keys: [any, d]
void ck_gather_scores(
    const float *q, const float *keys, long d, const int32_t *places, long count, float *scores);
/// o = sum over j of weights[j] * values[places[j]].   values: [any, width]   width is a multiple of 16.
void ck_gather_values(
    const float *weights, const float *values, long width, const int32_t *places, long count, float *o);

/// The largest of n numbers; -infinity for none.
float ck_maximum(const float *x, long n);
/// The sum of exp(x - shift).
float ck_exp_sum(const float *x, long n, float shift);

/// The score of q and one key of the tile, the same to the bit as `ck_scores` gives.
float ck_score(const float *q, const float *kt, long d, long key);
/// The first of `count` keys from `first` (multiples of 16) whose score with q is `score` to the bit; -1 where none is.
long ck_find_score(const float *q, const float *kt, long d, long first, long count, float score);

// -- rotation

/// out = k turned by the angles of every key.   k, out: [d, CK_TILE]   cosine, sine: [rotary / 2, CK_TILE]
/// Half-split layout: dimension i is paired with i + rotary / 2; dimensions past `rotary` are copied.
void ck_rotate_tile(const float *k, const float *cosine, const float *sine, long d, long rotary, float *out);

/// cosine, sine: [n, CK_TILE] of float32(position * frequency), both times `factor`.   positions: [CK_TILE]
void ck_rotary_table(
    const float *frequency, long n, const float *positions, float factor, float *cosine, float *sine);

/// out[i][j] = x[j][i] for `count` keys, the rest of the tile 0.   x: [count, d] (stride x_stride)   out: [d, CK_TILE]
void ck_pack_tile(const float *x, long x_stride, long count, long d, float *out);

/// y = x rounded to half precision, to the nearest, ties to even; from 65,520 on infinite.   x, y: [n]
/// Returns the largest |x|; NaN where there is one.
float ck_narrow(const float *x, long n, uint16_t *y);

// -- elementwise

/// y[r] = x[r] / sqrt(mean(x[r]^2) + epsilon) * w.   x, y: [rows, n]   w: [n]
void ck_rms_norm(const float *x, const float *w, float epsilon, long rows, long n, float *y);
/// y[r] = (x[r] - mean(x[r])) / sqrt(variance(x[r]) + epsilon) * w + b.   x, y: [rows, n]   w, b: [n], b may be null
void ck_layer_norm(const float *x, const float *w, const float *b, float epsilon, long rows, long n, float *y);
/// x = x * (1 + erf(x / sqrt 2)) / 2.   x: [n]
void ck_gelu(float *x, long n);
/// x = x * (1 + tanh(scale * x * (1 + 0.044715 x^2))) / 2; scale is sqrt(2 / pi) or what a family rounds it to.
void ck_gelu_tanh(float *x, long n, float scale);
/// x = x / (1 + exp(-x)).   x: [n]
void ck_silu(float *x, long n);
/// x = max(x, 0).   x: [n]
void ck_relu(float *x, long n);
/// x *= y.   both: [n]
void ck_multiply(float *x, const float *y, long n);
/// x += factor * y.   both: [n]
void ck_add_scaled(float *x, const float *y, long n, float factor);
/// y[o] = sum over i of w[o][i] * x[i], each by itself, so that rows may be shared in any way.   w: [outputs, inputs]
void ck_matrix_vector(const float *w, long outputs, long inputs, const float *x, float *y);
/// gate = gate / (1 + exp(-gate)) * up.   both: [n]
void ck_silu_multiply(float *gate, const float *up, long n);
/// x += y.   both: [n]
void ck_add(float *x, const float *y, long n);

/// x = ln(1 + exp(x)), but within low ... high.   x: [n]
void ck_softplus(float *x, long n, float low, float high);
/// gate = y / (1 + exp(-gate)).   both: [n]
void ck_sigmoid_multiply(float *gate, const float *y, long n);

// -- recurrent mixers: every loop goes on from a state and leaves it as it is behind the last token

/// y[t][c] = silu(b[c] + sum over i < size of w[i][c] * x[t - size + 1 + i][c]).   x, y: [rows, channels]   w: [size, channels]
/// b: [channels], may be null   before: the tokens before the first, [size - 1, channels]
void ck_causal_convolution(
    const float *x, const float *before, long rows, long channels, const float *w, const float *b, long size,
    float *y);

/// What the scans of a state space read and write.
typedef struct {
    const float *step;   ///< Delta, [rows, channels], or [rows, heads] with `step_stride` in scans of a head
    const float *x;      ///< [rows, channels], rows `x_stride` apart
    const float *b, *c;  ///< [rows, states], rows `b_stride` and `c_stride` apart
    const float *d;      ///< what passes by the state, [channels]; of no use to scans of a head
    float *state;        ///< [states, channels]
    float *y;            ///< [rows, channels]
    long rows, channels, states, step_stride, x_stride, b_stride, c_stride;
} ck_scan;

/// Mamba (Gu and Dao 2023): h[n][c] = exp(step[t][c] * a[n][c]) * h[n][c] + step[t][c] * b[t][n] * x[t][c],
/// y[t][c] = sum over n of c[t][n] * h[n][c] + d[c] * x[t][c], of `count` channels from `first` on.   a: [states, channels], below 0
void ck_selective_scan(const ck_scan *scan, const float *a, long first, long count);

/// Mamba-2 (Dao and Gu 2024): the same with one step and one rate `a` for the channels of a head.
void ck_head_scan(const ck_scan *scan, long head, float a, float d, long first, long count);

/// RWKV-4 (Peng et al. 2023): y[t][c] = (sum over i < t of e^(k[i] - (t - 1 - i) decay) v[i] + e^(bonus + k[t]) v[t]) / the
/// same without v, of `count` channels from `first` on.   k, v, y: [rows, channels]   decay, bonus: [channels]
/// state: sums, weights and the logarithm that both are divided by, [3, channels]
void ck_weighted_mean_scan(
    const float *k, const float *v, long rows, long channels, const float *decay, const float *bonus, long first,
    long count, float *state, float *y);

/// Numbers of a block of working memory, 16 MB.
#define CK_SCRATCH (1L << 22)

/// A block of CK_SCRATCH numbers, as they were left. Its pages cost memory when they are first written to.
float *ck_scratch_take(void);

/// Gives a block back; one is kept for the next taker.
void ck_scratch_give(float *block);
