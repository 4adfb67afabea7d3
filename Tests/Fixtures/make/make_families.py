#!/usr/bin/env python3
"""Reference models of the families that make_golden.py does not know; the same folders, made by the same code.

    make_families.py --out DIR [--seed N] [--only NAME ...]      one folder a preset

A preset is a configuration class of transformers with its keywords. make_golden.py runs the model in float64, measures
the noise of float32 and writes inputs, outputs, tolerances and both spellings of the configuration.
"""
import argparse, copy, json, os, re, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_golden as golden
import reformer
import torch
import transformers
import xlnet

SIZES = dict(hidden_size=24, intermediate_size=28, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=60, max_position_embeddings=128)
RMS = dict(rms_norm_eps=3e-3)
TYPES = ["sliding_attention", "full_attention"]


def decoders():
    """name -> (configuration class, keywords, options)"""
    P = {}

    def add(name, cls, *, sizes=SIZES, without=(), uncompared=(), **keywords):
        values = {k: v for k, v in sizes.items() if k not in without}
        P[name] = (cls, {**values, **keywords}, list(uncompared))

    add("gemma", "GemmaConfig", head_dim=10, **RMS)
    add("olmo", "OlmoConfig", clip_qkv=1.5, rope_parameters=dict(rope_type="default", rope_theta=500.0))
    add("olmo2", "Olmo2Config", attention_bias=True, **RMS)
    add("granite", "GraniteConfig", embedding_multiplier=3.0, logits_scaling=0.7, residual_multiplier=0.4,
        attention_multiplier=0.2, mlp_bias=True, attention_bias=True, **RMS)
    add("starcoder2", "Starcoder2Config", norm_epsilon=3e-3, sliding_window=7)
    add("stablelm", "StableLmConfig", layer_norm_eps=3e-3, use_qkv_bias=True, num_attention_heads=3,
        num_key_value_heads=1)
    add("stablelm_parallel", "StableLmConfig", layer_norm_eps=3e-3, use_parallel_residual=True, qk_layernorm=True,
        num_attention_heads=3, num_key_value_heads=3, uncompared=["last_block_output"])
    add("phi", "PhiConfig", layer_norm_eps=3e-3, num_attention_heads=3, num_key_value_heads=1)
    add("phi_normed", "PhiConfig", layer_norm_eps=3e-3, qk_layernorm=True, num_attention_heads=3, num_key_value_heads=3,
        rope_parameters=dict(rope_type="linear", rope_theta=1000.0, factor=4.0, partial_rotary_factor=0.75))
    opt = dict(sizes=SIZES, without=("intermediate_size", "num_key_value_heads"))
    add("opt", "OPTConfig", ffn_dim=28, **opt)
    add("opt_narrow", "OPTConfig", ffn_dim=28, word_embed_proj_dim=20, do_layer_norm_before=False, **opt,
        uncompared=["hidden_states.2"])
    add("falcon", "FalconConfig", num_kv_heads=2, new_decoder_architecture=True, bias=True, layer_norm_epsilon=3e-3,
        without=("intermediate_size", "num_key_value_heads"))
    add("falcon_multi_query", "FalconConfig", layer_norm_epsilon=3e-3,
        without=("intermediate_size", "num_key_value_heads"))
    add("falcon_heads", "FalconConfig", multi_query=False, parallel_attn=False, bias=True, ffn_hidden_size=28,
        layer_norm_epsilon=3e-3, tie_word_embeddings=False, without=("intermediate_size", "num_key_value_heads"))
    add("gptj", "GPTJConfig", sizes=dict(vocab_size=60, n_positions=128, n_embd=24, n_layer=2, n_head=2, n_inner=28),
        rotary_dim=6, layer_norm_epsilon=3e-3)
    add("smollm3", "SmolLM3Config", no_rope_layers=[1, 0, 1], use_sliding_window=True, sliding_window=7,
        attention_bias=True, pad_token_id=0, **{**RMS, "num_hidden_layers": 3})
    add("cohere", "CohereConfig", layer_norm_eps=3e-3, logit_scale=0.4, use_qk_norm=True, pad_token_id=0)
    add("cohere2", "Cohere2Config", layer_norm_eps=3e-3, logit_scale=0.4, sliding_window=7, layer_types=TYPES,
        attention_bias=True, pad_token_id=0)
    add("glm4", "Glm4Config", head_dim=12, pad_token_id=0, **RMS)
    hashed = dict(sizes=dict(hidden_size=24, attention_head_size=6, num_attention_heads=4, feed_forward_size=28,
                             vocab_size=60, max_position_embeddings=128),
                  is_decoder=True, layer_norm_eps=3e-3, lsh_attn_chunk_length=4, local_attn_chunk_length=3,
                  uncompared=["last_block_output"])                                      # of the first stream
    add("reformer", "ReformerConfig", attn_layers=["lsh", "local", "lsh"], num_hashes=2, num_buckets=[2, 4], hash_seed=7,
        axial_pos_shape=[8, 8], axial_pos_embds_dim=[10, 14], hidden_act="gelu",
        **{**hashed, "uncompared": ["last_block_output", "hidden_states.3"]})
    add("reformer_learned", "ReformerConfig", attn_layers=["lsh"] * 3, num_hashes=3, hash_seed=40,
        lsh_num_chunks_before=2, axial_pos_embds=False,
        **{**hashed, "uncompared": ["last_block_output", "hidden_states.3"]})
    P["xlnet_uni"] = ("XLNetConfig", dict(XLNET, attn_type="uni", ff_activation="relu"), [])
    add("exaone4", "Exaone4Config", sliding_window=7, layer_types=TYPES, **RMS)
    add("exaone4_full", "Exaone4Config", sliding_window=None, layer_types=["full_attention"] * 2, **RMS)
    add("nemotron", "NemotronConfig", norm_eps=3e-3, mlp_bias=True, head_dim=12)
    add("ministral", "MinistralConfig", sliding_window=7, layer_types=TYPES, head_dim=10, **RMS)
    add("olmo3", "Olmo3Config", sliding_window=7, layer_types=TYPES,
        rope_parameters={"full_attention": dict(rope_type="yarn", rope_theta=500000.0, factor=4.0,
                                                original_max_position_embeddings=32, beta_fast=32.0, beta_slow=1.0),
                         "sliding_attention": dict(rope_type="default", rope_theta=500000.0)}, **RMS)
    return P


