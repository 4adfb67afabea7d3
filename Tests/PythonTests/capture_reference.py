"""What a recording has to be: the same model in float64 with whole attention maps, by transformers' own plain code."""

import copy
import json
import math
import os
import struct
import sys

import torch
import transformers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources", "Python"))

TYPES = {
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I8": torch.int8,
    "I32": torch.int32,
    "I64": torch.int64,
}


def read_safetensors(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    result = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        first, end = entry["data_offsets"]
        bytes_ = bytearray(data[8 + size + first : 8 + size + end])
        tensor = (
            torch.frombuffer(bytes_, dtype=TYPES[entry["dtype"]])
            if bytes_
            else torch.zeros(0, dtype=TYPES[entry["dtype"]])
        )
        result[name] = tensor.reshape(entry["shape"])
    return result


class Recording:
    """A recording joined as a reader does it: [heads, tokens, ...] of every layer, zeros where nothing is recorded."""

    def __init__(self, folder):
        self.index = json.load(open(os.path.join(folder, "recording.json")))
        self.tokens = read_safetensors(os.path.join(folder, "tokens.safetensors"))
        self.kinds = {entry["kind"]: entry for entry in self.index["attention"]}
        self.tensors, self.covered = {}, {}
        for part in self.index["parts"]:
            path = os.path.join(folder, part["file"])
            assert os.path.getsize(path) == part["bytes"]
            for name, tensor in read_safetensors(path).items():
                self._join(part, name, tensor)

    def _join(self, part, name, tensor):
        kind = self.kinds[part["kind"]]
        label = name.split(".")[-1] if not name.endswith(".scale") else name.split(".")[-2]
        count = kind["keys"] if label in ("keys", "values") else kind["queries"]
        first, end = part["tokens"]
        if label in ("last_hidden", "negative_log_likelihood"):
            whole = self.tensors.setdefault(name, torch.zeros((count, *tensor.shape[1:]), dtype=tensor.dtype))
            whole[first:end] = tensor
            return
        heads = part["key_value_heads"] if label in ("keys", "values") else part["heads"]
        total = kind["key_value_heads"] if label in ("keys", "values") else kind["heads"]
        if label in ("pool_maximum", "pool_mass"):
            block = kind["pool_block"]
            shape = total, -(-kind["queries"] // block), -(-kind["keys"] // block)
            whole = self.tensors.setdefault(name, torch.zeros(shape))
            row = first // block
            whole[heads[0] : heads[1], row : row + tensor.shape[1], : tensor.shape[2]] = tensor
            return
        whole = self.tensors.setdefault(name, torch.zeros((total, count, *tensor.shape[2:]), dtype=tensor.dtype))
        if part["kind"] == "cross" and label in ("keys", "values"):
            first, end = 0, count
        whole[heads[0] : heads[1], first:end] = tensor

    def __getitem__(self, name):
        tensor = self.tensors[name]
        scale = self.tensors.get(name + ".scale")
        return tensor.float() if scale is None else tensor.float() * scale[..., None]

    def __contains__(self, name):
        return name in self.tensors


def tokenizer(vocabulary):
    """Words t0, t1 ...: token i is word ti."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({f"t{i}": i for i in range(vocabulary)}, unk_token="t0"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made)


def text(tokens, vocabulary, seed=0):
    """Words of a small part of the vocabulary, so that they come again."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, min(vocabulary, 20), (tokens,), generator=generator)
    return " ".join(f"t{i}" for i in ids.tolist())


def sharpened(model, seed=0):
    """Random weights with which attention is not nearly even, and biases and norms that show."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.ndim > 1:
                parameter.copy_(noise * (1.5 if "embed" in name or "wte" in name else 1.6 / parameter.shape[-1] ** 0.5))
            else:
                parameter.add_(noise * 0.2)
    return model.eval()


def maps(model, arguments):
    """Results of the same model in float64 with maps."""
    plain = copy.deepcopy(model).double()
    plain.set_attn_implementation("eager")
    if hasattr(plain, "set_experts_implementation"):
        plain.set_experts_implementation("eager")
    with torch.no_grad():
        return plain(**arguments, output_attentions=True, output_hidden_states=True, use_cache=False)


def measures(weights, first_key=0):
    """What a head measures of whole weights [heads, queries, keys], float64: the formulas of the format."""
    heads, queries, keys = weights.shape
    query, key = torch.arange(queries)[:, None], torch.arange(keys)[None]
    result = {
        "entropy": -(weights * torch.where(weights > 0, weights, torch.ones(1).double()).log2()).sum(-1),
        "distance": (weights * (query - key)).sum(-1),
        "sink": weights[..., 0],
        "previous": torch.zeros(heads, queries).double(),
    }
    for row in range(1, min(queries, keys + 1)):
        result["previous"][:, row] = weights[:, row, row - 1]
    return result


def pooled(weights, block):
    """(highest, sum) of blocks of whole weights, one block at a time."""
    heads, queries, keys = weights.shape
    rows, columns = -(-queries // block), -(-keys // block)
    result = torch.zeros(2, heads, rows, columns).double()
    for row in range(rows):
        for column in range(columns):
            cell = weights[:, row * block : (row + 1) * block, column * block : (column + 1) * block]
            result[0, :, row, column] = cell.amax((1, 2))
            result[1, :, row, column] = cell.sum((1, 2))
    return result


def induction(weights, ids):
    result = torch.zeros(weights.shape[:2]).double()
    for query, token in enumerate(ids):
        earlier = [place for place in range(query) if ids[place] == token]
        if earlier:
            result[:, query] = weights[:, query, earlier[-1] + 1]
    return result


def turned(states, angles):
    """Recorded states [heads, n, d] turned as a reader does it: number i with number i + half. angles: [n, half]."""
    half = angles.shape[1]
    a, b, rest = states[..., :half], states[..., half : 2 * half], states[..., 2 * half :]
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin(), rest], -1)


def differences(recording, kind, weights, ids=None):
    """The largest absolute difference of every measure from whole maps [layer][heads, queries, keys]."""
    found = {}
    for layer, own in enumerate(weights):
        own = own.double()
        expected = measures(own)
        if ids is not None and kind != "cross":
            expected["induction"] = induction(own, ids)
        if kind != "cross" or True:
            block = recording.kinds[kind]["pool_block"]
            expected["pool_maximum"], expected["pool_mass"] = pooled(own, block)
        for name, tensor in expected.items():
            actual = recording[f"{kind}.{layer}.{name}"].double()
            scale = max(1.0, float(tensor.abs().max())) if name in ("distance", "pool_mass", "entropy") else 1.0
            found[name] = max(found.get(name, 0), float((actual - tensor).abs().max()) / scale)
        top = recording.tensors[f"{kind}.{layer}.top_key"].long()
        at_top = own.gather(-1, top.clamp_min(0)[..., None])[..., 0]
        found["top_key"] = max(found.get("top_key", 0), float((own.amax(-1) - at_top).abs().max()))
    return found


def of_scores(recording, kind, layer, weights, scale, angles=None, softcap=None, bias=None):
    """The largest difference of exp(score − log_sum_exp), of what is recorded, from weights, where these are not 0."""
    queries, keys = recording[f"{kind}.{layer}.queries"].double(), recording[f"{kind}.{layer}.keys"].double()
    if angles is not None:
        queries, keys = turned(queries, angles[: queries.shape[1]]), turned(keys, angles[: keys.shape[1]])
    keys = keys.repeat_interleave(queries.shape[0] // keys.shape[0], 0)
    scores = queries @ keys.transpose(1, 2) * scale
    if softcap:
        scores = (scores / softcap).tanh() * softcap
    if bias is not None:
        scores = scores + bias
    made = (scores - recording[f"{kind}.{layer}.log_sum_exp"].double()[..., None]).exp()
    return float(((made - weights.double()) * (weights > 1e-30)).abs().max())


def angles(theta, dimensions, tokens, factor=1.0):
    frequencies = theta ** (-torch.arange(0, dimensions, 2).double() / dimensions) / factor
    return torch.arange(tokens).double()[:, None] * frequencies
