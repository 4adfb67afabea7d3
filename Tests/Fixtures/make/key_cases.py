#!/usr/bin/env python3
"""Every key of every configuration class, moved from its default, against transformers.

    key_cases.py --program PATH [--family NAME ...] [--keep DIR]

For each family and key a tiny random model is made, run by transformers (eager, float32) and by `ropewalk trace`.
What comes out is one of
    right      the numbers agree
    refused    the program names the key and does not run
    said       the numbers agree, and the program says that it did not read the key
    WRONG      the numbers differ: the exit status is then 1
    stopped    transformers itself does not run such a model; the program may do either, but not crash
With --keep the folders stay in DIR, each with an ABOUT, and are not made again.

    key_cases.py --compact DIR [--family NAME ...]

writes what the tests have in `Fixtures/keys`: smaller models, one of weights a family, with many configurations and the
last row of logits that transformers makes of each.
"""
import argparse, hashlib, json, os, shutil, subprocess, sys, tempfile, warnings

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "critical")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
warnings.filterwarnings("ignore")
import numpy as np
import torch
import transformers

import key_families
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as torch_save
from transformers import CONFIG_MAPPING

torch.set_num_threads(1)
transformers.logging.set_verbosity(transformers.logging.CRITICAL)
transformers.utils.logging.disable_progress_bar()
TOKENS, VOCABULARY = 24, 64

