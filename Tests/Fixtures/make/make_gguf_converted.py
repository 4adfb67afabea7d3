#!/usr/bin/env python3
"""GGUF files of small models as llama.cpp's own conversion writes them, and what transformers computes of their weights.

    pip download --no-deps --no-binary :all: llama-cpp-python==0.3.36, and unpack it
    make_gguf_converted.py --converter llama_cpp_python-0.3.36/vendor/llama.cpp --out DIR [--seed N] [--only NAME ...]

The sizes and keys are such that the conversion loses none of them: it knows no window of Mistral and StarCoder 2, and
takes the chunks of Llama 4, the limit of gpt-oss's gates and the pattern of Cohere 2 for given.
"""
import argparse, json, os, pathlib, shutil, sys, tempfile
import make_families as families
import make_golden as golden

SIZES, RMS, TYPES = families.SIZES, families.RMS, families.TYPES
FEWER = {k: v for k, v in SIZES.items() if k not in ("intermediate_size", "num_key_value_heads")}
LATENT = {**FEWER, "intermediate_size": 28, "num_attention_heads": 3, "num_key_value_heads": 3}


def presets():
    """name -> (configuration class, keywords, kind)"""
    P = {}

    def add(name, cls, *, sizes=SIZES, kind="causal", **keywords):
        P[name] = (cls, {**sizes, **keywords}, [], kind)

    add("starcoder2", "Starcoder2Config", norm_epsilon=3e-3)
    add("stablelm", "StableLmConfig", layer_norm_eps=3e-3, use_qkv_bias=True, num_attention_heads=3,
        num_key_value_heads=1, rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.25))
    add("stablelm_normed", "StableLmConfig", layer_norm_eps=3e-3, use_parallel_residual=True, qk_layernorm=True,
        num_attention_heads=3, num_key_value_heads=3,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.25))
    add("nemotron", "NemotronConfig", norm_eps=3e-3, num_attention_heads=3, num_key_value_heads=1,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5))
    add("phi2", "PhiConfig", layer_norm_eps=3e-3, num_attention_heads=3, num_key_value_heads=3, intermediate_size=96,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5))
    add("falcon", "FalconConfig", sizes=FEWER, num_kv_heads=2, new_decoder_architecture=True, layer_norm_epsilon=3e-3)
    add("falcon_one", "FalconConfig", sizes=FEWER, num_kv_heads=1, layer_norm_epsilon=3e-3)
    add("command_r", "CohereConfig", layer_norm_eps=3e-3, logit_scale=0.4, use_qk_norm=True, pad_token_id=0)
    add("cohere2", "Cohere2Config", layer_norm_eps=3e-3, logit_scale=0.4, sliding_window=7, num_hidden_layers=4,
        pad_token_id=0)
    add("glm4", "Glm4Config", head_dim=12, pad_token_id=0, **RMS)
    add("exaone4", "Exaone4Config", sliding_window=7, layer_types=TYPES, **RMS)
    add("granitemoe", "GraniteMoeConfig", num_local_experts=4, num_experts_per_tok=2, embedding_multiplier=3.0,
        logits_scaling=0.7, residual_multiplier=0.4, attention_multiplier=0.2, **{**RMS, "intermediate_size": 16})
    add("gpt_oss", "GptOssConfig", num_local_experts=4, num_experts_per_tok=2, head_dim=8, sliding_window=7,
        layer_types=TYPES, rope_parameters=dict(
            rope_type="yarn", rope_theta=150000.0, factor=4.0, beta_fast=32.0, beta_slow=1.0, truncate=False,
            original_max_position_embeddings=32), **{**RMS, "intermediate_size": 16})
    add("llama4", "Llama4TextConfig", head_dim=8, num_local_experts=4, num_experts_per_tok=1, intermediate_size_mlp=28,
        interleave_moe_layer_step=2, rope_parameters=dict(
            rope_type="llama3", rope_theta=500.0, factor=16.0, low_freq_factor=1.0, high_freq_factor=1.0,
            original_max_position_embeddings=128), **{**RMS, "intermediate_size": 16, "num_hidden_layers": 4})
    experts = dict(n_routed_experts=6, num_experts_per_tok=2, moe_intermediate_size=12, first_k_dense_replace=1,
                   n_group=3, topk_group=2, kv_lora_rank=10, qk_rope_head_dim=4, qk_nope_head_dim=6, v_head_dim=8,
                   routed_scaling_factor=1.5)
    yarn = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, beta_fast=32.0, beta_slow=1.0,
                original_max_position_embeddings=32)
    add("deepseek_v2", "DeepseekV2Config", sizes=LATENT, q_lora_rank=None, n_shared_experts=2,
        topk_method="group_limited_greedy", rope_parameters=dict(yarn, mscale=0.707, mscale_all_dim=0.707),
        **experts, **RMS)
    add("deepseek_v3", "DeepseekV3Config", sizes=LATENT, q_lora_rank=12, n_shared_experts=1,
        rope_parameters=dict(yarn, mscale=1.0, mscale_all_dim=1.0), **experts, **RMS)
    add("olmo", "OlmoConfig", clip_qkv=1.5, rope_parameters=dict(rope_type="default", rope_theta=500.0))
    add("olmo3", "Olmo3Config", sliding_window=7, layer_types=TYPES, rope_parameters=dict(
        full_attention=dict(yarn, rope_theta=500000.0),
        sliding_attention=dict(rope_type="default", rope_theta=500000.0)), **RMS)
    add("mistral3", "Ministral3Config", head_dim=8, rope_parameters=dict(
        yarn, mscale=1.0, mscale_all_dim=1.0, llama_4_scaling_beta=0.6, original_max_position_embeddings=6), **RMS)
    add("gptneox", "GPTNeoXConfig", sizes={k: v for k, v in SIZES.items() if k != "num_key_value_heads"},
        layer_norm_eps=3e-3, num_attention_heads=3,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.25))
    add("bloom", "BloomConfig", sizes=dict(vocab_size=60, hidden_size=24, n_layer=2, n_head=3), layer_norm_epsilon=3e-3)
    add("mpt", "MptConfig", sizes=dict(vocab_size=60, d_model=24, n_layers=2, n_heads=4, max_seq_len=128),
        attn_config=dict(clip_qkv=1.5))
    add("qwen2", "Qwen2Config", **RMS)
    add("qwen3", "Qwen3Config", head_dim=8, **RMS)
    add("gemma2", "Gemma2Config", head_dim=10, query_pre_attn_scalar=10, sliding_window=7, **RMS)
    add("gemma3", "Gemma3TextConfig", head_dim=10, query_pre_attn_scalar=10, sliding_window=7,
        **{**RMS, "num_hidden_layers": 6})
    add("gemma3n", "Gemma3nTextConfig", head_dim=8, num_kv_shared_layers=3, sliding_window=7,
        vocab_size_per_layer_input=60, hidden_size_per_layer_input=6, laurel_rank=4, final_logit_softcapping=30.0,
        activation_sparsity_pattern=[0.95, 0.0, 0.5, 0.0, 0.95, 0.0],
        layer_types=["sliding_attention", "sliding_attention", "full_attention"] * 2,
        **{**RMS, "num_hidden_layers": 6})
    add("phi3", "Phi3Config", sliding_window=7, pad_token_id=0, **RMS)
    add("gpt2", "GPT2Config", sizes=dict(vocab_size=60, n_positions=128, n_embd=24, n_layer=2, n_head=3),
        layer_norm_epsilon=3e-3)
    add("bert", "BertConfig", sizes={k: v for k, v in SIZES.items() if k != "num_key_value_heads"}, kind="mlm",
        layer_norm_eps=1e-3)
    t5 = dict(vocab_size=60, d_model=24, d_kv=10, d_ff=28, num_layers=2, num_heads=3, layer_norm_epsilon=3e-3,
              pad_token_id=0, decoder_start_token_id=0)
    add("t5", "T5Config", sizes=t5, kind="seq2seq", num_layers=3, num_decoder_layers=2,
        relative_attention_num_buckets=16)
    add("t5_v11", "T5Config", sizes=t5, kind="seq2seq", feed_forward_proj="gated-gelu", tie_word_embeddings=False)
    add("t5encoder", "T5Config", sizes=t5, kind="seq2seq", feed_forward_proj="gated-gelu", tie_word_embeddings=False)
    add("modern_bert", "ModernBertConfig", sizes={k: v for k, v in SIZES.items() if k != "num_key_value_heads"},
        kind="mlm", num_hidden_layers=4, norm_eps=3e-3, local_attention=6, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        cls_token_id=1, sep_token_id=2)
    return P


