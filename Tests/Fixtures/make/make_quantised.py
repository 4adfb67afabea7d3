#!/usr/bin/env python3
"""Small models whose linear layers are quantised, one folder a format, with the logits of what their weights say.

    make_quantised.py --out DIR [--only NAME ...]

Codes, zeros and scales are drawn at random. What they stand for is computed by the package that publishes the format
where it runs on a CPU (bitsandbytes, compressed-tensors, mlx, autoawq's packing_utils by --awq FILE, transformers for
MXFP4), else by its formula in NumPy (GPTQ, FP8), and goes through transformers in float64. expected.safetensors has the
token ids, the logits, and under their names the weights of one layer.
"""
import argparse, importlib.util, json, os

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GptOssConfig, Llama4TextConfig, LlamaConfig, Qwen3MoeConfig

SIZES = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
             vocab_size=48, max_position_embeddings=64, tie_word_embeddings=True, rms_norm_eps=1e-5, head_dim=32)
SHOWN = ["model.layers.1.mlp.down_proj.weight"]
AWQ = None


def rng(name):
    return np.random.default_rng(list(name.encode()))


def t(array):
    return torch.from_numpy(np.ascontiguousarray(array))


def bits_of(codes, bits):
    """[rows, n] -> [rows, n * bits / 32] of int32: codes one after the other, the lowest bits first."""
    flat = (codes[..., None] >> np.arange(bits)) & 1
    flat = flat.reshape(codes.shape[0], -1, 32).astype(np.uint64)
    return (flat << np.arange(32, dtype=np.uint64)).sum(-1).astype(np.uint32).view(np.int32)


# -- formats: (random numbers, outputs, inputs) -> (tensors by the end of their name, weights)

def gptq(bits, group, version=1, order=False, zero_from=1):
    def make(r, outputs, inputs):
        groups = inputs // group
        codes = r.integers(0, 1 << bits, (inputs, outputs))
        zeros = r.integers(zero_from, 1 << bits, (groups, outputs))
        scales = r.uniform(0.2, 1, (groups, outputs)).astype(np.float16) * np.float16(1.5 / (1 << bits))
        index = np.arange(inputs) // group
        if order:
            index = r.permutation(index)
        weight = scales[index].astype(np.float32) * (codes - zeros[index]).astype(np.float32)
        stored = bits_of(zeros, bits).view(np.uint32)
        if version == 1 and bits == 3:
            stored = bits_of((zeros - 1) & 7, bits).view(np.uint32)
        elif version == 1:
            stored = stored - np.uint32(sum(1 << i for i in range(0, 32, bits)))
        return {
            ".qweight": t(bits_of(codes.T, bits).T), ".qzeros": t(stored.view(np.int32)), ".scales": t(scales),
            ".g_idx": t(index.astype(np.int32)),
        }, t(weight.T)
    return make


