"""Recordings of small models of many families against float64 maps of transformers' plain code."""

import os
import shutil
import tempfile
import unittest

import torch
import transformers
from transformers import AutoModelForCausalLM

import capture_reference as reference
import ropewalk_capture

transformers.utils.logging.disable_progress_bar()
transformers.logging.set_verbosity_error()
torch.set_num_threads(1)

SIZES = dict(
    hidden_size=24,
    intermediate_size=28,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    vocab_size=60,
    max_position_embeddings=512,
)
PAIR = dict(
    vocab_size=60,
    d_model=24,
    encoder_layers=2,
    decoder_layers=2,
    encoder_attention_heads=4,
    decoder_attention_heads=3,
    encoder_ffn_dim=28,
    decoder_ffn_dim=28,
    max_position_embeddings=512,
    pad_token_id=0,
    bos_token_id=0,
    eos_token_id=1,
    decoder_start_token_id=2,
)
TYPES = ["sliding_attention", "full_attention"]
LOCAL = {
    "sliding_attention": dict(rope_type="default", rope_theta=100.0),
    "full_attention": dict(rope_type="linear", rope_theta=5000.0, factor=2.0),
}
NONE = dict(pad_token_id=None)

# name: (class, keywords, thetas of layers, turned numbers, score scale, cap); None: nothing is turned, or not compared.
FAMILIES = {
    "llama": ("LlamaConfig", dict(SIZES), [10000.0] * 2, 6, 6**-0.5, None),
    "qwen2": (
        "Qwen2Config",
        dict(SIZES, use_sliding_window=True, sliding_window=16, max_window_layers=1),
        [10000.0] * 2,
        6,
        6**-0.5,
        None,
    ),
    "qwen3": ("Qwen3Config", dict(SIZES, head_dim=10), [10000.0] * 2, 10, 10**-0.5, None),
    "mistral": ("MistralConfig", dict(SIZES, sliding_window=16), [10000.0] * 2, 6, 6**-0.5, None),
    "gemma2": (
        "Gemma2Config",
        dict(
            SIZES,
            head_dim=10,
            sliding_window=16,
            layer_types=TYPES,
            attn_logit_softcapping=5.0,
            final_logit_softcapping=6.0,
            query_pre_attn_scalar=20,
        ),
        [10000.0] * 2,
        10,
        20**-0.5,
        5.0,
    ),
    "gemma3": (
        "Gemma3TextConfig",
        dict(SIZES, head_dim=10, sliding_window=16, layer_types=TYPES, rope_parameters=LOCAL, query_pre_attn_scalar=20),
        [100.0, (5000.0, 2.0)],
        10,
        20**-0.5,
        None,
    ),
    "gpt2": (
        "GPT2Config",
        dict(vocab_size=60, n_embd=24, n_layer=2, n_head=3, n_positions=512),
        None,
        0,
        8**-0.5,
        None,
    ),
    "opt": (
        "OPTConfig",
        dict(
            {k: v for k, v in SIZES.items() if k not in ("num_key_value_heads", "intermediate_size")},
            ffn_dim=28,
            word_embed_proj_dim=24,
        ),
        None,
        0,
        1,
        None,
    ),
    "cohere": (
        "CohereConfig",
        dict(SIZES, use_qk_norm=True, logit_scale=0.4, pad_token_id=0),
        [500000.0] * 2,
        6,
        6**-0.5,
        None,
    ),
    "cohere2": (
        "Cohere2Config",
        dict(SIZES, sliding_window=16, layer_types=TYPES, pad_token_id=0, logit_scale=0.4),
        [10000.0, None],
        6,
        6**-0.5,
        None,
    ),
    "glm4": ("Glm4Config", dict(SIZES, head_dim=12, pad_token_id=0), [10000.0] * 2, 6, 12**-0.5, None),
    "phi": (
        "PhiConfig",
        dict(
            SIZES,
            hidden_size=32,
            rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5),
        ),
        [10000.0] * 2,
        4,
        8**-0.5,
        None,
    ),
    "gpt_neox": (
        "GPTNeoXConfig",
        dict(
            SIZES,
            hidden_size=32,
            rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5),
        ),
        [10000.0] * 2,
        4,
        8**-0.5,
        None,
    ),
    "smollm3": (
        "SmolLM3Config",
        dict(SIZES, no_rope_layers=[1, 0], pad_token_id=0),
        [2000000.0, None],
        6,
        6**-0.5,
        None,
    ),
    "gpt_oss": (
        "GptOssConfig",
        dict(
            SIZES,
            head_dim=8,
            sliding_window=16,
            layer_types=TYPES,
            num_local_experts=4,
            num_experts_per_tok=2,
            rope_parameters=dict(rope_type="default", rope_theta=10000.0),
        ),
        [10000.0] * 2,
        8,
        8**-0.5,
        None,
    ),
    "deepseek_v3": (
        "DeepseekV3Config",
        dict(
            SIZES,
            num_key_value_heads=4,
            q_lora_rank=12,
            kv_lora_rank=10,
            qk_rope_head_dim=4,
            qk_nope_head_dim=6,
            v_head_dim=8,
            n_routed_experts=4,
            num_experts_per_tok=2,
            n_group=2,
            topk_group=1,
            moe_intermediate_size=12,
            first_k_dense_replace=1,
            n_shared_experts=1,
        ),
        [10000.0] * 2,
        4,
        10**-0.5,
        None,
    ),
    "ministral3": (
        "Ministral3Config",
        dict(
            SIZES,
            head_dim=6,
            rope_parameters=dict(
                rope_type="yarn",
                rope_theta=10000.0,
                factor=4.0,
                original_max_position_embeddings=128,
                beta_fast=32.0,
                beta_slow=1.0,
                mscale=1.0,
                mscale_all_dim=1.0,
                llama_4_scaling_beta=0.1,
            ),
        ),
        None,
        None,
        None,
        None,
    ),
    "bert": ("BertConfig", {k: v for k, v in SIZES.items() if k != "num_key_value_heads"}, None, 0, 6**-0.5, None),
    "modernbert": (
        "ModernBertConfig",
        dict(
            {k: v for k, v in SIZES.items() if k != "num_key_value_heads"},
            local_attention=16,
            global_attn_every_n_layers=2,
            pad_token_id=0,
        ),
        None,
        None,
        None,
        None,
    ),
    "albert": (
        "AlbertConfig",
        dict({k: v for k, v in SIZES.items() if k != "num_key_value_heads"}, embedding_size=12),
        None,
        0,
        6**-0.5,
        None,
    ),
    "bart": ("BartConfig", PAIR, None, 0, None, None),
    "t5": (
        "T5Config",
        dict(
            vocab_size=60,
            d_model=24,
            d_kv=6,
            d_ff=28,
            num_layers=2,
            num_heads=4,
            pad_token_id=0,
            decoder_start_token_id=0,
        ),
        None,
        None,
        None,
        None,
    ),
}


