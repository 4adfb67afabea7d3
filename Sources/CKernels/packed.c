#include "packed.h"
#include <string.h>
#pragma clang fp contract(off)

static inline float half(uint16_t half) {
    uint32_t magnitude = (uint32_t)(half & 0x7fff) << 13, sign = (uint32_t)(half & 0x8000) << 16, bits;
    float value;
    memcpy(&value, &magnitude, sizeof value);
    value *= 0x1p112f;
    memcpy(&bits, &value, sizeof bits);
    bits = ((half & 0x7c00) == 0x7c00 ? 0x7f800000u | magnitude : bits) | sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float ck_number(const ck_numbers *numbers, long place) {
    if (numbers->table) return numbers->table[numbers->bytes[place]];
    uint16_t short_bits;
    uint32_t bits;
    float value;
    switch (numbers->format) {
    case CK_F16:
        memcpy(&short_bits, numbers->bytes + place * 2, sizeof short_bits);
        return half(short_bits);
    case CK_BF16:
        memcpy(&short_bits, numbers->bytes + place * 2, sizeof short_bits);
        bits = (uint32_t)short_bits << 16;
        memcpy(&value, &bits, sizeof value);
        return value;
    default:
        memcpy(&value, numbers->bytes + place * 4, sizeof value);
        return value;
    }
}

// -- codes of one row

static void along_rows(const ck_packed *w, long row, float *y) {
    const uint8_t *x = w->codes + row * w->row_bytes;
    const float *table = w->table;
    if (w->bits == 8) {
        for (long i = 0; i < w->inputs; i++) y[i] = table[x[i]];
    } else if (w->bits == 4) {
        for (long i = 0; i < w->inputs; i++) y[i] = table[x[i >> 1] >> (i % 2 * 4) & 15];
    } else {
        uint32_t mask = (1u << w->bits) - 1, window = 0;
        long filled = 0;
        for (long i = 0; i < w->inputs; i++) {
            for (; filled < w->bits; filled += 8) window |= (uint32_t)*x++ << filled;
            y[i] = table[window & mask];
            window >>= w->bits;
            filled -= w->bits;
        }
    }
}

static void high_first(const ck_packed *w, long row, float *y) {
    long first = row * w->inputs;
    for (long i = 0; i < w->inputs; i++) {
        long place = first + i;
        y[i] = w->table[w->codes[place >> 1] >> (place % 2 ? 0 : 4) & 15];
    }
}

static inline uint32_t word(const uint8_t *words, long place) {
    uint32_t bits;
    memcpy(&bits, words + place * 4, sizeof bits);
    return bits;
}

static void down_columns(const ck_packed *w, long row, float *y) {
    uint64_t window = 0, mask = (1u << w->bits) - 1;
    long filled = 0, next = 0;
    for (long i = 0; i < w->inputs; i++) {
        if (filled < w->bits) {
            window |= (uint64_t)word(w->codes, next++ * w->outputs + row) << filled;
            filled += 32;
        }
        y[i] = w->table[window & mask];
        window >>= w->bits;
        filled -= w->bits;
    }
}

static void interleaved(const ck_packed *w, long row, float *y) {
    static const int places[8] = {0, 4, 1, 5, 2, 6, 3, 7};
    int shift = places[row % 8] * 4;
    long words = w->outputs / 8, first = row / 8;
    for (long i = 0; i < w->inputs; i++) y[i] = w->table[word(w->codes, i * words + first) >> shift & 15];
}

static void along_columns(const ck_packed *w, long row, float *y) {
    for (long i = 0; i < w->inputs; i++) y[i] = w->table[w->codes[i * w->outputs + row]];
}

// -- scales

static inline void scale(const ck_packed *w, long group, float *y, long count) {
    float factor = ck_number(&w->scales, group);
    float zero = w->zeros ? (float)(w->zeros[group] + w->zero_shift) : 0;
    float minimum = w->minima.bytes ? ck_number(&w->minima, group) : 0;
    for (long i = 0; i < count; i++) y[i] = (y[i] - zero) * factor + minimum;
}

void ck_widen_packed(const ck_packed *w, long row, float *y) {
    switch (w->order) {
    case CK_ALONG_ROWS: along_rows(w, row, y); break;
    case CK_HIGH_FIRST: high_first(w, row, y); break;
    case CK_DOWN_COLUMNS: down_columns(w, row, y); break;
    case CK_INTERLEAVED: interleaved(w, row, y); break;
    case CK_ALONG_COLUMNS: along_columns(w, row, y); break;
    }
    long first = row / w->rows_of_scale * w->row_stride;
    if (w->groups) {
        for (long i = 0; i < w->inputs; i++) scale(w, first + w->groups[i] * w->group_stride, y + i, 1);
        return;
    }
    long start = w->is_flat ? row * w->inputs : 0;
    for (long i = 0; i < w->inputs;) {
        long group = (start + i) / w->group_size, end = (group + 1) * w->group_size - start;
        if (end > w->inputs) end = w->inputs;
        scale(w, first + group * w->group_stride, y + i, end - i);
        i = end;
    }
}
