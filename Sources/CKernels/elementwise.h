// The loops between matrix products, included by loops.h.

static void NAME(rms_norm)(const float *x, const float *w, float epsilon, long rows, long n, float *y) {
    for (long r = 0; r < rows; r++) {
        const float *row = x + r * n;
        VEC squares = SPLAT(0.0f);
        long j = 0;
        for (; j + LANES <= n; j += LANES) {
            VEC v = LOAD(row + j);
            squares = v * v + squares;
        }
        float sum = NAME(horizontal_sum)(squares);
        for (; j < n; j++) sum += row[j] * row[j];
        float scale = 1.0f / sqrtf(sum / (float)n + epsilon);
        for (j = 0; j + LANES <= n; j += LANES) STORE(y + r * n + j, LOAD(row + j) * scale * LOAD(w + j));
        for (; j < n; j++) y[r * n + j] = row[j] * scale * w[j];
    }
}

static void NAME(silu_multiply)(float *gate, const float *up, long n) {
    long j = 0;
    for (; j + LANES <= n; j += LANES) {
        VEC g = LOAD(gate + j);
        VEC e = NAME(exp)(-HIGHER(g, SPLAT(-87.0f)));
        STORE(gate + j, g / (1.0f + e) * LOAD(up + j));
    }
    for (; j < n; j++) gate[j] = gate[j] / (1.0f + expf(-gate[j])) * up[j];
}

static void NAME(add)(float *x, const float *y, long n) {
    long j = 0;
    for (; j + LANES <= n; j += LANES) STORE(x + j, LOAD(x + j) + LOAD(y + j));
    for (; j < n; j++) x[j] += y[j];
}


static void NAME(layer_norm)(
    const float *x, const float *w, const float *b, float epsilon, long rows, long n, float *y) {
    for (long r = 0; r < rows; r++) {
        const float *row = x + r * n;
        VEC total = SPLAT(0.0f);
        long j = 0;
        for (; j + LANES <= n; j += LANES) total += LOAD(row + j);
        float sum = NAME(horizontal_sum)(total);
        for (; j < n; j++) sum += row[j];
        float mean = sum / (float)n;
        VEC squares = SPLAT(0.0f);
        for (j = 0; j + LANES <= n; j += LANES) {
            VEC v = LOAD(row + j) - mean;
            squares = v * v + squares;
        }
        float square = NAME(horizontal_sum)(squares);
        for (; j < n; j++) square += (row[j] - mean) * (row[j] - mean);
        float scale = 1.0f / sqrtf(square / (float)n + epsilon);
        for (j = 0; j < n; j++) y[r * n + j] = (row[j] - mean) * scale * w[j] + (b ? b[j] : 0.0f);
    }
}

// tanh from exp; near 0, where that would lose digits, the odd series, whose error below 0.3 is 2e-8 of the result.
INLINE VEC NAME(tanh)(VEC x) {
    VEC magnitude = HIGHER(x, -x);
    VEC limited = magnitude < SPLAT(20.0f) ? magnitude : SPLAT(20.0f);
    VEC large = SPLAT(1.0f) - 2.0f / (NAME(exp)(limited * 2.0f) + 1.0f);
    VEC z = x * x;
    VEC small = magnitude * (1.0f + z * (-0.33333333f + z * (0.13333333f + z * (-0.05396825f + z * 0.02186949f))));
    VEC result = magnitude < SPLAT(0.3f) ? small : large;
    return x < SPLAT(0.0f) ? -result : result;
}

// The rest of a row is taken through a vector of its own, so that every element gets the same operations.
#define FOR_EACH_VECTOR(EXPRESSION)                                                                              \
    long j = 0;                                                                                                  \
    for (; j + LANES <= n; j += LANES) {                                                                         \
        VEC v = LOAD(x + j);                                                                                     \
        STORE(x + j, EXPRESSION);                                                                                \
    }                                                                                                            \
    if (j < n) {                                                                                                 \
        float rest[LANES] = {0};                                                                                 \
        memcpy(rest, x + j, sizeof(float) * (n - j));                                                            \
        VEC v = LOAD(rest);                                                                                      \
        STORE(rest, EXPRESSION);                                                                                 \
        memcpy(x + j, rest, sizeof(float) * (n - j));                                                            \
    }

static void NAME(softcap)(float *x, long n, float cap) {
    FOR_EACH_VECTOR(cap * NAME(tanh)(v / cap))
}

static void NAME(gelu_tanh)(float *x, long n, float scale) {
    FOR_EACH_VECTOR(0.5f * v * (1.0f + NAME(tanh)(scale * v * (1.0f + 0.044715f * v * v))))
}

static void NAME(silu)(float *x, long n) {
    FOR_EACH_VECTOR(v / (1.0f + NAME(exp)(-HIGHER(v, SPLAT(-87.0f)))))
}

static void NAME(multiply)(float *x, const float *y, long n) {
    long j = 0;
    for (; j + LANES <= n; j += LANES) STORE(x + j, LOAD(x + j) * LOAD(y + j));
    for (; j < n; j++) x[j] *= y[j];
}

// Every output is the same whatever rows are taken beside it: four sums of vectors, added in one order.
INLINE float NAME(dot)(const float *a, const float *b, long n) {
    VEC s0 = SPLAT(0.0f), s1 = SPLAT(0.0f), s2 = SPLAT(0.0f), s3 = SPLAT(0.0f);
    long j = 0;
    for (; j + 4 * LANES <= n; j += 4 * LANES) {
        s0 = LOAD(a + j) * LOAD(b + j) + s0;
        s1 = LOAD(a + j + LANES) * LOAD(b + j + LANES) + s1;
        s2 = LOAD(a + j + 2 * LANES) * LOAD(b + j + 2 * LANES) + s2;
        s3 = LOAD(a + j + 3 * LANES) * LOAD(b + j + 3 * LANES) + s3;
    }
    for (; j + LANES <= n; j += LANES) s0 = LOAD(a + j) * LOAD(b + j) + s0;
    float sum = NAME(horizontal_sum)((s0 + s1) + (s2 + s3));
    for (; j < n; j++) sum += a[j] * b[j];
    return sum;
}

static void NAME(matrix_vector)(const float *w, long outputs, long inputs, const float *x, float *y) {
    for (long o = 0; o < outputs; o++) y[o] = NAME(dot)(w + o * inputs, x, inputs);
}

static void NAME(add_scaled)(float *x, const float *y, long n, float factor) {
    long j = 0;
    for (; j + LANES <= n; j += LANES) STORE(x + j, LOAD(y + j) * factor + LOAD(x + j));
    for (; j < n; j++) x[j] += y[j] * factor;
}
