"""What a layer's attention leaves behind: sums, measures of heads and pooled maps, some queries at a time."""

import math

import torch

from ropewalk_capture_files import CaptureError

MEASURES = ("log_sum_exp", "entropy", "distance", "sink", "previous", "induction", "top_key")


def pool_block(tokens):
    """Queries and keys on a side of a block of the pooled map: at most 512 blocks, of at least 64."""
    block = 64
    while block * 512 < tokens:
        block *= 2
    return block


def induction_keys(ids):
    """For every token the key after the last time that it was there; −1 for none."""
    last, keys = {}, []
    for place, token in enumerate(ids):
        keys.append(last.get(token, -2) + 1)
        last[token] = place
    return keys


class Scores:
    """How one call of an attention function scores pairs: scale, cap, sinks, biases and what is hidden."""

    def __init__(self, name, module, query, key, mask, options, first_query, first_key, what):
        self.first_query, self.first_key, self.what = first_query, first_key, what
        self.rows, self.keys = query.shape[1], key.shape[1]
        scale = options.get("scaling")
        self.scale = query.shape[-1] ** -0.5 if scale is None else float(scale)
        self.softcap = options.get("softcap")
        sinks = options.get("s_aux")
        self.sinks = None if sinks is None else _local(sinks).detach().float().reshape(-1).to(query.device)
        if self.sinks is not None and self.sinks.numel() != query.shape[0]:
            raise CaptureError(f"{what} have {self.sinks.numel()} sinks for {query.shape[0]} heads")
        self.bias = options.get("position_bias")
        causal = options.get("is_causal")
        causal = getattr(module, "is_causal", True) if causal is None else causal
        self.mask, self.window, self.is_causal = None, None, False
        if mask is not None and not torch.is_tensor(mask):
            raise CaptureError(
                f"{what} have a mask of {type(mask).__name__}: load the model with attn_implementation='sdpa'"
            )
        if mask is not None and mask.ndim == 2:
            if not bool(mask[:, : self.keys].all()):
                raise CaptureError(f"{what} have padding: give one text without padding")
            mask = None
        if mask is not None:
            self.mask = mask
        elif "sdpa" in name:
            self.is_causal = bool(causal) and self.rows > 1
        elif name != "eager":
            self.is_causal, self.window = bool(causal), options.get("sliding_window")
        self.is_triangle = self.is_causal and self.window is None and self.bias is None

    def additions(self, rows, keys, device):
        """(what is added to the scores or None, where they are hidden or None) of some queries and the first keys."""
        added, hidden = None, None
        if self.bias is not None:
            added = self.bias[0, :, rows, :keys].float()
        if self.mask is not None:
            mask = self.mask[0, :, rows if self.mask.shape[2] > 1 else slice(None), :keys].to(device)
            if mask.dtype == torch.bool:
                hidden = ~mask
            elif mask.is_floating_point():
                hidden = mask <= torch.finfo(mask.dtype).min / 2
                added = mask.float() if added is None else added + mask.float()
            else:
                raise CaptureError(f"{self.what} have a mask of {mask.dtype}: it must be boolean or additive")
        elif self.is_causal or self.window is not None:
            query = torch.arange(rows.start, rows.stop, device=device)[:, None] + self.first_query
            key = torch.arange(keys, device=device)[None] + self.first_key
            hidden = key > query if self.is_causal else torch.zeros_like(key > query)
            if self.window is not None:
                hidden = hidden | (query - key >= self.window)
                if not self.is_causal:
                    hidden = hidden | (key - query >= self.window)
            hidden = hidden[None]
        return added, hidden


def _local(tensor):
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor


