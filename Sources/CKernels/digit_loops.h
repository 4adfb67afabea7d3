// Products of blocks of small whole numbers with a row that is cut into whole numbers too (struct ck_digits), included once
// per instruction set with NAME(x) defined. Sums of whole numbers are exact, and a processor multiplies 16 of them where it
// multiplies 8 of float32. HAS_PAIRS: it has an instruction that adds two of the products too.

typedef int8_t NAME(wholes) __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint8_t NAME(codes) __attribute__((vector_size(32), aligned(1), may_alias));
typedef int16_t NAME(words) __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint16_t NAME(marks) __attribute__((vector_size(32), aligned(1), may_alias));
typedef int32_t NAME(counts) __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint32_t NAME(fields) __attribute__((vector_size(32), aligned(4), may_alias));
#define MARKS(x) (*(const NAME(marks) *)(x))
// Shifts by constants cost less.
#define UNROLLED _Pragma("clang loop unroll(full)")
#define TO_FLOAT(x) __builtin_convertvector(x, NAME(eight))

INLINE NAME(eight) NAME(all)(float x) { return (NAME(eight)){x, x, x, x, x, x, x, x}; }

// Numbers 0, 2, 4 ... 30 and 1, 3, 5 ... 31 of 32: what is left of words of 16 bits by masks and shifts.
struct NAME(pairs) {
    NAME(words) even, odd;
};

// Lane l: the sum over numbers 4l to 4l + 3 of w times x, in units of x. Four times 128 times a digit of 2^13 stays below
// 2^24, which float32 has exactly; only the last sum is rounded.
INLINE NAME(eight) NAME(digit_sums)(struct NAME(pairs) w, const struct ck_digits *x) {
    NAME(counts) upper, lower;
#ifdef HAS_PAIRS
#define PRODUCTS(w, digits) _mm256_madd_epi16((__m256i)(w), _mm256_loadu_si256((const __m256i *)(digits)))
    upper = (NAME(counts))_mm256_add_epi32(PRODUCTS(w.even, x->high[0]), PRODUCTS(w.odd, x->high[1]));
    lower = (NAME(counts))_mm256_add_epi32(PRODUCTS(w.even, x->low[0]), PRODUCTS(w.odd, x->low[1]));
#undef PRODUCTS
#else
    for (int lane = 0; lane < 8; lane++) {
        int high = 0, low = 0;
        for (int j = lane * 2; j < lane * 2 + 2; j++) {
            high += w.even[j] * x->high[0][j] + w.odd[j] * x->high[1][j];
            low += w.even[j] * x->low[0][j] + w.odd[j] * x->low[1][j];
        }
        upper[lane] = high;
        lower[lane] = low;
    }
#endif
    return SUM(TO_FLOAT(lower), TO_FLOAT(upper), NAME(all)(16384));
}

// -- the whole numbers of a block, or of a group of 32 of one

INLINE struct NAME(pairs) NAME(signed_bytes)(NAME(wholes) bytes) {
    NAME(words) w = (NAME(words))bytes;
    return (struct NAME(pairs)){w << 8 >> 8, w >> 8};
}

INLINE struct NAME(pairs) NAME(less)(struct NAME(pairs) w, short offset) {
    return (struct NAME(pairs)){w.even - offset, w.odd - offset};
}

// Some bits of each byte of 32.
INLINE struct NAME(pairs) NAME(bits_of)(const uint8_t *bytes, int shift, short mask) {
    NAME(marks) w = MARKS(bytes);
    return (struct NAME(pairs)){(NAME(words))(w >> shift) & mask, (NAME(words))(w >> (shift + 8)) & mask};
}
INLINE struct NAME(pairs) NAME(joined)(struct NAME(pairs) low, struct NAME(pairs) high, int shift) {
    return (struct NAME(pairs)){low.even | high.even << shift, low.odd | high.odd << shift};
}

