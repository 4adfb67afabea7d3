#!/usr/bin/env python3
"""Attention weights as other programs leave them behind, of small models of Tests/Fixtures/hf.

    make_attention.py --models Tests/Fixtures/hf --out Tests/Fixtures/attention

One text of twelve tokens through gpt2 (causal), bert (both sides) and bart (between two texts), by transformers with
output_attentions; each saved in several ways. expected.json has the numbers that are measured of gpt2's maps, in float64.
"""
import argparse, json, os

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import AutoModel

WORDS = ["The", "Ġcat", "Ġsat", "Ġon", "Ġthe", "Ġmat", ".", "Ċ", "The", "Ġcat", "Ġsat", "ĠÃ¼ber"]
PIECES = ["[CLS]", "the", "un", "##seen", "cat", "sat", "on", "the", "mat", "again", ".", "[SEP]"]
LEFT = ["<s>", "▁Die", "▁Kat", "ze", "▁sitzt", "</s>", "▁da"]


def maps(folder, **inputs):
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    with torch.no_grad():
        return model(**inputs, output_attentions=True)


def measures(rows):
    """Of one head, [query, key], float64."""
    w = rows.astype(np.float64)
    q, k = np.indices(w.shape)
    logs = np.log2(np.where(w > 0, w, 1))
    return {"entropy": (-(w * logs)).sum(1).tolist(), "distance": (w * (q - k)).sum(1).tolist(), "top": w.argmax(1).tolist()}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--models", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    at = lambda name: os.path.join(a.out, name)

    ids = torch.tensor([[0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 8]])
    causal = maps(a.models + "/gpt2", input_ids=ids).attentions
    whole = torch.cat(causal).numpy()
    np.save(at("gpt2.npy"), whole)
    np.save(at("gpt2-f64.npy"), whole.astype(np.float64))
    np.save(at("gpt2-f16.npy"), whole.astype(np.float16))
    np.save(at("fortran.npy"), np.asfortranarray(whole))
    np.save(at("objects.npy"), np.array([{"not": "numbers"}], dtype=object), allow_pickle=True)
    # A cache of TransformerLens holds scores and states beside the maps.
    cache = {}
    for layer, tensor in enumerate(causal):
        cache[f"blocks.{layer}.attn.hook_pattern"] = tensor.contiguous()
        cache[f"blocks.{layer}.attn.hook_attn_scores"] = tensor.log().clamp(min=-1e4).contiguous()
        cache[f"blocks.{layer}.attn.hook_q"] = torch.zeros(1, 12, tensor.shape[1], 4)
    cache["hook_embed"] = torch.zeros(1, 12, 16)
    save_file(cache, at("cache.safetensors"))
    save_file({f"attentions.{n}": t.to(torch.bfloat16).contiguous() for n, t in enumerate(causal)}, at("gpt2-bf16.safetensors"))
    torch.save(causal, at("gpt2.pt"))
    torch.save(causal[0][0].transpose(1, 2).contiguous().transpose(1, 2), at("turned.pt"))
    json.dump(whole.tolist(), open(at("gpt2.json"), "w"))
    json.dump(WORDS, open(at("tokens.json"), "w"), ensure_ascii=False)
    open(at("tokens.txt"), "w").write("".join(word + "\n" for word in WORDS))

    # What BertViz hands to its views.
    both = torch.cat(maps(a.models + "/bert", input_ids=ids % 32).attentions)
    view = {"attention": [{"name": None, "attn": both.tolist(), "left_text": PIECES, "right_text": PIECES}], "default_filter": "0"}
    json.dump(view, open(at("bertviz.json"), "w"))
    padded = both.numpy().copy()
    padded[:, :, 10:, :] = 0
    np.save(at("padded.npy"), padded)

    decoder = torch.tensor([[2, 3, 4, 5, 6, 7, 8]])
    cross = maps(a.models + "/bart", input_ids=ids % 32, decoder_input_ids=decoder).cross_attentions
    np.save(at("cross.npy"), torch.cat(cross).numpy())
    json.dump(LEFT, open(at("left.json"), "w"), ensure_ascii=False)
    json.dump(PIECES, open(at("right.json"), "w"))

    expected = [[measures(head) for head in layer] for layer in whole]
    json.dump(expected, open(at("expected.json"), "w"))


main()