def experts():
    P = {}

    def add(name, cls, **keywords):
        P[name] = (cls, {**SIZES, **RMS, **keywords}, [])

    add("qwen2_moe", "Qwen2MoeConfig", num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16,
        shared_expert_intermediate_size=20, use_sliding_window=True, sliding_window=7, max_window_layers=2,
        mlp_only_layers=[1], num_hidden_layers=3, layer_types=["sliding_attention", "full_attention", "full_attention"])
    add("qwen3_moe", "Qwen3MoeConfig", num_experts=5, num_experts_per_tok=2, moe_intermediate_size=16, head_dim=8,
        norm_topk_prob=True, decoder_sparse_step=2)
    add("granitemoe", "GraniteMoeConfig", num_local_experts=4, num_experts_per_tok=2, embedding_multiplier=3.0,
        logits_scaling=0.7, residual_multiplier=0.4, attention_multiplier=0.2, intermediate_size=16)
    add("gpt_oss", "GptOssConfig", num_local_experts=4, num_experts_per_tok=2, head_dim=8, intermediate_size=16,
        sliding_window=7, layer_types=TYPES, swiglu_limit=1.5,
        rope_parameters=dict(rope_type="yarn", rope_theta=150000.0, factor=4.0, beta_fast=32.0, beta_slow=1.0,
                             truncate=False, original_max_position_embeddings=32))
    return P