LLAMA = dict(vocab_size=VOCABULARY, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=128, tie_word_embeddings=False)
BERT = dict(vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
SCALINGS = [
    YARN, {"type": "linear", "factor": 2.0}, {"rope_type": "dynamic", "factor": 4.0},
    {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
     "original_max_position_embeddings": 32},
    dict(YARN, factor=None), dict(YARN, beta_fast=0, beta_slow=0), dict(YARN, truncate=False),
    dict(YARN, mscale=1.2, mscale_all_dim=0.8), dict(YARN, mscale=1.2), dict(YARN, attention_factor=1.3),
    dict(YARN, extrapolation_factor=1.0, attn_factor=1.0), dict(YARN, rope_theta=500.0), dict(YARN, partial_rotary_factor=0.5),
]
ROPE = [("rope_theta", 500.0), ("rope_theta", None)] + [("rope_scaling", s) for s in SCALINGS] + [
    ("rope_scaling", None), ("rope_parameters", {"rope_type": "default", "rope_theta": 300.0}),
    ("rope_parameters", {"rope_theta": 300.0}), ("rope_parameters", {"rope_type": "linear", "factor": 2.0}),
    ({"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}, "rope_scaling": YARN}, None),
    ({"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}, "rope_theta": 700.0}, None),
    ({"rope_theta": 700.0, "rope_scaling": dict(YARN, rope_theta=90.0)}, None),
    ("partial_rotary_factor", 0.5), ("original_max_position_embeddings", 16),
    ({"rope_scaling": dict(YARN), "original_max_position_embeddings": 64}, None),
]
COMMON = [("hidden_act", "gelu"), ("hidden_act", "relu"), ("hidden_act", "gelu_pytorch_tanh"), ("hidden_act", "quick_gelu"),
          ("rms_norm_eps", 0.03), ("rms_norm_eps", None), ("tie_word_embeddings", True), ("head_dim", 32), ("head_dim", None),
          ("attention_bias", True), ("mlp_bias", True), ("is_causal", False), ("num_key_value_heads", None),
          ("num_key_value_heads", 4), ("sliding_window", 6), ("sliding_window", None), ("use_sliding_window", True),
          ("pretraining_tp", 2), ("attention_dropout", 0.5), ("use_cache", False), ("initializer_range", 0.3),
          ("no_such_key", 3), ("logit_scale", 0.5), ("use_bidirectional_attention", True), ("is_decoder", True),
          ("add_cross_attention", True), ("dtype", "bfloat16"), ("layer_types", ["full_attention"] * 3)]

FAMILIES = {
    "llama": (LLAMA, COMMON + ROPE),
    "mistral": (LLAMA, COMMON + ROPE + [({"sliding_window": 6, "is_causal": False}, None)]),
    "mixtral": (dict(LLAMA, num_local_experts=4, num_experts_per_tok=2), COMMON + ROPE + [
        ("num_experts_per_tok", 1), ("router_jitter_noise", 0.3), ("output_router_logits", True),
        ("router_aux_loss_coef", 0.5), ("num_experts", 4)]),
    "qwen2": (LLAMA, COMMON + ROPE + [
        ("max_window_layers", 1), ({"use_sliding_window": True, "sliding_window": 6}, None),
        ({"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1}, None),
        ({"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 0, "is_causal": False}, None),
        ({"sliding_window": 6, "max_window_layers": 0}, None),
        ({"use_sliding_window": True, "sliding_window": 6,
          "layer_types": ["full_attention", "sliding_attention", "full_attention"]}, None)]),
    "qwen3": (dict(LLAMA, head_dim=16), COMMON + ROPE + [
        ({"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1}, None), ("attention_bias", True),
        ({"use_sliding_window": True, "sliding_window": 6, "max_window_layers": None}, None)]),
    "gemma2": (dict(LLAMA, head_dim=16, sliding_window=6, query_pre_attn_scalar=16, tie_word_embeddings=True), COMMON + ROPE + [
        ("attn_logit_softcapping", 5.0), ("attn_logit_softcapping", None), ("final_logit_softcapping", 3.0),
        ("final_logit_softcapping", None), ("query_pre_attn_scalar", 50), ("hidden_activation", "silu"),
        ("hidden_activation", "gelu"), ("hidden_activation", None),
        ("layer_types", ["full_attention", "full_attention", "sliding_attention"]), ("sliding_window", 3),
        ({"sliding_window": 6, "is_causal": False}, None)]),
    "gemma3_text": (dict(LLAMA, head_dim=16, sliding_window=6, query_pre_attn_scalar=16, tie_word_embeddings=True,
                         layer_types=["sliding_attention", "full_attention", "sliding_attention"]), COMMON + ROPE + [
        ("attn_logit_softcapping", 5.0), ("final_logit_softcapping", 3.0), ("query_pre_attn_scalar", 50),
        ("hidden_activation", "silu"), ("rope_local_base_freq", 300.0), ("sliding_window_pattern", 2),
        ({"sliding_window_pattern": 2, "layer_types": None}, None), ({"_sliding_window_pattern": 2, "layer_types": None}, None),
        ({"layer_types": None}, None), ("use_bidirectional_attention", True),
        ({"use_bidirectional_attention": True, "sliding_window": 7}, None),
        ({"use_bidirectional_attention": True, "layer_types": ["full_attention"] * 3}, None),
        ({"rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 200.0},
                              "sliding_attention": {"rope_type": "default", "rope_theta": 100.0}}}, None),
        ({"rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 200.0}}}, None),
        ({"rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 200.0},
                              "sliding_attention": {"rope_type": "default"}},
          "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, None),
        ({"rope_scaling": {"rope_type": "linear", "factor": 8.0}, "rope_theta": 1000.0, "rope_local_base_freq": 50.0}, None)]),
    "phi3": (dict(LLAMA, pad_token_id=0), [c for c in COMMON if c[0] != "head_dim"] + [
        ("rope_theta", 500.0), ("partial_rotary_factor", 0.5), ("original_max_position_embeddings", 16),
        ("resid_pdrop", 0.5), ("embd_pdrop", 0.5), ("head_dim", 16), ("rope_scaling", {"type": "linear", "factor": 2.0}),
        ("rope_scaling", {"type": "su", "short_factor": [1.0 + i / 4 for i in range(8)],
                          "long_factor": [2.0 + i for i in range(8)]}),
        ({"original_max_position_embeddings": 16, "rope_scaling": {
            "type": "yarn", "short_factor": [1.0 + i / 4 for i in range(8)], "long_factor": [2.0 + i for i in range(8)]}}, None),
        ({"original_max_position_embeddings": 64, "rope_scaling": {
            "type": "longrope", "short_factor": [1.0 + i / 4 for i in range(8)],
            "long_factor": [2.0 + i for i in range(8)], "short_mscale": 1.1, "long_mscale": 1.2}}, None)]),
    "gpt_neox": ({k: v for k, v in LLAMA.items() if k != "num_key_value_heads"}, [
        ("hidden_act", "gelu_new"), ("hidden_act", "relu"), ("hidden_act", "gelu_fast"), ("hidden_act", "quick_gelu"),
        ("layer_norm_eps", 0.03), ("tie_word_embeddings", True), ("attention_bias", False), ("use_parallel_residual", False),
        ("rotary_pct", 1.0), ("rotary_pct", 0.5), ("rotary_emb_base", 300.0), ("rope_theta", 300.0),
        ("partial_rotary_factor", 0.5), ("is_causal", False), ("is_decoder", True), ("head_dim", 32), ("hidden_dropout", 0.5),
        ("rope_scaling", {"type": "linear", "factor": 2.0}), ("rope_scaling", YARN),
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 300.0, "partial_rotary_factor": 0.5}}, None),
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}, "rope_scaling": YARN}, None),
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}, "rotary_pct": 0.5}, None), ("no_such_key", 3),
        ("rope_theta", None), ("num_key_value_heads", 2)]),
    "gpt2": (dict(vocab_size=VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=64), [
        ("activation_function", "relu"), ("activation_function", "gelu"), ("activation_function", "quick_gelu"),
        ("layer_norm_epsilon", 0.03), ("n_inner", 48), ("scale_attn_weights", False),
        ("scale_attn_by_inverse_layer_idx", True), ("reorder_and_upcast_attn", True), ("add_cross_attention", True),
        ("tie_word_embeddings", False), ("n_ctx", 16), ("is_causal", False), ("is_decoder", True), ("summary_type", "mean"),
        ("summary_use_proj", False), ("resid_pdrop", 0.5), ("no_such_key", 3), ("use_cache", False),
        ({"n_embd": None, "hidden_size": 32, "n_layer": None, "num_hidden_layers": 2}, "rename"),
        ({"n_head": None, "num_attention_heads": 4, "n_positions": None, "max_position_embeddings": 64}, "rename")]),
    "bloom": (dict(vocab_size=VOCABULARY, hidden_size=32, n_layer=2, n_head=4), [
        ("layer_norm_epsilon", 0.03), ("apply_residual_connection_post_layernorm", True), ("slow_but_exact", True),
        ({"slow_but_exact": True, "pretraining_tp": 2}, None), ("tie_word_embeddings", False), ("is_causal", False),
        ({"hidden_size": None, "n_embed": 32}, "rename"), ({"n_head": None, "num_attention_heads": 4}, "rename"),
        ({"n_layer": None, "num_hidden_layers": 2}, "rename"), ("hidden_dropout", 0.5), ("attention_softmax_in_fp32", False),
        ("no_such_key", 3), ("seq_length", 16), ("n_head", 6 - 2), ("masked_softmax_fusion", True)]),
    "mpt": (dict(vocab_size=VOCABULARY, d_model=32, n_layers=2, n_heads=4, max_seq_len=64), [
        ("layer_norm_epsilon", 0.03), ("expansion_ratio", 2), ("learned_pos_emb", False), ("logit_scale", 0.5),
        ("logit_scale", "inv_sqrt_d_model"), ("no_bias", False), ("embedding_fraction", 0.5), ("norm_type", "rmsnorm"),
        ("tie_word_embeddings", False), ("is_causal", False), ("no_such_key", 3), ("resid_pdrop", 0.5)] + [
        ("attn_config", a) for a in ({"clip_qkv": 0.5}, {"softmax_scale": 0.1}, {"qk_ln": True}, {"alibi": False},
                                     {"alibi_bias_max": 4}, {"prefix_lm": True}, {"attn_type": "multiquery_attention"},
                                     {"attn_uses_sequence_id": True}, {"kv_n_heads": 2}, {"rope": True}, {"clip_qkv": None})]),
    "bert": (BERT, [
        ("hidden_act", "relu"), ("hidden_act", "gelu_new"), ("hidden_act", "quick_gelu"), ("layer_norm_eps", 0.03),
        ("type_vocab_size", 3), ("is_decoder", True), ({"is_decoder": True, "add_cross_attention": True}, None),
        ("position_embedding_type", "relative_key"), ("position_embedding_type", "absolute"), ("chunk_size_feed_forward", 4),
        ("tie_word_embeddings", False), ("is_causal", False), ("classifier_dropout", 0.5), ("pad_token_id", 3),
        ("no_such_key", 3), ("use_cache", False), ("embedding_size", 16)]),
    "longformer": (dict(BERT, attention_window=8, pad_token_id=1), [
        ("hidden_act", "relu"), ("layer_norm_eps", 0.03), ("attention_window", [4, 8]), ("attention_window", 12),
        ("onnx_export", True), ("sep_token_id", 5), ("tie_word_embeddings", False), ("pad_token_id", 2),
        ("type_vocab_size", 1), ("no_such_key", 3), ("ignore_attention_mask", True), ("attention_mode", "longformer")]),
    "big_bird": (dict(BERT, max_position_embeddings=128, block_size=4, num_random_blocks=1), [
        ("hidden_act", "relu"), ("layer_norm_eps", 0.03), ("attention_type", "original_full"), ("use_bias", False),
        ("rescale_embeddings", True), ("block_size", 8), ("num_random_blocks", 2), ("is_decoder", True),
        ("tie_word_embeddings", False), ("no_such_key", 3), ("sep_token_id", 5), ("position_embedding_type", "absolute")]),
    "bart": (dict(vocab_size=VOCABULARY, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
                  decoder_attention_heads=4, encoder_ffn_dim=48, decoder_ffn_dim=48, max_position_embeddings=64), [
        ("activation_function", "relu"), ("activation_function", "quick_gelu"), ("scale_embedding", True),
        ("tie_word_embeddings", False), ("encoder_layers", 1), ("decoder_layers", 1), ("decoder_attention_heads", 2),
        ("encoder_ffn_dim", 40), ("normalize_before", True), ("normalize_embedding", False), ("add_final_layer_norm", True),
        ("static_position_embeddings", True), ("add_bias_logits", True), ("is_decoder", True), ("forced_bos_token_id", 0),
        ("no_such_key", 3), ("encoder_layerdrop", 0.5), ("extra_pos_embeddings", 2), ("pad_token_id", 3),
        ("decoder_start_token_id", 5)]),
    "t5": (dict(vocab_size=VOCABULARY, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4), [
        ("feed_forward_proj", "gated-gelu"), ("feed_forward_proj", "gated-silu"), ("feed_forward_proj", "gelu"),
        ("feed_forward_proj", "gated-relu"), ("feed_forward_proj", "quick_gelu"), ("num_decoder_layers", 1),
        ("relative_attention_num_buckets", 8), ("relative_attention_max_distance", 20), ("layer_norm_epsilon", 0.03),
        ("tie_word_embeddings", False), ("scale_decoder_outputs", False), ("is_decoder", True), ("dense_act_fn", "silu"),
        ("is_gated_act", True), ("no_such_key", 3), ("dropout_rate", 0.5), ("decoder_start_token_id", 5), ("n_positions", 16)]),
}
NEWER = key_families.families(LLAMA, BERT, COMMON, ROPE)
for name, (base, moves) in NEWER.items():
    written = {key for move, _ in moves for key in (move if isinstance(move, dict) else [move])}
    FAMILIES[name] = (base, moves + list(key_families.fields(name, base, written)))


def randomise(model, seed, half=False):
    """The weights; with `half` such as bfloat16 holds, so that files of them may be half as long."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        values = torch.randn(parameter.shape, generator=generator)
        if parameter.ndim >= 2:
            scale = 1.2 / parameter.shape[-1] ** 0.5 if "embed" not in name and "wte" not in name else 1.0
            parameter.data = values * scale
        elif "norm" in name.lower() or "ln_" in name:
            parameter.data = 0.2 * values + (0.0 if "bias" in name else 1.0)
        else:
            parameter.data = 0.3 * values
        if half:
            parameter.data = parameter.data.bfloat16().float()
    model.tie_weights()


def model_class(family, raw):
    names = {"bert": "BertForMaskedLM", "longformer": "LongformerForMaskedLM", "big_bird": "BigBirdForMaskedLM",
             "bart": "BartForConditionalGeneration", "t5": "T5ForConditionalGeneration",
             "mbart": "MBartForConditionalGeneration", "pegasus": "PegasusForConditionalGeneration",
             "switch_transformers": "SwitchTransformersForConditionalGeneration", "roberta": "RobertaForMaskedLM",
             "xlm-roberta": "XLMRobertaForMaskedLM", "electra": "ElectraForMaskedLM", "modernbert": "ModernBertForMaskedLM",
             "distilbert": "DistilBertForMaskedLM"}
    if family in ("bert", "big_bird") and raw.get("is_decoder"):
        names.update(bert="BertLMHeadModel", big_bird="BigBirdForCausalLM")
    return getattr(transformers, names[family]) if family in names else transformers.AutoModelForCausalLM


def make(family, raw, folder, seed):
    """The model with its reference; raises what transformers raises."""
    config = CONFIG_MAPPING[family](**{k: v for k, v in json.loads(json.dumps(raw)).items()})
    cls = model_class(family, raw)
    config._attn_implementation = "eager"
    create = cls._from_config if hasattr(cls, "_from_config") else cls.from_config
    model = create(config, attn_implementation="eager")
    model = model.float()
    randomise(model, seed, half=family in NEWER)
    model.save_pretrained(folder)
    json.dump(dict(raw, model_type=family, architectures=[type(model).__name__]), open(folder + "/config.json", "w"), indent=1)
    # Once more as a reader would load it: what the file says decides.
    model = type(model).from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    generator = np.random.default_rng(seed)
    tokens = 56 if family == "big_bird" else TOKENS
    inputs = {"input_ids": generator.integers(4, VOCABULARY, (1, tokens))}
    if family in ("bart", "t5", "mbart", "pegasus", "switch_transformers"):
        inputs["decoder_input_ids"] = generator.integers(4, VOCABULARY, (1, 14))
    if family == "longformer":
        inputs["global_attention_mask"] = np.eye(1, tokens, dtype=np.int64)
    save_file(inputs, folder + "/inputs.safetensors")
    options = {} if family in ("longformer", "big_bird") else {"output_attentions": True}
    with torch.no_grad():
        result = model(**{k: torch.from_numpy(v) for k, v in inputs.items()}, **options)
    if not result.logits.numel():
        raise ValueError("there are no logits")
    expected = {"logits": result.logits.numpy()}
    for kind in ("attentions", "encoder_attentions", "decoder_attentions", "cross_attentions") if options else ():
        for index, weights in enumerate(getattr(result, kind, None) or ()):
            expected[f"{kind}.{index}"] = weights.numpy().copy()
    save_file({k: np.ascontiguousarray(v, np.float32) for k, v in expected.items()}, folder + "/expected.safetensors")


def difference(found, expected):
    """The largest error, as a part of what float32 may be off by: 1e-4 and 1e-5 of the largest number."""
    worst = 0.0
    for name, values in expected.items():
        if name not in found or found[name].size != values.size:
            return np.inf
        error = np.abs(found[name].astype(np.float64).reshape(values.shape) - values).max()
        worst = max(worst, float(error / (1e-4 + 1e-5 * np.abs(values).max())))
    return worst


def run(program, folder):
    expected = load_file(folder + "/expected.safetensors")
    out = folder + "/candidate.safetensors"
    record = "logits,attentions" if any("att" in k for k in expected) else "logits"
    result = subprocess.run([program, "trace", "--model", folder, "--inputs", folder + "/inputs.safetensors", "--out", out,
                             "--record", record], capture_output=True, text=True, timeout=120)
    error = difference(load_file(out), expected) if result.returncode == 0 else None
    if os.path.exists(out):
        os.remove(out)
    return error, result.returncode, result.stderr.strip()


SMALL = dict(hidden_size=16, intermediate_size=24, num_attention_heads=2, num_key_value_heads=1, n_embd=16, n_head=2,
             d_model=16, n_heads=2, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=24,
             decoder_ffn_dim=24, d_ff=24, num_heads=2, max_position_embeddings=64, ffn_dim=24, dim=16, hidden_dim=24,
             word_embed_proj_dim=16, embedding_size=8)


def compact(root, names):
    """One set of weights a family, and the configurations that fit them."""
    for family, (base, keys) in list(FAMILIES.items()):
        if names and family not in names:
            continue
        base.update({k: v for k, v in SMALL.items() if base.get(k) is not None})
        folder = os.path.join(root, family)
        os.makedirs(folder)
        kept, expected, shapes = [], {}, None
        with tempfile.TemporaryDirectory() as work:
            for _, title, raw in cases([family]):
                shutil.rmtree(work + "/m", ignore_errors=True)
                os.makedirs(work + "/m")
                try:
                    make(family, raw, work + "/m", 11)
                except Exception:
                    continue
                weights = load_file(work + "/m/model.safetensors")
                found = {k: v.shape for k, v in weights.items()}
                if shapes is None:
                    shapes = found
                    half = torch.bfloat16 if family in NEWER else torch.float32
                    torch_save({k: torch.from_numpy(v).to(half) for k, v in weights.items()}, folder + "/model.safetensors")
                    for name, values in load_file(work + "/m/inputs.safetensors").items():
                        expected[name] = values
                if found != shapes:
                    continue
                expected[str(len(kept))] = np.ascontiguousarray(load_file(work + "/m/expected.safetensors")["logits"][0, -1])
                kept.append({"change": {k: v for k, v in raw.items() if base.get(k, raw) != v},
                             "without": [k for k in base if k not in raw]})
        lines = ",\n".join(json.dumps(case) for case in kept)
        base = json.dumps(dict(base, model_type=family))
        open(folder + "/cases.json", "w").write('{"base": ' + base + ',\n"cases": [\n' + lines + "\n]}\n")
        save_file(expected, folder + "/expected.safetensors")
        print(family, len(kept), sum(os.path.getsize(folder + "/" + f) for f in os.listdir(folder)) // 1024, "KiB", flush=True)


def cases(names):
    for family, (base, keys) in FAMILIES.items():
        if names and family not in names:
            continue
        yield family, "base", dict(base)
        for key, value in keys:
            change = key if isinstance(key, dict) else {key: value}
            raw = dict(base, **change)
            if value == "rename":
                raw = {k: v for k, v in raw.items() if v is not None}
            yield family, ", ".join(f"{k}={json.dumps(v)}" for k, v in change.items()), raw
        for key in base:
            if key in ("tie_word_embeddings", "query_pre_attn_scalar", "sliding_window", "head_dim", "layer_types", "pad_token_id",
                       "max_position_embeddings", "attention_window", "block_size", "num_random_blocks", "max_seq_len", "n_positions"):
                yield family, f"without {key}", {k: v for k, v in base.items() if k != key}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program")
    parser.add_argument("--compact", help="a folder that is not there yet")
    parser.add_argument("--family", nargs="*")
    parser.add_argument("--keep", help="a folder for the models; made again only where they are not there")
    parser.add_argument("--all", action="store_true", help="print every line, not only those that are not right")
    options = parser.parse_args()
    if options.compact:
        return compact(options.compact, options.family)
    root = options.keep or tempfile.mkdtemp()
    counts, wrong = {}, 0
    for number, (family, title, raw) in enumerate(cases(options.family)):
        mark = hashlib.sha256(title.encode()).hexdigest()[:6]
        folder = os.path.join(root, family, "".join(c if c.isalnum() or c in "-_.=" else "_" for c in title)[:40] + "-" + mark)
        about = folder + "/ABOUT"
        if not os.path.exists(about):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            try:
                make(family, raw, folder, 11)
                text = f"{family}: {title}"
            except Exception as error:
                text = f"{family}: {title}\nstopped: {type(error).__name__} {str(error).splitlines()[0] if str(error) else ''}"
            if not os.path.exists(folder + "/config.json"):
                json.dump(dict(raw, model_type=family), open(folder + "/config.json", "w"))
            open(about, "w").write(text)
        text = open(about).read()
        if "\nstopped:" in text:
            verdict, detail = "stopped", text.split("\nstopped:")[1].strip()[:90]
        else:
            error, status, said = run(options.program, folder)
            keys = [k for k in raw if k in title]
            said = said.replace(folder, "")
            if error is None:
                named = any(k.split(".")[0] in said for k in keys)
                verdict, detail = ("refused" if named and status == 2 else "WRONG refusal"), said[-150:]
            elif error > 1:
                verdict, detail = "WRONG", f"{error:.2g} {said[:120]}"
            else:
                verdict, detail = ("said" if said else "right"), f"{error:.2g} {said[-110:]}"
        wrong += verdict.startswith("WRONG")
        counts[verdict] = counts.get(verdict, 0) + 1
        if options.all or verdict.startswith("WRONG"):
            print(f"{verdict:14s} {family:12s} {title[:80]:80s} {detail}", flush=True)
        if not options.keep:
            shutil.rmtree(folder)
    print(", ".join(f"{v} {k}" for k, v in sorted(counts.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
