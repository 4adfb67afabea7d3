"""Cuts what is tested out of vectors of the authors' released code: python cut_authors.py FOLDER (numpy, safetensors).

FOLDER has authors.safetensors and authors.json. Of methods that move tokens a few rows of one head are kept, of
selections every query; the choices are packed, a bit a key.
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

FOLDER = Path(__file__).resolve().parents[1] / "vectors"
PLACES = [
    "leaky-rerope/logn-w32-s16",
    "pcw/32x3",
    "dual-chunk/temperature-160",
    "streaming/window-plus-1-4-32",
    "streaming/equal-4-32",
    "self-extend/6-32",
    "lm-infinite/limit-gt-window",
    "lm-infinite/limit-lt-window",
    "longlora/eager-128",
]
CHOICES = [
    "longheads/prompt-64",
    "longheads/decode-64",
    "infllm/code-a",
    "infllm/mean-a",
    "landmark/released-7-2",
    "landmark/true-scores-7-2",
    "landmark/true-7-2",
]
# Cases that agreed from the beginning: choices of a head, or of those that choose together.
AGREEING = {"quest/8-32": 1, "moba/16-3": 1, "nsa/8-4-16": 2, "tova/24": 2, "h2o/12-12": 1, "snapkv/96-40": 1}


def rows_of(case):
    """Some queries at the beginning, in the middle and at the end."""
    n = case["tokens"]
    return sorted({1, n // 8, n // 4 + 1, n // 2, n // 2 + 17, n - 1})


def square(positions, kind, rows):
    """Distances of some queries, however the file has its positions. [row, key]"""
    if kind.startswith("token"):
        return positions[rows, None] - positions[None, :]
    return positions[rows]


def places(case, tensors):
    get = lambda name: tensors[f"{case['id']}/{name}"]
    rows = rows_of(case)
    head = 1 if case["method"] == "longlora" else 0
    group = case["query_heads"] // case["key_heads"]
    kept = {
        "q": get("q")[head][rows],
        "k": get("k")[head // group],
        "weights": get("weights")[head][rows],
        "distances": square(get("positions"), case["positions_kind"], rows).astype(np.float32),
        "rows": np.array(rows, np.int32),
    }
    if "temperature" in case["tensors"]:
        kept["temperature"] = get("temperature")[rows].astype(np.float32)
    return kept


def choices(case, tensors, known):
    get = lambda name: tensors[f"{case['id']}/{name}"]
    heads = case["query_heads"]
    # The heads of the layer choose together in one, and stand alone in the other.
    shown = 1 if case["method"] == "infllm" or heads == case["key_heads"] else heads
    states = heads if case["method"] == "infllm" else shown
    kept = {"selected": np.packbits(get("selected")[:shown], axis=-1)}
    for name in "qkv" if case["method"] == "longheads" else "qk":
        tensor = get(name)[:states]
        if not any(np.array_equal(tensor, other) for other in known.get(name, [])):
            known.setdefault(name, []).append(tensor)
            kept[name] = tensor
    first = case["rows"][0]
    # The rows of landmarks are of landmarks that were trained.
    compared = range(*case["rows"]) if case["compare_rows"] == "all" else case["compare_rows"]
    rows = [row for row in rows_of(case) if row in compared]
    kept["rows"] = np.array(rows, np.int32)
    kept["weights"] = get("weights")[:shown][:, [row - first for row in rows]]
    return kept


def agreeing(case, tensors, heads):
    get = lambda name: tensors[f"{case['id']}/{name}"]
    return {
        "q": get("q")[:heads],
        "k": get("k")[:1],
        "selected": np.packbits(get("selected")[:heads], axis=-1),
    }


def quantised(tensors):
    return {name: tensors[f"kivi/2-16-32/{name}"] for name in ["k", "v", "keys_read", "values_read"]}


source = Path(sys.argv[1])
tensors = load_file(source / "authors.safetensors")
cases = {case["id"]: case for case in json.loads((source / "authors.json").read_text())["cases"]}
cut, known = {}, {}
for name in PLACES:
    cut |= {f"{name}/{key}": value for key, value in places(cases[name], tensors).items()}
for name in CHOICES:
    cut |= {f"{name}/{key}": value for key, value in choices(cases[name], tensors, known).items()}
for name, heads in AGREEING.items():
    cut |= {f"{name}/{key}": value for key, value in agreeing(cases[name], tensors, heads).items()}
cut |= {f"kivi/2-16-32/{key}": value for key, value in quantised(tensors).items()}
save_file({name: np.ascontiguousarray(value) for name, value in cut.items()}, FOLDER / "authors.safetensors")
