"""Masks after more public bug reports, of 32 tokens each, for tests: ../masks/public.

    python mask_public.py ../masks/public

Only NumPy is needed. Every file is named after the project and the number of its issue or pull request; what is wrong in
it stands beside it here, and what is asked about it in MaskPublicTests.
"""

import sys
from pathlib import Path

import numpy as np

N = 32
q, k = np.arange(N)[:, None], np.arange(N)[None]
causal = k <= q
F16 = np.float16(-65504)


def additive(visible, hidden, dtype):
    return np.where(visible, 0, hidden).astype(dtype)


def spans_see(*spans):
    return sum((q >= a) & (q <= b) & (k >= a) & (k <= b) for a, b in spans) > 0


def masks():
    # window_size=(w, w) of flash attention counts keys before the query: 9 keys where 8 are meant.
    yield "transformers-39408", causal & (q - k <= 8)
    # triu(diagonal=past - window) over a cache of 24: one key too many in every row.
    yield "transformers-26792", (causal & (q - k <= 8))[24:]
    # The window of Flax: it is one narrower.
    yield "transformers-29176", causal & (q - k < 7)
    # Rows of a window taken from the place in the step, not in the cache: 4 queries after 28 keys.
    yield "lalamo-200", (causal & (q - k < 8))[:4]
    # A window of zero: nothing is left.
    yield "unsloth-8253", causal & (q - k < 0)
    # is_causal with one query over a cache: tril of 1 x 32.
    yield "pytorch-103082", np.tril(np.ones((1, N), bool))
    # The same with 4 queries.
    yield "pytorch-108108", np.tril(np.ones((4, N), bool))
    # The triangle of what is to be hidden given to a function that takes what is to be seen.
    yield "llms-from-scratch-1061", np.triu(np.ones((N, N), bool), 1)
    # Two summed masks of the least number: -inf where both hide, rows of padding have both numbers.
    padded = k >= 5
    with np.errstate(over="ignore"):
        yield "transformers-27114", (additive(causal, F16, np.float16) + additive(padded, F16, np.float16))[None, None]
    # The padding expanded over queries in place of keys.
    yield "transformers-26421", additive(causal & (q >= 5), F16, np.float16)[None, None]
    # Left padding that never reaches attention, in a batch of 2.
    yield "mlx-lm-1906", np.stack([causal, causal])[:, None]
    # Packed rows whose positions begin anew, with a plain causal mask.
    yield "trl-1230", causal
    yield "trl-1230-positions", np.concatenate([np.arange(12), np.arange(9), np.arange(11)])[None].astype(np.int32)
    # Documents with lengths taken for ends.
    starts = np.searchsorted([12, 20], np.arange(N), side="right")
    yield "axolotl-3796", causal & (starts[:, None] == starts[None])
    # Images that see each other beyond the window, in both kinds of layers; full layers are plainly causal.
    window = causal & (q - k < 8)
    image = spans_see((6, 17))
    yield "transformers-46850", window | image
    yield "transformers-46711", np.stack([(window | image) & (abs(q - k) < 8), causal | image])
    # Chunks of 8 that begin one early.
    yield "transformers-37414", causal & ((q + 1) // 8 == (k + 1) // 8)
    # A static cache of 32 places, of which 20 are filled after a step of 4: empty ones are seen.
    static = (k <= q) | (k >= 20)
    yield "transformers-30414", static[16:20][None, None]
    # The frontier of a step of 4 over a cache, counted from its first query.
    yield "onnx-8068", causal[:4][None, None]
    # A prefix whose last token is left out.
    yield "prefix-one-short", causal | (k < 9)
    # ALiBi with left padding of 5, whose bias in head 2 takes the place of the padding.
    slopes = np.array([0.5, 0.25, 0.125, 0.0625], np.float32)[:, None, None]
    bias = slopes * (k - q)
    heads = np.where(causal & padded, bias, -1e4)
    heads[2] = np.where(causal, bias[2], -1e4)
    yield "alibi-padding", heads[None].astype(np.float16)
    # Windows of 4 and 16 for 2 key heads, repeated in turn in place of one after the other.
    near, far = causal & (q - k < 4), causal & (q - k < 16)
    yield "gqa-grouped", np.stack([near, near, far, far])[None]
    yield "gqa-in-turn", np.stack([near, far, near, far])[None]
    # key_padding_mask of nn.MultiheadAttention: true is padding, here at the right of item 1.
    padding = np.zeros((2, N), bool)
    padding[1, 25:] = True
    yield "key-padding", padding
    # The same as it is spread over heads and queries, true where attention may look.
    yield "padding-spread", ~padding[:, None, None]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, mask in masks():
        np.save(folder / f"{name}.npy", mask)


if __name__ == "__main__":
    main()
