"""The files of a recording, as docs/RECORDING.md has them: tensors, parts and the index. PyTorch is all that is
needed."""

import hashlib
import json
import os
import struct

import torch

FORMAT, VERSION = "ropewalk-recording", 1
PRECISIONS = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "q8": torch.int8}
_NAMES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int8: "I8",
    torch.int32: "I32",
    torch.int64: "I64",
}


class CaptureError(ValueError):
    """What cannot be captured, in one line: what is wrong, where, what to do."""


def stored(values, precision):
    """Queries, keys or values as they are kept.

    values: [..., numbers of a row], of any floating type, on any device.
    Returns [(suffix, tensor on the CPU)] and the largest difference relative to the largest number of its row.
    """
    values = values.float()
    largest = values.abs().amax(-1, keepdim=True)
    if not bool(torch.isfinite(largest).all()):
        raise CaptureError(
            "queries, keys or values are not finite: the model overflows; load it in bfloat16 or float32"
        )
    if precision == "f32":
        return [("", values.cpu())], 0.0
    if precision == "q8":
        scale = largest / 127
        whole = (values / scale.masked_fill(scale == 0, 1)).round().clamp(-127, 127)
        back, parts = whole * scale, [("", whole.to(torch.int8).cpu()), (".scale", scale[..., 0].cpu())]
    else:
        kept = values.to(PRECISIONS[precision])
        back, parts = kept.float(), [("", kept.cpu())]
        if not bool(torch.isfinite(back).all()):
            raise CaptureError(f"{precision} cannot hold {float(largest.max()):g}: choose precision='bf16' or 'f32'")
    error = (back - values).abs().amax(-1, keepdim=True) / largest.masked_fill(largest == 0, 1)
    return parts, float(error.max()) if error.numel() else 0.0


def replace(path, chunks):
    """Writes chunks of bytes under another name first: whoever sees the file sees all of it."""
    unfinished = f"{path}.{os.getpid()}.unfinished"
    try:
        with open(unfinished, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        raise


def _bytes(tensor):
    tensor = tensor.detach().cpu().contiguous()
    return memoryview(tensor.reshape(-1).view(torch.uint8).numpy()) if tensor.numel() else b""


def write_safetensors(path, tensors, metadata=None):
    """tensors: {name: tensor}, of the types of `_NAMES`. Returns the number of bytes of the file."""
    header, place = ({"__metadata__": metadata} if metadata else {}), 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [place, place + size],
        }
        place += size
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    replace(path, [struct.pack("<Q", len(text)), text, *map(_bytes, tensors.values())])
    return 8 + len(text) + place


def runs(numbers):
    """Sorted whole numbers as ranges [first, end)."""
    found = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number:
            found[-1][1] = number + 1
        else:
            found.append([number, number + 1])
    return found


def pieces(chosen):
    """{layer: set of heads} as boxes ([first layer, end), [first head, end)), the first layers first."""
    boxes = []
    for layer in sorted(chosen):
        heads = runs(chosen[layer])
        if boxes and boxes[-1][0][1] == layer and boxes[-1][1] == heads:
            boxes[-1][0][1] = layer + 1
        else:
            boxes.append([[layer, layer + 1], heads])
    return [(layers, own) for layers, heads in boxes for own in heads]


class Folder:
    """The folder of a recording while it is written. `rank` of `world` processes write parts, 0 writes all else."""

    def __init__(self, path, rank=0, world=1):
        self.path, self.rank, self.world, self.number = path, rank, world, 0
        self.entries, self.is_valid, self.own = [], False, []
        self.made = False
        if rank == 0:
            if os.path.isdir(path) and os.listdir(path):
                raise CaptureError(f"{path} has something in it: give a folder that is empty or not there")
            self.made = not os.path.isdir(path)
            os.makedirs(path, exist_ok=True)

    def place(self, name):
        self.own.append(name)
        return os.path.join(self.path, name)

    def text(self, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        replace(self.place(name), [data])
        return {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def part(self, kind, tokens, layers, heads, key_value_heads, tensors):
        """One part; what the index will say of it."""
        name = f"part-{self.number * self.world + self.rank:05d}.safetensors"
        self.number += 1
        size = write_safetensors(self.place(name), tensors)
        return {
            "file": name,
            "kind": kind,
            "tokens": list(tokens),
            "layers": list(layers),
            "heads": list(heads),
            "key_value_heads": list(key_value_heads),
            "bytes": size,
        }

    def commit(self, index, entries):
        """Names complete parts in the index; of rank 0 alone."""
        for entry in entries:
            if not os.path.isfile(os.path.join(self.path, entry["file"])):
                raise CaptureError(
                    f"{entry['file']} is not in {self.path} of rank 0: give a folder that all processes share"
                )
        entries = self.entries + entries
        text = json.dumps({**index, "parts": entries}, ensure_ascii=False, indent=1)
        replace(os.path.join(self.path, "recording.json"), [text.encode(), b"\n"])
        self.entries, self.is_valid = entries, True

    def abandon(self):
        """After a failure: what the index names stays; where there is none, nothing of ours does."""
        named = {entry["file"] for entry in self.entries}
        for name in self.own:
            if name.startswith("part-") and name not in named or not self.is_valid and self.rank == 0:
                try:
                    os.remove(os.path.join(self.path, name))
                except OSError:
                    pass
        if self.made and not self.is_valid:
            try:
                os.rmdir(self.path)
            except OSError:
                pass
