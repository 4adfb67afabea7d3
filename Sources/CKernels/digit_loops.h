// Products of blocks of small whole numbers with a row that is cut into whole numbers too (struct ck_digits), included once
// per instruction set with NAME(x) defined. Sums of whole numbers are exact, and a processor multiplies 32 of them where it
// multiplies 8 of float32. HAS_PAIRS: it has an instruction for that.

typedef int8_t NAME(wholes) __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint8_t NAME(codes) __attribute__((vector_size(32), aligned(1), may_alias));
typedef int32_t NAME(counts) __attribute__((vector_size(32), aligned(4), may_alias));
#define CODES(x) (*(const NAME(codes) *)(x))
#define TO_FLOAT(x) __builtin_convertvector(x, NAME(eight))

// Lane l: the sum over numbers 4l to 4l + 3 of w times x, in units of x. Two digits of 7 bits together and 128 times 64 twice
// stay below 2^24, which float32 has exactly; only their last sum is rounded.
INLINE NAME(eight) NAME(digit_sums)(NAME(wholes) w, const struct ck_digits *x, int is_signed) {
    NAME(counts) upper, lower;
#ifdef HAS_PAIRS
    const __m256i v = (__m256i)w, size = is_signed ? _mm256_abs_epi8(v) : v;
    const __m256i one = _mm256_set1_epi16(1), digit = _mm256_set1_epi16(128);
#define DIGITS(k) _mm256_loadu_si256((const __m256i *)x->digits[k])
#define PAIRS(k) _mm256_maddubs_epi16(size, is_signed ? _mm256_sign_epi8(DIGITS(k), v) : DIGITS(k))
    upper = (NAME(counts))_mm256_add_epi32(_mm256_madd_epi16(PAIRS(0), digit), _mm256_madd_epi16(PAIRS(1), one));
    lower = (NAME(counts))_mm256_add_epi32(_mm256_madd_epi16(PAIRS(2), digit), _mm256_madd_epi16(PAIRS(3), one));
#undef PAIRS
#undef DIGITS
#else
    (void)is_signed;
    for (int lane = 0; lane < 8; lane++) {
        int high = 0, low = 0;
        for (int j = lane * 4; j < lane * 4 + 4; j++) {
            high += w[j] * (x->digits[0][j] * 128 + x->digits[1][j]);
            low += w[j] * (x->digits[2][j] * 128 + x->digits[3][j]);
        }
        upper[lane] = high;
        lower[lane] = low;
    }
#endif
    return TO_FLOAT(upper) * 16384.f + TO_FLOAT(lower);
}

INLINE NAME(eight) NAME(all)(float x) { return (NAME(eight)){x, x, x, x, x, x, x, x}; }

// -- the whole numbers of a block, or of a group of 32 of one

INLINE NAME(wholes) NAME(nibbles_of)(const uint8_t *q) {
    NAME(bytes) both = *(const NAME(bytes) *)q, low = both & 15, high = both >> 4;
    return (NAME(wholes))__builtin_shufflevector(
        low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
        27, 28, 29, 30, 31);
}

// 16 where the bit of a word is set.
INLINE NAME(wholes) NAME(fifths_of)(const uint8_t *word) {
    uint32_t bits;
    memcpy(&bits, word, sizeof bits);
    NAME(codes) all = (NAME(codes))((NAME(counts)){0} + (int32_t)bits);
    const NAME(codes) masks = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128,
                               1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    all = __builtin_shufflevector(
        all, all, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    return (NAME(wholes))((all & masks) != 0) & 16;
}

INLINE NAME(wholes) NAME(chosen_of)(const uint8_t *q) {
    NAME(wholes) nibbles = NAME(nibbles_of)(q);
#ifdef HAS_PAIRS
    const __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)NAME(steps)));
    return (NAME(wholes))_mm256_shuffle_epi8(table, (__m256i)nibbles);
#else
    for (int j = 0; j < 32; j++) nibbles[j] = NAME(steps)[nibbles[j]];
    return nibbles;
#endif
}

