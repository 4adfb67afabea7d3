"""Asks Ropewalk about the masks of public bug reports in three ways and prints what it answers, as a table.

    python mask_cases.py FOLDER [--program PATH]

FOLDER has the files of the reports (numbers as in docs/MASKS.md). The command gets each file with the claim that the
report is about, the Python side the same array as a tensor or NumPy array, and the interactive program the file as its
mask, whose page Check or Compare is read from the drawn screen. Exit status 1 where an answer is not the expected one.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Sources/Python"))
import ropewalk  # noqa: E402

# (report, file, options and claim, what the answer has in it, actions of the program, what its screen has in it)
LEFT = "queries that see no key: 10"
CASES = [
    ("1", "r01_wrong_bool_11QK.npy", "--check --expect window=16", "48, first: query 16 sees key 0",
     "compare window:size=16", "48 pairs differ"),
    ("1", "r01_wrong_bool_11QK.npy", "--explain", "window:size=17", "compare window:size=17", "the same"),
    ("1", "r01_right_bool_11QK.npy", "--check --expect window=16", "", "mask.page check",
     "unreachable-token: tokens that the last one cannot know of after 4 layers: 3"),
    *[("2", f"r02_leftpad{form}", "--check", LEFT, "mask.page check", LEFT) for form in (
        "_bool_B1QK.npy", "_f32_neginf.npy", "_f16_neginf.npy", "_f32_finfo.npy", "_f16_finfo.npy", "_f32_1e9.npy",
        "_f32_1e4.npy", "_bf16_finfo.safetensors", "_bool.safetensors", "_f16.safetensors", ".pt")],
    ("2", "r02_rev.npy", "--check", "item 1: " + LEFT, "mask.page check", "item 1"),
    ("2", "r02_rev.npy", "--check --expect padding=left:10", "", None, None),
    ("3", "r03_right.npy", "--check", "", "mask.page check", "nothing wrong"),
    ("3", "r03_wrong.npy", "--check --expect documents=20/50", "1,300", "compare document:starts=20/50",
     "1,300 pairs differ"),
    ("3", "r03_wrong_boundary.npy", "--check --expect documents=20/50", "query 20 sees key 0",
     "compare document:starts=20/50", "first: query 20"),
    ("4", "r04_wrong.npy", "--check --expect bidirectional=8-19,30-41", "144, first: query 8 sees key 30",
     "mask.page check", "before the model hid the future"),
    ("4", "r04_right.npy", "--check --expect bidirectional=8-19,30-41", "", "mask.page check",
     "before the model hid the future"),
    ("5", "r05_wrong.npy", "--check --expect window=8,bidirectional=8-19,30-41", "first: query 8",
     "mask.page check", "before the model hid the future"),
    ("5", "r05_right.npy", "--check --expect window=8,bidirectional=8-19,30-41", "", "mask.page check",
     "before the model hid the future"),
    ("6", "r06_wrong.npy", "--diff r06_right.npy", "360", "compare file:r06_right.npy", "360 pairs differ"),
    ("6", "r06_inverted.npy", "--check", "its complement is causal", "mask.page check", "swapped"),
    ("7", "r07_right.npy", "--check", "", "mask.page check", "nothing wrong"),
    ("7", "r07_wrong.npy", "--diff r07_right.npy", "448", "compare file:r07_right.npy", "448 pairs differ"),
    ("7", "r07_decode1.npy", "--check", "", "mask.page check", "nothing wrong"),
    ("7", "r07_taller.npy", "--check", "448", None, None),
    ("8", "r08_wrong.npy", "--check --expect padding=left:6,prefix=30", "384", "compare file:r08_right.npy",
     "pairs differ"),
    ("8", "r08_right.npy", "--check --expect padding=left:6,prefix=30", "", None, None),
    ("10", "r10_wrong_LQK.npy", "--axes layers,queries,keys --check --expect window=16@layers=0/2", "queries whose window is not the stated 16: 48",
     "compare file:r10_right_LQK.npy", "L1"),
    ("10", "r10_layer1wrong.npy", "--axes layers,batch,queries,keys --diff r10_right_L1QK.npy", "layer 1",
     "compare file:r10_right_L1QK.npy", "L1"),
    ("10", "r10_right_LHQK.npy", "--axes layers,heads,queries,keys --check --expect window=16@layers=0/2", "",
     "mask.page check", "2 different masks"),
    ("11", "r11_wrong_ceil.npy", "--check --expect window=16,sinks=4", "42", "compare file:r11_right.npy",
     "pairs differ"),
    ("11", "r11_wrong_nosink.npy", "--check --expect window=16,sinks=4", "query 16 misses key 0",
     "compare lambda:sink=4,window=16", "query 16, key 0"),
    ("12", "r12_elements.npy", "--diff r12_dense_of_blocks.npy", "a place a block of 128", None, None),
    ("12", "r12_elements.npy", "--block 128 --diff r12_dense_of_blocks.npy", "", None, None),
    ("14", "r14_wrong_tree_8x32.npy", "--diff r14_right_tree_8x32.npy", "2", "compare file:r14_right_tree_8x32.npy",
     "2 pairs differ"),
    ("14", "r14_wrong_sq.npy", "--diff r14_right_sq.npy", "2", "compare file:r14_right_sq.npy", "2 pairs differ"),
    ("15", "r15_wrong_cross.npy", "--offset cross --check --expect padding=right:7", "140", None, None),
    ("16", "r16_wrong_1HQK.npy", "--diff r16_right_1HQK.npy", "head 1", "compare file:r16_right_1HQK.npy", "H2–3"),
    ("16", "r16_right_1HQK.npy", "--diff r16_right_1HQK.npy --heads 2", "", "compare file:r16_right_1HQK.npy",
     "the same"),
    ("-", "head3_future.npy", "--check", "head 3", "mask.page check", "H6–7"),
    ("-", "head3_empty.npy", "--check", "head 3", "mask.page check", "H6–7"),
    ("-", "alltrue.npy", "--check", "2,016", "mask.page check", "2,016"),
    ("-", "allzero_f32.npy", "--check", "--hidden-below", "method file:allzero_f32.npy", "all values are 0"),
    *[("-", f"win{form}", "--diff dt_bool.npy", "", "compare file:dt_bool.npy", "the same") for form in (
        ".png", "_1bit.png", "_pal.png", "_rgb.png", "_rgba.png", ".pbm", ".txt", ".csv")],
    *[("-", f"dt_{form}.npy", "--diff dt_bool.npy", "", "compare file:dt_bool.npy", "the same") for form in (
        "uint8", "int8", "int32", "int64", "float16", "float32", "float64", "be_f4", "be_i4", "fortran")],
    ("-", "dt_f8.safetensors", "--diff dt_bool.npy", "", "compare file:dt_bool.npy", "the same"),
    ("-", "dt_complex64.npy", "--check", "c8", "method file:dt_complex64.npy", "c8"),
    ("-", "two.safetensors", "--check", "choose with file:PATH#NAME", "method file:two.safetensors", "#NAME"),
    ("-", "two.safetensors#a", "--diff dt_bool.npy", "", "compare file:dt_bool.npy", "the same"),
]


def command(program, folder, file, words):
    words = [f"file:{word}" if os.path.exists(folder / word) else word for word in words]
    done = subprocess.run([program, "mask", "file:" + file, *words], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def array(path):
    path, _, name = str(path).partition("#")
    if path.endswith(".npy"):
        return np.load(path)
    if path.endswith(".pt"):
        import torch

        return torch.load(path)
    if path.endswith(".safetensors"):
        from safetensors.torch import load_file

        arrays = load_file(path)
        return arrays[name or next(iter(arrays))] if name or len(arrays) == 1 else None
    if path.endswith((".txt", ".csv")):
        return np.loadtxt(path, delimiter="," if path.endswith("csv") else None)
    return None


def python(folder, file, words):
    mask = array(folder / file)
    if mask is None:
        return None
    options = {}
    for name in ("axes", "offset", "heads", "block"):
        if f"--{name}" in words:
            options[name] = words[words.index(f"--{name}") + 1]
    try:
        if "--explain" in words:
            return str(ropewalk.explain(mask, **options))
        if "--diff" in words:
            return str(ropewalk.diff(mask, array(folder / words[words.index("--diff") + 1]), **options))
        expect = words[words.index("--expect") + 1] if "--expect" in words else None
        return str(ropewalk.check(mask, expect=expect, **options))
    except ropewalk.MaskError as error:
        return str(error)


def screen(program, folder, file, actions):
    tokens = {"r14": 32, "r07_taller": 8}
    count = next((n for name, n in tokens.items() if file.startswith(name)), 64)
    script = f"preset mask; method file:{file}; wait; {actions}; panel.zoom"
    if actions.startswith("method"):
        script = "preset mask; panel.zoom; " + actions
    done = subprocess.run(
        [program, "render", "--size", "200x60", "--tokens", str(count), "--do", script], cwd=folder, capture_output=True, text=True)
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def is_right(text, wanted):
    """An empty wish: nothing is wrong, or nothing differs."""
    if text is None:
        return None
    return wanted in text if wanted else any(word in text for word in ("no faults", "the same", "0 differences"))


def main():
    folder = Path(sys.argv[1])
    program = sys.argv[sys.argv.index("--program") + 1] if "--program" in sys.argv else "ropewalk"
    os.environ.setdefault("ROPEWALK_SAMPLES", str(ROOT / "samples"))
    os.environ["ROPEWALK"] = program = str(Path(program).resolve())
    marks = {True: "yes", False: "**no**", None: "–"}
    failed = 0
    print("| report | file | asked | answer | command | Python | program |\n| --- | --- | --- | --- | --- | --- | --- |")
    for report, file, options, wanted, actions, seen in CASES:
        words = shlex.split(options)
        answers = [command(program, folder, file, words), python(folder, file, words)]
        results = [is_right(answer, wanted) for answer in answers]
        shown = screen(program, folder, file, actions) if actions else None
        results.append(None if shown is None else seen in shown)
        failed += results.count(False)
        for way, result, answer in zip(("command", "Python", "program"), results, [*answers, shown]):
            if result is False:
                print(f"{way}, {file} {options}: {answer[:3000]}", file=sys.stderr)
        print(f"| {report} | {file} | `{options}` | {wanted or 'nothing is wrong'} | "
              + " | ".join(marks[result] for result in results) + " |")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
