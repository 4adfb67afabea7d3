"""Attention maps that a program has already, as files that `ropewalk open --attention FILE --tokens FILE` reads."""

import itertools
import json
import os
import struct

import torch

from ropewalk_capture_files import CaptureError, _bytes, replace


def save_maps(attentions, tokens, path):
    """Writes weights [layers, heads, queries, keys], float32, to FILE.npy or FILE.safetensors (tensor `attentions`),
    and the tokens' text to FILE.tokens.json beside it, a list of strings (of keys, where there are more keys than
    queries).

    attentions: what transformers gives with `output_attentions=True` (a tuple of [1, heads, queries, keys]), or one
    array. Layers are written one after the other. Returns both paths. """
    layers = [torch.as_tensor(layer) for layer in attentions]
    layers = [layer[0] if layer.ndim == 4 and layer.shape[0] == 1 else layer for layer in layers]
    if not layers or any(layer.ndim != 3 or layer.shape != layers[0].shape for layer in layers):
        raise CaptureError("attentions are not [layers, heads, queries, keys] of one text: give one text and no cache")
    shape = [len(layers), *layers[0].shape]
    if len(tokens) != max(shape[2:]):
        raise CaptureError(f"{len(tokens)} tokens for a map of {shape[2]} queries and {shape[3]} keys")
    kind = os.path.splitext(path)[1]
    if kind == ".npy":
        text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))}), }}"
        text += " " * (-(len(text) + 11) % 64) + "\n"
        header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
    elif kind == ".safetensors":
        size = 4 * shape[0] * shape[1] * shape[2] * shape[3]
        text = json.dumps({"attentions": {"dtype": "F32", "shape": shape, "data_offsets": [0, size]}})
        text += " " * (-len(text) % 8)
        header = struct.pack("<Q", len(text)) + text.encode()
    else:
        raise CaptureError(f"{path} ends in neither .npy nor .safetensors")
    replace(path, itertools.chain([header], (_bytes(layer.float()) for layer in layers)))
    names = os.path.splitext(path)[0] + ".tokens.json"
    replace(names, [json.dumps([str(token) for token in tokens], ensure_ascii=False).encode()])
    return path, names