def measure(query, key, value, output, scores, induction, pool, looks_ahead, block, budget):
    """Sums, measures and pooled maps of one layer, on the device where it is.

    query: [heads, n, d], key and value: [key/value heads, keys, d], as attention got them; output: [n, heads, d of
    values], what it gave; induction: [n], key or −1; pool: tokens of a block of the map, or None for no map;
    looks_ahead: whether queries may see later keys; block: queries at a time; budget: numbers of the largest array.
    Returns ({name: [heads, n] and maps [heads, rows, columns], on the CPU}, the largest difference of what the
    weights make of the values from `output`, relative to the largest number of `output`). """
    heads, n, _ = query.shape
    groups, keys, _ = key.shape
    each, device = heads // groups, query.device
    result = {name: torch.zeros(heads, n, device=device) for name in MEASURES[:-1]}
    result["top_key"] = torch.full((heads, n), -1, dtype=torch.int32, device=device)
    first, offset = scores.first_query, scores.first_key
    pooled = None
    if pool is not None:
        shape = (heads, -(-n // pool), -(-(offset + keys) // pool))
        pooled = torch.zeros(shape, device=device), torch.zeros(shape, device=device)
    rows = min(block, n)
    while rows > 1 and rows * each * keys > budget:
        rows = -(-rows // 2)
    at_once = max(1, min(groups, budget // (rows * each * keys)))
    induction = torch.as_tensor(induction, device=device)
    difference = torch.zeros((), device=device)
    for group in range(0, groups, at_once):
        end = min(groups, group + at_once)
        own = slice(group * each, end * each)
        turned, values = key[group:end].float(), value[group:end].float()
        for start in range(0, n, rows):
            some = slice(start, min(n, start + rows))
            places = torch.arange(some.start, some.stop, device=device) + first
            seen = keys if looks_ahead else min(keys, first + some.stop - offset)
            if seen < keys and scores.mask is not None:
                # What stands above the diagonal of a decoder is hidden, or a recording cannot keep it.
                _, hidden = scores.additions(some, keys, device)
                if not bool(hidden[..., seen:].all()):
                    raise CaptureError(f"{scores.what} see later tokens: a decoder that does cannot be captured")
            weights, logarithms, total, strongest = _weights(query[own, some], turned[:, :seen], scores, own, some)
            if bool(total.isnan().any()):
                raise CaptureError(
                    f"{scores.what} have scores that are no numbers: load the model in bfloat16 or float32"
                )
            measures = _row_measures(weights, logarithms, total, strongest, places, offset, induction[some])
            for name, values_of in measures.items():
                result[name][own, some] = values_of.to(result[name].dtype)
            if pooled is not None:
                _pool(weights, pooled, own, start, offset, pool)
            # Of the first, the middle and the last of these queries: what the weights make has to be what came out.
            checked = torch.tensor(sorted({0, len(places) // 2, len(places) - 1}), device=device)
            made = torch.matmul(weights[:, checked].reshape(end - group, -1, seen), values[:, :seen])
            made = made.reshape(len(weights), len(checked), -1).transpose(0, 1)
            difference = torch.maximum(difference, (made - output[some][checked][:, own].float()).abs().amax())
            del weights, logarithms
    if pooled is not None:
        result["pool_maximum"], result["pool_mass"] = pooled
    largest = output.float().abs().amax().clamp_min(1e-20)
    return {name: tensor.cpu() for name, tensor in result.items()}, float(difference / largest)


# What a hidden pair scores: far below all others, and still a number, so that nothing times it is nothing.
_HIDDEN = -1e30


def _weights(query, key, scores, own, some):
    """Weights and their logarithms [heads, rows, keys]; [heads, rows] the logarithm of the sum of exponentials and the
    strongest key."""
    groups, seen, width = key.shape
    heads, rows, _ = query.shape
    products = torch.matmul(query.float().reshape(groups, -1, width), key.transpose(1, 2)).reshape(heads, rows, seen)
    products *= scores.scale
    if scores.softcap is not None:
        products.div_(scores.softcap).tanh_().mul_(scores.softcap)
    if scores.is_triangle:
        # Only the last of these keys are later than a query.
        corner = max(0, scores.first_query + some.start - scores.first_key)
        shape = rows, seen - corner
        later = torch.ones(shape, dtype=torch.bool, device=query.device).triu(
            1 + scores.first_query + some.start - scores.first_key - corner
        )
        products[..., corner:].masked_fill_(later, _HIDDEN)
    else:
        added, hidden = scores.additions(some, seen, query.device)
        if added is not None:
            products += added[own] if added.shape[0] > 1 else added
        if hidden is not None:
            products.masked_fill_(hidden[own] if hidden.shape[0] > 1 else hidden, _HIDDEN)
    # Of equal scores the first key is taken.
    highest, strongest = products.max(-1)
    is_hidden = highest <= _HIDDEN / 2
    products -= highest[..., None]
    weights = products.exp()
    mass = weights.sum(-1)
    total = mass.log()
    if scores.sinks is not None:
        total = torch.logaddexp(total, scores.sinks[own][:, None] - highest)
    weights *= torch.exp(-total).masked_fill(is_hidden, 0)[..., None]
    products -= total[..., None]
    return weights, products, (total + highest).masked_fill(is_hidden, math.inf), strongest.masked_fill(is_hidden, -1)


def _row_measures(weights, logarithms, total, strongest, places, offset, induction):
    seen = weights.shape[-1]

    def of(keys):
        keys = keys - offset
        found = weights.gather(-1, keys.clamp(0, seen - 1)[None, :, None].expand(len(weights), -1, 1))[..., 0]
        return found.masked_fill((keys < 0) | (keys >= seen), 0)

    # Distances from the first of these queries are small numbers where most weights are.
    base = places[0]
    away = (base - offset - torch.arange(seen, device=weights.device)).float()
    away, mass = torch.matmul(weights, torch.stack([away, torch.ones_like(away)], 1)).unbind(-1)
    surprise = torch.matmul(weights[..., None, :], logarithms[..., None])[..., 0, 0]
    return {
        "log_sum_exp": total,
        "entropy": (surprise / -math.log(2)).clamp_min(0),
        "distance": away + (places - base).float() * mass,
        "sink": of(torch.zeros_like(places)),
        "previous": of(places - 1),
        "induction": of(induction).masked_fill(induction < 0, 0),
        "top_key": torch.where(strongest < 0, strongest, strongest + offset),
    }


def _pool(weights, pooled, own, start, offset, pool):
    heads, rows, seen = weights.shape
    before = offset % pool
    columns = -(-(before + seen) // pool)
    padded = weights
    if before or columns * pool > seen:
        padded = torch.nn.functional.pad(weights, (before, columns * pool - before - seen))
    cells = padded.reshape(heads, rows, columns, pool)
    highest, mass = cells.amax(-1), cells.sum(-1)
    first = offset // pool
    for row in range(start // pool, -(-(start + rows) // pool)):
        some = slice(max(0, row * pool - start), min(rows, (row + 1) * pool - start))
        place = (own, row, slice(first, first + columns))
        pooled[0][place] = torch.maximum(pooled[0][place], highest[:, some].amax(1))
        pooled[1][place] += mass[:, some].sum(1)
