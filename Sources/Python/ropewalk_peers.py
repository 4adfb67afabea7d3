"""Runs a model with other programs, for `ropewalk bench --peers`: a line of JSON in, a line of JSON out.

    {"work": "load", "settings": {"peer": "torch", "model": "books-4m", "threads": 2, "room": 512,
                                  "attention": "sdpa", "type": "float32"}}    ->  {"ready": "torch 2.13.0 ..."}
    {"work": "read", "ids": [1, 2, 3]}                    ->  {"answer": {"seconds": 0.1, "losses": {...}, "next": {...}}}
    {"work": "generate", "ids": [1, 2, 3], "count": 64}   ->  {"answer": {"seconds": 1.0, "tokens": [...]}}

What stands in the way is answered too: {"missing": "packages for pip"} or {"error": "words"}. Losses are −ln p in nats.
"""

import json
import os
import sys
import time


def one_line(error):
    words = " ".join(str(error).split())
    return (type(error).__name__ + (": " + words if words else ""))[:150]


class Missing(Exception):
    """Packages that are not installed."""


class Torch:
    """A model of transformers on the processor."""

    def __init__(self, settings):
        try:
            import torch
            import transformers
        except ImportError:
            raise Missing("torch transformers")
        self.torch = torch
        torch.set_num_threads(settings["threads"])
        torch.set_num_interop_threads(1)
        path = settings["model"]
        place = {"pretrained_model_name_or_path": path}
        if os.path.isfile(path):
            try:
                import gguf  # noqa: F401: what transformers reads such files with
            except ImportError:
                raise Missing("gguf")
            place = {"pretrained_model_name_or_path": os.path.dirname(os.path.abspath(path)),
                     "gguf_file": os.path.basename(path)}
        transformers.logging.set_verbosity_error()
        kind = getattr(torch, settings["type"])
        self.model = transformers.AutoModelForCausalLM.from_pretrained(
            **place, dtype=kind, attn_implementation=settings["attention"], local_files_only=True).eval()
        # Versions that know the argument by another name.
        self.model.to(kind)
        self.name = f"torch {torch.__version__}, transformers {transformers.__version__}"

    def read(self, ids):
        """One forward pass, and the loss of every token, in pieces that do not copy all logits at once."""
        torch = self.torch
        tokens = torch.tensor([ids])
        start = time.perf_counter()
        with torch.inference_mode():
            logits = self.model(input_ids=tokens, use_cache=False).logits[0]
            total = 0.0
            for first in range(0, len(ids) - 1, 512):
                last = min(first + 512, len(ids) - 1)
                total += float(torch.nn.functional.cross_entropy(
                    logits[first:last].float(), tokens[0, first + 1:last + 1], reduction="sum"))
        seconds = time.perf_counter() - start
        expected = torch.log_softmax(logits[-1].float(), dim=-1)
        best = int(expected.argmax())
        count = len(ids) - 1
        return {"seconds": seconds, "losses": {"count": count, "sum": total, "mean": total / count},
                "next": {"id": best, "log_probability": float(expected[best])}}

    def generate(self, ids, count):
        """The most probable token each time, with the keys and values of those before."""
        torch = self.torch
        with torch.inference_mode():
            out = self.model(input_ids=torch.tensor([ids]), use_cache=True)
            tokens = []
            start = time.perf_counter()
            for _ in range(count):
                tokens.append(int(out.logits[0, -1].argmax()))
                out = self.model(input_ids=torch.tensor([tokens[-1:]]), past_key_values=out.past_key_values,
                                 use_cache=True)
            return {"seconds": time.perf_counter() - start, "tokens": tokens}


class Llama:
    """llama.cpp by its package xllamacpp."""

    def __init__(self, settings):
        try:
            import xllamacpp
        except ImportError:
            raise Missing("xllamacpp")
        parameters = xllamacpp.CommonParams()
        parameters.model.path = settings["model"]
        parameters.n_ctx = settings["room"]
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = settings["threads"]
        parameters.cpuparams_batch.n_threads = settings["threads"]
        parameters.n_gpu_layers = 0
        parameters.verbosity = 0
        self.server = xllamacpp.Server(parameters)
        self.known = None
        self.name = f"llama.cpp of xllamacpp {getattr(xllamacpp, '__version__', '')}".strip()

    def complete(self, ids, count, **more):
        """The most probable tokens, whatever ends a text; nothing of the prompt is remembered from before."""
        answer = self.server.handle_completions({
            "prompt": ids, "n_predict": count, "max_tokens": count, "temperature": 0, "cache_prompt": False,
            "ignore_eos": True, **more})
        if not isinstance(answer, dict):
            answer = json.loads(answer)
        if "timings" not in answer:
            error = answer.get("error", answer)
            raise RuntimeError(error.get("message", error) if isinstance(error, dict) else error)
        return answer

    def read(self, ids):
        """llama.cpp makes the logits of the last token alone."""
        answer = self.complete(ids, 1, n_probs=1)
        timings = answer["timings"]
        if timings["prompt_n"] != len(ids):
            raise RuntimeError(f"{timings['prompt_n']} of {len(ids)} tokens were read")
        result = {"seconds": timings["prompt_ms"] / 1e3}
        for token in self.outputs(answer):
            result["next"] = {"id": token["id"], "log_probability": min(0.0, token["logprob"])}
        return result

    def generate(self, ids, count):
        """The probabilities of each token cost time: a run before the first one asks for them, to know which tokens they are."""
        beside = 0.0
        if self.known is None or self.known[0] != (ids, count):
            start = time.perf_counter()
            answer = self.complete(ids, count, n_probs=1)
            self.known = ((ids, count), self.text(answer), [token["id"] for token in self.outputs(answer)])
            beside = time.perf_counter() - start
        answer = self.complete(ids, count)
        timings = answer["timings"]
        if timings["predicted_n"] != count:
            raise RuntimeError(f"{timings['predicted_n']} of {count} tokens followed")
        result = {"seconds": timings["predicted_per_token_ms"] * count / 1e3, "beside_seconds": beside}
        # Tokens that are no whole characters may be left out: the rest would not be at their places.
        if len(self.known[2]) == count and self.text(answer) == self.known[1]:
            result["tokens"] = self.known[2]
        return result

    @staticmethod
    def text(answer):
        return answer["choices"][0].get("text") if answer.get("choices") else answer.get("content")

    @staticmethod
    def outputs(answer):
        """The tokens with ln p, as the server of one version or the other gives them."""
        if answer.get("choices"):
            return (answer["choices"][0].get("logprobs") or {}).get("content") or []
        return answer.get("completion_probabilities") or []


def main():
    # What libraries print is no answer.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    peer = None
    for line in sys.stdin:
        try:
            question = json.loads(line)
            if question["work"] == "load":
                settings = question["settings"]
                peer = {"torch": Torch, "llama": Llama}[settings["peer"]](settings)
                answer = {"ready": peer.name}
            elif question["work"] == "read":
                answer = {"answer": peer.read(question["ids"])}
            else:
                answer = {"answer": peer.generate(question["ids"], question["count"])}
        except Missing as missing:
            answer = {"missing": str(missing)}
        except Exception as error:  # memory, files, models that it does not know: the row says so
            answer = {"error": one_line(error)}
        try:
            text = json.dumps(answer, allow_nan=False)
        except ValueError:
            text = json.dumps({"error": "what it computed is not finite"})
        out.write(text + "\n")
        out.flush()
    # Threads of libraries are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
