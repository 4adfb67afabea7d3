// Weights as packages for quantising keep them: codes of a few bits, each of which stands for a number of a table, and
// groups of codes that share a scale and what is subtracted or added.
#pragma once
#include "blocks.h"

typedef enum {
    /// Row after row, the lowest bits first; rows begin at whole bytes.
    CK_ALONG_ROWS,
    /// Row after row without gaps, two codes a byte, the high one first.
    CK_HIGH_FIRST,
    /// Words of 32 bits that hold codes of one row, the lowest bits first: [inputs * bits / 32, outputs].
    CK_DOWN_COLUMNS,
    /// Words of 32 bits that hold the codes of eight rows for one column, rows 0 2 4 6 1 3 5 7 from the lowest bits on:
    /// [inputs, outputs / 8].
    CK_INTERLEAVED,
    /// Bytes, one a code: [inputs, outputs].
    CK_ALONG_COLUMNS,
} ck_code_order;

/// Numbers at any alignment: of a plain format, or bytes that stand for numbers of a table.
typedef struct {
    const uint8_t *bytes;
    ck_format format;      ///< CK_F32, CK_F16 or CK_BF16
    const float *table;    ///< [256], null where the numbers are of that format
} ck_numbers;

/// weight[o][i] = (table[code] - zero) * scale + minimum, each of the last three that of the group of o and i.
typedef struct {
    const uint8_t *codes;
    ck_code_order order;
    long bits;                 ///< of a code, 1 to 8; 4 where the order asks for it
    long outputs, inputs;
    long row_bytes;            ///< from one row to the next, along rows
    const float *table;        ///< [2^bits]
    ck_numbers scales;
    ck_numbers minima;         ///< bytes is null for none
    const uint8_t *zeros;      ///< null for none
    long zero_shift;           ///< zero = zeros[group] + zero_shift
    /// The columns of a group, and where its numbers lie: row / rows_of_scale * row_stride + group * group_stride.
    long group_size, rows_of_scale, row_stride, group_stride;
    const int32_t *groups;     ///< [inputs]: the group of each column; null where they lie one after the other
    int is_flat;               ///< whether groups run on from row to row
} ck_packed;

/// y = one row.   y: [inputs]
void ck_widen_packed(const ck_packed *weights, long row, float *y);

/// The number at a place.
float ck_number(const ck_numbers *numbers, long place);
