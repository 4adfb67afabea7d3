"""What XLNet needs beside other families: weights of its parameters without modules, and angles in float64."""
import contextlib
import math

import torch
from transformers.models.xlnet import modeling_xlnet as xlnet

sinusoids = xlnet.XLNetModel.positional_embedding


def exact_sinusoids(pos_seq, inv_freq, bsz=None):
    """As of other families: the frequencies are the float32 values of transformers, all else is float64."""
    return sinusoids(pos_seq.double(), inv_freq.double(), bsz)


def randomize(model, seed):
    """Scores whose three terms are all peaked, and nothing that is 0."""
    generator = torch.Generator().manual_seed(seed + 5)

    def fill(parameter, deviation):
        parameter.data.copy_(torch.randn(parameter.shape, generator=generator) * deviation)

    for module in model.modules():
        if isinstance(module, xlnet.XLNetRelativeAttention):
            width = math.sqrt(module.d_model)
            for name, gain in (("q", 1.4), ("k", 1.4), ("v", 1.1), ("o", 1.1), ("r", 1.8)):
                fill(getattr(module, name), gain / width)
            for name in ("r_w_bias", "r_r_bias", "r_s_bias", "seg_embed"):
                fill(getattr(module, name), 0.6)
        elif isinstance(module, xlnet.XLNetModel):
            fill(module.mask_emb, 0.7)


@contextlib.contextmanager
def exact():
    xlnet.XLNetModel.positional_embedding = staticmethod(exact_sinusoids)
    try:
        yield
    finally:
        xlnet.XLNetModel.positional_embedding = staticmethod(sinusoids)


def run(forward, model, x, f64, hooks):
    """The results of `forward`; what blocks give is [token, 1, hidden] in the library."""
    with exact() if f64 else contextlib.nullcontext():
        results = forward(model, x, f64, hooks)
    if "last_block_output" in results:
        results["last_block_output"] = results["last_block_output"].transpose(0, 1)
    return results
