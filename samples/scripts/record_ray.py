"""Records many texts with Ray: one task and one process for every line of a list that `ropewalk record --list` takes.

    python record_ray.py list.jsonl                       # on this machine
    python record_ray.py list.jsonl --address auto        # on a cluster that runs already, over a folder that all nodes see
    python record_ray.py list.jsonl --cpus 4 --ropewalk /opt/ropewalk/bin/ropewalk

A line is an object such as {"text": "a.txt", "model": "models/m", "method": ["yarn:factor=4"], "out": "library/a"}. What is complete
is passed over and what was stopped goes on, so that the same command may be given again after anything. The exit status is 1 where
a recording has failed, and its line and what `ropewalk` says of it stand on standard error.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

OPTIONS = ("ids", "model", "tokens", "from", "precision", "layers", "heads", "out")


def arguments(line: dict) -> list[str]:
    """What `ropewalk record` takes for a line of the list."""
    unknown = set(line) - {"text", "method", *OPTIONS}
    if unknown:
        raise ValueError(f"{sorted(unknown)[0]!r} is not known")
    if "out" not in line:
        raise ValueError("'out' names the folder: it is missing")
    methods = line.get("method", [])
    words = [f"--method={spec}" for spec in ([methods] if isinstance(methods, str) else methods)]
    words += [f"--{name}={line[name]}" for name in OPTIONS if name in line]
    if "text" in line:
        # A name that begins as options do is no option.
        words.insert(0, "./" + line["text"] if line["text"].startswith("-") else line["text"])
    return words


def read_list(path: str) -> list[tuple[int, list[str]]]:
    """The lines of a list with their numbers, from 1; all are looked at before anything is recorded."""
    found, folders = [], {}
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
                if not isinstance(line, dict):
                    raise ValueError("an object is expected")
                words = arguments(line)
                # Two processes would write into one folder.
                folder = os.path.abspath(line["out"])
                if folder in folders:
                    raise ValueError(f"'out' is that of line {folders[folder]}")
            except (ValueError, TypeError) as error:
                sys.exit(f"{path}: line {number}: {error}")
            folders[folder] = number
            found.append((number, words))
    return found


def record(words: list[str], ropewalk: str, folder: str, threads: int) -> tuple[int, str]:
    """One process; its exit status, and the last line that it wrote on standard error."""
    command = [ropewalk, "record", *words, f"--threads={threads}"]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    lines = done.stderr.strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("list", help="a file of JSON lines, as ropewalk record --list takes it")
    parser.add_argument("--ropewalk", default=os.environ.get("ROPEWALK", "ropewalk"), help="the program, on every node")
    parser.add_argument("--address", help="a cluster that runs already; default: a new one on this machine")
    parser.add_argument("--cpus", type=int, default=2, help="processors of each recording")
    parser.add_argument("--tries", type=int, default=3, help="how often a line is begun where its node is lost")
    options = parser.parse_args()
    lines = read_list(options.list)
    ropewalk = shutil.which(options.ropewalk) or options.ropewalk

    import ray

    if options.address:
        ray.init(address=options.address, log_to_driver=False)
    else:
        cpus = max(options.cpus, os.cpu_count() or 1)
        ray.init(num_cpus=cpus, include_dashboard=False, log_to_driver=False)
    task = ray.remote(num_cpus=options.cpus, max_retries=max(0, options.tries - 1))(record)
    # Paths of the list are those of the folder that this was started in.
    running = {task.remote(words, ropewalk, os.getcwd(), options.cpus): number for number, words in lines}
    failed = 0
    while running:
        (done,), _ = ray.wait(list(running), num_returns=1)
        number = running.pop(done)
        try:
            status, said = ray.get(done)
        except ray.exceptions.RayError as error:
            status, said = 1, str(error).strip().splitlines()[-1]
        failed += status != 0
        print(f"line {number}: {said}", file=sys.stderr, flush=True)
    print(f"{len(lines) - failed} of {len(lines)} recordings are complete", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
