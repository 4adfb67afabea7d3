"""The reference corpus of `ropewalk data`, without the program: what the pieces of the texts here are like.

Usage: reference.py SAMPLES DOCS OUT [--measure FILE ...]     needs numpy, tokenizers, safetensors, ml_dtypes

Each text is cut into documents of 8,000 characters (2,000 of Chinese): the books, the pages of docs, sources of this
program, its lessons and its Chinese texts. OUT gets the spread of every metric; --measure prints the metrics of files instead.
`ropewalk data FILES --make-reference OUT` does the same for other texts.
"""
import argparse, glob, json, os, re, zlib

import numpy as np
from ml_dtypes import bfloat16  # noqa: F401  (numpy learns the type)
from safetensors import safe_open
from tokenizers import Tokenizer

PIECE, PREDICTED = 512, 128
PRONOUNS = """one ones i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our
ours ourselves they them their theirs themselves this that these those who whom whose""".split()
CONNECTIVES = """and but or nor so yet because although though while whereas since unless until if whether however therefore thus hence
moreover furthermore besides meanwhile nevertheless nonetheless instead otherwise then afterwards finally indeed
similarly likewise consequently accordingly namely""".split()
ZH_PRONOUNS = "自己 我们 你们 他们 她们 它们 这些 这个 那些 那个 那里 彼此 我 你 他 她 它 您 这 那".split()
ZH_CONNECTIVES = """因为 所以 因此 于是 但是 可是 然而 不过 虽然 尽管 即使 如果 要是 只要 只有 除非 无论 不管 而且 并且 此外 另外 首先 其次 然后 接着 最后
同时 以及 或者 还是 否则 反之 总之 例如 比如 也就是说 换句话说 实际上 事实上 后来 由于 既然 从而 甚至 何况 况且""".split()
NAMES = """acc_delta acc_ratio ppl_delta ppl_ratio pronoun_rate connective_rate dedu_rate dedu_rate_256 comp_rate len_line_mean len_line_std
len_line_med len_line_max len_line_min enter_rate comma_rate space_rate bar_rate zlib_ratio half_overlap""".split()