// Blocks of 32: the numbers, whether they can be below zero, and the place of the number that 0 stands for, if there is one.
#define DOT(name, bytes, numbers, is_signed, minimum)                                                            \
    static float NAME(dot_##name)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) { \
        NAME(eight) none = {0}, s = none;                                                                        \
        float minima = 0;                                                                                        \
        (void)floats;                                                                                            \
        for (long i = 0; i < count; i++, w += bytes, x++) {                                                      \
            s = SUM(s, NAME(digit_sums)(numbers, x, is_signed), NAME(all)(NAME(half)(w) * x->unit));                 \
            if (minimum > 0) minima += NAME(half)(w + minimum) * x->sum;                                         \
        }                                                                                                        \
        return NAME(total)(s) + minima;                                                                          \
    }
DOT(q4_0, 18, NAME(nibbles_of)(w + 2) - 8, 1, 0)
DOT(q4_1, 20, NAME(nibbles_of)(w + 4), 0, 2)
DOT(q5_0, 22, (NAME(nibbles_of)(w + 6) | NAME(fifths_of)(w + 2)) - 16, 1, 0)
DOT(q5_1, 24, NAME(nibbles_of)(w + 8) | NAME(fifths_of)(w + 4), 0, 2)
DOT(q8_0, 34, *(const NAME(wholes) *)(w + 2), 1, 0)
DOT(iq4_nl, 18, NAME(chosen_of)(w + 2), 1, 0)
#undef DOT

// Blocks of 256, whose groups of 32 have a scale and a minimum of six bits: q4_k and, with fifth bits, q5_k.
INLINE float NAME(dot_six_bits)(const uint8_t *w, long count, const struct ck_digits *x, int bytes, int has_fifth) {
    NAME(eight) none = {0}, s = none;
    float minima = 0;
    for (long i = 0; i < count; i++, w += bytes, x += 8) {
        NAME(eight) block = none;
        float least = 0;
        for (int group = 0; group < 8; group++) {
            int scale, minimum;
            NAME(six_bits)(w + 4, group, &scale, &minimum);
            NAME(codes) q = CODES(w + (has_fifth ? 48 : 16) + group / 2 * 32);
            q = group % 2 ? q >> 4 : q & 15;
            if (has_fifth) q |= (CODES(w + 16) >> group & 1) << 4;
            block = SUM(
                block, NAME(digit_sums)((NAME(wholes))q, x + group, 0), NAME(all)((float)scale * x[group].unit));
            least += (float)minimum * x[group].sum;
        }
        s = SUM(s, block, NAME(all)(NAME(half)(w)));
        minima += NAME(half)(w + 2) * least;
    }
    return NAME(total)(s) - minima;
}
static float NAME(dot_q4_k)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) {
    (void)floats;
    return NAME(dot_six_bits)(w, count, x, 144, 0);
}
static float NAME(dot_q5_k)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) {
    (void)floats;
    return NAME(dot_six_bits)(w, count, x, 176, 1);
}

// The scales of two groups of 16, as the lanes of their sums lie.
INLINE NAME(eight) NAME(two_scales)(int first, int second, float unit) {
    float a = (float)first * unit, b = (float)second * unit;
    return (NAME(eight)){a, a, a, a, b, b, b, b};
}

static float NAME(dot_q3_k)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) {
    NAME(eight) none = {0}, s = none;
    (void)floats;
    for (long i = 0; i < count; i++, w += 110, x += 8) {
        NAME(eight) block = none;
        int scales[16];
        for (int group = 0; group < 16; group++) {
            int low = w[96 + group % 8] >> (group / 8 * 4) & 15, high = w[104 + group % 4] >> (group / 4 * 2) & 3;
            scales[group] = (low | high << 4) - 32;
        }
        for (int pair = 0; pair < 8; pair++) {
            NAME(codes) q = CODES(w + 32 + pair / 4 * 32) >> (pair % 4 * 2) & 3;
            q |= (CODES(w) >> pair & 1) << 2;
            block = SUM(
                block, NAME(digit_sums)((NAME(wholes))q - 4, x + pair, 1),
                NAME(two_scales)(scales[pair * 2], scales[pair * 2 + 1], x[pair].unit));
        }
        s = SUM(s, block, NAME(all)(NAME(half)(w + 108)));
    }
    return NAME(total)(s);
}

