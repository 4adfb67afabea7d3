#!/usr/bin/env python3
"""Every small model run by the program: the largest error of its outputs against what transformers computed, as a table.

    error_table.py --program .build/release/ropewalk            the table, as in docs/FAMILIES.md
    error_table.py --program PATH --check                       exit status 1 where an error is above its tolerance

One line a family: the largest error of its folders, and of its GGUF files. Reference values are float64; the tolerance is
16 times the error of transformers' own float32 run. Where a model has no logits, its last states are compared.
"""
import argparse, json, os, subprocess, sys, tempfile
import numpy as np
from safetensors.numpy import load_file

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUTS = ["logits", "last_hidden_state"]
# Folders of GGUF files that are about formats of numbers, not about architectures.
FORMATS = ("small_", "wide_", "hf_")


def outputs(program, model, folder):
    """The first output that both have: its name, ours and theirs."""
    expected = load_file(os.path.join(folder, "expected.safetensors"))
    with tempfile.TemporaryDirectory() as place:
        for name in OUTPUTS:
            record = "hidden_states" if name != "logits" else name
            out = os.path.join(place, "out.safetensors")
            run = subprocess.run([program, "trace", "--model", model, "--inputs",
                                  os.path.join(folder, "expected.safetensors"), "--record", record, "--out", out],
                                 capture_output=True, text=True)
            if run.returncode:
                problem = run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "no message"
                continue
            found = load_file(out)
            keys = [key for key in found if key == name or (record != name and "hidden_states" in key)]
            key = max((k for k in keys if k in expected), default=None)
            if key is not None:
                return key, found[key], expected[key]
    return None, problem, None


def measure(program, model, folder):
    manifest = json.load(open(os.path.join(folder, "manifest.json")))
    name, found, expected = outputs(program, model, folder)
    if name is None:
        return dict(problem=found)
    group = manifest["tensors"].get(name, {}).get("group", "hidden_states")
    tolerance = manifest["tolerances"]["f32"][group]
    error = np.abs(found.astype(np.float64) - expected.astype(np.float64))
    allowed = tolerance["atol"] + tolerance["rtol"] * np.abs(expected.astype(np.float64))
    return dict(error=float(error.max()), share=float((error / allowed).max()), largest=float(np.abs(expected).max()))


def family_of(folder):
    config = json.load(open(os.path.join(folder, "config.json")))
    return (config.get("text_config") or config).get("model_type", config["model_type"])


# The families of architectures whose names differ from theirs.
ARCHITECTURES = {"command_r": "cohere", "deepseek_v2": "deepseek_v2", "falcon_one": "falcon", "gemma3": "gemma3_text",
                 "gemma3n": "gemma3n_text", "gptneox": "gpt_neox", "llama4": "llama4_text", "mistral3": "ministral3", "modern_bert": "modernbert", "phi2": "phi", "t5_v11": "t5", "t5encoder": "t5",
                 "qwen2moe": "qwen2_moe", "qwen3moe": "qwen3_moe", "stablelm_normed": "stablelm",
                 "small_Q4_0": "llama"}


def all_models():
    """family, format, model, folder with expected.safetensors"""
    hf, files = os.path.join(HERE, "..", "hf"), os.path.join(HERE, "..", "gguf")
    for name in sorted(os.listdir(hf)):
        yield family_of(os.path.join(hf, name)), "folder", os.path.join(hf, name), os.path.join(hf, name)
    for name in sorted(os.listdir(files)):
        folder = os.path.join(files, name)
        if os.path.exists(os.path.join(folder, "manifest.json")) and (
                not name.startswith(FORMATS) or name in ARCHITECTURES):
            yield ARCHITECTURES.get(name, name), "GGUF", os.path.join(folder, "model.gguf"), folder


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--program", required=True)
    ap.add_argument("--check", action="store_true")
    a = ap.parse_args()
    table, faults = {}, []
    for family, form, model, folder in all_models():
        result = measure(a.program, model, folder)
        if "problem" in result or result["share"] > 1:
            faults.append(f"{family} {form} {os.path.basename(folder)}: {result}")
            continue
        table.setdefault(family, {}).setdefault(form, []).append(result)
    print("| family (`model_type`) | folders | largest error | GGUF files | largest error | largest output |")
    print("| --- | --- | --- | --- | --- | --- |")
    for family, forms in sorted(table.items()):
        cells = []
        for form in ("folder", "GGUF"):
            results = forms.get(form, [])
            cells += [str(len(results)), f"{max(r['error'] for r in results):.1e}"] if results else ["", ""]
        largest = max(r["largest"] for results in forms.values() for r in results)
        print(f"| {family} | {' | '.join(cells)} | {largest:.1f} |")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults and a.check else 0


if __name__ == "__main__":
    sys.exit(main())