// The low nibbles of 16 bytes, then the high ones.
INLINE struct NAME(pairs) NAME(nibbles_of)(const uint8_t *q) {
    NAME(bytes) half = *(const NAME(bytes) *)q;
    NAME(fields) w = (NAME(fields))__builtin_shufflevector(
        half, half, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
        14, 15);
    w >>= (NAME(fields)){0, 0, 0, 0, 4, 4, 4, 4};
    return (struct NAME(pairs)){(NAME(words))w & 15, (NAME(words))((NAME(marks))w >> 8) & 15};
}

// 1 where the bit of a word is set.
INLINE struct NAME(pairs) NAME(fifths_of)(const uint8_t *word) {
    uint32_t bits;
    memcpy(&bits, word, sizeof bits);
    // Bits 0 to 15 for the low half, 16 to 31 for the high one, the even ones and then the odd ones.
    NAME(marks) low = (NAME(marks)){0} + (uint16_t)bits, high = (NAME(marks)){0} + (uint16_t)(bits >> 16);
    NAME(marks) w = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    const NAME(marks) even = {1, 4, 16, 64, 256, 1024, 4096, 16384, 1, 4, 16, 64, 256, 1024, 4096, 16384};
    const NAME(marks) odd = even * 2;
    return (struct NAME(pairs)){(NAME(words))((w & even) != 0) & 1, (NAME(words))((w & odd) != 0) & 1};
}

INLINE struct NAME(pairs) NAME(chosen_of)(const uint8_t *q) {
#ifdef HAS_PAIRS
    const __m128i table = _mm_loadu_si128((const __m128i *)NAME(steps)), both = _mm_loadu_si128((const __m128i *)q);
    const __m128i mask = _mm_set1_epi8(15), low = _mm_shuffle_epi8(table, _mm_and_si128(both, mask));
    const __m128i high = _mm_shuffle_epi8(table, _mm_and_si128(_mm_srli_epi16(both, 4), mask));
    return NAME(signed_bytes)((NAME(wholes))_mm256_set_m128i(high, low));
#else
    struct NAME(pairs) w = NAME(nibbles_of)(q);
    for (int j = 0; j < 16; j++) {
        w.even[j] = NAME(steps)[w.even[j]];
        w.odd[j] = NAME(steps)[w.odd[j]];
    }
    return w;
#endif
}

// Blocks of 32: their bytes and numbers.
#define DOT(name, bytes, numbers)                                                                                \
    static float NAME(dot_##name)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) { \
        NAME(eight) s = {0};                                                                                     \
        (void)floats;                                                                                            \
        for (long i = 0; i < count; i++, w += bytes, x++)                                                        \
            s = SUM(s, NAME(digit_sums)(numbers, x), NAME(all)(NAME(half)(w) * x->unit));                        \
        return NAME(total)(s);                                                                                   \
    }
DOT(q4_0, 18, NAME(less)(NAME(nibbles_of)(w + 2), 8))
DOT(q5_0, 22, NAME(less)(NAME(joined)(NAME(nibbles_of)(w + 6), NAME(fifths_of)(w + 2), 4), 16))
DOT(q8_0, 34, NAME(signed_bytes)(*(const NAME(wholes) *)(w + 2)))
DOT(iq4_nl, 18, NAME(chosen_of)(w + 2))
#undef DOT

// A scale times the unit of a row, and what 0 stands for times its sum; the third and fourth are 0.
typedef float NAME(four) __attribute__((vector_size(16), aligned(4), may_alias));
INLINE NAME(four) NAME(scale_and_minimum)(const uint8_t *w, const struct ck_digits *x) {
#ifdef HAS_PAIRS
    int both;
    memcpy(&both, w, sizeof both);
    return (NAME(four))_mm_mul_ps(
        _mm_cvtph_ps(_mm_cvtsi32_si128(both)), _mm_castpd_ps(_mm_load_sd((const double *)(const void *)&x->unit)));
#else
    return (NAME(four)){NAME(half)(w) * x->unit, NAME(half)(w + 2) * x->sum};
#endif
}
// Blocks of 32 in which 0 stands for a number of its own.
#define DOT(name, bytes, numbers)                                                                                \
    static float NAME(dot_##name)(const uint8_t *w, long count, const float *floats, const struct ck_digits *x) { \
        NAME(eight) s = {0};                                                                                     \
        NAME(four) both = {0};                                                                                   \
        (void)floats;                                                                                            \
        for (long i = 0; i < count; i++, w += bytes, x++) {                                                      \
            NAME(four) scale = NAME(scale_and_minimum)(w, x);                                                    \
            s = SUM(s, NAME(digit_sums)(numbers, x), NAME(all)(scale[0]));                                       \
            both += scale;                                                                                       \
        }                                                                                                        \
        return NAME(total)(s) + both[1];                                                                         \
    }
