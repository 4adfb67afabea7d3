"""Where the attention of a model of transformers is: its stacks, its layers, its head."""

import re
import sys

import torch

from ropewalk_capture_files import CaptureError

_CROSS = re.compile(r"(encoder_attn|encdecattention|cross_?attn|cross_?attention)", re.IGNORECASE)
_LAYER = re.compile(r"(?:^|\.)(\d+)\.")


def unwrapped(model):
    """The model of transformers inside of what trains, serves or adapts it (DistributedDataParallel, DeepSpeed,
    PEFT)."""
    if type(model).__name__ == "OptimizedModule":
        raise CaptureError("a compiled model hides its attention: give the model as it was before torch.compile")
    if "FullySharded" in type(model).__name__ or any(kind.__name__ == "FSDPModule" for kind in type(model).__mro__):
        raise CaptureError(
            "FSDP keeps weights in pieces: load the model with device_map='auto' or tp_plan='auto' instead"
        )
    while not hasattr(model, "config") or not hasattr(model, "get_decoder"):
        if not isinstance(getattr(model, "module", None), torch.nn.Module):
            raise CaptureError(f"{type(model).__name__} is no model of transformers: capture takes a PreTrainedModel")
        model = model.module
    if hasattr(model, "get_base_model") and hasattr(model, "peft_config"):
        if any(getattr(adapter, "is_prompt_learning", False) for adapter in model.peft_config.values()):
            raise CaptureError("prompt and prefix tuning put in tokens that are in no text: they cannot be captured")
        model = model.get_base_model()
    return model


class Places:
    """Which kind of attention and which layer each attention module is."""

    def __init__(self, model):
        self.model = model
        config = model.config
        self.is_pair = bool(getattr(config, "is_encoder_decoder", False))
        self.text = config if self.is_pair or not hasattr(config, "get_text_config") else config.get_text_config()
        self.stack = model.get_decoder()
        if not any(isinstance(module, torch.nn.ModuleList) for module in self.stack.modules()):
            # What is called so is a head.
            self.stack = model.base_model
        if self.stack is model and model.get_output_embeddings() is not None:
            lists = [
                child for child in model.children() if any(isinstance(m, torch.nn.ModuleList) for m in child.modules())
            ]
            self.stack = lists[0] if lists else model
        self.encoder = model.get_encoder() if self.is_pair else None
        self.names = {module: name for name, module in model.named_modules()}
        own = set(self.stack.modules()) | (set(self.encoder.modules()) if self.is_pair else set())
        # Whatever has an attention function of transformers' interface in its file may call it.
        self.modules = [m for m in own if "attention" in type(m).__name__.lower() or "attn" in type(m).__name__.lower()]
        self.spaces = {type(module).__module__ for module in model.modules()} & {
            space for space in sys.modules if "modeling" in space or "transformers_modules" in space
        }
        self.in_encoder = set(self.encoder.modules()) if self.is_pair else set()
        self.in_stack = set(self.stack.modules())

    def of(self, module, options):
        """(kind, layer, container of the layers), or None for attention of other parts, such as images."""
        name = self.names.get(module)
        if name is None or not (module in self.in_stack or module in self.in_encoder):
            return None
        if module in self.in_encoder:
            kind, stack = "encoder", self.encoder
        elif self.is_pair and _CROSS.search(name):
            kind, stack = "cross", self.stack
        else:
            causal = options.get("is_causal")
            causal = getattr(module, "is_causal", True) if causal is None else causal
            kind, stack = "decoder" if causal else "encoder", self.stack
        root = self.names.get(stack, "")
        inner = name[len(root) :].lstrip(".") if root else name
        found = _LAYER.search(inner)
        if not found:
            raise CaptureError(
                f"{name} ({type(module).__name__}) is in no list of layers: this model cannot be captured"
            )
        container = (root + "." if root else "") + inner[: found.start(1)].rstrip(".")
        return kind, int(found.group(1)), container

    def heads(self, kind):
        """Numbers of heads, and of heads of keys and values, that the configuration has; None where it does not say."""
        config = self.text
        heads = getattr(config, "num_attention_heads", None)
        if self.is_pair and kind != "cross":
            heads = getattr(config, f"{kind}_attention_heads", heads)
        if self.is_pair and kind == "cross":
            heads = getattr(config, "decoder_attention_heads", heads)
        pairs = getattr(config, "num_key_value_heads", None) if not self.is_pair else None
        return heads, pairs or heads

    @property
    def rotates(self):
        """Whether the stack turns queries and keys, as its modules or its configuration have it."""
        stated = any(getattr(self.text, key, None) for key in ("rope_parameters", "rope_theta", "rope_scaling"))
        return bool(stated) or any("rotary" in type(module).__name__.lower() for module in self.in_stack)

    def implementations(self):
        """Names of the attention functions that the model was set up with."""
        configs = [self.model.config, self.text, *(getattr(module, "config", None) for module in self.modules)]
        names = {getattr(config, "_attn_implementation", None) for config in configs}
        return sorted(name for name in names if isinstance(name, str))

    def rotary_modules(self):
        return [m for m in self.in_stack | self.in_encoder if "rotary" in type(m).__name__.lower()]

    @property
    def takes_chunks(self):
        """Whether tokens can go through the model some at a time and give what they give all together."""
        if self.is_pair or getattr(self.model, "_is_stateful", False):
            return False
        if any(getattr(module, "is_causal", True) is False for module in self.modules):
            return False
        kinds = []
        for module in self.rotary_modules():
            own = getattr(module, "rope_type", None)
            kinds += list(own.values()) if isinstance(own, dict) else [own]
        # These turn by other angles where the text is longer.
        return not {"dynamic", "longrope"} & {kind for kind in kinds if isinstance(kind, str)}

    def missing(self, container, seen, wanted):
        """Of layers that were wanted, the first whose attention never came by, in words; None where all did."""
        layers = self.model.get_submodule(container)
        for layer in wanted:
            if layer in seen:
                continue
            if layer >= len(layers):
                return f"layer {layer}: there are {len(layers)}"
            parts = [
                type(part).__name__
                for name, part in layers[layer].named_children()
                if not re.search(r"norm|mlp|drop|feed|moe|fc|activation", name)
            ]
            return f"layer {layer} ({', '.join(parts) or type(layers[layer]).__name__})"
        return None


