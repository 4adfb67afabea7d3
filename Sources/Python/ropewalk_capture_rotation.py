"""Queries and keys as they were before rotation.

Attention functions get queries and keys turned. A model turns them with a function of its own module
(`apply_rotary_pos_emb`, `apply_rotary_emb` ...): while a text is captured these functions are watched, and what came
out of one is looked for in what attention gets, number by number. What went in is what is recorded. That needs no
undoing, and is exact in bfloat16 too.

Families pair the numbers of a head in different ways; a recording has one: first the turned numbers, number i with
number i + half, then the others, as the program keeps them. Which way a family has is found by computing its rotation
with the cosines and sines it was given: one that comes out otherwise is refused. """

import inspect
import re
import sys
import types

import torch

from ropewalk_capture_files import CaptureError

_NAME = re.compile(r"_?apply\w*(rotary|rope)\w*$")


class Rotation:
    """Watches the functions that turn queries and keys of one model."""

    def __init__(self, modules):
        self.modules = list(modules)
        self.notes, self.depth, self.turned, self.layouts = [], 0, 0, {}
        self.restored = []

    def __enter__(self):
        for space in {type(module).__module__ for module in self.modules}:
            names = vars(sys.modules[space])
            for name, function in list(names.items()):
                if isinstance(function, types.FunctionType) and _NAME.match(name):
                    names[name] = self._watching(function)
                    self.restored.append((names, name, function))
        return self

    def __exit__(self, *_):
        for names, name, function in reversed(self.restored):
            names[name] = function
        self.restored, self.notes = [], []

    def _watching(self, function):
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            signature = None

        def watched(*arguments, **named):
            self.depth += 1
            try:
                result = function(*arguments, **named)
            finally:
                self.depth -= 1
            if self.depth == 0 and signature is not None:
                self._note(signature.bind(*arguments, **named).arguments, result)
            return result

        return watched

    def _note(self, arguments, result):
        outputs = [x for x in (result if isinstance(result, (tuple, list)) else [result]) if torch.is_tensor(x)]
        angles, inputs = {}, []
        for name, value in arguments.items():
            if not torch.is_tensor(value):
                continue
            if name in ("cos", "sin"):
                angles[name] = value
            elif value.is_complex():
                angles = {"cos": value.real, "sin": value.imag}
            elif value.ndim == 4:
                inputs.append(value)
        if len(angles) == 2 and len(inputs) >= len(outputs):
            self.notes += [(before, after, angles["cos"], angles["sin"]) for before, after in zip(inputs, outputs)]
            self.notes = self.notes[-8:]

    def before(self, given, what):
        """Queries or keys [heads, n, d] as they were before rotation; as they are where nothing turned them.

        what: for messages, such as "the queries of layer 3 (LlamaAttention)".
        """
        if not self.notes:
            return given
        for before, after, cos, sin in reversed(self.notes):
            for turn in (False, True):
                old, new = (x.transpose(1, 2)[0] if turn else x[0] for x in (before, after))
                found = self._found(given, new)
                if found is None:
                    continue
                start, ratio = found
                self.turned += 1
                return self._laid_out(given, old, new, start, ratio, cos, sin, what)
        raise CaptureError(
            f"{what} are changed after they are turned, in a way that cannot be undone: this family cannot be captured"
        )

    def _found(self, given, turned):
        """Where turned numbers stand in a head, and what they were multiplied by since; None where they do not."""
        heads, n, width = given.shape
        if turned.shape[1] != n or turned.shape[2] > width or turned.shape[0] not in (1, heads):
            return None
        turned = turned.to(given.dtype)
        starts = sorted({0, width - turned.shape[2]})
        for start in starts:
            part = given[..., start : start + turned.shape[2]]
            if torch.equal(part, turned.expand_as(part)):
                return start, None
        for start in starts:
            part, own = given[..., start : start + turned.shape[2]].float(), turned.float()
            ratio = (part * own).sum(-1, keepdim=True) / (own * own).sum(-1, keepdim=True).clamp_min(1e-30)
            if _close(part, ratio * own, given.dtype):
                return start, ratio
        return None

    def _laid_out(self, given, before, after, start, ratio, cos, sin, what):
        cos, sin = _rows(cos, what), _rows(sin, what)
        key = (what.split("(")[-1], before.shape[-1], cos.shape[-1])
        n = before.shape[1]
        some = list(range(n)) if n <= 64 else list(range(32)) + list(range(n - 32, n))
        tried = [self.layouts[key]] if key in self.layouts else list(_layouts(before.shape[-1], cos.shape[-1]))
        for layout in tried:
            if _close(_turned(before[:, some], cos[some], sin[some], layout), after[:, some].float(), after.dtype):
                break
        else:
            raise CaptureError(f"{what} are turned in a way that is not known: this family cannot be captured")
        self.layouts[key] = layout
        first, width = layout[3], layout[2]
        own = before[..., first : first + width].float()
        if layout[1] == "halves":
            pair = own
        else:
            pair = torch.cat([own[..., 0::2], own[..., 1::2]], -1)
        if ratio is not None:
            pair = pair * ratio
        heads = given.shape[0]
        place = start + first
        rest = torch.cat([given[..., :place], given[..., place + width :]], -1).float()
        return torch.cat([pair.expand(heads, -1, -1), rest], -1)


def _close(a, b, dtype):
    tolerance = 2e-5 if dtype in (torch.float32, torch.float64) else 2e-2
    return float((a - b).abs().amax()) <= tolerance * max(float(b.abs().amax()), 1e-20)


def _rows(angles, what):
    """Cosines or sines [n, width]; other axes must have one place, or the same in all."""
    angles = angles.float()
    while angles.ndim > 2:
        if angles.shape[0] > 1 and not bool((angles == angles[:1]).all()):
            raise CaptureError(
                f"{what} stand at places of several axes, which a recording does not keep: leave images out"
            )
        angles = angles[0]
    return angles


def _layouts(width, angles):
    """(how cosines lie, how numbers pair, turned numbers, the first of them), the common ones first."""
    for form, turned in (("halves", angles), ("beside", angles), ("single", 2 * angles)):
        if turned > width:
            continue
        for first in sorted({0, width - turned}):
            for pairs in ("halves", "beside", "beside, split"):
                yield form, pairs, turned, first


def _turned(before, cos, sin, layout):
    form, pairs, width, first = layout
    if form != "single":
        half = width // 2
        cos, sin = (x[:, :half] if form == "halves" else x[:, ::2] for x in (cos, sin))
    own = before[..., first : first + width].float()
    a, b = own.chunk(2, -1) if pairs == "halves" else (own[..., 0::2], own[..., 1::2])
    low, high = a * cos - b * sin, b * cos + a * sin
    own = torch.stack([low, high], -1).flatten(-2) if pairs == "beside" else torch.cat([low, high], -1)
    return torch.cat([before[..., :first].float(), own, before[..., first + width :].float()], -1)