DOT(q4_1, 20, NAME(nibbles_of)(w + 4))
DOT(q5_1, 24, NAME(joined)(NAME(nibbles_of)(w + 8), NAME(fifths_of)(w + 4), 4))
#undef DOT

// Blocks of 256, whose groups of 32 have a scale and a minimum of six bits: q4_k and, with fifth bits, q5_k.
INLINE float NAME(dot_six_bits)(const uint8_t *w, long count, const struct ck_digits *x, int bytes, int has_fifth) {
    NAME(eight) none = {0}, s = none;
    float minima = 0;
    for (long i = 0; i < count; i++, w += bytes, x += 8) {
        NAME(eight) block = none;
        float least = 0;
        UNROLLED for (int group = 0; group < 8; group++) {
            int scale, minimum;
            NAME(six_bits)(w + 4, group, &scale, &minimum);
            struct NAME(pairs) q = NAME(bits_of)(w + (has_fifth ? 48 : 16) + group / 2 * 32, group % 2 * 4, 15);
            if (has_fifth) q = NAME(joined)(q, NAME(bits_of)(w + 16, group, 1), 4);
            block = SUM(block, NAME(digit_sums)(q, x + group), NAME(all)((float)scale * x[group].unit));
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
        UNROLLED for (int pair = 0; pair < 8; pair++) {
            struct NAME(pairs) q = NAME(bits_of)(w + 32 + pair / 4 * 32, pair % 4 * 2, 3);
            q = NAME(less)(NAME(joined)(q, NAME(bits_of)(w, pair, 1), 2), 4);
            block = SUM(
                block, NAME(digit_sums)(q, x + pair),
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
        UNROLLED for (int pair = 0; pair < 8; pair++) {
            int part = pair / 4, row = pair % 4;
            struct NAME(pairs) q = NAME(bits_of)(w + part * 64 + row % 2 * 32, row / 2 * 4, 15);
            q = NAME(less)(NAME(joined)(q, NAME(bits_of)(w + 128 + part * 32, row * 2, 3), 4), 32);
            block = SUM(
                block, NAME(digit_sums)(q, x + pair),
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
        UNROLLED for (int group = 0; group < 8; group++) {
            int scale = (w[4 + group / 2] >> (group % 2 * 4) & 15) | (high >> (2 * group) & 3) << 4;
            block = SUM(
                block, NAME(digit_sums)(NAME(chosen_of)(w + 8 + group * 16), x + group),
                NAME(all)((float)(scale - 32) * x[group].unit));
        }
        s = SUM(s, block, NAME(all)(NAME(half)(w)));
    }
    return NAME(total)(s);
}

// x[count · 32] as digits: the largest number fills 28 bits, so that whatever is within an eighth of it is kept as it is.
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
        for (int odd = 0; odd < 2; odd++)
            for (int j = 0; j < 16; j++) {
                int low = ((whole[2 * j + odd] + 8192) & 16383) - 8192;
                y->low[odd][j] = (int16_t)low;
                y->high[odd][j] = (int16_t)((whole[2 * j + odd] - low) >> 14);
            }
        y->unit = is_finite ? unit : __builtin_nanf("");
        y->sum = is_finite ? (float)((double)sum * unit) : __builtin_nanf("");
    }
}
#undef MARKS
#undef UNROLLED
#undef TO_FLOAT
