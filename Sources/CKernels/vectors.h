// Vectors of LANES floats, their sums and their exponential, included by loops.h.

typedef float NAME(vec) __attribute__((ext_vector_type(LANES)));
typedef int32_t NAME(ivec) __attribute__((ext_vector_type(LANES)));
typedef float NAME(vec8) __attribute__((ext_vector_type(8)));
typedef float NAME(vec4) __attribute__((ext_vector_type(4)));
typedef float NAME(vec2) __attribute__((ext_vector_type(2)));
#define VEC NAME(vec)
#define IVEC NAME(ivec)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE VEC NAME(load)(const float *p) {
    VEC v;
    memcpy(&v, p, sizeof v);
    return v;
}
INLINE void NAME(store)(float *p, VEC v) { memcpy(p, &v, sizeof v); }
#define LOAD NAME(load)
#define STORE NAME(store)
#define SPLAT(x) ((VEC)(x))

// Halving; `.lo` and `.hi` are the halves of a vector. A comparison and a choice is one instruction, the NaN rules of
// fmax would be four.
#define HIGHER(a, b) ((a) > (b) ? (a) : (b))

#define REDUCE(RESULT, OPERATION)                                                                                \
    INLINE float NAME(RESULT)(VEC v) {                                                                           \
        HALVE_TO_4(v, OPERATION)                                                                                 \
        NAME(vec2) two = OPERATION(four.lo, four.hi);                                                            \
        return OPERATION(two.x, two.y);                                                                          \
    }
#if LANES == 16
#define HALVE_TO_4(v, OPERATION)                                                                                 \
    NAME(vec8) eight = OPERATION(v.lo, v.hi);                                                                    \
    NAME(vec4) four = OPERATION(eight.lo, eight.hi);
#elif LANES == 8
#define HALVE_TO_4(v, OPERATION) NAME(vec4) four = OPERATION(v.lo, v.hi);
#else
#define HALVE_TO_4(v, OPERATION) NAME(vec4) four = v;
#endif
#define PLUS(a, b) ((a) + (b))
REDUCE(horizontal_max, HIGHER)
REDUCE(horizontal_sum, PLUS)

// exp for x <= 88: 2^n * p(r) with r in [-ln2/2, ln2/2] and a polynomial of degree 5 with p(0) = 1 (least largest
// relative error, 9e-8, by reweighted least squares). Below -87.3, where the result would not be a normal number,
// exactly 0. With fused multiplication one step leaves r within n * 2e-9, which is 2.4e-7 of the result at the far end
// and nothing near 0; without it the product itself would be rounded, so the constant is taken off in two parts.
#define EXP_FLOOR (-87.3f)
INLINE VEC NAME(exp_of_clamped)(VEC clamped) {
    const float magic = 12582912.0f;  // 1.5 * 2^23: adding it leaves the rounded integer in the low bits
    VEC shifted = clamped * 1.44269504f + magic;
    VEC n = shifted - magic;
#if LANES > 4
    VEC r = clamped - n * 0.69314718f;
#else
    VEC r = clamped - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
#endif
    VEC p = r * 8.29031e-3f + 4.189797e-2f;
    p = p * r + 1.6667637e-1f;
    p = p * r + 4.999915e-1f;
    p = p * r + 9.999997e-1f;
    p = p * r + 1.0f;
    return (VEC)((IVEC)p + ((IVEC)shifted << 23));
}
INLINE VEC NAME(zero_below_floor)(VEC result, VEC x) { return (VEC)((IVEC)result & (x >= SPLAT(EXP_FLOOR))); }
INLINE VEC NAME(exp)(VEC x) {
    return NAME(zero_below_floor)(NAME(exp_of_clamped)(HIGHER(x, SPLAT(EXP_FLOOR))), x);
}
