#!/usr/bin/env python3
"""Small tokenizers whose files are lists of byte strings with ranks: tiktoken's and tekken's.

    make_ranked.py --out DIR        DIR/tiktoken and DIR/tekken, each with cases.json

Trained on a bundled book with tiktoken's educational code; the ids are those of tiktoken and of mistral-common.
"""
import argparse, base64, json, os

import tiktoken
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from tiktoken._educational import bpe_train

BOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../samples/texts/alice.txt")
PATTERN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
           r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}|"
           r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEXTS = ["Alice was beginning to get very tired", "  two  spaces\n\n\ttab \r\n end ", "12345 x=1; HTTPServer aBC",
         "naïve café 日本語 한국어 🎉👩‍👩‍👧", "", " ", "\n", "!!!???...///\n//", "the" * 40, "<|end|> and <s> [INST] are text",
         "Ελληνικά Русский العربية हिन्दी ไทย", "\u00a0nbsp\u3000wide \u200b zero"]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    out = p.parse_args().out
    with open(BOOK, encoding="utf-8") as file:
        text = file.read()[:30_000]
    ranks = bpe_train(text, 400, PATTERN, visualise=None)

    folder = out + "/tiktoken"
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/tokenizer.model", "wb") as file:
        for token, rank in ranks.items():
            file.write(base64.b64encode(token) + b" %d\n" % rank)
    special = {"<|end|>": 400, "<|begin|>": 405}
    settings = {
        "pat_str": PATTERN, "add_bos_token": True, "bos_token": "<|begin|>",
        "added_tokens_decoder": {str(i): {"content": t, "special": True} for t, i in special.items()},
    }
    write(folder + "/tokenizer_config.json", settings)
    model = tiktoken.Encoding("small", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens=special)
    write(folder + "/cases.json", [
        {"text": t, "ids": model.encode(t, disallowed_special=()), "parsed": model.encode(t, allowed_special="all")}
        for t in TEXTS])

    folder = out + "/tekken"
    os.makedirs(folder, exist_ok=True)
    vocab = [{"rank": r, "token_bytes": base64.b64encode(t).decode(), "token_str": t.decode("utf-8", "replace")}
             for t, r in ranks.items()]
    names = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    write(folder + "/tekken.json", {
        "config": {"pattern": PATTERN, "num_vocab_tokens": 400, "default_vocab_size": 380,
                   "default_num_special_tokens": 8, "version": "v11"},
        "vocab": vocab,
        "special_tokens": [{"rank": i, "token_str": n, "is_control": True} for i, n in enumerate(names)],
    })
    model = Tekkenizer.from_file(folder + "/tekken.json")
    write(folder + "/cases.json", [{"text": t, "ids": model.encode(t, bos=False, eos=False)} for t in TEXTS])


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=0)


if __name__ == "__main__":
    main()