static float NAME(dot_q6_k)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) {
    NAME(eight) none = {0}, s = none;
    (void)floats;
    for (long i = 0; i < count; i++, w += 210, x += 8) {
        const int8_t *scales = (const int8_t *)w + 192;
        NAME(eight) block = none;
        for (int pair = 0; pair < 8; pair++) {
            int part = pair / 4, row = pair % 4;
            NAME(codes) q = CODES(w + part * 64 + row % 2 * 32), high = CODES(w + 128 + part * 32);
            q = (row / 2 ? q >> 4 : q & 15) | (high >> (row * 2) & 3) << 4;
            block = SUM(
                block, NAME(digit_sums)((NAME(wholes))q - 32, x + pair, 1),
                NAME(two_scales)(scales[pair * 2], scales[pair * 2 + 1], x[pair].unit));
        }
        s = SUM(s, block, NAME(all)(NAME(half)(w + 208)));
    }
    return NAME(total)(s);
}

static float NAME(dot_iq4_xs)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) {
    NAME(eight) none = {0}, s = none;
    (void)floats;
    for (long i = 0; i < count; i++, w += 136, x += 8) {
        NAME(eight) block = none;
        uint16_t high;
        memcpy(&high, w + 2, sizeof high);
        for (int group = 0; group < 8; group++) {
            int scale = (w[4 + group / 2] >> (group % 2 * 4) & 15) | (high >> (2 * group) & 3) << 4;
            block = SUM(
                block, NAME(digit_sums)(NAME(chosen_of)(w + 8 + group * 16), x + group, 1),
                NAME(all)((float)(scale - 32) * x[group].unit));
        }
        s = SUM(s, block, NAME(all)(NAME(half)(w)));
    }
    return NAME(total)(s);
}

// x[32] as digits: the largest number fills 28 bits, so that whatever is within an eighth of it is kept as it is.
static void NAME(split)(const float *x, long count, struct ck_digits *y) {
    for (long i = 0; i < count; i++, x += 32, y++) {
        // Sizes of numbers are ordered as their bits are; infinity and NaN come last.
        int32_t bits[32], largest = 0;
        memcpy(bits, x, sizeof bits);
        for (int j = 0; j < 32; j++) {
            int32_t size = bits[j] & 0x7fffffff;
            largest = largest > size ? largest : size;
        }
        int is_finite = largest < 0x7f800000;
        // 2^exponent is above the largest; below 2^-98 all units are one, above the smallest normal number.
        int exponent = (largest >> 23) - 126;
        if (exponent < -98) exponent = -98;
        uint32_t unit_bits = (uint32_t)(exponent - 27 + 127) << 23, scale_bits = (uint32_t)(27 - exponent + 127) << 23;
        float unit, scale;
        memcpy(&unit, &unit_bits, sizeof unit);
        memcpy(&scale, &scale_bits, sizeof scale);
        // NaN and infinity have no digits: whatever they are multiplied with becomes NaN.
        int whole[32];
        int64_t sum = 0;
        for (int j = 0; j < 32; j++) whole[j] = is_finite ? (int)__builtin_rintf(x[j] * scale) : 0;
        for (int j = 0; j < 32; j++) sum += whole[j];
        for (int k = 3; k > 0; k--)
            for (int j = 0; j < 32; j++) {
                int digit = ((whole[j] + 64) & 127) - 64;
                y->digits[k][j] = (int8_t)digit;
                whole[j] = (whole[j] - digit) >> 7;
            }
        for (int j = 0; j < 32; j++) y->digits[0][j] = (int8_t)whole[j];
        y->unit = is_finite ? unit : __builtin_nanf("");
        y->sum = is_finite ? (float)((double)sum * unit) : __builtin_nanf("");
    }
}
#undef CODES
#undef TO_FLOAT
