"""Masks of the kinds that public bug reports are about, made by PyTorch and transformers: ../masks/kinds.

    python mask_kinds.py

They need torch, transformers, safetensors and NumPy. A file is named after the project and the number of the issue or pull
request whose mistake it has, or after the library's function where it is a mask as it should be. What is asked about
each stands in questions.json beside them (MaskCasesTests).
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn.attention.flex_attention import create_block_mask, create_mask
from transformers import DataCollatorWithFlattening, Gemma3TextConfig, LlamaConfig, Llama4TextConfig, T5Config
from transformers.masking_utils import (
    create_bidirectional_mask, create_causal_mask, create_chunked_causal_mask, create_masks_for_generate, sdpa_mask,
    sliding_window_causal_mask_function)
from transformers.modeling_attn_mask_utils import AttentionMaskConverter, _prepare_4d_attention_mask
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor
from transformers.models.t5.modeling_t5 import T5Attention

FOLDER = Path(__file__).resolve().parents[1] / "masks/kinds"
FOLDER.mkdir(exist_ok=True)
N = 40
q, k = torch.arange(N)[:, None], torch.arange(N)[None]
causal = k <= q


def npy(name, mask):
    np.save(FOLDER / f"{name}.npy", mask.detach().numpy() if torch.is_tensor(mask) else mask)


def config(kind, implementation="sdpa", **values):
    made = kind(**{**dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=4), **values})
    made._attn_implementation = implementation
    return made


def asked(items, tokens, padding=None, positions=None, dtype=torch.float32):
    return dict(inputs_embeds=torch.zeros(items, tokens, 64, dtype=dtype), attention_mask=padding, past_key_values=None,
                position_ids=positions)


def hidden(visible, dtype, value=None):
    return torch.zeros(visible.shape, dtype=dtype).masked_fill(~visible, torch.finfo(dtype).min if value is None else value)


# Windows of 8: as the converter of transformers has them, and as flash attention counted them.
npy("transformers-29623-eager", AttentionMaskConverter(True, sliding_window=8).to_causal_4d(1, N, N, torch.float16))
wide = sdpa_mask(1, N, N, mask_function=sliding_window_causal_mask_function(9), allow_is_causal_skip=False)
torch.save({"layers": [wide, wide]}, FOLDER / "vllm-3385.pt")
# Chunked prefill: 8 queries from 24 on, whose places were counted from 0.
chunk = sdpa_mask(1, 8, N, q_offset=0, mask_function=sliding_window_causal_mask_function(8), allow_is_causal_skip=False)
npy("vllm-47332", hidden(chunk, torch.float32, float("-inf")))
npy("vllm-47332-right", sdpa_mask(1, 8, N, q_offset=24, mask_function=sliding_window_causal_mask_function(8),
                                  allow_is_causal_skip=False))
# No window at all where the layer has one; the masks of both kinds of layers in one file.
both = create_masks_for_generate(config=config(Gemma3TextConfig, sliding_window=8, num_hidden_layers=6), **asked(1, N, torch.ones(1, N).long()))
full = both["full_attention"] if both["full_attention"] is not None else causal[None, None]
np.savez_compressed(FOLDER / "vllm-23969.npz", full_attention=full.numpy(), sliding_attention=full.numpy())
np.savez_compressed(FOLDER / "generate.npz", full_attention=full.numpy(),
                    sliding_attention=both["sliding_attention"].numpy())
# FlexAttention: block diffusion in blocks of 4 over twice the text; 128 was taken for the block.
def diffusion(size, n=20):
    def mod(b, h, q, k):
        noisy, kv_noisy = q < n, k < n
        block, kv_block = torch.where(noisy, q, q - n) // size, torch.where(kv_noisy, k, k - n) // size
        return ((noisy == kv_noisy) & (block == kv_block)) | (noisy & ~kv_noisy & (block > kv_block)) \
            | (~noisy & ~kv_noisy & (block >= kv_block))
    return mod


npy("bd3lms-23", create_mask(diffusion(4), 1, 1, N, N, device="cpu"))
npy("bd3lms-23-wrong", create_mask(diffusion(128), 1, 1, N, N, device="cpu"))
# A BlockMask's index arrays, of documents of 300, 200 and 140 tokens in blocks of 128, without causality in one.
ids = torch.repeat_interleave(torch.arange(3), torch.tensor([300, 200, 140]))
for name, mod in (("blocks", lambda b, h, q, k: (q >= k) & (ids[q] == ids[k])), ("blocks-wrong", lambda b, h, q, k: ids[q] == ids[k])):
    block = create_block_mask(mod, 1, 1, 640, 640, device="cpu")
    save_file({part: getattr(block, part) for part in ("kv_num_blocks", "kv_indices", "full_kv_num_blocks",
                                                       "full_kv_indices")}, FOLDER / f"{name}.safetensors")
# Decoding: one query for each of 3 items, after 10, 25 and 39 tokens of a cache of 40; and all after 39.
lengths = torch.tensor([10, 25, 39])
npy("yalis-53", create_mask(lambda b, h, q, k: k <= lengths[b], 3, 1, 1, N, device="cpu"))
npy("yalis-53-wrong", create_mask(lambda b, h, q, k: k <= 39, 3, 1, 1, N, device="cpu"))
# nn.MultiheadAttention: [batch · heads, queries, keys], true hides; padding at the right of item 1.
padding = torch.zeros(2, N, dtype=torch.bool)
padding[1, 33:] = True
hides = ~causal
npy("pytorch-63271", torch.stack([hides | p[None] for p in padding]).repeat_interleave(4, 0))
rows = torch.stack([hides | p[None] | p[:, None] for p in padding]).repeat_interleave(4, 0)
npy("pytorch-63271-wrong", hidden(~rows, torch.float32, float("-inf")))
# attn_mask that hides the first token from itself, and padding that hides the last one.
npy("pytorch-41508", torch.triu(torch.full((N, N), float("-inf")), 0))
npy("square-subsequent", torch.nn.Transformer.generate_square_subsequent_mask(N))
npy("square-subsequent-turned", torch.nn.Transformer.generate_square_subsequent_mask(N).T.contiguous())
# Heads of which one sees nothing, as a view that repeats one number: its strides are 0.
torch.save(torch.tensor([True, True, False, True]).view(1, 4, 1, 1).expand(1, 4, N, N), FOLDER / "pytorch-160064.pt")
# Turned, so that a row does not lie dense.
torch.save(causal.T.contiguous().T[None, None], FOLDER / "turned.pt")
# key_padding_mask as numbers to be added, and the mask of BERT: 0 and -10,000 in [batch, 1, 1, keys].
npy("canonical-padding", torch.zeros(2, N).masked_fill(padding, float("-inf")))
npy("bert-extended", (1.0 - (~padding).float()[:, None, None, :]) * -10000.0)
npy("encoder-right", _prepare_4d_attention_mask((~padding).long(), torch.float16))
npy("encoder-bidirectional", create_bidirectional_mask(
    config=config(LlamaConfig, "eager"), inputs_embeds=torch.zeros(2, N, 64), attention_mask=(~padding).long()))
# Cross attention of 12 queries over the text, whose padding was cut to the queries' length.
cross = (~padding)[:, None, None, :].expand(2, 1, 12, N)
npy("vllm-omni-5865-right", hidden(cross, torch.bfloat16).float())
cut = torch.ones(2, N, dtype=torch.bool)
cut[:, :12] = (~padding)[:, -12:]
npy("vllm-omni-5865", hidden(cut[:, None, None, :].expand(2, 1, 12, N), torch.bfloat16).float())
# Packing: the collator's positions and lengths; positions of padding that each begin anew; ids of documents with 0 as
# padding, as attention masks have them; a packed row whose documents were not told apart.
packed = DataCollatorWithFlattening(return_flash_attn_kwargs=True, return_seq_idx=True)(
    [{"input_ids": list(range(n))} for n in (14, 9, 17)])
np.savez_compressed(FOLDER / "flattening.npz", **{name: packed[name].numpy() for name in ("position_ids", "cu_seq_lens_q",
                                                                                       "seq_idx")})
npy("veomni-136", torch.cat([torch.arange(14), torch.arange(9), torch.arange(11), torch.zeros(6).long()])[None])
extended = torch.repeat_interleave(torch.tensor([1, 2, 3, 0]), torch.tensor([14, 9, 11, 6]))[None]
npy("functionary-265", extended)
neat = ((extended[:, None, :, None] == extended[:, None, None, :]) & (extended != 0)[:, None, None, :] & causal)
npy("llamafactory-4224", hidden(neat, torch.float16))
ones = torch.ones(1, N).long()
positions = packed["position_ids"]
whole = create_causal_mask(config=config(LlamaConfig), **asked(1, N, ones, positions))
npy("transformers-46634", causal[None, None] if whole is None else whole)
npy("transformers-46634-right", create_causal_mask(config=config(LlamaConfig), **asked(1, N, None, positions)))
npy("fla-842", np.array([0, N], dtype=np.int32))
# PaliGemma: a prefix of 16 behind 4 tokens of padding; everything visible; padding in the prefix seen; the answer taken
# for a prefix; turned round.
text = torch.arange(N) >= 4
prefix = (causal | (k < 16)) & text[None]
npy("transformers-30918", torch.ones(1, 1, N, N, dtype=torch.int64))
npy("transformers-35855", hidden((causal | (k < 16)), torch.bfloat16)[None, None].float())
save_file({"attention_mask": hidden(prefix, torch.bfloat16)[None, None]}, FOLDER / "transformers-35855-right.safetensors")
npy("llamafactory-9135", hidden(causal & text[None], torch.float32)[None, None])
npy("transformers-31312", hidden(~prefix, torch.float32)[None, None])
# ALiBi: the bias of one row spread over all queries, and that of BLOOM and MPT with a causal mask and padding.
left = torch.ones(2, N).long()
left[0, :6] = 0
seen = (left[:, None, None, :] == 1) & causal
bloom = build_alibi_tensor(left, 4, torch.float32).view(2, 4, 1, N)
npy("bloom", (bloom + hidden(seen, torch.float32)).reshape(8, N, N))
npy("bloom-wrong", (bloom + hidden(causal[None, None].expand(2, 1, N, N), torch.float32)))
mpt = build_mpt_alibi_tensor(4, N)[None]
npy("llm-foundry-186", (mpt + hidden(causal, torch.float32))[0].half())
npy("mpt-bias-only", mpt.expand(1, 4, N, N).contiguous())
t5 = T5Attention(T5Config(d_model=16, d_kv=4, num_heads=4, is_decoder=True), has_relative_attention_bias=True)
torch.manual_seed(1)
torch.nn.init.normal_(t5.relative_attention_bias.weight)
npy("t5-bias", (t5.compute_bias(N, N) + hidden(causal, torch.float32)).detach())
# GPT-2's and GPT-Neo's buffers of bytes; nanoGPT's, which is larger than the text.
tril = torch.tril(torch.ones(N, N, dtype=torch.uint8)).view(1, 1, N, N)
npy("gpt-neo-local", torch.bitwise_xor(tril, torch.tril(tril, -8)))
npy("nanogpt-473", torch.tril(torch.ones(16, 16)).view(1, 1, 16, 16))
# Llama 4: chunks of 16 with padding in one item; f8, whose least number is -448.
chunks = create_chunked_causal_mask(config=config(Llama4TextConfig, attention_chunk_size=16), **asked(2, N, left, torch.arange(N)[None].expand(2, -1)))
npy("llama4", chunks)
save_file({"mask": hidden(causal & (q - k < 8), torch.float32, -448.0).to(torch.float8_e4m3fn)}, FOLDER / "f8.safetensors")
# Medusa: drafts of 2 + 4 over their root, which one draft does not see.
parents = [-1, 0, 0, 1, 1, 2, 2]
tree = torch.zeros(7, 7)
for draft in range(7):
    at = draft
    while at >= 0:
        tree[draft, at] = 1
        at = parents[at]
npy("medusa", tree[None, None])
wrong = tree.clone()
wrong[5, 0] = 0
npy("medusa-wrong", wrong[None, None])
# Grouped heads: 2 key heads for 8 query heads.
npy("gqa-two", torch.stack([causal & (q - k < 4), causal])[None])
# One step for a batch whose first item has padding at the left; keys four apart; a mask saved as a picture's bytes.
npy("decode-left", torch.stack([k >= 5, k >= 0])[:, None])
npy("dilated", causal & ((q - k) % 4 == 0) & (q - k < 16))
npy("bytes-255", causal.to(torch.uint8) * 255)
npy("bytes-other", causal.to(torch.uint8) * 255 - (q == k).to(torch.uint8))