def latest():
    P = {}

    def add(name, cls, sizes=SIZES, uncompared=(), **keywords):
        P[name] = (cls, {**sizes, **RMS, **keywords}, list(uncompared))

    add("llama4", "Llama4TextConfig", head_dim=8, num_hidden_layers=3, num_local_experts=4, num_experts_per_tok=2,
        intermediate_size=16, intermediate_size_mlp=28, interleave_moe_layer_step=2, no_rope_layers=[1, 0, 1],
        attention_chunk_size=7, floor_scale=4, attn_scale=0.7, rope_parameters=dict(
            rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=512))
    deepseek = {**{k: v for k, v in SIZES.items() if k != "num_key_value_heads"}, "num_attention_heads": 3, "num_key_value_heads": 3}
    yarn = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, beta_fast=32.0, beta_slow=1.0,
                mscale=0.707, mscale_all_dim=0.9, original_max_position_embeddings=32)
    add("deepseek_v2", "DeepseekV2Config", deepseek, kv_lora_rank=10, q_lora_rank=None, qk_rope_head_dim=4,
        qk_nope_head_dim=6, v_head_dim=8, n_routed_experts=6, n_shared_experts=2, num_experts_per_tok=2,
        moe_intermediate_size=12, first_k_dense_replace=1, topk_method="group_limited_greedy", n_group=3, topk_group=2,
        routed_scaling_factor=1.5)
    add("deepseek_v3", "DeepseekV3Config", deepseek, kv_lora_rank=10, q_lora_rank=12, qk_rope_head_dim=4,
        qk_nope_head_dim=6, v_head_dim=8, n_routed_experts=6, n_shared_experts=1, num_experts_per_tok=2,
        moe_intermediate_size=12, first_k_dense_replace=1, n_group=3, topk_group=2, routed_scaling_factor=1.5,
        rope_parameters=yarn)
    add("gemma3n", "Gemma3nTextConfig", head_dim=8, num_hidden_layers=6, num_kv_shared_layers=3, sliding_window=7,
        vocab_size_per_layer_input=56, hidden_size_per_layer_input=5, laurel_rank=3, altup_num_inputs=3,
        activation_sparsity_pattern=[0.95, 0.0, 0.5, 0.0, 0.95, 0.0], final_logit_softcapping=20.0,
        layer_types=["sliding_attention", "sliding_attention", "full_attention"] * 2,
        uncompared=[f"hidden_states.{i}" for i in range(7)] + ["last_block_output"])      # of all streams
    add("ministral3", "Ministral3Config", head_dim=8, rope_parameters={
        **yarn, "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.6,
        "original_max_position_embeddings": 6})
    return P


def recurrent():
    """Layers with a state that goes from token to token. bamba has attention in some of them."""
    P = {}

    def add(name, cls, **keywords):
        P[name] = (cls, keywords, [])

    mamba = dict(vocab_size=60, hidden_size=24, num_hidden_layers=2, layer_norm_epsilon=3e-3)
    add("mamba", "MambaConfig", state_size=5, conv_kernel=3, use_bias=True, time_step_rank=3, **mamba)
    add("mamba2", "Mamba2Config", state_size=6, num_heads=4, head_dim=12, n_groups=2, use_bias=True, chunk_size=8,
        time_step_limit=(0.02, 0.9), **mamba)
    add("bamba", "BambaConfig", attn_layer_indices=[1], mamba_n_heads=6, mamba_d_head=8, mamba_n_groups=2,
        mamba_d_state=5, mamba_d_conv=3, mamba_chunk_size=8, mamba_proj_bias=True, attention_bias=True, mlp_bias=True,
        **{**SIZES, **RMS, "num_hidden_layers": 3, "num_attention_heads": 3, "num_key_value_heads": 1})
    add("rwkv", "RwkvConfig", vocab_size=60, context_length=128, hidden_size=24,
        intermediate_size=28, num_hidden_layers=3, rescale_every=2, layer_norm_epsilon=3e-3)
    return P


XLNET = dict(vocab_size=60, d_model=32, n_layer=3, n_head=4, d_inner=28, layer_norm_eps=3e-3)