def model(name):
    cls, keywords = FAMILIES[name][:2]
    config = getattr(transformers, cls)(**keywords)
    torch.manual_seed(0)
    kinds = {
        "bert": transformers.BertForMaskedLM,
        "modernbert": transformers.ModernBertForMaskedLM,
        "albert": transformers.AlbertForMaskedLM,
        "bart": transformers.BartForConditionalGeneration,
        "t5": transformers.T5ForConditionalGeneration,
    }
    made = kinds[name](config) if name in kinds else AutoModelForCausalLM.from_config(config)
    return reference.sharpened(made)


class Families(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def recorded(self, made, tokens, **options):
        out = os.path.join(self.folder, str(len(os.listdir(self.folder))))
        options = {"precision": "f32", **options}
        index = ropewalk_capture.capture(made, reference.tokenizer(60), reference.text(tokens, 60), out, **options)
        self.assertTrue(index["complete"])
        return reference.Recording(out)

    def compare(self, name, tokens, limit=2e-5, **options):
        made = model(name)
        recording = self.recorded(made, tokens, **options)
        ids = recording.tokens["ids"].tolist()
        arguments = {"input_ids": torch.tensor([ids])}
        if made.config.is_encoder_decoder:
            arguments = {
                "input_ids": recording.tokens["key_ids"][None].long(),
                "decoder_input_ids": torch.tensor([ids]),
            }
        expected = reference.maps(made, arguments)
        for kind in recording.kinds:
            weights = expected.get("cross_attentions") if kind == "cross" else None
            weights = weights or expected.get(f"{kind}_attentions") or expected.get("attentions")
            own_ids = arguments["input_ids"][0].tolist() if kind == "encoder" else ids
            found = reference.differences(recording, kind, [layer[0] for layer in weights], own_ids)
            self.assertLess(max(found.values()), limit, (name, kind, found))
            self.compare_scores(name, recording, kind, weights)
        states = expected.get("decoder_hidden_states") or expected.hidden_states
        kind = next(iter(recording.kinds))
        error = (recording[f"{kind}.last_hidden"].double() - states[-1][0]).abs().max() / states[-1].abs().max()
        self.assertLess(float(error), limit, name)
        if kind == "decoder":
            losses = recording["decoder.negative_log_likelihood"].double()
            targets = torch.tensor(ids[1:])[:, None]
            wanted = -expected.logits[0].double().log_softmax(-1)[:-1].gather(-1, targets)[:, 0]
            self.assertLess(float((losses[:-1] - wanted).abs().max()), 20 * limit, name)
            self.assertTrue(bool(losses[-1].isnan()))

    def compare_scores(self, name, recording, kind, weights):
        """What a reader makes of queries, keys and sums are the weights again."""
        _, _, thetas, turned, scale, cap = FAMILIES[name]
        if turned is None:
            return
        for layer, own in enumerate(weights):
            angles = None
            if thetas and thetas[layer]:
                theta, factor = thetas[layer] if isinstance(thetas[layer], tuple) else (thetas[layer], 1.0)
                angles = reference.angles(theta, turned, own.shape[-1], factor)
            used = scale or recording.kinds[kind]["head_dimension"] ** -0.5
            self.assertLess(reference.of_scores(recording, kind, layer, own[0], used, angles, cap), 1e-4, (name, layer))

    def test_families_together(self):
        for name in FAMILIES:
            with self.subTest(name):
                self.compare(name, 90, chunk=0)

    def test_families_in_chunks(self):
        for name in ("llama", "mistral", "gemma2", "gemma3", "gpt2", "opt", "cohere2", "gpt_oss", "deepseek_v3"):
            with self.subTest(name):
                self.compare(name, 300, limit=5e-5, chunk=256, block=100, budget=1 << 14)

    def test_eager_and_half_precision(self):
        for kind, limit in ((torch.bfloat16, 0.15), (torch.float16, 0.03)):
            made = model("llama")
            plain = reference.maps(
                made.to(kind),
                {"input_ids": reference.tokenizer(60)(reference.text(90, 60), return_tensors="pt")["input_ids"]},
            )
            recording = self.recorded(made, 90, precision="bf16" if kind == torch.bfloat16 else "f16")
            self.assertEqual(recording.index["error"], 0)
            found = reference.differences(recording, "decoder", [layer[0] for layer in plain.attentions])
            self.assertLess(found["sink"], limit, found)
        made = model("qwen3")
        made.set_attn_implementation("eager")
        eager = self.recorded(made, 90)
        made.set_attn_implementation("sdpa")
        fused = self.recorded(made, 90)
        for name in eager.tensors:
            torch.testing.assert_close(eager.tensors[name], fused.tensors[name], atol=1e-4, rtol=1e-4, equal_nan=True)

    def test_refused_by_name(self):
        cases = {
            "BloomForCausalLM": transformers.BloomConfig(vocab_size=60, hidden_size=24, n_layer=2, n_head=3),
            "MambaForCausalLM": transformers.MambaConfig(vocab_size=60, hidden_size=24, num_hidden_layers=2),
            "JambaMambaMixer": transformers.JambaConfig(
                **{**SIZES, "num_hidden_layers": 2}, attn_layer_period=2, attn_layer_offset=1, use_mamba_kernels=False
            ),
            "DiffLlama.* more than once": transformers.DiffLlamaConfig(**SIZES),
            "NanoChatAttention.* not known": transformers.NanoChatConfig(**SIZES),
            "HunYuanDenseV1Attention": transformers.HunYuanDenseV1Config(**SIZES, head_dim=6, pad_token_id=0),
        }
        for name, config in cases.items():
            with self.subTest(name):
                made = reference.sharpened(AutoModelForCausalLM.from_config(config))
                with self.assertRaisesRegex(ropewalk_capture.CaptureError, name):
                    self.recorded(made, 40)
                self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()
