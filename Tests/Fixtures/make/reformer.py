"""What Reformer needs beside other families: fixed directions, and its attention as rows over all keys.

transformers draws the directions of a hash in the type of the model. Models are used in float32, so that the directions of a
seed are those of float32; in float64 they would be others.
"""
import contextlib

import torch
from torch import nn
from transformers.models.reformer import modeling_reformer as reformer

hash_of_transformers = reformer.LSHSelfAttention._hash_vectors


def hash_vectors(self, vectors, *arguments, **keywords):
    draw = torch.randn
    torch.randn = lambda *shape, dtype=None, **more: draw(*shape, dtype=torch.float32, **more).type(dtype)
    try:
        return hash_of_transformers(self, vectors, *arguments, **keywords)
    finally:
        torch.randn = draw


def prepare():
    reformer.LSHSelfAttention._hash_vectors = hash_vectors


class OneHot(nn.Module):
    """In place of values: 1 in dimension i of the token first + i, so that what is read are weights."""

    def __init__(self, heads, size, first):
        super().__init__()
        self.heads, self.size, self.first = heads, size, first

    def forward(self, x):
        values = torch.zeros(*x.shape[:2], self.size, dtype=x.dtype)
        for i in range(min(self.size, x.shape[1] - self.first)):
            values[:, self.first + i, i] = 1
        return values.repeat(1, 1, self.heads)


def is_attention(module):
    return isinstance(module, (reformer.LSHSelfAttention, reformer.LocalSelfAttention))


@contextlib.contextmanager
def noting(model, found, tokens):
    """Puts the weights of every layer into `found`: [1, heads, tokens, tokens]."""
    busy = []

    def note(module, arguments, keywords, results):
        if busy:
            return
        busy.append(True)
        own, heads, size = module.value, module.num_attention_heads, module.attention_head_size
        padded = keywords["hidden_states"].shape[1]
        parts = []
        for first in range(0, padded, size):
            module.value = OneHot(heads, size, first)
            read = module(**keywords)[0]                             # [1, padded, heads * size]
            parts.append(read.view(1, padded, heads, size).transpose(1, 2))
        module.value = own
        found[f"attentions.{module.layer_idx}"] = torch.cat(parts, -1)[:, :, :tokens, :tokens]
        busy.pop()

    handles = [m.register_forward_hook(note, with_kwargs=True) for m in model.modules() if is_attention(m)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def run(forward, model, x, f64, hooks):
    """The results of `forward` without fillings, with weights as rows.

    In float32 rows of which every round finds nothing but the token itself would not add up to 1 (-1e5 leaves no room for
    what is beside it): their noise is measured with a mask that is far below all scores too.
    """
    tokens = x["input_ids"].shape[1]
    for module in model.modules():
        if isinstance(module, reformer.LSHSelfAttention):
            module.self_mask_value_float32 = torch.tensor(-1e5 if f64 else -40.0)
    found = {}
    with noting(model, found, tokens):
        results = forward(model, x, f64, hooks)
    for name, value in results.items():
        if name.startswith(("hidden_states", "last_block_output")):
            results[name] = value[:, :tokens]
    return {**{k: v for k, v in results.items() if not k.startswith("attentions")}, **found}