def awq(group):
    def make(r, outputs, inputs):
        def pack(codes):
            words = codes.reshape(codes.shape[0], -1, 8)[..., [0, 2, 4, 6, 1, 3, 5, 7]].astype(np.uint64)
            return (words << (4 * np.arange(8, dtype=np.uint64))).sum(-1).astype(np.uint32).view(np.int32)
        codes = r.integers(0, 16, (inputs, outputs))
        zeros = r.integers(0, 16, (inputs // group, outputs))
        scales = r.uniform(0.02, 0.1, (inputs // group, outputs)).astype(np.float16)
        parts = {".qweight": t(pack(codes)), ".qzeros": t(pack(zeros)), ".scales": t(scales)}
        weight = AWQ.dequantize_gemm(parts[".qweight"], parts[".qzeros"], parts[".scales"].float(), 4, group)
        return parts, weight.T
    return make


def bnb4(kind, nested=False):
    def make(r, outputs, inputs):
        import bitsandbytes.functional as F
        weight = t(r.normal(0, 0.3, (outputs, inputs)).astype(np.float32))
        packed, state = F.quantize_4bit(weight, blocksize=64, quant_type=kind, compress_statistics=nested)
        parts = {".weight": packed}
        parts |= {".weight." + k: v for k, v in state.as_dict(packed=True).items()}
        # By the formula: the package's own code for CPUs is wrong where a block reaches over several rows.
        scales = F.dequantize_blockwise(state.absmax, state.state2) + state.offset if nested else state.absmax
        codes = torch.stack([packed.view(-1) >> 4, packed.view(-1) & 15], 1).view(-1).long()
        values = (state.code[codes] * scales.repeat_interleave(64)).view(outputs, inputs)
        assert inputs % 64 or torch.equal(values, F.dequantize_4bit(packed, state))
        return parts, values
    return make


def bnb8(r, outputs, inputs):
    import bitsandbytes.functional as F
    weight = t(r.normal(0, 0.3, (outputs, inputs)).astype(np.float16))
    codes, scales, _ = F.int8_vectorwise_quant(weight)
    parts = {".weight": codes, ".SCB": scales, ".weight_format": torch.tensor(0, dtype=torch.uint8)}
    return parts, F.int8_vectorwise_dequant(codes, scales).float()


def fp8(kind):
    def make(r, outputs, inputs):
        codes = t(r.normal(0, 60, (outputs, inputs)).astype(np.float32)).to(torch.float8_e4m3fn)
        if kind == "block":
            scale = t(r.uniform(1e-3, 8e-3, (-(-outputs // 24), inputs // 16)).astype(np.float32))
            whole = scale.repeat_interleave(24, 0)[:outputs].repeat_interleave(16, 1)
            return {".weight": codes, ".weight_scale_inv": scale}, codes.float() * whole
        scale = torch.tensor(r.uniform(1e-3, 8e-3), dtype=torch.float32)
        return {".weight": codes, ".weight_scale": scale, ".input_scale": torch.tensor(0.5)}, codes.float() * scale
    return make


def compressed(num_bits, strategy, kind="int", symmetric=True, group=None, packed=False):
    def make(r, outputs, inputs):
        from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
        from compressed_tensors.quantization import QuantizationArgs
        from compressed_tensors.quantization.lifecycle.forward import dequantize
        arguments = QuantizationArgs(num_bits=num_bits, type=kind, strategy=strategy, symmetric=symmetric, group_size=group)
        columns = inputs // group if group else 1
        scale = t(r.uniform(0.2, 1, (outputs, columns)).astype(np.float32)).to(torch.bfloat16)
        zeros = None
        if kind == "float":
            codes = t(r.normal(0, 60, (outputs, inputs)).astype(np.float32)).to(torch.float8_e4m3fn)
            scale = scale / 100
        else:
            low = -(1 << (num_bits - 1))
            codes = t(r.integers(low, -low, (outputs, inputs)).astype(np.int8))
            scale = scale * 1.5 / (1 << num_bits)
            if not symmetric:
                zeros = t(r.integers(low, -low, (outputs, columns)).astype(np.int8))
        values = dequantize(codes, scale.float(), zeros, arguments, dtype=torch.float32)
        parts = {".weight_scale": scale}
        if packed:
            parts[".weight_packed"] = pack_to_int32(codes, num_bits)
            parts[".weight_shape"] = torch.tensor([outputs, inputs])
            if zeros is not None:
                parts[".weight_zero_point"] = pack_to_int32(zeros, num_bits, packed_dim=0).contiguous()
        else:
            parts[".weight"] = codes
            if zeros is not None:
                parts[".weight_zero_point"] = zeros
        return parts, values
    return make


def compressed_fp4(r, outputs, inputs):
    from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8
    codes = t(r.integers(0, 256, (outputs, inputs // 2)).astype(np.uint8))
    scale = t(r.uniform(50, 200, (outputs, inputs // 16)).astype(np.float32)).to(torch.float8_e4m3fn)
    whole = torch.tensor([900.0])
    values = unpack_fp4_from_uint8(codes, outputs, inputs, dtype=torch.float32)
    return {".weight_packed": codes, ".weight_scale": scale, ".weight_global_scale": whole}, \
        values * (scale.float() / whole).repeat_interleave(16, 1)


def mlx(bits, mode="affine"):
    def make(r, outputs, inputs):
        import mlx.core as mx
        weight = mx.array(r.normal(0, 0.3, (outputs, inputs)).astype(np.float32))
        parts = mx.quantize(weight, group_size=32, bits=bits, mode=mode)
        values = mx.dequantize(*parts, group_size=32, bits=bits, mode=mode, dtype=mx.float32)
        names = [".weight", ".scales", ".biases"]
        return {n: t(np.array(p)) for n, p in zip(names, parts)}, t(np.array(values))
    return make


def mlx_mixed(r, outputs, inputs):
    return mlx(8 if inputs == 64 else 3)(r, outputs, inputs)


FORMATS = {
    "gptq_4": (gptq(4, 16), dict(quant_method="gptq", bits=4, group_size=16, desc_act=False, sym=False)),
    "gptq_4_order": (gptq(4, 16, order=True, zero_from=0),
                     dict(quant_method="gptq", bits=4, group_size=16, desc_act=True, checkpoint_format="gptq")),
    "gptq_3": (gptq(3, 32), dict(quant_method="gptq", bits=3, group_size=32)),
    "gptq_2_v2": (gptq(2, 16, version=2, zero_from=0),
                  dict(quant_method="gptq", bits=2, group_size=16, checkpoint_format="gptq_v2")),
    "gptq_8": (gptq(8, 32), dict(quant_method="gptq", bits=8, group_size=32)),
    "awq": (awq(16), dict(quant_method="awq", bits=4, group_size=16, zero_point=True, version="gemm")),
    "bnb_nf4": (bnb4("nf4"), dict(quant_method="bitsandbytes", load_in_4bit=True, bnb_4bit_quant_type="nf4")),
    "bnb_nf4_nested": (bnb4("nf4", True), dict(quant_method="bitsandbytes", load_in_4bit=True,
                                               bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)),
    "bnb_fp4": (bnb4("fp4"), dict(quant_method="bitsandbytes", load_in_4bit=True, bnb_4bit_quant_type="fp4")),
    "bnb_int8": (bnb8, dict(quant_method="bitsandbytes", load_in_8bit=True)),
    "fp8": (fp8("tensor"), dict(quant_method="fp8", activation_scheme="static")),
    "fp8_block": (fp8("block"), dict(quant_method="fp8", weight_block_size=[24, 16], activation_scheme="dynamic")),
    "ct_float": (compressed(8, "channel", "float"), dict(quant_method="compressed-tensors", format="float-quantized")),
    "ct_int": (compressed(8, "channel", symmetric=False),
               dict(quant_method="compressed-tensors", format="int-quantized")),
    "ct_pack": (compressed(4, "group", symmetric=False, group=16, packed=True),
                dict(quant_method="compressed-tensors", format="pack-quantized")),
    "ct_nvfp4": (compressed_fp4, dict(quant_method="compressed-tensors", format="nvfp4-pack-quantized")),
    "mlx_4": (mlx(4), dict(group_size=32, bits=4)),
    "mlx_mixed": (mlx_mixed, {"group_size": 32, "bits": 3,
                              **{f"model.layers.{layer}": {"group_size": 32, "bits": 8} for layer in
                                 ("0.mlp.down_proj", "1.mlp.down_proj", "0.self_attn.o_proj")}}),
    "mlx_mxfp4": (mlx(4, "mxfp4"), dict(group_size=32, bits=4, mode="mxfp4")),
}


def llama(name, out):
    make, settings = FORMATS[name]
    r = rng(name)
    config = LlamaConfig(**SIZES)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    tensors, shown = {}, {}
    for key, value in list(model.state_dict().items()):
        if key == "lm_head.weight":
            continue
        layer = key.removesuffix(".weight")
        # One layer is left as it is.
        if "_proj" not in key or key == "model.layers.1.self_attn.o_proj.weight":
            scale = 1 if "norm" in key else 0.4
            value.copy_(t((r.normal(0, scale, value.shape) / (4 if "norm" in key else 1) + ("norm" in key)).astype(np.float16)))
            tensors[key] = value.half()
            continue
        parts, weight = make(r, *value.shape)
        value.copy_(weight)
        tensors |= {layer + end: part.contiguous() for end, part in parts.items()}
        if key in SHOWN:
            shown[key] = weight.float().contiguous()
    key = "quantization" if settings.get("quant_method") is None else "quantization_config"
    write(out, config, {key: settings}, tensors, shown, model)


def gpt_oss(out):
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors
    r = rng("mxfp4")
    config = GptOssConfig(hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
                          num_key_value_heads=1, vocab_size=48, head_dim=16, num_local_experts=3, num_experts_per_tok=2,
                          sliding_window=8, max_position_embeddings=64, layer_types=["sliding_attention", "full_attention"],
                          rope_parameters=dict(rope_type="default", rope_theta=10000.0), tie_word_embeddings=True)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", experts_implementation="eager")
    tensors, shown = {}, {}
    for key, value in list(model.state_dict().items()):
        if key == "lm_head.weight":
            continue
        if key.endswith(("gate_up_proj", "down_proj")):
            experts, inputs, outputs = value.shape
            blocks = t(r.integers(0, 256, (experts, outputs, inputs // 32, 16)).astype(np.uint8))
            scales = t(r.integers(122, 126, (experts, outputs, inputs // 32)).astype(np.uint8))
            value.copy_(convert_moe_packed_tensors(blocks, scales, dtype=torch.float32))
            tensors |= {key + "_blocks": blocks, key + "_scales": scales}
            continue
        value.copy_(t((r.normal(0, 0.3, value.shape) + ("norm" in key)).astype(np.float16)))
        tensors[key] = value.half()
    write(out, config, dict(quantization_config=dict(quant_method="mxfp4", modules_to_not_convert=["lm_head"])), tensors,
          shown, model)


def mlx_experts(out):
    """All experts of a layer in one tensor a part, as MLX has them; those of one part are left as they are."""
    r = rng("mlx_experts")
    config = Qwen3MoeConfig(hidden_size=32, intermediate_size=64, moe_intermediate_size=32, num_hidden_layers=2,
                            num_attention_heads=2, num_key_value_heads=1, vocab_size=48, head_dim=16, num_experts=3,
                            num_experts_per_tok=2, max_position_embeddings=64, tie_word_embeddings=True)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", experts_implementation="eager")
    tensors, overrides = {}, {}
    for key, value in list(model.state_dict().items()):
        if key == "lm_head.weight":
            continue
        if ".experts." not in key:
            value.copy_(t((r.normal(0, 0.3, value.shape) + ("norm" in key)).astype(np.float16)))
            tensors[key] = value.half()
            continue
        halves = ["gate_proj", "up_proj"] if "gate_up" in key else ["down_proj"]
        for part, half in zip(halves, value.chunk(len(halves), 1)):
            layer = key[:key.index("experts.")] + "switch_mlp." + part
            if layer == "model.layers.1.mlp.switch_mlp.up_proj":
                half.copy_(t(r.normal(0, 0.3, half.shape).astype(np.float16)))
                tensors[layer + ".weight"] = half.half().contiguous()
                continue
            bits = 8 if part == "down_proj" else 4
            overrides |= {layer: dict(group_size=32, bits=8)} if bits == 8 else {}
            made = [mlx(bits)(r, *expert.shape) for expert in half]
            half.copy_(torch.stack([weight for _, weight in made]))
            tensors |= {layer + end: torch.stack([parts[end] for parts, _ in made]) for end in made[0][0]}
    write(out, config, dict(quantization=dict(group_size=32, bits=4, **overrides)), tensors, {}, model)


def llama4_fp8(out):
    """Fused experts [expert, input, output] with a scale an output, as fbgemm has them in Llama 4."""
    r = rng("llama4_fp8")
    config = Llama4TextConfig(hidden_size=32, intermediate_size=24, intermediate_size_mlp=32, num_hidden_layers=2,
                              num_attention_heads=2, num_key_value_heads=1, vocab_size=48, head_dim=16,
                              num_local_experts=3, num_experts_per_tok=1, interleave_moe_layer_step=1,
                              max_position_embeddings=64, tie_word_embeddings=True)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", experts_implementation="eager")
    tensors = {}
    for key, value in list(model.state_dict().items()):
        if key == "lm_head.weight":
            continue
        if not key.endswith(("gate_up_proj", "experts.down_proj")):
            value.copy_(t((r.normal(0, 0.3, value.shape) + ("norm" in key)).astype(np.float16)))
            tensors[key] = value.half()
            continue
        codes = t(r.normal(0, 60, value.shape).astype(np.float32)).to(torch.float8_e4m3fn)
        scale = t(r.uniform(1e-3, 8e-3, (value.shape[0], 1, value.shape[2])).astype(np.float32))
        value.copy_(codes.float() * scale)
        tensors |= {key: codes, key + "_scale": scale if "gate_up" in key else scale.transpose(1, 2).contiguous()}
    write(out, config, dict(quantization_config=dict(quant_method="fbgemm_fp8", modules_to_not_convert=[
        "lm_head", "self_attn", "shared_expert", "router"])), tensors, {}, model)


def write(out, config, quantisation, tensors, shown, model):
    os.makedirs(out, exist_ok=True)
    ids = torch.arange(20)[None] * 7 % 48
    with torch.no_grad():
        logits = model.double().eval()(ids).logits[0].float()
    settings = {k: v for k, v in config.to_diff_dict().items() if k not in ("dtype", "transformers_version")}
    with open(out + "/config.json", "w") as file:
        json.dump(settings | quantisation, file, indent=1)
    save_file(tensors, out + "/model.safetensors")
    save_file({"input_ids": ids, "logits": logits.contiguous(), **shown}, out + "/expected.safetensors")


def main():
    global AWQ
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    p.add_argument("--only", nargs="*", default=[])
    p.add_argument("--awq", help="awq/utils/packing_utils.py of autoawq 0.2.9")
    a = p.parse_args()
    if a.awq:
        spec = importlib.util.spec_from_file_location("packing_utils", a.awq)
        AWQ = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(AWQ)
    others = {"mxfp4": gpt_oss, "mlx_experts": mlx_experts, "llama4_fp8": llama4_fp8}
    for name in [*FORMATS, *others]:
        if a.only and name not in a.only:
            continue
        others[name](f"{a.out}/{name}") if name in others else llama(name, f"{a.out}/{name}")
        print(name, sum(os.path.getsize(f"{a.out}/{name}/{f}") for f in os.listdir(f"{a.out}/{name}")))


if __name__ == "__main__":
    main()