class Model:
    """books-4m in float32."""
    def __init__(self, folder):
        self.w = {}
        with safe_open(folder + "/model.safetensors", "np") as file:
            for name in file.keys(): self.w[name] = np.asarray(file.get_tensor(name)).astype(np.float32)
        self.tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
        angles = np.outer(np.arange(PIECE, dtype=np.float32), (10000.0 ** (-np.arange(16) / 16)).astype(np.float32))
        self.cos, self.sin = np.cos(angles), np.sin(angles)

    def ids(self, text): return self.tokenizer.encode(text, add_special_tokens=False).ids

    def norm(self, x, w): return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * w

    def turn(self, x):
        c, s = self.cos[:len(x), None], self.sin[:len(x), None]
        a, b = x[..., :16], x[..., 16:]
        return np.concatenate([a * c - b * s, b * c + a * s], -1)

    def reading(self, ids):
        """Accuracy and perplexity of the last tokens."""
        w, n = self.w, len(ids)
        x = w["model.embed_tokens.weight"][ids]
        hidden = np.triu(np.full((n, n), -np.inf, np.float32), 1)
        for layer in range(4):
            p = f"model.layers.{layer}."
            h = self.norm(x, w[p + "input_layernorm.weight"])
            q, k, v = ((h @ w[p + f"self_attn.{name}_proj.weight"].T).reshape(n, -1, 32) for name in "qkv")
            q, k, v = self.turn(q), self.turn(k).repeat(2, 1), v.repeat(2, 1)
            s = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(np.float32(32)) + hidden
            s = np.exp(s - s.max(-1, keepdims=True))
            s /= s.sum(-1, keepdims=True)
            x = x + np.einsum("hqk,khd->qhd", s, v).reshape(n, -1) @ w[p + "self_attn.o_proj.weight"].T
            h = self.norm(x, w[p + "post_attention_layernorm.weight"])
            g = h @ w[p + "mlp.gate_proj.weight"].T
            x = x + (g / (1 + np.exp(-g)) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
        logits = self.norm(x[-PREDICTED - 1:-1], w["model.norm.weight"]) @ w["model.embed_tokens.weight"].T
        logits = logits.astype(np.float64)
        right = np.array(ids[-PREDICTED:])
        losses = np.log(np.exp(logits - logits.max(-1, keepdims=True)).sum(-1)) + logits.max(-1) - logits[np.arange(PREDICTED), right]
        return (logits.argmax(-1) == right).mean(), np.exp(losses.mean())

    def coherence(self, ids, most=8):
        count = len(ids) // PIECE
        if not count: return {}
        starts = [i * PIECE for i in range(count)] if count <= most else [i * (count - 1) // (most - 1) * PIECE for i in range(most)]
        pieces = [ids[s:s + PIECE] for s in starts]
        (aw, pw), (ao, po) = (np.mean([self.reading(p[-n:]) for p in pieces], 0) for n in (PIECE, 2 * PREDICTED))
        return {"acc_delta": aw - ao, "acc_ratio": (aw - ao) / (aw + 1e-5), "ppl_delta": po - pw, "ppl_ratio": (po - pw) / (po + 1e-5)}


def is_word(c): return c == "_" or c.isalnum()


def language(text):
    letters = [c for c in text[:20_000] if is_word(c)]
    wide = sum(0x3400 <= ord(c) <= 0x4DBF or 0x4E00 <= ord(c) <= 0x9FFF or 0xF900 <= ord(c) <= 0xFAFF or ord(c) >= 0x20000 for c in letters)
    return "zh" if letters and wide * 10 >= len(letters) * 3 else "en"


def runs(text, extra=""):
    words, word = [], ""
    for c in text:
        if is_word(c) or c in extra: word += c
        elif word: words.append(word); word = ""
    return words + [word] if word else words


def covered(text, words):
    pattern = re.compile("|".join(sorted(words, key=len, reverse=True)))
    return sum(len(m) for m in pattern.findall(text))


def overlap(text, lang):
    if lang == "en": words = [w for w in runs(text.lower()) if len(w) >= 5]
    else:
        wide = lambda c: 0x3400 <= ord(c) <= 0x4DBF or 0x4E00 <= ord(c) <= 0x9FFF
        words = [a + b for a, b in zip(text, text[1:]) if wide(a) and wide(b)]
    half = len(words) // 2
    a, b = set(words[:half][:250]), set(words[half:][:250])
    return {"half_overlap": len(a & b) / min(len(a), len(b))} if a and b else {}


def metrics(text, model):
    lang = language(text)
    ids = model.ids(text)
    surface = text.lower() if lang == "en" else text
    lines = [len(line) for line in surface.split("\n") if line.strip()]
    n = len(surface)
    commas = surface.count(",") + (surface.count("，") if lang == "zh" else 0)
    out = {"dedu_rate": len(set(ids)) / len(ids), "comp_rate": len(ids) / len(text), "len_line_mean": np.mean(lines), "len_line_std": np.std(lines),
           "len_line_med": np.median(lines), "len_line_max": max(lines), "len_line_min": min(lines), "enter_rate": surface.count("\n") / n,
           "comma_rate": commas / n, "space_rate": surface.count(" ") / n, "bar_rate": surface.count("|") / n,
           "zlib_ratio": len(zlib.compress(text.encode(), 6)) / len(text.encode())}
    pieces = [ids[i:i + 256] for i in range(0, len(ids) - 255, 256)]
    if pieces: out["dedu_rate_256"] = np.mean([len(set(p)) / 256 for p in pieces])
    if lang == "en":
        words = runs(text.lower(), "'’")
        out["pronoun_rate"] = sum(w in PRONOUNS for w in words) / max(1, len(words))
        out["connective_rate"] = sum(w in CONNECTIVES for w in words) / max(1, len(words))
    else:
        out["pronoun_rate"], out["connective_rate"] = covered(text, ZH_PRONOUNS) / n, covered(text, ZH_CONNECTIVES) / n
    return lang, {k: float(v) for k, v in {**out, **overlap(text, lang), **model.coherence(ids)}.items()}


def documents(samples, docs):
    def cut(text, size): return [text[i:i + size] for i in range(0, len(text) - size // 2, size)]
    def read(path):
        with open(path, encoding="utf-8") as file: return file.read()
    for name in ("alice", "moby-dick"): yield from cut(read(f"{samples}/texts/{name}.txt"), 8000)
    yield from cut(read(f"{samples}/texts/lunyu.txt"), 2000)
    for path in sorted(glob.glob(docs + "/*.md")): yield from cut(read(path), 8000)[:8]
    for path in sorted(glob.glob(docs + "/../Sources/*/*.swift"))[::6][:40]: yield from cut(read(path), 8000)[:1]
    chinese = [line[8:-1] for path in sorted(glob.glob(docs + "/../Sources/CPhrases/zh/*.po")) for line in read(path).split("\n")
               if line.startswith('msgstr "')]
    yield from cut("。\n".join(chinese), 2000)
    for path in sorted(glob.glob(samples + "/lessons/*.lesson")):
        yield from cut("\n".join(re.findall(r"^say\.zh: (.*(?:\n .*)*)", read(path), re.M)), 2000)


def main():
    p = argparse.ArgumentParser()
    for name in ("samples", "docs", "out"): p.add_argument(name)
    p.add_argument("--measure", nargs="*")
    options = p.parse_args()
    model = Model(options.samples + "/books-4m")
    if options.measure:
        found = []
        for path in options.measure:
            with open(path, encoding="utf-8") as file: found.append(dict(zip(("language", "metrics"), metrics(file.read(), model))))
        with open(options.out, "w") as file: json.dump(found, file, indent=1)
        return
    tables, counts, sizes = {}, {}, {}
    for text in documents(options.samples, options.docs):
        lang, values = metrics(text, model)
        counts[lang] = counts.get(lang, 0) + 1
        sizes.setdefault(lang, []).append(len(text))
        for name, value in values.items(): tables.setdefault(lang, {}).setdefault(name, []).append(value)
    digits = lambda x: float(f"{x:.6g}")
    spread = lambda v: {"mean": digits(np.mean(v)), "std": digits(np.std(v)), "percentiles": [digits(x) for x in np.percentile(v, range(101))]}
    languages = {lang: {"documents": counts[lang], "characters": sorted(sizes[lang])[counts[lang] // 2], "metrics": {n: spread(tables[lang][n]) for n in NAMES if n in tables[lang]}} for lang in ("en", "zh")}
    with open(options.out, "w") as file:
        json.dump({"reference": "ropewalk data", "model": "books-4m", "tokenizer": "books-4m", "languages": languages}, file)
        file.write("\n")
    print(counts)


if __name__ == "__main__":
    main()