def encoders():
    P = {}
    bert = {k: v for k, v in SIZES.items() if k != "num_key_value_heads"}

    def add(name, cls, sizes=bert, **keywords):
        P[name] = (cls, {**sizes, "max_position_embeddings": 40, **keywords}, [])

    add("roberta", "RobertaConfig", layer_norm_eps=1e-3, type_vocab_size=1, pad_token_id=1, bos_token_id=0)
    add("xlm_roberta", "XLMRobertaConfig", layer_norm_eps=1e-3, type_vocab_size=1, pad_token_id=1, bos_token_id=0)
    add("distilbert", "DistilBertConfig", dict(vocab_size=60, n_layers=2, n_heads=3, dim=24, hidden_dim=28))
    add("electra", "ElectraConfig", layer_norm_eps=1e-3, embedding_size=16, pad_token_id=0)
    add("modernbert", "ModernBertConfig", num_hidden_layers=3, norm_eps=3e-3, local_attention=6, pad_token_id=0,
        cls_token_id=1, sep_token_id=2, max_position_embeddings=128,
        layer_types=["full_attention", "sliding_attention", "sliding_attention"])
    return P


def content_streams():
    """Read as what transformers calls causal, whichever way they look."""
    return {"xlnet": ("XLNetConfig", dict(XLNET, pad_token_id=0), [])}


def pairs():
    P = {}
    sizes = dict(vocab_size=60, d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=3,
                 decoder_attention_heads=3, encoder_ffn_dim=28, decoder_ffn_dim=28, max_position_embeddings=40)
    P["mbart"] = ("MBartConfig", dict(sizes, scale_embedding=True, decoder_start_token_id=2, pad_token_id=1), [])
    P["pegasus"] = ("PegasusConfig", dict(sizes, activation_function="relu", pad_token_id=0), [])
    P["switch_transformers"] = ("SwitchTransformersConfig", dict(
        vocab_size=60, d_model=24, d_kv=8, d_ff=20, num_layers=2, num_decoder_layers=2, num_heads=3, num_experts=3,
        num_sparse_encoder_layers=1, num_sparse_decoder_layers=1, expert_capacity=6, layer_norm_epsilon=3e-3,
        relative_attention_num_buckets=16, relative_attention_max_distance=24, decoder_start_token_id=0,
        pad_token_id=0), [])
    return P


FAMILIES = {}
FAMILIES.update({name: (*spec, "mlm") for name, spec in encoders().items()})
FAMILIES.update({name: (*spec, "content") for name, spec in content_streams().items()})
FAMILIES.update({name: (*spec, "seq2seq") for name, spec in pairs().items()})
FAMILIES.update({name: (*spec, "causal") for name, spec in {**decoders(), **experts(), **latest(), **recurrent()}.items()})
OPTIONS = dict(dtype="bf16", tokens=18, greedy=4, half_noise=False)
COMMON_TOKENS = dict(bos_token_id=1, eos_token_id=2)


family_spec_of_golden = golden.family_spec


def family_spec(o):
    cls, keywords, _, kind = FAMILIES[o["preset_name"]]
    values = {**COMMON_TOKENS, **keywords}
    config = getattr(transformers, cls)(**copy.deepcopy(values))
    return config, golden.AUTO[kind], kind


def mutations(o, config, inputs):
    """Every keyword that a preset sets beside its sizes, at the default of its class."""
    if "preset_name" not in o:
        return {}
    cls, keywords, _, _ = FAMILIES[o["preset_name"]]
    standard = getattr(transformers, cls)()
    skipped = set(SIZES) | {"head_dim", "pad_token_id", "rope_parameters", "layer_types", "no_rope_layers"}
    return {f"{key} as by default": ({key: getattr(standard, key)}, None)
            for key, value in keywords.items()
            if key not in skipped and isinstance(value, (bool, int, float)) and "bias" not in key
            and getattr(standard, key, value) != value and not key.startswith(("n_", "num_", "vocab", "ffn", "d_"))}


