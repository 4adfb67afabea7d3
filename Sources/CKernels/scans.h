// The loops of recurrent mixers, included by loops.h: what one token leaves to the next is carried, channel by channel.

// Some numbers in place of a whole vector; the rest is 0.
INLINE VEC NAME(load_part)(const float *p, long count) {
    float part[LANES] = {0};
    memcpy(part, p, sizeof(float) * count);
    return LOAD(part);
}
INLINE VEC NAME(load_some)(const float *p, long count) { return count >= LANES ? LOAD(p) : NAME(load_part)(p, count); }
INLINE void NAME(store_some)(float *p, VEC v, long count) {
    if (count >= LANES) {
        STORE(p, v);
    } else {
        float part[LANES];
        STORE(part, v);
        memcpy(p, part, sizeof(float) * count);
    }
}
#define LOAD_SOME NAME(load_some)
#define STORE_SOME NAME(store_some)

INLINE VEC NAME(silu_of)(VEC v) { return v / (1.0f + NAME(exp)(-HIGHER(v, SPLAT(-87.0f)))); }

static void NAME(causal_convolution)(
    const float *x, const float *before, long rows, long channels, const float *w, const float *b, long size,
    float *y) {
    for (long j = 0; j < channels; j += LANES) {
        long count = channels - j;
        VEC start = b ? LOAD_SOME(b + j, count) : SPLAT(0.0f);
        for (long t = 0; t < rows; t++) {
            VEC sum = start;
            for (long i = 0; i < size; i++) {
                long place = t - (size - 1) + i;
                const float *row = place < 0 ? before + (place + size - 1) * channels : x + place * channels;
                sum = LOAD_SOME(row + j, count) * LOAD_SOME(w + i * channels + j, count) + sum;
            }
            STORE_SOME(y + t * channels + j, NAME(silu_of)(sum), count);
        }
    }
}

// States of this many numbers a channel stay beside each other while all tokens pass.
#define STATES 64

static void NAME(selective_scan)(const ck_scan *s, const float *a, long first, long count) {
    for (long j = first; j < first + count; j += LANES) {
        long part = first + count - j;
        VEC through = LOAD_SOME(s->d + j, part);
        for (long n = 0; n < s->states; n += STATES) {
            long size = s->states - n < STATES ? s->states - n : STATES;
            VEC h[STATES], rate[STATES];
            for (long i = 0; i < size; i++) {
                h[i] = LOAD_SOME(s->state + (n + i) * s->channels + j, part);
                rate[i] = LOAD_SOME(a + (n + i) * s->channels + j, part);
            }
            for (long t = 0; t < s->rows; t++) {
                VEC step = LOAD_SOME(s->step + t * s->channels + j, part);
                VEC value = LOAD_SOME(s->x + t * s->x_stride + j, part), added = step * value;
                float *y = s->y + t * s->channels + j;
                VEC sum = n == 0 ? through * value : LOAD_SOME(y, part);
                const float *b = s->b + t * s->b_stride + n, *c = s->c + t * s->c_stride + n;
                for (long i = 0; i < size; i++) {
                    h[i] = NAME(exp)(step * rate[i]) * h[i] + added * b[i];
                    sum = h[i] * c[i] + sum;
                }
                STORE_SOME(y, sum, part);
            }
            for (long i = 0; i < size; i++) STORE_SOME(s->state + (n + i) * s->channels + j, h[i], part);
        }
    }
}

static void NAME(head_scan)(const ck_scan *s, long head, float a, float d, long first, long count) {
    for (long j = first; j < first + count; j += LANES) {
        long part = first + count - j;
        for (long n = 0; n < s->states; n += STATES) {
            long size = s->states - n < STATES ? s->states - n : STATES;
            VEC h[STATES];
            for (long i = 0; i < size; i++) h[i] = LOAD_SOME(s->state + (n + i) * s->channels + j, part);
            for (long t = 0; t < s->rows; t++) {
                float step = s->step[t * s->step_stride + head];
                VEC kept = NAME(exp)(SPLAT(step * a));
                VEC value = LOAD_SOME(s->x + t * s->x_stride + j, part), added = step * value;
                float *y = s->y + t * s->channels + j;
                VEC sum = n == 0 ? d * value : LOAD_SOME(y, part);
                const float *b = s->b + t * s->b_stride + n, *c = s->c + t * s->c_stride + n;
                for (long i = 0; i < size; i++) {
                    h[i] = kept * h[i] + added * b[i];
                    sum = h[i] * c[i] + sum;
                }
                STORE_SOME(y, sum, part);
            }
            for (long i = 0; i < size; i++) STORE_SOME(s->state + (n + i) * s->channels + j, h[i], part);
        }
    }
}

static void NAME(weighted_mean_scan)(
    const float *k, const float *v, long rows, long channels, const float *decay, const float *bonus, long first,
    long count, float *state, float *y) {
    for (long j = first; j < first + count; j += LANES) {
        long part = first + count - j;
        VEC w = LOAD_SOME(decay + j, part), u = LOAD_SOME(bonus + j, part);
        float *at = state + j;
        VEC sum = LOAD_SOME(at, part), weight = LOAD_SOME(at + channels, part);
        VEC highest = LOAD_SOME(at + 2 * channels, part);
        for (long t = 0; t < rows; t++) {
            VEC key = LOAD_SOME(k + t * channels + j, part), value = LOAD_SOME(v + t * channels + j, part);
            VEC now = key + u, top = HIGHER(highest, now);
            VEC old = NAME(exp)(highest - top), new = NAME(exp)(now - top);
            // What fills the last vector up has no weight anywhere.
            VEC total = old * weight + new;
            STORE_SOME(y + t * channels + j, (old * sum + new * value) / total, part);
            VEC faded = highest - w;
            top = HIGHER(faded, key);
            old = NAME(exp)(faded - top), new = NAME(exp)(key - top);
            sum = old * sum + new * value;
            weight = old * weight + new;
            highest = top;
        }
        STORE_SOME(at, sum, part);
        STORE_SOME(at + channels, weight, part);
        STORE_SOME(at + 2 * channels, highest, part);
    }
}

// ln(1 + e^x) = max(x, 0) + ln(1 + z) with z = e^-|x|, and ln(1 + z) = 2 artanh(z / (2 + z)) by the odd series: its
// argument is at most 1/3, where the first term left out is 1e-8 of the result.
INLINE VEC NAME(softplus_of)(VEC v, float low, float high) {
    VEC magnitude = HIGHER(v, -v), z = NAME(exp)(-magnitude);
    VEC r = z / (2.0f + z), q = r * r;
    VEC series = 1.0f + q * (1 / 3.0f + q * (1 / 5.0f + q * (1 / 7.0f + q * (1 / 9.0f + q * (1 / 11.0f + q * (1 / 13.0f))))));
    VEC result = HIGHER(v, SPLAT(0.0f)) + 2.0f * r * series;
    result = HIGHER(result, SPLAT(low));
    return result < SPLAT(high) ? result : SPLAT(high);
}

static void NAME(softplus)(float *x, long n, float low, float high) {
    FOR_EACH_VECTOR(NAME(softplus_of)(v, low, high))
}

static void NAME(sigmoid_multiply)(float *gate, const float *y, long n) {
    for (long j = 0; j < n; j += LANES) {
        VEC g = LOAD_SOME(gate + j, n - j);
        VEC open = 1.0f / (1.0f + NAME(exp)(-HIGHER(g, SPLAT(-87.0f))));
        STORE_SOME(gate + j, open * LOAD_SOME(y + j, n - j), n - j);
    }
}
