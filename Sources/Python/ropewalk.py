"""Attention masks checked, compared and explained by the program `ropewalk`.

    import ropewalk
    assert ropewalk.check(mask, expect="window=256,sinks=4")
    ropewalk.diff(mask, "lambda:sink=4,window=256")
    ropewalk.explain(mask)          # [Rule: head 3: lambda:sink=4,window=256 but for 12 pairs more, ...]
    ropewalk.why(mask, query=1204, key=87)
    ropewalk.show(mask)

Rules look tensors up by their names: ropewalk.check("expr:doc[q] == doc[k]", arrays={"doc": document_ids}).

A mask is a PyTorch tensor (boolean or additive, of any type), a NumPy array, a BlockMask, a mask_mod function (with
`q_len` and `kv_len`), or the text of a method such as "causal" or "expr:k <= q". Axes are batch, heads, queries, keys
unless `axes` says otherwise. NumPy is all that is needed; torch is used where the caller has it.

The program is found by the variable ROPEWALK, else in PATH.
"""

import base64
import contextlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np

__all__ = ["check", "diff", "explain", "why", "show", "Report", "Difference", "Rule", "Reason", "Picture",
           "MaskError"]


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
    """The simplest rule that a head follows; `alignment` is "top-left" where it only holds so."""

    def __init__(self, values):
        self.named = ("item", "layer", "head")
        self.item, self.layer, self.head = values.get("item"), values.get("layer"), values.get("head")
        self.methods = values["methods"]
        self.is_exact = values["exact"]
        self.is_complement = values["complement"]
        self.alignment = values.get("alignment")
        self.extra, self.missing = values["extra"], values["missing"]
        self.message = values["message"]

    def __repr__(self):
        names = [(name, getattr(self, name)) for name in self.named]
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
    return _rules(values)


def _rules(values):
    """What is the same for all needs no name."""
    rules = [Rule(value) for value in values]
    named = [name for name in ("item", "layer", "head") if len({getattr(rule, name) for rule in rules}) > 1]
    for rule in rules:
        rule.named = named
    return rules


def why(mask, query, key, **options):
    """Why a query sees a key or does not; a list where heads differ."""
    with _written(mask, options) as spec:
        values, _ = _ask([spec, "--why", f"{query},{key}"], options)
    if isinstance(values, list):
        return [Reason(value) for value in values]
    return Reason(values)


def show(mask, **options):
    """Opens the program on the mask; in a notebook, and without a terminal, its pictures with their rules."""
    if _in_notebook() or not sys.stdout.isatty():
        return _pictures(mask, options)
    with _written(mask, options) as spec:
        tokens = options.get("tokens") or _token_count(mask, options)
        words = ["open", "--method", spec + _marks(options)] + (["--tokens", str(tokens)] if tokens else [])
        subprocess.run([_program(), *words], check=False)
    return None


class Picture:
    """Masks as a notebook draws them: visible is white, one picture for heads with the same rule."""

    def __init__(self, parts, rest):
        self.parts = parts
        self.rest = rest

    def _repr_png_(self):
        return self.parts[0][1]

    def _repr_html_(self):
        style = "width:16em;image-rendering:pixelated;border:1px solid #888"
        figures = [
            f'<figure style="display:inline-block;margin:0.5em"><img alt="mask" style="{style}" '
            f'src="data:image/png;base64,{base64.b64encode(png).decode()}">'
            f'<figcaption style="max-width:16em">{html.escape(caption)}</figcaption></figure>'
            for caption, png in self.parts
        ]
        return "".join(figures) + (f"<p>and {self.rest} more</p>" if self.rest else "")

    def __repr__(self):
        return "\n".join(caption for caption, _ in self.parts) + (f"\nand {self.rest} more" if self.rest else "")


_PICTURES = 12


def _pictures(mask, options):
    with _written(mask, options) as spec:
        values, _ = _ask([spec, "--explain"], options)
        alike = {}
        for rule in _rules(values):
            alike.setdefault(rule.message, []).append(rule)
        parts = []
        for message, rules in list(alike.items())[:_PICTURES]:
            first = rules[0]
            place = {name + "s": getattr(first, name) for name in ("item", "layer", "head")}
            words = _words({**options, **{name: index for name, index in place.items() if index is not None}})
            png, _ = _run(["mask", spec, "--format", "png", *words])
            caption = f"{first!r} (and {len(rules) - 1} more)" if len(rules) > 1 else repr(first)
            parts.append((caption, png))
    return Picture(parts, len(alike) - len(parts))


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
        raise MaskError(_plain(notes[-1]).removeprefix("ropewalk: ") if notes else f"ropewalk ended with {done.returncode}")
    return done.stdout, notes


def _ask(words, options):
    output, notes = _run(["mask", *words, "--json", *_words(options)])
    return json.loads(_plain(output.decode())), [_plain(note) for note in notes]


def _plain(text):
    """Without the places of files that nobody asked for."""
    return re.sub(r"(file:)?[^\s\"'=]*ropewalk-[^\s\"'/]*/(\w+)\.npy", r"\2", text)


_NAMES = {
    "axes", "offset", "hidden_below", "of", "layers", "heads", "items", "tokens", "block", "as_", "invert",
}


def _marks(options):
    """What says how a file is taken, behind its path."""
    marks = ""
    for name in ("axes", "offset", "hidden_below", "block", "as_", "invert"):
        value = options.get(name)
        if value is None or value is False:
            continue
        mark = "@" + name.rstrip("_").replace("_", "-")
        marks += mark if value is True else f"{mark}={value}"
    return marks


def _words(options):
    """Keyword arguments as the options of the command."""
    words = []
    for name, value in options.items():
        if name in ("q_len", "kv_len", "batch", "head_count", "arrays"):
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
    """The spec of a mask, which lies in a file as long as it is needed; so do the arrays that a rule looks up."""
    arrays = options.get("arrays") if isinstance(mask, str) else None
    if isinstance(mask, str) and not arrays:
        yield mask
        return
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ropewalk-", dir=folder) as scratch:
        if arrays:
            yield _with_arrays(mask, arrays, scratch)
            return
        path = os.path.join(scratch, "mask.npy")
        np.save(path, _array(mask, options), allow_pickle=False)
        yield "file:" + path


def _with_arrays(rule, arrays, scratch):
    """A rule that says where the arrays are that it names."""
    named = [name for name in arrays if re.search(rf"\b{re.escape(name)}\b", rule)]
    for name in named:
        np.save(os.path.join(scratch, name + ".npy"), _array(arrays[name], {}), allow_pickle=False)
    entries = ", ".join(f"{name}=file:{os.path.join(scratch, name)}.npy" for name in named)
    return f"{rule} where {entries}" if named else rule


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
        # NumPy has neither bfloat16 nor float8, whose least number is not far below what counts as hidden.
        mask = mask.float().masked_fill(mask.float() == torch.finfo(mask.dtype).min, -torch.inf)
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