def encoder_alone(folder):
    """The states of the encoder in place of those of both, under the names that models with one stack have."""
    path = os.path.join(folder, "manifest.json")
    manifest, tensors = json.load(open(path)), golden.load_file(os.path.join(folder, "expected.safetensors"))
    ours = {name: name.removeprefix("encoder_") for name in tensors if name.startswith(("encoder_hidden", "encoder_last_hidden"))}
    golden.save_file({ours.get(name, name): tensors[name] for name in [*ours, "input_ids", "attention_mask"]},
                     os.path.join(folder, "expected.safetensors"))
    manifest["tensors"] = {ours[name]: manifest["tensors"][name] for name in ours}
    manifest["check"] = [ours[name] for name in ours]
    json.dump(manifest, open(path, "w"), indent=1)


# What the class is called that the conversion registers, where transformers calls it otherwise.
OTHER_CLASSES = {"MptForCausalLM": "MPTForCausalLM"}


def both_spellings(folder, name):
    """A configuration with the keys of transformers 4 beside those of 5, as the conversion reads either."""
    newer, older = (json.load(open(os.path.join(folder, file))) for file in ("config.json", "config_legacy.json"))
    config = {**newer, **older}
    config["architectures"] = [OTHER_CLASSES.get(c, c) for c in config["architectures"]]
    if name == "t5encoder":
        config["architectures"] = ["T5EncoderModel"]
    share = (newer.get("rope_parameters") or {}).get("partial_rotary_factor")
    if name == "gptneox":
        config["rotary_pct"] = share
    if name == "cohere2":
        config["rotary_pct"] = 1.0
    if name == "gpt2":
        config["n_ctx"] = config["n_positions"]
    if name == "mpt":
        config["attn_config"] = {"alibi": True, "alibi_bias_max": 8, "clip_qkv": 1.5}
    return config


