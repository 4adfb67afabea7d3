#!/usr/bin/env python3
"""Small models with a LoRA adapter each, made and run by PEFT in float64.

    make_adapters.py --out DIR      DIR/NAME: the model, adapter/, expected.safetensors

llama_rs has the same adapter as torch.save writes it too, in adapter_bin/.
expected.safetensors has the token ids, the logits with and without the adapter, the merged weights of one layer, and the
attention of the last layer without the adapter and of the merged model.
"""
import argparse, json, os, shutil

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig

MODELS = {
    "llama": (
        LlamaConfig(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
                    num_key_value_heads=1, vocab_size=48, max_position_embeddings=64, tie_word_embeddings=False),
        dict(r=4, lora_alpha=6, target_modules=["q_proj", "v_proj", "down_proj", "lm_head"],
             rank_pattern={"v_proj": 2, "layers.1.self_attn.q_proj": 3}, alpha_pattern={"down_proj": 20},
             layers_to_transform=None),
        "model.layers.1.mlp.down_proj.weight"),
    "llama_rs": (
        LlamaConfig(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                    num_key_value_heads=1, vocab_size=48, max_position_embeddings=64, tie_word_embeddings=True),
        dict(r=4, lora_alpha=6, use_rslora=True, target_modules=["k_proj", "up_proj"], layers_to_transform=[1]),
        "model.layers.1.self_attn.k_proj.weight"),
    "gpt2": (
        GPT2Config(n_embd=16, n_layer=2, n_head=2, vocab_size=48, n_positions=64, n_inner=32),
        dict(r=3, lora_alpha=6, fan_in_fan_out=True, target_modules=["c_attn", "mlp.c_proj"]),
        "transformer.h.1.mlp.c_proj.weight"),
}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    out = p.parse_args().out
    for name, (config, keywords, shown) in MODELS.items():
        folder = f"{out}/{name}"
        r = np.random.default_rng(list(name.encode()))
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
        fill(model, r)
        os.makedirs(folder, exist_ok=True)
        tensors = {k: v.half() for k, v in model.state_dict().items() if k != "lm_head.weight" or not config.tie_word_embeddings}
        save_file(tensors, folder + "/model.safetensors")
        settings = {k: v for k, v in config.to_diff_dict().items() if k not in ("dtype", "transformers_version")}
        with open(folder + "/config.json", "w") as file:
            json.dump(settings, file, indent=1)
        ids = torch.arange(20)[None] * 7 % 48
        with torch.no_grad():
            run = model.double().eval()(ids, output_attentions=True)
            plain, before = run.logits[0].float(), run.attentions[-1][0].float()
            adapted = get_peft_model(model.float(), LoraConfig(**{k: v for k, v in keywords.items() if v is not None}))
            for key, value in adapted.named_parameters():
                if "lora_" in key:
                    value.copy_(torch.from_numpy(r.normal(0, 0.3, value.shape).astype(np.float16)))
            adapted.peft_config["default"].base_model_name_or_path = f"example/{name}"
            adapted.save_pretrained(folder + "/adapter")
            logits = adapted.double().eval()(ids).logits[0].float()
            whole = adapted.merge_and_unload()
            merged = whole.state_dict()[shown].float()
            after = whole(ids, output_attentions=True).attentions[-1][0].float()
        os.remove(folder + "/adapter/README.md")
        if name == "llama_rs":
            os.makedirs(folder + "/adapter_bin", exist_ok=True)
            shutil.copy(folder + "/adapter/adapter_config.json", folder + "/adapter_bin")
            torch.save(load_file(folder + "/adapter/adapter_model.safetensors"), folder + "/adapter_bin/adapter_model.bin")
        save_file({"input_ids": ids, "plain": plain.contiguous(), "logits": logits.contiguous(),
                   "plain_attention": before.contiguous(), "merged_attention": after.contiguous(),
                   shown: merged.contiguous()}, folder + "/expected.safetensors")
        print(name, float((logits - plain).abs().max()))


def fill(model, r):
    with torch.no_grad():
        for key, value in model.named_parameters():
            isNorm = "norm" in key or ".ln_" in key
            value.copy_(torch.from_numpy((r.normal(0, 0.1 if isNorm else 0.3, value.shape)
                                          + (isNorm and key.endswith("weight"))).astype(np.float16)))


if __name__ == "__main__":
    main()