class Head:
    """Losses of tokens by the model's own way from its last states to logits, some tokens at a time."""

    def __init__(self, model, stack):
        self.model = model
        self.inner = model.base_model
        if self.inner is model:
            self.inner = next((child for child in model.children() if stack in set(child.modules())), None)
        self.stack, self.is_used = stack, False
        self.has_head = self.inner is not None and model.get_output_embeddings() is not None

    def losses(self, output, ids, targets, encoded, slab):
        """−ln p of targets after states. output: of the inner model, with `last_hidden_state` [1, n, hidden];
        ids and targets: [n], targets without the last where there is none. Returns [len(targets)], nats."""
        states = output.last_hidden_state
        result = []
        for start in range(0, len(targets), slab):
            end = min(len(targets), start + slab)
            some = torch.tensor([ids[start:end]], device=states.device)
            given = type(output)(last_hidden_state=states[:, start:end])
            logits = self._logits(given, some, encoded)
            if not self.is_used and self.inner is not self.stack:
                # Some models call their decoder past the model that holds it (OPT).
                self.inner = self.stack
                logits = self._logits(given, some, encoded)
            if not self.is_used:
                raise CaptureError(f"the head of {type(self.model).__name__} cannot be given states: pass losses=False")
            logits = (logits.full_tensor() if hasattr(logits, "full_tensor") else logits)[0].float()
            wanted = torch.tensor(targets[start:end], device=logits.device)
            if logits.shape[0] != end - start:
                raise CaptureError(
                    f"the head of {type(self.model).__name__} gives {logits.shape[0]} rows of logits for "
                    f"{end - start} tokens: its losses cannot be captured, pass losses=False"
                )
            result.append((logits.logsumexp(-1) - logits.gather(-1, wanted[:, None])[:, 0]).cpu())
        return torch.cat(result) if result else torch.zeros(0)

    def _logits(self, given, ids, encoded):
        """The model's own logits with `given` in place of what its inner model computes."""
        own, had = self.inner.forward, "forward" in vars(self.inner)

        def forward(*_, **__):
            self.is_used = True
            return given

        self.inner.forward = forward
        try:
            if encoded is None:
                return self.model(input_ids=ids, use_cache=False).logits
            return self.model(decoder_input_ids=ids, encoder_outputs=encoded, use_cache=False).logits
        finally:
            if had:
                self.inner.forward = own
            else:
                del self.inner.forward