def mend_stablelm(conversion):
    """This version of the conversion loses norms of heads: it returns them from a generator."""
    from conversion.stablelm import StableLMModel

    def modify(self, tensor, name, block):
        if "layernorm.norms." not in name:
            return conversion.base.TextModel.modify_tensors(self, tensor, name, block)
        part, heads = ("q_layernorm", "num_attention_heads") if "q_layer" in name else ("k_layernorm", "num_key_value_heads")
        found = self.__dict__.setdefault("found_norms", {}).setdefault((block, part), {})
        found[name] = tensor
        return self._stack_qk_norm(block, self.hparams[heads], found, part) if len(found) == self.hparams[heads] else []
    StableLMModel.modify_tensors = modify


def no_vocabulary(model):
    """Leaves the tokenizer out."""
    model.set_vocab = lambda: None


def convert(folder, name, out, prepare=no_vocabulary):
    import gguf
    import conversion
    mend_stablelm(conversion)
    config = both_spellings(folder, name)
    with tempfile.TemporaryDirectory() as source:
        for file in os.listdir(folder):
            if file.startswith("model"):
                shutil.copy(os.path.join(folder, file), source)
        json.dump(config, open(os.path.join(source, "config.json"), "w"))
        if kept := {"t5encoder": ("encoder.", "shared."), "modern_bert": ("model.",)}.get(name):
            path = os.path.join(source, "model.safetensors")
            golden.save_file({k: v for k, v in golden.load_file(path).items() if k.startswith(kept)}, path)
        if name.startswith("gemma3"):                            # rows beyond the vocabulary are cut off
            words = {"model": {"vocab": {str(i): i for i in range(config["vocab_size"])}}, "added_tokens": []}
            json.dump(words, open(os.path.join(source, "tokenizer.json"), "w"))
        cls = conversion.get_model_class(config["architectures"][0])
        # With this version of transformers the conversion would not see the share that turns.
        known = {"hparams": config} if name == "gptneox" else {}
        model = cls(pathlib.Path(source), gguf.LlamaFileType.MOSTLY_BF16, pathlib.Path(out), **known)
        prepare(getattr(model, "impl", model))
        model.write()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--converter", required=True, help="llama.cpp's sources")
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=11)
    ap.add_argument("--only", nargs="*")
    ap.add_argument("--keep", help="a folder for the models that were converted")
    a = ap.parse_args()
    sys.path[:0] = [a.converter, os.path.join(a.converter, "gguf-py")]
    families.FAMILIES = presets()
    families.prepare()
    for name, (_, _, _, kind) in families.FAMILIES.items():
        if a.only and name not in a.only:
            continue
        source = os.path.join(a.keep or tempfile.mkdtemp(), name)
        family = {"gptneox": "gpt_neox", "t5_v11": "t5", "t5encoder": "t5", "modern_bert": "modernbert"}.get(name, name)
        golden.make(dict(family=family, preset_name=name, seed=a.seed, pad=0,
                         **{**families.OPTIONS, "tie": name not in ("t5_v11", "t5encoder")}), source, name)
        families.keep_choices(source, kind)
        if name == "gemma3n":                             # states of all streams
            families.leave_out(source, [f"hidden_states.{i}" for i in range(7)] + ["last_block_output"])
        if name == "t5encoder":
            encoder_alone(source)
        if kind == "mlm":                                 # GGUF files of encoders have no head
            families.leave_out(source, ["logits"])
        folder = os.path.join(a.out, name)
        os.makedirs(folder, exist_ok=True)
        for file in ("expected.safetensors", "manifest.json"):
            shutil.copy(os.path.join(source, file), folder)
        convert(source, name, os.path.join(folder, "model.gguf"))
        if not a.keep:
            shutil.rmtree(os.path.dirname(source))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
