#!/usr/bin/env python3
"""Tokenizers of three kinds with one added token in every combination of its properties, and what the library makes of texts.

    make_added_tokens.py --out Tests/Fixtures/tokenizers/added_tokens

A case is [kind, place in "added", text, ids, offsets one after the other, decoded, decoded without special tokens].
"""
import argparse, itertools, json, os

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

TEXTS = ["hello<MASK>world", "hello  <MASK>\n\t<MASK> world", "x<MASK>x <MASK>. a", "hello <MASK>\u3000world\u00a0"]


def tokenizer(kind):
    if kind == "wordpiece":
        words = "[UNK] [CLS] [SEP] hello world ##s a b m ##ask x ##x . don ' t mask do not the".split()
        t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
        t.normalizer, t.pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
        t.decoder = decoders.WordPiece()
    elif kind == "bytelevel":
        words = sorted(pre_tokenizers.ByteLevel.alphabet()) + ["he", "ll", "Ġw", "or"]
        merges = [("h", "e"), ("l", "l"), ("Ġ", "w"), ("o", "r")]
        t = Tokenizer(models.BPE({w: i for i, w in enumerate(words)}, merges))
        t.pre_tokenizer, t.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    else:
        words = "<unk> ▁ ▁hello ▁world h e l o w r d ▁a a b x m s k < M > H".split(" ")
        t = Tokenizer(models.Unigram([(w, -i / 4) for i, w in enumerate(words)], 0, False))
        t.normalizer, t.pre_tokenizer, t.decoder = normalizers.NFKC(), pre_tokenizers.Metaspace(), decoders.Metaspace()
    return t


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    out = p.parse_args().out
    kinds = ["wordpiece", "bytelevel", "metaspace"]
    plain = {kind: json.loads(tokenizer(kind).to_str()) for kind in kinds}
    added, cases = [], []
    for kind, *flags in itertools.product(kinds, *[[False, True]] * 5):
        t = tokenizer(kind)
        names = ["lstrip", "rstrip", "normalized", "single_word", "special"]
        token = AddedToken("<MASK>", **dict(zip(names, flags)))
        (t.add_special_tokens if flags[4] else t.add_tokens)([token])
        tokens = json.loads(t.to_str())["added_tokens"]
        if tokens not in added:
            added.append(tokens)
        for text in TEXTS:
            e = t.encode(text)
            cases.append([kind, added.index(tokens), text, e.ids, [n for span in e.offsets for n in span],
                          t.decode(e.ids, skip_special_tokens=False), t.decode(e.ids)])
    os.makedirs(out, exist_ok=True)
    with open(out + "/cases.json", "w") as file:
        parts = [json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (plain, added)]
        lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
        file.write('{"tokenizers":%s,\n"added":%s,\n"cases":[\n%s]}\n' % (*parts, lines))


if __name__ == "__main__":
    main()
