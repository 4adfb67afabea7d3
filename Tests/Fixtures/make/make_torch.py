#!/usr/bin/env python3
"""What torch.save writes of a model of Tests/Fixtures/hf, in one file and in two with an index, and other files of it.

    make_torch.py --model Tests/Fixtures/hf/llama_bf16 --out Tests/Fixtures/torch

In the one file some tensors are turned, lie behind others in one storage, or share their numbers. types.bin has a tensor of
every type and types.safetensors the same; legacy.bin is what PyTorch wrote before 1.6, other.bin holds an object, and
state_dict.bin, deeper.bin what training saves: types.bin's float32 beside other things.
"""
import argparse, collections, json, os, shutil

import torch
from safetensors.torch import load_file, save_file


def odd(name, tensor):
    """The same numbers, kept in another way."""
    if name.endswith("q_proj.weight"):
        return tensor.t().contiguous().t()
    if name.endswith("k_proj.weight"):
        return torch.cat([torch.ones(3, tensor.shape[1], dtype=tensor.dtype), tensor])[3:]
    if name.endswith("layers.0.mlp.up_proj.weight"):
        return torch.stack([tensor, -tensor], -1)[..., 0]
    return tensor


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    tensors = load_file(a.model + "/model.safetensors")
    for name in ("one", "two"):
        os.makedirs(f"{a.out}/{name}", exist_ok=True)
        shutil.copy(a.model + "/config.json", f"{a.out}/{name}")
    state = collections.OrderedDict((name, odd(name, tensor)) for name, tensor in tensors.items())
    state._metadata = {"": {"version": 1}}
    torch.save(state, a.out + "/one/pytorch_model.bin")
    files = ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"]
    place = {name: files[index % 2] for index, name in enumerate(sorted(tensors))}
    for file in files:
        torch.save({n: torch.nn.Parameter(t) for n, t in tensors.items() if place[n] == file}, f"{a.out}/two/{file}")
    json.dump({"metadata": {}, "weight_map": place}, open(a.out + "/two/pytorch_model.bin.index.json", "w"))
    types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
             torch.int8, torch.uint8, torch.bool]
    some = {str(t).removeprefix("torch."): (torch.arange(6).reshape(2, 3) % 5).to(t) for t in types}
    some |= {"empty": torch.zeros(0, 3), "single": torch.tensor(2.5)}
    torch.save(some | {"again": some["float32"], "column": some["float32"][:, 1], "complex": torch.zeros(1, dtype=torch.complex64)},
               a.out + "/types.bin")
    save_file(some | {"again": some["float32"].clone(), "column": some["float32"][:, 1].clone()}, a.out + "/types.safetensors")
    torch.save({"w": torch.ones(2)}, a.out + "/legacy.bin", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.ones(2), "arguments": argparse.Namespace(rate=1)}, a.out + "/other.bin")
    state = {"w": some["float32"]}
    rest = {"epoch": 3, "optimizer": {"state": {0: {"step": torch.tensor(2.0), "w": -some["float32"]}}}}
    torch.save({"optimizer": rest["optimizer"], "state_dict": state, "epoch": 3}, a.out + "/state_dict.bin")
    torch.save({"training": {"state_dict": state}} | rest, a.out + "/deeper.bin")
    torch.save({"w": torch.ones(1).expand(1 << 20)}, a.out + "/expanded.bin")
    torch.save({"w": torch.tensor([1 + 2j, 3 - 4j]).conj().imag}, a.out + "/negative.bin")


if __name__ == "__main__":
    main()