def is_router(module):
    return type(module).__name__.endswith(("TopKRouter", "TopkRouter", "Top1Router", "Llama4Router"))


forward_of_golden = golden.forward


def forward(model, x, f64=False, hooks=True):
    """With what the routers chose: logits [token, expert], experts and weights [token, chosen], strongest first."""
    found = {}

    def note_one(results, side, layer):
        chosen, probabilities, logits = results           # one-hot, all 0 where the expert has no room
        found[f"{side}router_logits.{layer}"] = logits
        found[f"{side}router_weights.{layer}"] = probabilities * chosen.sum(-1, keepdim=True)
        found[f"{side}router_experts.{layer}"] = logits.argmax(-1, keepdim=True)

    def note(module, arguments, results, side, layer):
        if "Top1" in type(module).__name__:
            return note_one(results, side, layer)
        if "Llama4" in type(module).__name__:
            weights, places = results[0].topk(module.top_k, -1)
            results = (results[1], weights, places)
        logits, weights, places = results
        order = weights.argsort(-1, descending=True)
        found[f"router_logits.{layer}"] = logits
        found[f"router_weights.{layer}"] = weights.gather(-1, order)
        found[f"router_experts.{layer}"] = places.gather(-1, order)

    handles = []
    if hooks:
        for name, module in model.named_modules():
            if is_router(module):
                layer = int(re.search(r"(?:layers|block)\.(\d+)\.", name)[1])
                side = name.split(".")[0] + "_" if model.config.is_encoder_decoder else ""
                handles.append(module.register_forward_hook(
                    lambda m, a, r, side=side, layer=layer: note(m, a, r, side, layer)))
    own = {"reformer": reformer.run, "xlnet": xlnet.run}.get(model.config.model_type)
    result = own(forward_of_golden, model, x, f64, hooks) if own else forward_of_golden(model, x, f64, hooks)
    for handle in handles:
        handle.remove()
    result.update({k: v.detach().double() if f64 else v.detach() for k, v in found.items() if "router_logits" in k})
    CHOICES.clear()
    CHOICES.update({k: v.detach() for k, v in found.items() if "router_logits" not in k})
    return result


load_of_golden = golden.load


def load(path, auto, *arguments, **keywords):
    config = keywords.get("config") or transformers.AutoConfig.from_pretrained(path)
    if getattr(config, "num_experts_per_tok", None) or getattr(config, "num_experts", None):
        keywords["experts_implementation"] = "eager"
    return load_of_golden(path, auto, *arguments, **keywords)


inputs_of_golden = golden.make_inputs


