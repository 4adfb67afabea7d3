"""The blocks that PyTorch's create_block_mask makes of rules at many lengths, for tests: block_masks.json.

    python block_masks.py > ../masks/block_masks.json

Every case: the rule, tokens, the side of the blocks, and the blocks row by row: # full, + in part, . empty.
"""

import json
import sys

import torch
from torch.nn.attention.flex_attention import create_block_mask

RULES = {
    "q >= k": lambda b, h, q, k: q >= k,
    "q >= k && q - k < 100": lambda b, h, q, k: (q >= k) & (q - k < 100),
    "q >= k && (q - k < 100 || k < 4)": lambda b, h, q, k: (q >= k) & ((q - k < 100) | (k < 4)),
    "q >= k || k < 40": lambda b, h, q, k: (q >= k) | (k < 40),
    "q / 96 == k / 96": lambda b, h, q, k: q // 96 == k // 96,
    "q >= k && q / 128 == k / 128": lambda b, h, q, k: (q >= k) & (q // 128 == k // 128),
    "abs(q - k) < 65": lambda b, h, q, k: (q - k).abs() < 65,
    "q >= k && (q - k) % 64 == 0": lambda b, h, q, k: (q >= k) & ((q - k) % 64 == 0),
    "k >= 0": lambda b, h, q, k: k >= 0,
    "k < 0": lambda b, h, q, k: k < 0,
    "q >= k && k >= 130": lambda b, h, q, k: (q >= k) & (k >= 130),
    "q * k % 7 < 6": lambda b, h, q, k: q * k % 7 < 6,
}
LENGTHS = [1, 63, 64, 65, 100, 127, 128, 129, 200, 255, 256, 257, 300, 385, 511, 513]


def drawing(mask):
    kinds = mask.to_dense()[0, 0].tolist()
    rows, columns = len(kinds), len(kinds[0])
    full = torch.zeros(rows, columns, dtype=torch.bool)
    if mask.full_kv_num_blocks is not None:
        for row in range(rows):
            count = int(mask.full_kv_num_blocks[0, 0, row])
            full[row, mask.full_kv_indices[0, 0, row, :count].long()] = True
    part = torch.zeros(rows, columns, dtype=torch.bool)
    for row in range(rows):
        part[row, mask.kv_indices[0, 0, row, : int(mask.kv_num_blocks[0, 0, row])].long()] = True
    return "/".join(
        "".join("#" if full[r, c] else "+" if part[r, c] else "." for c in range(columns)) for r in range(rows))


def main():
    cases = []
    for rule, mod in RULES.items():
        for tokens in LENGTHS:
            for side in (64, 128):
                mask = create_block_mask(mod, None, None, tokens, tokens, device="cpu", BLOCK_SIZE=side)
                cases.append([rule, tokens, side, drawing(mask)])
    print("[" + ",\n ".join(json.dumps(case, separators=(",", ":")) for case in cases) + "]")
    print(len(cases), torch.__version__, file=sys.stderr)


if __name__ == "__main__":
    main()
