"""Attention masks checked, compared and explained by the program `ropewalk`.

    import ropewalk
    assert ropewalk.check(mask, expect="window=256,sinks=4")
    ropewalk.diff(mask, "lambda:sink=4,window=256")
    ropewalk.explain(mask)          # [Rule: head 3: lambda:sink=4,window=256 but for 12 pairs more, ...]
    ropewalk.why(mask, query=1204, key=87)
    ropewalk.show(mask)

A mask is a PyTorch tensor (boolean or additive, of any type), a NumPy array, a BlockMask, a mask_mod function (with
`q_len` and `kv_len`), or the text of a method such as "causal" or "expr:k <= q". Axes are batch, heads, queries, keys
unless `axes` says otherwise. NumPy is all that is needed; torch is used where the caller has it.

The program is found by the variable ROPEWALK, else in PATH.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

__all__ = ["check", "diff", "explain", "why", "show", "Report", "Difference", "Rule", "Reason", "MaskError"]


class MaskError(ValueError):
    """A mask that cannot be read, or a question that cannot be asked of it."""


class Report:
    """What a check found; true where that is nothing."""

    def __init__(self, findings, notes):
        self.findings = findings
        self.notes = notes

    def __bool__(self):
        return not self.findings

    def __len__(self):
        return len(self.findings)

    def __iter__(self):
        return iter(self.findings)

    def __repr__(self):
        lines = [f"{found['kind']}: {found['message']}" for found in self.findings]
        return "\n".join(lines) or "no faults"


class Difference:
    """Where two masks differ; true where they do."""

    def __init__(self, values, notes):
        self.only_in_first = values["only_in_first"]
        self.only_in_second = values["only_in_second"]
        self.count = self.only_in_first + self.only_in_second
        self.first = values.get("first")
        self.heads = values.get("heads") or []
        self.notes = notes

    def __bool__(self):
        return self.count > 0

    def __repr__(self):
        if not self:
            return "the same"
        places = [f"item {h['item']}, layer {h['layer']}, head {h['head']}" for h in self.heads]
        where = f" in {'; '.join(places)}" if places else ""
        return (
            f"{self.count:,} differences{where}: {self.only_in_first:,} only in the first, {self.only_in_second:,} only "
            f"in the second; the first at query {self.first['query']}, key {self.first['key']}"
        )


class Rule:
    """The simplest rule that a head follows."""

    def __init__(self, values):
        self.item, self.layer, self.head = values.get("item"), values.get("layer"), values.get("head")
        self.methods = values["methods"]
        self.is_exact = values["exact"]
        self.is_complement = values["complement"]
        self.extra, self.missing = values["extra"], values["missing"]
        self.message = values["message"]

    def __repr__(self):
        names = [("item", self.item), ("layer", self.layer), ("head", self.head)]
        place = ", ".join(f"{name} {index}" for name, index in names if index is not None)
        return f"{place}: {self.message}" if place else self.message


class Reason:
    """Why a query sees a key or does not; true where it does."""

    def __init__(self, values):
        self.visible = values["visible"]
        self.rule = values["rule"]
        self.reason = values["reason"]
        self.item, self.layer, self.head = values.get("item"), values.get("layer"), values.get("head")

    def __bool__(self):
        return self.visible

    def __repr__(self):
        return self.reason


def check(mask, expect=None, **options):
    """Looks for faults, or for what is not as `expect` claims ("window=256,sinks=4,documents=0/512")."""
    with _written(mask, options) as spec:
        claims = ["--expect", expect] if expect else []
        findings, notes = _ask([spec, "--check", *claims], options)
    return Report(findings, notes)


def diff(first, second, **options):
    """Where two masks differ."""
    with _written(first, options) as spec, _written(second, options) as other:
        values, notes = _ask([spec, "--diff", other], options)
    return Difference(values, notes)


def explain(mask, **options):
    """The simplest rule that every head of the mask follows, and where it departs from it; a list."""
    with _written(mask, options) as spec:
        values, _ = _ask([spec, "--explain"], options)
    return [Rule(value) for value in values]


def why(mask, query, key, **options):
    """Why a query sees a key or does not; a list where heads differ."""
    with _written(mask, options) as spec:
        values, _ = _ask([spec, "--why", f"{query},{key}"], options)
    if isinstance(values, list):
        return [Reason(value) for value in values]
    return Reason(values)


def show(mask, **options):
    """A picture of the mask in a notebook; elsewhere the program opens on it."""
    with _written(mask, options) as spec:
        if _in_notebook():
            from IPython.display import Image

            return Image(data=_run(["mask", spec, "--format", "png", *_words(options)])[0])
        tokens = options.get("tokens") or _token_count(mask, options)
        words = ["open", "--method", spec] + (["--tokens", str(tokens)] if tokens else [])
        subprocess.run([_program(), *words], check=False)
    return None


# The program


def _program():
    program = os.environ.get("ROPEWALK") or shutil.which("ropewalk")
    if not program:
        raise MaskError("the program ropewalk is not in PATH: set ROPEWALK to its path")
    return program


def _run(words):
    done = subprocess.run([_program(), *words], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    notes = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode not in (0, 1):
        raise MaskError(notes[-1].removeprefix("ropewalk: ") if notes else f"ropewalk ended with {done.returncode}")
    return done.stdout, notes


def _ask(words, options):
    output, notes = _run(["mask", *words, "--json", *_words(options)])
    return json.loads(output), notes


_NAMES = {
    "axes", "offset", "hidden_below", "of", "layers", "heads", "items", "tokens", "block", "as_", "invert",
}


def _words(options):
    """Keyword arguments as the options of the command."""
    words = []
    for name, value in options.items():
        if name in ("q_len", "kv_len", "batch", "head_count"):
            continue
        if name not in _NAMES:
            raise TypeError(f"{name} is no option: there are {', '.join(sorted(_NAMES))}")
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not None and value is not False:
            words += [flag, str(value)]
    return words


def _in_notebook():
    shell = sys.modules.get("IPython")
    active = shell.get_ipython() if shell else None
    return active is not None and "IPKernelApp" in getattr(active, "config", {})


# Masks


@contextlib.contextmanager
def _written(mask, options):
    """The spec of a mask, which lies in a file as long as it is needed."""
    if isinstance(mask, str):
        yield mask
        return
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ropewalk-", dir=folder) as scratch:
        path = os.path.join(scratch, "mask.npy")
        np.save(path, _array(mask, options), allow_pickle=False)
        yield "file:" + path


def _array(mask, options):
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(mask, torch.Tensor):
        return _from_tensor(mask, torch)
    if hasattr(mask, "mask_mod") and hasattr(mask, "kv_num_blocks"):
        batch, heads = mask.shape[:2]
        q_len, kv_len = mask.seq_lengths
        return _evaluated(mask.mask_mod, batch, heads, q_len, kv_len, mask.kv_num_blocks.device)
    if callable(mask):
        q_len = options.get("q_len") or options.get("tokens")
        kv_len = options.get("kv_len") or q_len
        if not q_len:
            raise TypeError("a mask_mod needs q_len (and kv_len): the numbers of queries and keys")
        return _evaluated(mask, options.get("batch") or 1, options.get("head_count") or 1, q_len, kv_len, "cpu")
    return np.asarray(mask)


def _from_tensor(mask, torch):
    mask = mask.detach().cpu()
    known = (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float32,
             torch.float64)
    if mask.dtype not in known and mask.dtype.is_floating_point:
        # NumPy has no bfloat16: the least number of either type stays far below what counts as hidden.
        mask = mask.float()
    return mask.numpy()


_ROWS = 1024


def _evaluated(mask_mod, batch, heads, q_len, kv_len, device):
    """A mask_mod for all pairs, some rows at a time; of NumPy arrays where there is no torch."""
    torch = sys.modules.get("torch")
    result = np.empty((batch, heads, q_len, kv_len), dtype=bool)
    for b in range(batch):
        for h in range(heads):
            for start in range(0, q_len, _ROWS):
                end = min(q_len, start + _ROWS)
                if torch is None:
                    q, k = np.arange(start, end)[:, None], np.arange(kv_len)[None]
                    rows = mask_mod(b, h, q, k)
                else:
                    rows = _torch_rows(torch, mask_mod, b, h, start, end, kv_len, device)
                result[b, h, start:end] = np.broadcast_to(np.asarray(rows, dtype=bool), (end - start, kv_len))
    return result


def _torch_rows(torch, mask_mod, b, h, start, end, kv_len, device):
    q = torch.arange(start, end, device=device)
    k = torch.arange(kv_len, device=device)
    b, h = torch.tensor(b, device=device), torch.tensor(h, device=device)
    # As create_mask does it: functions may look things up by scalar places.
    rows = torch.vmap(torch.vmap(mask_mod, in_dims=(None, None, None, 0)), in_dims=(None, None, 0, None))(b, h, q, k)
    return rows.cpu().numpy()


def _token_count(mask, options):
    return None if isinstance(mask, str) else int(_array(mask, options).shape[-1])
