#!/usr/bin/env python3
"""GGUF files of architectures beside llama, written with the gguf package, and what transformers computes of their weights.

    make_gguf_families.py --out DIR [--seed N] [--only NAME ...]

The names come from the package's own table; the rest as llama.cpp's conversion does it: rows of queries and keys as pairs
(granite, smollm3), 1 added to norms (gemma), experts of a layer in one tensor.
"""
import argparse, json, os, shutil, tempfile
import make_families as families
import make_golden as golden
import gguf
import numpy as np
import torch

MOE = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16)
# name -> (configuration class, keywords, whether rows are pairs)
PRESETS = {
    "gemma": ("GemmaConfig", dict(head_dim=10), False),
    "olmo2": ("Olmo2Config", dict(), False),
    "granite": ("GraniteConfig", dict(embedding_multiplier=3.0, logits_scaling=0.7, residual_multiplier=0.4,
                                      attention_multiplier=0.2), True),
    "qwen2moe": ("Qwen2MoeConfig", dict(MOE, shared_expert_intermediate_size=20), False),
    "qwen3moe": ("Qwen3MoeConfig", dict(MOE, head_dim=8, norm_topk_prob=True), False),
    "smollm3": ("SmolLM3Config", dict(num_hidden_layers=4, pad_token_id=0, tie_word_embeddings=True), True),
}


def pairs(values, heads):
    """Halves of a head's rows in turn, as llama.cpp's LlamaModel.permute does."""
    shape = values.shape
    return values.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def metadata(writer, name, config):
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if getattr(config, "head_dim", None):
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if name == "granite":
        writer.add_attention_scale(config.attention_multiplier)
        writer.add_embedding_scale(config.embedding_multiplier)
        writer.add_residual_scale(config.residual_multiplier)
        writer.add_logit_scale(config.logits_scaling)
    if name.endswith("moe"):
        writer.add_expert_count(config.num_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
        writer.add_expert_feed_forward_length(config.moe_intermediate_size)
        if name == "qwen2moe":
            writer.add_expert_shared_feed_forward_length(config.shared_expert_intermediate_size)


def write(path, name, config, tensors):
    _, _, arePairs = PRESETS[name]
    arch = next(a for a, text in gguf.MODEL_ARCH_NAMES.items() if text == name)
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers)
    writer = gguf.GGUFWriter(path, name)
    metadata(writer, name, config)
    experts = {}
    for key, tensor in sorted(tensors.items()):
        values = tensor.float().numpy()
        if ".experts." in key:
            stem, rest = key.split(".experts.")
            number, part = rest.split(".", 1)
            experts.setdefault(f"{stem}.experts.{part}", {})[int(number)] = values
            continue
        if arePairs and ("q_proj" in key or "k_proj" in key):
            values = pairs(values, config.num_attention_heads if "q_proj" in key else config.num_key_value_heads)
        if name == "gemma" and key.endswith("norm.weight"):
            values = values + 1
        put(writer, names.get_name(key, try_suffixes=(".weight", ".bias")), values.squeeze())
    for key, parts in experts.items():
        put(writer, names.get_name(key, try_suffixes=(".weight", ".bias")), np.stack([parts[i] for i in range(len(parts))]))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def put(writer, name, values):
    """Vectors as F32, matrices as BF16: the numbers are bfloat16's."""
    values = np.ascontiguousarray(values)
    if values.ndim == 1:
        return writer.add_tensor(name, values)
    kind = gguf.GGMLQuantizationType.BF16
    writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=11)
    ap.add_argument("--only", nargs="*")
    a = ap.parse_args()
    for name, (cls, keywords, _) in PRESETS.items():
        families.FAMILIES[name] = (cls, {**families.SIZES, **families.RMS, **keywords}, [], "causal")
    families.prepare()
    for name in PRESETS:
        if a.only and name not in a.only:
            continue
        with tempfile.TemporaryDirectory() as source:
            golden.make(dict(family=name, preset_name=name, seed=a.seed, pad=0, **families.OPTIONS), source, name)
            families.keep_choices(source, "causal")
            folder = os.path.join(a.out, name)
            os.makedirs(folder, exist_ok=True)
            for file in ("expected.safetensors", "manifest.json"):
                shutil.copy(os.path.join(source, file), folder)
            config = golden.transformers.AutoConfig.from_pretrained(source)
            write(os.path.join(folder, "model.gguf"), name, config,
                  golden.load_file(os.path.join(source, "model.safetensors")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
