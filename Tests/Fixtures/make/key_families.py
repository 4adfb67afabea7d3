"""The families of later years for key_cases.py: what a model of each is like, and which keys are moved.

Beside the keys that are written down here, every field of a configuration class is moved from its default by itself
(`fields`).
"""
import dataclasses

from transformers import CONFIG_MAPPING, PreTrainedConfig

FULL, SLIDING = "full_attention", "sliding_attention"
TYPES = ("layer_types", [SLIDING, FULL, SLIDING])
BOTH_ROPES = {FULL: {"rope_type": "default", "rope_theta": 200.0}, SLIDING: {"rope_type": "default", "rope_theta": 100.0}}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
BARE_YARN = {"rope_type": "yarn", "factor": 4.0}


def families(llama, bert, common, rope):
    """Base and moves by family, as `FAMILIES` of key_cases.py has them."""
    def decoder(*moves, **own):
        return dict(llama, **own), common + rope + list(moves)

    def mixture(*moves, **own):
        return decoder(*moves, num_experts_per_tok=2, **own)

    def encoder(*moves, **own):
        return dict(bert, **own), list(moves) + [
            ("hidden_act", "relu"), ("hidden_act", "gelu_new"), ("layer_norm_eps", 0.03), ("layer_norm_eps", None),
            ("is_decoder", True), ("add_cross_attention", True), ("tie_word_embeddings", False), ("is_causal", False),
            ("position_embedding_type", "relative_key"), ("position_embedding_type", "absolute"), ("pad_token_id", 3),
            ("chunk_size_feed_forward", 4), ("no_such_key", 3), ("type_vocab_size", 1), ("output_past", True)]

    def pair(*moves, **own):
        return dict(vocab_size=llama["vocab_size"], d_model=32, encoder_layers=2, decoder_layers=2,
                    encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=48, decoder_ffn_dim=48,
                    max_position_embeddings=64, **own), list(moves) + [
            ("activation_function", "quick_gelu"), ("scale_embedding", True), ("decoder_attention_heads", 2),
            ("normalize_before", True), ("normalize_before", False), ("normalize_embedding", False),
            ("normalize_embedding", True), ("add_final_layer_norm", False), ("add_final_layer_norm", True),
            ("static_position_embeddings", True), ("add_bias_logits", True), ("extra_pos_embeddings", 2),
            ("extra_pos_embeddings", 3), ("force_bos_token_to_be_generated", True), ("no_such_key", 3),
            ("decoder_start_token_id", 5), ("decoder_start_token_id", None), ("pad_token_id", 3)]

    windows = [TYPES, ({"sliding_window": 6, "layer_types": [FULL, SLIDING, FULL]}, None), ("sliding_window", 3),
               ({"layer_types": None}, None), ("sliding_window_pattern", 2), ("_sliding_window_pattern", 2),
               ({"sliding_window": 6, "is_causal": False}, None), ({"rope_parameters": BOTH_ROPES}, None)]
    multipliers = [("embedding_multiplier", 3.0), ("logits_scaling", 4.0), ("residual_multiplier", 0.3),
                   ("attention_multiplier", 0.2), ("embedding_multiplier", None), ("logits_scaling", None),
                   ("residual_multiplier", None), ("attention_multiplier", None)]
    latent = dict(q_lora_rank=12, kv_lora_rank=8, qk_nope_head_dim=8, qk_rope_head_dim=8, v_head_dim=8,
                  n_routed_experts=4, moe_intermediate_size=16, n_shared_experts=1)
    latents = [("q_lora_rank", None), ("routed_scaling_factor", 2.0), ("first_k_dense_replace", 2), ("moe_layer_freq", 2),
               ("scoring_func", "softmax"), ("scoring_func", "sigmoid"), ("seq_aux", False), ("ep_size", 4),
               ("aux_loss_alpha", 0.1), ("num_nextn_predict_layers", 1), ("rope_interleave", False), ("n_shared_experts", None),
               ({"n_group": 2, "topk_group": 1, "topk_method": "group_limited_greedy"}, None),
               ({"n_group": 2, "topk_group": 1}, None), ("topk_method", "noaux_tc"), ("n_group", 1), ("norm_topk_prob", True),
               ("norm_topk_prob", False), ("num_experts", 4), ("num_local_experts", 4),
               ({"rope_scaling": dict(YARN, mscale=0.707, mscale_all_dim=0.707)}, None),
               ({"rope_scaling": dict(YARN, mscale=1.0, mscale_all_dim=1.0)}, None),
               ({"rope_scaling": dict(YARN, mscale_all_dim=1.0)}, None)]
    return {
        "gemma": decoder(("hidden_activation", "silu"), ("hidden_activation", "gelu"), ("hidden_activation", None),
                         head_dim=16, tie_word_embeddings=True),
        "olmo": decoder(("clip_qkv", 0.5), ("clip_qkv", None), ("layer_norm_eps", 0.03)),
        "olmo2": decoder(("clip_qkv", 0.5)),
        "olmo3": decoder(*windows, ({"rope_parameters": dict(BOTH_ROPES, full_attention=YARN)}, None),
                         ({"rope_scaling": BARE_YARN}, None), sliding_window=6),
        "granite": decoder(*multipliers),
        "starcoder2": decoder(("norm_epsilon", 0.03), ("use_bias", False), ("norm_type", "rms_norm"), ("mlp_type", "gated"),
                              ("layer_norm_epsilon", 0.03), ("sliding_window", 3), ("norm_epsilon", None)),
        "stablelm": decoder(("layer_norm_eps", 0.03), ("use_qkv_bias", True), ("qk_layernorm", True), ("rope_pct", 0.5),
                            ("use_parallel_residual", True), ("norm_eps", 0.03), ("layer_norm_eps", None)),
        "phi": decoder(("layer_norm_eps", 0.03), ("qk_layernorm", True), ("hidden_act", "gelu_fast"), ("rotary_dim", 8)),
        "opt": (dict(vocab_size=llama["vocab_size"], hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=48,
                     max_position_embeddings=64, word_embed_proj_dim=32), [
            ("activation_function", "gelu"), ("activation_function", "silu"), ("do_layer_norm_before", False),
            ("_remove_final_layer_norm", True), ("word_embed_proj_dim", 16), ("enable_bias", False),
            ("layer_norm_elementwise_affine", False), ("tie_word_embeddings", False), ("is_causal", False), ("no_such_key", 3),
            ("pad_token_id", 5), ({"do_layer_norm_before": False, "_remove_final_layer_norm": True}, None),
            ("hidden_act", "gelu"), ("output_projection", True), ("prefix", "</s>")]),
        "gptj": (dict(vocab_size=llama["vocab_size"], n_embd=64, n_layer=2, n_head=4, n_positions=64, rotary_dim=8), [
            ("rotary_dim", 16), ("rotary_dim", 4), ("rotary_dim", None), ("n_inner", 48), ("activation_function", "relu"),
            ("activation_function", "gelu"), ("layer_norm_epsilon", 0.03), ("tie_word_embeddings", True), ("is_causal", False),
            ("scale_attn_weights", False), ("rotary", False), ("no_such_key", 3), ("rope_theta", 300.0),
            ("rope_scaling", {"type": "linear", "factor": 2.0}), ("rope_parameters", {"rope_type": "default", "rope_theta": 300.0}),
            ("partial_rotary_factor", 0.5), ("summary_type", "mean"), ("use_parallel_residual", False),
            ({"n_embd": None, "hidden_size": 64, "n_layer": None, "num_hidden_layers": 2}, "rename"),
            ({"n_head": None, "num_attention_heads": 4, "n_positions": None, "max_position_embeddings": 64}, "rename")]),
        "falcon": (dict(vocab_size=llama["vocab_size"], hidden_size=64, num_hidden_layers=2, num_attention_heads=4,
                        max_position_embeddings=128), rope + [
            ("alibi", True), ("new_decoder_architecture", True), ({"new_decoder_architecture": True, "num_kv_heads": 2}, None),
            ("multi_query", False), ("parallel_attn", False), ("bias", True), ("num_kv_heads", 2), ("num_kv_heads", 1),
            ("num_ln_in_parallel_attn", 1), ("num_ln_in_parallel_attn", 2), ("ffn_hidden_size", 96), ("activation", "relu"),
            ({"new_decoder_architecture": True, "num_ln_in_parallel_attn": 1, "num_kv_heads": 2}, None),
            ("activation", "gelu_new"), ("layer_norm_epsilon", 0.03), ("tie_word_embeddings", False), ("is_causal", False),
            ("rotary", False), ("no_such_key", 3), ("apply_residual_connection_post_layernorm", True), ("hidden_dropout", 0.5),
            ({"hidden_size": None, "n_embed": 64}, "rename"), ("n_head", 4), ("n_layer", 2), ("n_head_kv", 2), ("head_dim", 8),
            ({"new_decoder_architecture": True, "parallel_attn": False, "num_kv_heads": 2}, None), ("num_key_value_heads", 2),
            ({"parallel_attn": False, "alibi": True, "multi_query": False, "bias": True}, None)]),
        "smollm3": decoder(*windows, ("no_rope_layers", [1, 0, 1]), ("no_rope_layers", []), ("no_rope_layer_interval", 2),
                           ({"use_sliding_window": True, "sliding_window": 6, "no_rope_layer_interval": 2}, None),
                           ({"use_sliding_window": True, "sliding_window": 6, "layer_types": [SLIDING] * 3}, None),
                           ({"sliding_window": 6, "layer_types": [SLIDING] * 3}, None), ("max_window_layers", 1), pad_token_id=0),
        "cohere": decoder(("logit_scale", None), ("logit_scale", 2.0), ("use_qk_norm", True), ("layer_norm_eps", 0.03),
                          ("layer_norm_bias", True), ("use_parallel_block", False), tie_word_embeddings=True),
        "cohere2": decoder(*windows, ("logit_scale", 2.0), ("use_qk_norm", True), ("layer_norm_eps", 0.03),
                           ("order_of_interleaved_layers", "local_attn_first"), ("rotary_pct", 0.5), ("use_embedding_sharing", False),
                           ("use_gated_activation", False), ("use_parallel_embedding", True), ("layer_switch", 2),
                           ("position_embedding_type", "rope_gptj"), ("use_parallel_block", False),
                           sliding_window=6, tie_word_embeddings=True),
        "glm4": decoder(("partial_rotary_factor", 1.0), ("attention_bias", False), head_dim=16, pad_token_id=0),
        "exaone4": decoder(*windows, ({"sliding_window_pattern": "LLG", "layer_types": None}, None),
                           ({"sliding_window_pattern": "LLLG", "layer_types": [SLIDING, SLIDING, FULL]}, None),
                           ({"sliding_window": None, "layer_types": None, "sliding_window_pattern": 4}, None),
                           ({"sliding_window": None, "layer_types": [FULL] * 3}, None),
                           head_dim=16, sliding_window=6, layer_types=[SLIDING, SLIDING, FULL]),
        "nemotron": decoder(("norm_eps", 0.03), ("partial_rotary_factor", 1.0), ("rope_percent", 0.25), ("norm_eps", None)),
        "ministral": decoder(*windows, sliding_window=6, head_dim=16),
        "ministral3": decoder(("rope_parameters", {
            "rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 32.0,
            "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.4}), ("sliding_window", 6), TYPES,
            ("rope_parameters", {"rope_type": "default", "rope_theta": 1000.0, "llama_4_scaling_beta": 0.4,
                                 "original_max_position_embeddings": 8}),
            head_dim=16, rope_parameters={
            "type": "yarn", "rope_theta": 1000.0, "factor": 8.0, "original_max_position_embeddings": 8, "beta_fast": 32.0,
            "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.1}),
        "qwen2_moe": mixture(*windows, ("norm_topk_prob", True), ("decoder_sparse_step", 2), ("mlp_only_layers", [1]),
                             ("qkv_bias", False), ("max_window_layers", 2), ("num_experts_per_tok", 1), ("shared_expert_intermediate_size", 16),
                             ({"use_sliding_window": True, "sliding_window": 6}, None),
                             ({"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1}, None),
                             ({"use_sliding_window": True, "sliding_window": 6, "layer_types": [FULL, SLIDING, FULL]}, None),
                             ({"use_sliding_window": True, "sliding_window": None}, None), ("num_local_experts", 4),
                             num_experts=4, moe_intermediate_size=24, shared_expert_intermediate_size=24),
        "qwen3_moe": mixture(("norm_topk_prob", True), ("decoder_sparse_step", 2), ("mlp_only_layers", [1]), TYPES,
                             ("num_experts_per_tok", 1), ({"use_sliding_window": True, "sliding_window": 6}, None),
                             ({"num_experts": None, "num_local_experts": 4}, "rename"), ("num_local_experts", 4),
                             ({"use_sliding_window": True, "sliding_window": 6, "layer_types": [FULL, SLIDING, FULL]}, None),
                             ("max_window_layers", 1), ("qkv_bias", True), ("shared_expert_intermediate_size", 24),
                             num_experts=4, moe_intermediate_size=24, head_dim=16),
        "gpt_oss": mixture(*windows, ("swiglu_limit", 1.0), ("swiglu_alpha", 1.0), ("attention_bias", False), ("num_experts", 4),
                           ("experts_per_token", 1), ("initial_context_length", 16), ("num_experts_per_tok", 1),
                           ({"num_local_experts": None, "num_experts": 4}, "rename"), ("rope_scaling", dict(YARN, truncate=False)),
                           ({"rope_scaling": dict(YARN, truncate=False), "rope_theta": 500.0}, None),
                           num_local_experts=4, head_dim=16, sliding_window=6),
        "granitemoe": mixture(*multipliers, ("num_experts_per_tok", 1), ("shared_intermediate_size", 24), ("shared_intermediate_size", 0),
                              ("num_experts", 4), ("layer_types", ["attention"] * 3), ("position_embedding_type", "nope"),
                              ("position_embedding_type", "rope"), ("normalization_function", "layernorm"),
                              num_local_experts=4),
        "llama4_text": decoder(
            ("attention_chunk_size", 5), ("attention_chunk_size", None), ("no_rope_layers", [1, 0, 1]), ("no_rope_layers", []),
            ("no_rope_layer_interval", 2), ("attn_temperature_tuning", False), ("floor_scale", 4), ("attn_scale", 0.5),
            ({"attn_temperature_tuning": True, "floor_scale": 4, "no_rope_layer_interval": 2}, None), ("use_qk_norm", False),
            ("moe_layers", [1]), ("moe_layers", []), ("interleave_moe_layer_step", 2), ("router_jitter_noise", 0.3), ("num_experts", 4),
            ("layer_types", ["full_attention", "chunked_attention", "full_attention"]), ("attn_temperature_tuning", 4),
            ({"layer_types": ["full_attention", "chunked_attention", "full_attention"], "no_rope_layer_interval": 2}, None),
            ("cache_implementation", "hybrid"), ("for_llm_compressor", True), ("rope_interleave", False), ("use_qk_norm", None),
            num_experts_per_tok=1, num_local_experts=4, intermediate_size_mlp=32, head_dim=16, attention_chunk_size=8),
        "deepseek_v2": mixture(*latents, ("head_dim", 8), ("attention_bias", True), num_key_value_heads=None, **latent),
        "deepseek_v3": mixture(*latents, ("head_dim", 8), ("attention_bias", True), num_key_value_heads=None,
                               n_group=2, topk_group=1, first_k_dense_replace=1, **latent),
        "mamba": (dict(vocab_size=llama["vocab_size"], hidden_size=24, num_hidden_layers=2, state_size=4, conv_kernel=3,
                       time_step_rank=2), [
            ("use_bias", True), ("use_conv_bias", False), ("hidden_act", "gelu"), ("layer_norm_epsilon", 0.03),
            ("tie_word_embeddings", False), ("is_causal", False), ("residual_in_fp32", False), ("no_such_key", 3),
            ("time_step_max", 0.5), ("use_mambapy", True), ("intermediate_size", 40), ("rms_norm", False)]),
        "mamba2": (dict(vocab_size=llama["vocab_size"], hidden_size=16, num_hidden_layers=2, state_size=4, conv_kernel=3,
                        num_heads=2, head_dim=16, n_groups=2, chunk_size=8), [
            ("use_bias", True), ("use_conv_bias", False), ("hidden_act", "gelu"), ("layer_norm_epsilon", 0.03),
            ("tie_word_embeddings", True), ("is_causal", False), ("residual_in_fp32", False), ("no_such_key", 3),
            ("time_step_limit", [0.3, 0.6]), ("chunk_size", 5), ("time_step_rank", 3), ("rms_norm", False)]),
        "bamba": decoder(("attn_layer_indices", [0, 2]), ("attn_layer_indices", None), ("mamba_proj_bias", True),
                         ("mamba_conv_bias", False), ("time_step_limit", [0.3, 0.6]), ("mamba_chunk_size", 5),
                         ("partial_rotary_factor", 1.0), ("layer_types", ["full_attention"] * 3), ("is_causal", False),
                         attn_layer_indices=[1], mamba_n_heads=4, mamba_d_head="auto", mamba_n_groups=2, mamba_d_state=4,
                         mamba_d_conv=3, mamba_chunk_size=8, pad_token_id=0),
        "rwkv": (dict(vocab_size=llama["vocab_size"], hidden_size=24, num_hidden_layers=4, intermediate_size=28,
                      context_length=64), [
            ("rescale_every", 1), ("rescale_every", 2), ("rescale_every", 0), ("rescale_every", -1),
            ("layer_norm_epsilon", 0.03), ("tie_word_embeddings", True), ("is_causal", False), ("no_such_key", 3),
            ({"context_length": None, "max_position_embeddings": 64}, "rename"), ("use_cache", False)]),
        "roberta": encoder(pad_token_id=1),
        "xlm-roberta": encoder(pad_token_id=1),
        "electra": encoder(("embedding_size", 32), ("embedding_size", 16), ("summary_type", "last"), ("embedding_size", None),
                           ("generator_size", 0.25), embedding_size=16),
        "distilbert": (dict(vocab_size=llama["vocab_size"], dim=32, n_layers=2, n_heads=4, hidden_dim=48, max_position_embeddings=64), [
            ("activation", "relu"), ("activation", "gelu_new"), ("activation", "silu"), ("sinusoidal_pos_embds", True),
            ("tie_word_embeddings", False), ("is_causal", False), ("no_such_key", 3), ("chunk_size_feed_forward", 4),
            ("output_past", True), ("tie_weights_", True), ("pad_token_id", 3), ("layer_norm_eps", 0.03), ("type_vocab_size", 2),
            ({"dim": None, "hidden_size": 32, "n_layers": None, "num_hidden_layers": 2}, "rename"),
            ({"n_heads": None, "num_attention_heads": 4}, "rename"), ("is_decoder", True)]),
        "modernbert": (dict({k: v for k, v in llama.items() if k not in ("num_key_value_heads", "tie_word_embeddings")},
                            pad_token_id=0, local_attention=8), [
            ("hidden_activation", "relu"), ("hidden_activation", "gelu_new"), ("norm_eps", 0.03), ("norm_bias", True),
            ("attention_bias", True), ("mlp_bias", True), ("decoder_bias", False), ("classifier_bias", True),
            ("classifier_activation", "relu"), ("global_attn_every_n_layers", 2), ("global_rope_theta", 500.0),
            ("local_rope_theta", 50.0), ("local_attention", 6), ("local_attention", 7), ("tie_word_embeddings", False), TYPES,
            ("rope_parameters", BOTH_ROPES), ({"rope_parameters": BOTH_ROPES, "global_rope_theta": 900.0}, None),
            ("rope_theta", 500.0), ("rope_scaling", BARE_YARN), ("rope_scaling", {"rope_type": "linear", "factor": 2.0}),
            ("rope_scaling", {"type": "linear", "factor": 2.0}), ("rope_parameters", {FULL: {"rope_type": "default", "rope_theta": 200.0}}),
            ("rope_parameters", {SLIDING: {"rope_type": "default", "rope_theta": 200.0}}), ("sparse_prediction", True),
            ("rope_parameters", {FULL: {"rope_type": "linear", "factor": 2.0}, SLIDING: {"rope_type": "default"}}),
            ("reference_compile", True), ("deterministic_flash_attn", True), ("layer_norm_eps", 0.03), ("no_such_key", 3),
            ("position_embedding_type", "absolute"), ("position_embedding_type", "sans_pos"), ("is_causal", False), ("sliding_window", 3),
            ("gradient_checkpointing", True), ("repad_logits_with_grad", True), ("classifier_pooling", "mean"), ("is_decoder", True),
            ("partial_rotary_factor", 0.5), ("hidden_act", "relu"), ("head_dim", 8)]),
        "xlnet": (dict(vocab_size=llama["vocab_size"], d_model=16, n_layer=2, n_head=2, d_inner=24), [
            ("attn_type", "uni"), ("attn_type", "both"), ("clamp_len", 5), ({"attn_type": "uni", "clamp_len": 5}, None),
            ("clamp_len", 0), ("clamp_len", 400), ("same_length", True), ({"attn_type": "uni", "same_length": True}, None),
            ("bi_data", True), ("untie_r", True), ("untie_r", False), ("mem_len", None), ("mem_len", 0), ("mem_len", 4),
            ("reuse_len", 3), ("use_mems_eval", False), ("use_mems_train", True), ("d_head", 8), ("d_head", 16),
            ("ff_activation", "relu"), ("ff_activation", "gelu_new"), ("ff_activation", "silu"), ("ff_activation", "quick_gelu"),
            ("layer_norm_eps", 0.03), ("layer_norm_eps", None), ("tie_word_embeddings", False), ("is_causal", False),
            ("is_decoder", True), ("no_such_key", 3), ("summary_type", "mean"), ("max_position_embeddings", 16),
            ({"d_model": None, "hidden_size": 16, "n_layer": None, "num_hidden_layers": 2, "d_head": 8}, "rename"),
            ({"n_head": None, "num_attention_heads": 2, "vocab_size": None, "n_token": 64, "d_head": 8}, "rename")]),
        "mbart": pair(("force_bos_token_to_be_generated", True)),
        "pegasus": pair(("num_beams", 8)),
        "switch_transformers": (dict(vocab_size=llama["vocab_size"], d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4,
                                     num_decoder_layers=2, num_sparse_encoder_layers=1, num_sparse_decoder_layers=1,
                                     num_experts=4), [
            ("expert_capacity", 3), ("num_sparse_encoder_layers", 0), ("num_sparse_encoder_layers", 2), ("num_decoder_layers", 1),
            ("num_decoder_layers", None), ({"encoder_sparse_step": 1, "decoder_sparse_step": 2}, None), ("router_bias", True), ("router_dtype", "bfloat16"), ("router_ignore_padding_tokens", True),
            ("dense_act_fn", "silu"), ("feed_forward_proj", "gated-gelu"), ("is_gated_act", True), ("layer_norm_epsilon", 0.03),
            ("relative_attention_num_buckets", 8), ("relative_attention_max_distance", 20), ("add_router_probs", True),
            ("tie_word_embeddings", False), ("router_type", "tokens_masked"), ("num_selected_experts", 2), ("no_such_key", 3),
            ("encoder_sparse_step", 2), ("decoder_sparse_step", 1), ("router_jitter_noise", 0.5), ("batch_prioritized_routing", True),
            ("scale_decoder_outputs", False), ("decoder_start_token_id", 5), ("n_positions", 16), ("is_decoder", True)]),
    }


# What decides the sizes of tensors stays as it is: other weights are another model.
SIZES = {"vocab_size", "max_position_embeddings", "n_positions", "type_vocab_size", "rope_parameters", "layer_types",
         "rescale_prenorm_residual"}


def fields(family, base, written):
    """Each field of the class that is not written down, moved from its default."""
    base_class = {f.name for f in dataclasses.fields(PreTrainedConfig)}
    for field in dataclasses.fields(CONFIG_MAPPING[family]):
        if field.name in base_class - {"tie_word_embeddings"} or field.name in SIZES | set(base) | written:
            continue
        default = field.default
        if isinstance(default, bool):
            yield field.name, not default
        elif isinstance(default, float):
            yield field.name, default * 3 + 0.1
        elif isinstance(default, int):
            yield field.name, default + 1
