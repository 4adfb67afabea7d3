#!/usr/bin/env python3
"""Recordings by ropewalk_capture.py of small random models, and rows of weights that transformers makes in float64.

    make_captures.py --out DIR

- llama: 279 tokens in two parts, float16, with its model beside it (`model`)
- halves: 82 tokens of the same model, q8, as two processes would write it: the heads in two parts each
- some: 82 tokens, float32, layer 1 and heads 0, 1 and 3 alone
- bart: encoder, decoder and attention across, of two texts, bfloat16

`expected.safetensors` of each: `KIND.rows` I32 [rows], `KIND.weights` F32 [layers, heads, rows, keys].
"""

import argparse
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("../../PythonTests", "../../../Sources/Python"):
    sys.path.insert(0, os.path.join(HERE, folder))
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

import capture_reference as reference
import ropewalk_capture
import ropewalk_capture_files as files
import ropewalk_capture_tokens as tokens

TEXT = (
    "Im Hafen lagen drei Schiffe; das erste hieß „Möwe“, das zweite 海鸥, das dritte hatte keinen Namen. "
    "Im Hafen lagen drei Schiffe, und jeden Abend zählte ein Kind sie ab: eins, zwei, drei. 🚢🚢🚢\n"
    "Am Morgen waren es zwei. Im Hafen lagen zwei Schiffe; das dritte …\r\n"
)


def tokenizer():
    """A token a byte."""
    alphabet = {character: byte for character, byte in tokens._ALPHABET.items()}
    made = Tokenizer(models.BPE(vocab=alphabet, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.decoder = decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made)


def llama():
    torch.manual_seed(0)
    return reference.sharpened(
        transformers.LlamaForCausalLM(
            transformers.LlamaConfig(
                hidden_size=24,
                intermediate_size=28,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                head_dim=6,
                vocab_size=256,
                max_position_embeddings=512,
                bos_token_id=None,
                eos_token_id=None,
                tie_word_embeddings=True,
            )
        )
    )


def bart():
    torch.manual_seed(0)
    return reference.sharpened(
        transformers.BartForConditionalGeneration(
            transformers.BartConfig(
                vocab_size=256,
                d_model=24,
                encoder_layers=2,
                decoder_layers=2,
                encoder_attention_heads=4,
                decoder_attention_heads=3,
                encoder_ffn_dim=28,
                decoder_ffn_dim=28,
                max_position_embeddings=256,
                pad_token_id=0,
                bos_token_id=0,
                eos_token_id=1,
                decoder_start_token_id=2,
                forced_eos_token_id=None,
            )
        )
    )


def expected(model, folder):
    recording = reference.Recording(folder)
    arguments = {"input_ids": recording.tokens["ids"][None].long()}
    if model.config.is_encoder_decoder:
        arguments = {"input_ids": recording.tokens["key_ids"][None].long(), "decoder_input_ids": arguments["input_ids"]}
    maps = reference.maps(model, arguments)
    found = {}
    for kind in recording.kinds:
        weights = maps.get("cross_attentions") if kind == "cross" else maps.get(f"{kind}_attentions") or maps.attentions
        rows = torch.tensor([0, 5, weights[0].shape[2] - 1])
        found[f"{kind}.rows"] = rows.int()
        found[f"{kind}.weights"] = torch.stack([layer[0][:, rows] for layer in weights]).float()
    files.write_safetensors(os.path.join(folder, "expected.safetensors"), found)


def halved(folder):
    """The parts of a folder, the heads of each in two files."""
    path = os.path.join(folder, "recording.json")
    index = json.load(open(path))
    parts = []
    for part in index["parts"]:
        tensors = reference.read_safetensors(os.path.join(folder, part["file"]))
        os.remove(os.path.join(folder, part["file"]))
        for half in range(2):
            own, spans = {}, {}
            for key in ("heads", "key_value_heads"):
                count = part[key][1] // 2
                spans[key] = [half * count, (half + 1) * count]
            for name, tensor in tensors.items():
                if name.count(".") == 1:
                    if half == 0:
                        own[name] = tensor
                    continue
                first, end = spans["key_value_heads" if name.split(".")[2] in ("keys", "values") else "heads"]
                own[name] = tensor[first:end]
            name = f"part-{len(parts):05d}.safetensors"
            size = files.write_safetensors(os.path.join(folder, name), own)
            parts.append({**part, "file": name, **spans, "bytes": size})
    json.dump({**index, "parts": parts}, open(path, "w"), ensure_ascii=False, indent=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    model, words = llama(), tokenizer()
    cases = {
        "llama": (model, TEXT, dict(precision="f16", chunk=256, name="llama-small")),
        "halves": (model, TEXT[:72], dict(precision="q8", name="llama-small")),
        "some": (model, TEXT[:72], dict(precision="f32", layers=[1], heads=[0, 1, 3], name="llama-small")),
        "bart": (bart(), TEXT[:40], dict(precision="bf16", target=TEXT[100:130], name="bart-small")),
    }
    for name, (own, text, options) in cases.items():
        folder = os.path.join(out, name)
        shutil.rmtree(folder, ignore_errors=True)
        ropewalk_capture.capture(own, words, text, folder, **options)
        if name == "halves":
            halved(folder)
        expected(own, folder)
    place = os.path.join(out, "llama", "model")
    model.to(torch.float32).save_pretrained(place)
    words.save_pretrained(place)
    for extra in ("generation_config.json", "tokenizer_config.json"):
        if os.path.exists(os.path.join(place, extra)):
            os.remove(os.path.join(place, extra))


main()