def make_inputs(o, config, kind, seed):
    inputs = inputs_of_golden(o, config, kind, seed)
    if o["family"] == "electra":
        inputs["token_type_ids"] = (torch.arange(o["tokens"])[None] >= o["tokens"] // 3).long()
    return inputs


randomize_of_golden = golden.randomize


def randomize(model, *arguments):
    randomize_of_golden(model, *arguments)
    for module in model.modules():
        if type(module).__name__ == "PegasusSinusoidalPositionalEmbedding":
            module.weight.data.copy_(module.create_weight())
    if model.config.model_type == "xlnet":
        xlnet.randomize(model, arguments[0])
    generator = torch.Generator().manual_seed(arguments[0] + 3)
    for name, buffer in model.named_buffers():
        if name.endswith("e_score_correction_bias"):
            buffer.copy_(torch.randn(buffer.shape, generator=generator) * 0.3)


greedy_of_golden = golden.greedy


def greedy(path, auto, x, n_new, cached, *arguments):
    """What Reformer caches are buckets, with other chunks than those of a whole text, and what XLNet keeps are states of
    whole segments: they read the text again."""
    reads_again = transformers.AutoConfig.from_pretrained(path).model_type in ("reformer", "xlnet")
    with xlnet.exact():
        return greedy_of_golden(path, auto, x, n_new, cached and not reads_again, *arguments)


CHOICES = {}
legacy_of_golden = golden.legacy_config


def legacy_config(c):
    """The configuration as transformers 4 wrote it."""
    if c["model_type"] == "gemma3_text":
        return legacy_of_golden(c)
    if c["model_type"] == "xlnet":
        return dict(legacy_of_golden(c), untie_r=True)
    nested = c.get("rope_parameters") or {}
    if "full_attention" in nested:
        c = copy.deepcopy(c)
        full = c.pop("rope_parameters")["full_attention"]
        c["rope_theta"] = full.pop("rope_theta")
        if full["rope_type"] != "default":
            c["rope_scaling"] = full
        if "dtype" in c:
            c["torch_dtype"] = c.pop("dtype")
        return c
    types = c.get("layer_types")
    c = legacy_of_golden(c)
    if types:
        c["layer_types"] = types
    return c


def leave_out(folder, tensors):
    """Strikes tensors that mean something else than in other families from those that must agree."""
    path = os.path.join(folder, "manifest.json")
    manifest = json.load(open(path))
    manifest["check"] = [name for name in manifest["check"] if name not in tensors]
    json.dump(manifest, open(path, "w"), indent=1)


def keep_choices(folder, kind):
    """Puts what the model's own routers chose in place of a softmax over the chosen, which not all families mean."""
    path = os.path.join(folder, "expected.safetensors")
    tensors = golden.load_file(path)
    if not any("router_" in name for name in tensors):
        return
    place = os.path.join(folder, "manifest.json")
    manifest = json.load(open(place))
    inputs = manifest["inputs"]
    forward(load(folder, golden.AUTO[kind]), {name: tensors[name] for name in inputs}, f64=True)
    for name, values in CHOICES.items():
        tensors[name] = values.int() if "router_experts" in name else values.float().contiguous()
        manifest["tensors"][name] = dict(dtype=str(tensors[name].dtype).replace("torch.", ""),
                                         shape=list(values.shape), group="router_logits")
        if name not in manifest["check"]:
            manifest["check"].append(name)
    json.dump(manifest, open(place, "w"), indent=1)
    golden.save_file(tensors, path)


def prepare():
    reformer.prepare()
    golden.family_spec = family_spec
    golden.mutations = mutations
    golden.forward = forward
    golden.load = load
    golden.greedy = greedy
    golden.make_inputs = make_inputs
    golden.randomize = randomize
    golden.legacy_config = legacy_config
    golden.CAUSAL.update(name for name, spec in FAMILIES.items() if spec[3] == "causal")


def make_multimodal(folder, seed):
    """A Gemma 3 of text and images as hubs keep it, with the weights of its text part alone."""
    golden.family_spec = family_spec_of_golden
    golden.make(dict(golden.presets()["gemma3"], seed=seed, **OPTIONS), folder, "gemma3_multimodal")
    golden.family_spec = family_spec
    path = os.path.join(folder, "model.safetensors")
    golden.save_file({"language_model." + name: values for name, values in golden.load_file(path).items()}, path)
    for name in ("config.json", "config_legacy.json"):
        place = os.path.join(folder, name)
        text = json.load(open(place))
        whole = dict(model_type="gemma3", text_config=text, vision_config=dict(model_type="siglip_vision_model"),
                     mm_tokens_per_image=256)
        json.dump(whole, open(place, "w"), indent=2, sort_keys=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=11)
    ap.add_argument("--only", nargs="*")
    a = ap.parse_args()
    prepare()
    for name in FAMILIES:
        if a.only and name not in a.only:
            continue
        folder = os.path.join(a.out, name)
        pad = 0 if FAMILIES[name][3] == "causal" else 3
        golden.make(dict(family=name, preset_name=name, seed=a.seed, pad=pad, **OPTIONS), folder, name)
        leave_out(folder, FAMILIES[name][2])
        keep_choices(folder, FAMILIES[name][3])
    if not a.only or "gemma3_multimodal" in a.only:
        make_multimodal(os.path.join(a.out, "gemma3_multimodal"), a.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
