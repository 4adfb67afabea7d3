"""Asks Ropewalk about the masks of public bug reports in three ways and prints what it answers, as a table.

    python mask_cases.py [--program PATH] [--python-only]

The files and questions lie in Tests/Fixtures/masks/reports (numbers as in docs/MASKS.md), kinds and public. The command gets each file with the claim that the
report is about, the Python side the same array as a tensor or NumPy array, and the interactive program the file as its
mask, whose page Check or Compare is read from the drawn screen. Exit status 1 where an answer is not the expected one.
"""

import json
import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Sources/Python"))
import ropewalk  # noqa: E402

# Objects with the report's number, a file, the options and claim of the command, what the answer has in it (empty:
# nothing is wrong), and, where it can be asked there, the actions of the program with what its screen has in it.
FOLDERS = [ROOT / "Tests/Fixtures/masks" / name for name in ("reports", "kinds", "public")]
CASES = [(folder, case) for folder in FOLDERS for case in json.loads((folder / "questions.json").read_text())]


def command(program, folder, file, words):
    words = [f"file:{word}" if os.path.exists(folder / word) else word for word in words]
    done = subprocess.run([program, "mask", "file:" + file, *words], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr if done.stdout else "error: " + done.stderr


def array(path):
    path, _, name = str(path).partition("#")
    if path.endswith((".npy", ".npz")):
        try:
            loaded = np.load(path)
        except ValueError:
            return None
        return loaded if isinstance(loaded, np.ndarray) else loaded[name] if name else None
    if path.endswith(".pt"):
        if not find_spec("torch"):
            return None
        import torch

        loaded = torch.load(path)
        return loaded if isinstance(loaded, torch.Tensor) else loaded["layers"][int(name[-1])] if name else None
    if path.endswith(".safetensors"):
        if not find_spec("torch") or not find_spec("safetensors"):
            return None
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
    if "--invert" in words:
        options["invert"] = True
    for name in ("axes", "offset", "heads", "block", "as", "of", "tokens"):
        if f"--{name}" in words:
            options[name + "_" * (name == "as")] = words[words.index(f"--{name}") + 1]
    try:
        if "--explain" in words:
            return str(ropewalk.explain(mask, **options))
        if "--diff" in words:
            other = words[words.index("--diff") + 1]
            other = array(folder / other) if (folder / other).exists() else other
            return None if other is None else str(ropewalk.diff(mask, other, **options))
        expect = words[words.index("--expect") + 1] if "--expect" in words else None
        return str(ropewalk.check(mask, expect=expect, **options))
    except ropewalk.MaskError as error:
        return f"error: {error}"


def screen(program, folder, case):
    file, actions = case["file"], case["actions"]
    usual = 40 if folder.name == "kinds" else 64
    count = case.get("tokens", 32 if file.startswith("r14") else usual)
    script = f"preset mask; method file:{file}; wait; {actions}; panel.zoom"
    if actions.startswith("method"):
        script = "preset mask; panel.zoom; " + actions
    if actions.startswith("rule"):
        script = f"preset mask; {actions}; wait; panel.zoom"
    done = subprocess.run(
        [program, "render", "--size", "200x60", "--tokens", str(count), "--do", script], cwd=folder, capture_output=True, text=True)
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def is_right(text, wanted):
    """An empty wish: nothing is wrong, or nothing differs."""
    if text is None:
        return None
    if wanted:
        return wanted in text
    return not text.startswith("error: ") and any(word in text for word in ("no faults", "the same", "0 differences"))


def main():
    program = sys.argv[sys.argv.index("--program") + 1] if "--program" in sys.argv else "ropewalk"
    only_python = "--python-only" in sys.argv
    os.environ.setdefault("ROPEWALK_SAMPLES", str(ROOT / "samples"))
    os.environ["ROPEWALK"] = program = str(Path(program).resolve())
    marks = {True: "yes", False: "**no**", None: "–"}
    failed = asked = 0
    print("| report | file | asked | answer | command | Python | program |\n| --- | --- | --- | --- | --- | --- | --- |")
    for folder, case in CASES:
        file, options, wanted, actions = case["file"], case["options"], case["answer"], case.get("actions")
        words = shlex.split(options)
        answers = [None if only_python else command(program, folder, file, words), python(folder, file, words)]
        shown = screen(program, folder, case) if actions and not only_python else None
        results = [is_right(answer, wanted) for answer in answers]
        results.append(None if shown is None else case["screen"] in shown)
        failed += results.count(False)
        asked += results[1] is not None
        for way, result, answer in zip(("command", "Python", "program"), results, [*answers, shown]):
            if result is False:
                print(f"{way}, {file} {options}: {answer[:3000]}", file=sys.stderr)
        print(f"| {case['report']} | {file} | `{options}` | {wanted or 'nothing is wrong'} | "
              + " | ".join(marks[result] for result in results) + " |")
    print(f"{asked} of {len(CASES)} asked from Python", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
