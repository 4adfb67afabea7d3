#pragma once
#include "kernels.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

/// The loops of one instruction set.
struct ck_table {
    const char *instruction_set;
    void (*pack_queries)(const float *, long, long, long, float *);
    void (*scores)(const float *, long, const float *, long, float *);
    void (*mask)(float *, long, const uint64_t *);
    void (*softmax)(float *, long, float, ck_running, long, float *, float *, long, int);
    void (*accumulate)(const float *, long, const float *, long, const float *, float *);
    void (*sums)(const float *, long, long, const float *, long, const float *, float *);
    void (*weights)(float *, long, long, const float *);
    void (*gather_scores)(const float *, const float *, long, const int32_t *, long, float *);
    void (*gather_values)(const float *, const float *, long, const int32_t *, long, float *);
    float (*maximum)(const float *, long);
    float (*exp_sum)(const float *, long, float);
    float (*score)(const float *, const float *, long, long);
    long (*find_score)(const float *, const float *, long, long, long, float);
    void (*rotate_tile)(const float *, const float *, const float *, long, long, float *);
    void (*rotary_table)(const float *, long, const float *, float, float *, float *);
    void (*blend)(float *, const float *, long, const uint64_t *);
    void (*softcap)(float *, long, float);
    void (*layer_norm)(const float *, const float *, const float *, float, long, long, float *);
    void (*gelu_tanh)(float *, long, float);
    void (*silu)(float *, long);
    void (*multiply)(float *, const float *, long);
    void (*add_scaled)(float *, const float *, long, float);
    void (*matrix_vector)(const float *, long, long, const float *, float *);
    void (*rms_norm)(const float *, const float *, float, long, long, float *);
    void (*silu_multiply)(float *, const float *, long);
    void (*add)(float *, const float *, long);
    void (*causal_convolution)(
        const float *, const float *, long, long, const float *, const float *, long, float *);
    void (*selective_scan)(const ck_scan *, const float *, long, long);
    void (*head_scan)(const ck_scan *, long, float, float, long, long);
    void (*weighted_mean_scan)(
        const float *, const float *, long, long, const float *, const float *, long, long, float *, float *);
    void (*softplus)(float *, long, float, float);
    void (*sigmoid_multiply)(float *, const float *, long);
};

extern const struct ck_table ck_baseline_table;
#if defined(__x86_64__)
extern const struct ck_table ck_v3_table, ck_v4_table;
#endif
