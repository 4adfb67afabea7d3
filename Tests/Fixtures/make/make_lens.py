#!/usr/bin/env python3
"""What the last norm and the head of small models make of the states between their blocks, by transformers: lens/NAME.json.

    make_lens.py            writes the files anew
    make_lens.py --check    exit status 1 where a file differs from what is computed

For one token of the fixture's text: the logits after 0, 1, ... blocks, float64. The last ones must be the model's own.
"""
import argparse, json, os, sys
import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..")
# Softcap, norms that multiply by 1 + w, tied weights; logits that are scaled; parallel blocks; no norm at the end.
NAMES = ["gemma2", "granite", "gpt_neox", "cohere", "opt"]
TOKEN = 12


def last_norm(model):
    base = model.base_model
    for holder in (base, getattr(base, "decoder", None)):
        for name in ("norm", "final_layer_norm", "ln_f", "final_layernorm"):
            if holder is not None and getattr(holder, name, None) is not None:
                return getattr(holder, name)
    return lambda x: x


def head(model, states):
    logits = model.get_output_embeddings()(states)
    config = model.config
    logits = logits * getattr(config, "logit_scale", 1) / getattr(config, "logits_scaling", 1)
    cap = getattr(config, "final_logit_softcapping", None)
    return logits if cap is None else cap * torch.tanh(logits / cap)


def lens(name):
    folder = os.path.join(FIXTURES, "hf", name)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    ids = torch.tensor(load_file(os.path.join(folder, "expected.safetensors"))["input_ids"]).reshape(1, -1)
    with torch.no_grad():
        out = model(ids, output_hidden_states=True)
        norm = last_norm(model)
        rows = [head(model, norm(state))[0, TOKEN] for state in out.hidden_states[:-1]]
        # The last states come out of the last norm.
        rows.append(head(model, out.hidden_states[-1])[0, TOKEN])
        assert torch.allclose(rows[-1], out.logits[0, TOKEN], atol=1e-9), name
    return [[round(float(value), 7) for value in row] for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for name in NAMES:
        path = os.path.join(FIXTURES, "lens", name + ".json")
        made = dict(token=TOKEN, logits=lens(name))
        if check:
            known = json.load(open(path))
            if known["token"] != TOKEN or np.abs(np.array(known["logits"]) - np.array(made["logits"])).max() > 1e-6:
                sys.exit(f"{name}: other logits than in {path}")
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
