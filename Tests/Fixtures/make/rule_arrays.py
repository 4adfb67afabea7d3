"""Arrays that rules look things up in, in every kind of file: python rule_arrays.py (numpy, safetensors, torch)."""

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parents[1] / "masks/arrays"
FOLDER.mkdir(exist_ok=True)

# Documents begin at 0, 20 and 50, and the last four tokens are padding.
ids = np.repeat([0, 1, 2], [20, 30, 14])
kept = np.arange(64) < 60
items = np.stack([ids, np.arange(64) // 16])

np.save(FOLDER / "ids.npy", ids)
np.save(FOLDER / "big-endian.npy", ids.astype(">i2"))
np.save(FOLDER / "halves.npy", ids.astype(np.float32) + 0.5)
np.savez_compressed(FOLDER / "arrays.npz", ids=ids, kept=kept, items=items, columns=np.asfortranarray(items))
save_file({"ids": ids.astype(np.int32), "kept": kept}, FOLDER / "arrays.safetensors")
torch.save({"ids": torch.from_numpy(ids)}, FOLDER / "ids.pt")
(FOLDER / "ids.txt").write_text(" ".join(map(str, ids)) + "\n")
(FOLDER / "ids.csv").write_text("".join(f"{number}\n" for number in ids))
