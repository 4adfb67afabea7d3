"""One capture: what the attention functions of a model are given while a text goes through it, kept in parts."""

import contextlib
import sys

import torch

import ropewalk_capture_attention as attention
from ropewalk_capture_files import CaptureError, pieces, stored
from ropewalk_capture_rotation import Rotation


class Kind:
    """One kind of attention: its sizes, and what is kept of the layers that are not written yet."""

    def __init__(self, container, layers, heads, groups, dimension):
        self.container, self.listed, self.layers, self.heads = container, layers, layers, heads
        self.groups, self.dimension = groups, dimension
        self.first_head, self.own_heads, self.first_group, self.own_groups = 0, heads, 0, groups
        self.queries = self.keys = 0
        self.pool = None
        self.pending, self.seen, self.boxes, self.extras = {}, set(), [], {}
        # Whether the first layers and heads that are recorded are this process's: their part has the last states.
        self.has_first = True


class Run:
    """Watches attention and writes parts. Failures inside of the model are kept in `problem`, so that processes that
    compute together still meet."""

    def __init__(self, places, folder, options, ids, key_ids, rank, world):
        self.places, self.folder, self.options, self.rank, self.world = places, folder, options, rank, world
        self.ids, self.key_ids = ids, key_ids
        self.induction = {"decoder": attention.induction_keys(ids), "encoder": attention.induction_keys(key_ids or ids)}
        self.kinds, self.entries, self.problem, self.error = {}, [], None, 0.0
        self.first, self.end, self.calls, self.difference = 0, 0, 0, 0.0
        self.rotation = Rotation(places.modules)
        self.restored, self.hooks, self.is_watching, self.hidden = [], [], True, {}

    # Watching

    def __enter__(self):
        modeling = sys.modules["transformers.modeling_utils"]
        tables = {id(modeling.ALL_ATTENTION_FUNCTIONS): modeling.ALL_ATTENTION_FUNCTIONS}
        for space in self.places.spaces:
            own = vars(sys.modules[space]).get("ALL_ATTENTION_FUNCTIONS")
            if own is not None:
                tables[id(own)] = own
        for name in self.places.implementations():
            if name == "flex_attention" or name.startswith("paged"):
                raise CaptureError(f"{name} hides its masks: load the model with attn_implementation='sdpa'")
            for table in tables.values():
                local = getattr(table, "_local_mapping", table)
                old = local.get(name)
                self.restored.append((table, local, name, old))
                table[name] = self._watching(name, table.get(name))
        self.rotation.__enter__()
        for module in self.places.rotary_modules():
            self.hooks.append(module.register_forward_pre_hook(self._check_places, with_kwargs=True))
        return self

    def __exit__(self, *_):
        for table, local, name, old in reversed(self.restored):
            if old is None:
                del table[name]
            else:
                local[name] = old
        for hook in self.hooks:
            hook.remove()
        self.rotation.__exit__()
        self.restored, self.hooks = [], []

    @contextlib.contextmanager
    def unwatched(self):
        """While the model is called for its head alone."""
        self.is_watching = False
        try:
            yield
        finally:
            self.is_watching = True

    def _watching(self, name, function):
        def watched(module, query, key, value, attention_mask=None, *arguments, **options):
            own = function
            if own is None or name == "eager":
                own = vars(sys.modules[type(module).__module__]).get("eager_attention_forward", own)
            result = own(module, query, key, value, attention_mask, *arguments, **options)
            if self.problem is None and self.is_watching:
                try:
                    self._see(name, module, query, key, value, attention_mask, options, result[0])
                except CaptureError as error:
                    self.problem = str(error)
                except OSError as error:
                    self.problem = f"{self.folder.path} cannot be written: {error.strerror or error}"
            self.rotation.notes = []
            return result

        return watched

    def _check_places(self, module, arguments, named):
        places = named.get("position_ids", arguments[1] if len(arguments) > 1 else None)
        if self.problem is None and self.is_watching and torch.is_tensor(places) and not places.is_floating_point():
            rows = places.reshape(-1, places.shape[-1])
            start = self.first if rows.shape[-1] == self.end - self.first else 0
            if not bool((rows == torch.arange(start, start + rows.shape[-1], device=rows.device)).all()):
                self.problem = (
                    f"{type(module).__name__} turns tokens at other places than 0, 1, 2 ...: "
                    "a recording does not keep places (of images, for example)"
                )

    # Seeing

    @torch.no_grad()
    def _see(self, name, module, query, key, value, mask, options, output):
        found = self.places.of(module, options)
        if found is None:
            return
        kind, layer, container = found
        what = f"the {{}} of {kind} layer {layer} ({type(module).__name__})"
        if query.shape[0] != 1:
            raise CaptureError(f"{what.format('queries')} are of {query.shape[0]} texts: capture one at a time")
        own = self.kinds.get(kind)
        if own is None:
            own = self.kinds[kind] = self._kind(kind, container, query, key)
        if layer in own.seen:
            # Layers that share one module (ALBERT) come by one after the other.
            if own.listed >= (getattr(self.places.text, "num_hidden_layers", None) or own.listed):
                raise CaptureError(f"{what.format('queries')} attend more than once: this family cannot be captured")
            layer = len(own.seen)
        own.layers = max(own.layers, layer + 1)
        own.seen.add(layer)
        query, key, value = query[0].detach(), key[0].detach(), value[0].detach()
        sizes = query.shape[0], key.shape[0], query.shape[2]
        if sizes != (own.own_heads, own.own_groups, own.dimension):
            raise CaptureError(
                f"{what.format('heads')} are {sizes[0]} with {sizes[1]} of keys of {sizes[2]} numbers, those "
                f"below {own.own_heads}, {own.own_groups}, {own.dimension}: a recording has one size"
            )
        if value.shape[2] > sizes[2]:
            raise CaptureError(f"{what.format('values')} have {value.shape[2]} numbers, its keys {sizes[2]}: not kept")
        if not self._is_wanted(kind, layer):
            return
        n, is_cross = query.shape[1], kind == "cross"
        first = self.first if kind == "decoder" else 0
        total = len(self.key_ids) if is_cross or kind == "encoder" and self.key_ids else self.end
        offset = 0 if kind != "decoder" else first + n - key.shape[1]
        if (
            n != (total if kind == "encoder" else self.end - self.first)
            or offset < 0
            or kind != "decoder"
            and key.shape[1] != total
        ):
            raise CaptureError(
                f"{what.format('queries')} are {n} with {key.shape[1]} keys: this model reads the text in "
                "steps of its own"
            )
        own.queries, own.keys = (total, total) if kind == "encoder" else (self.end, total)
        fresh = key if is_cross else key[:, -n:]
        if self.places.rotates and not is_cross:
            old_query = self.rotation.before(query, what.format("queries"))
            old_key = self._keys_before(key, fresh, what.format("keys"))
        else:
            old_query, old_key = query, fresh
        scores = attention.Scores(name, module, query, key, mask, options, first, offset, what.format("queries"))
        if kind == "decoder" and n > 1 and scores.mask is None and not scores.is_causal:
            raise CaptureError(f"{scores.what} see later tokens: a decoder that does cannot be captured")
        budget = self.options["budget"] or (1 << 23 if query.device.type == "cpu" else 1 << 25)
        induction = [-1] * n if is_cross else self.induction[kind][first : first + n]
        measures, difference = attention.measure(
            query,
            key,
            value,
            output[0],
            scores,
            induction,
            own.pool if self.options["maps"] else None,
            kind != "decoder",
            self.options["block"],
            budget,
        )
        self.difference = max(self.difference, difference)
        allowed = 1e-3 if query.dtype in (torch.float32, torch.float64) else 4e-2
        if not difference <= allowed:
            raise CaptureError(
                f"{what.format('results')} differ by {difference:.2g} from what its weights make: its "
                f"attention function '{name}' does something that is not known; it cannot be captured"
            )
        values = value if is_cross else value[:, -n:]
        if values.shape[2] < sizes[2]:
            values = torch.nn.functional.pad(values, (0, sizes[2] - values.shape[2]))
        kept = {}
        for label, tensor in (("queries", old_query), ("keys", old_key), ("values", values)):
            parts, error = stored(tensor, self.options["precision"])
            self.error = max(self.error, error)
            kept.update({label + suffix: part for suffix, part in parts})
        own.pending[layer] = {**kept, **measures}
        self._write(kind, own, layer)

    def _keys_before(self, key, fresh, what):
        """Keys before rotation; those of the layer below whose keys these are, in families that share them."""
        if not getattr(self.places.text, "num_kv_shared_layers", 0):
            return self.rotation.before(fresh, what)
        place = key.data_ptr(), key.shape
        if place not in self.shared:
            self.shared[place] = key, self.rotation.before(fresh, what)
        return self.shared[place][1]

    def _kind(self, kind, container, query, key):
        layers = len(self.places.model.get_submodule(container))
        heads, groups = query.shape[1], key.shape[1]
        all_heads, all_groups = self.places.heads(kind)
        own = Kind(container, layers, heads, groups, query.shape[3])
        if self.world > 1 and all_heads == heads * self.world:
            if all_groups != groups * self.world:
                raise CaptureError(
                    f"{all_groups} heads of keys are shared by {self.world} processes: use at most that many"
                )
            own.heads, own.groups = all_heads, all_groups
            own.first_head, own.first_group = self.rank * heads, self.rank * groups
        elif all_heads is not None and all_heads != heads:
            raise CaptureError(
                f"a process has {heads} of {all_heads} heads: split them evenly over {self.world} processes"
            )
        tokens = max(len(self.ids), len(self.key_ids or []))
        own.pool = attention.pool_block(tokens)
        chosen, lowest = {}, None
        layer_choice, head_choice = self.options["layers"], self.options["heads"]
        local = range(own.first_head, own.first_head + own.own_heads)
        if own.heads == own.own_heads and self.rank > 0:
            # Every process computes all heads: the first one writes.
            local = range(0)
        most = max(
            layers, getattr(self.places.text, "num_hidden_layers", layers) if not self.places.is_pair else layers
        )
        for layer in range(most):
            if layer_choice is not None and layer not in layer_choice:
                continue
            heads = [
                h for h in range(own.heads) if head_choice is None or h in head_choice or (layer, h) in head_choice
            ]
            if heads and lowest is None:
                lowest = heads[0]
            if set(heads) & set(local):
                chosen[layer] = set(heads) & set(local)
        own.has_first = lowest in local
        # Some layers at a time: what is kept of them in memory stays small.
        of_layer = (own.own_heads + 2 * own.own_groups) * own.dimension * 4 * max(1, self.end - self.first)
        step = max(1, self.options["part_bytes"] // max(1, of_layer))
        for (first, end), span in pieces(chosen):
            own.boxes += [((start, min(end, start + step)), span) for start in range(first, end, step)]
        own.boxes.sort()
        return own

    def _is_wanted(self, kind, layer):
        return any(layers[0] <= layer < layers[1] for layers, _ in self.kinds[kind].boxes)

    # Writing

    def _write(self, kind, own, layer, is_last=False):
        """Writes the parts that are complete with a layer. The first waits for the last states."""
        for place, (layers, heads) in enumerate(own.boxes):
            if is_last == (place == 0) and (is_last or layers[1] - 1 == layer):
                self._part(kind, own, layers, heads, own.extras if is_last and own.has_first else {})
        later = [
            layers for place, (layers, _) in enumerate(own.boxes) if is_last or place == 0 or layers[1] - 1 > layer
        ]
        for done in [done for done in own.pending if is_last or not any(a <= done < b for a, b in later)]:
            del own.pending[done]

    def _part(self, kind, own, layers, heads, extras):
        each = own.heads // own.groups
        groups = heads[0] // each, (heads[1] - 1) // each + 1
        mine = slice(heads[0] - own.first_head, heads[1] - own.first_head)
        theirs = slice(groups[0] - own.first_group, groups[1] - own.first_group)
        tensors = {}
        for layer in range(*layers):
            for label, tensor in own.pending[layer].items():
                tensor = tensor[theirs if label.split(".")[0] in ("keys", "values") else mine]
                tensors[f"{kind}.{layer}.{label}"] = tensor
        tensors.update({f"{kind}.{label}": tensor for label, tensor in extras.items()})
        span = (self.first, self.end) if kind == "decoder" else (0, own.queries)
        self.entries.append(self.folder.part(kind, span, layers, heads, groups, tensors))

    def begin(self, first, end):
        self.first, self.end, self.shared = first, end, {}
        for own in self.kinds.values():
            own.seen, own.extras, own.pending = set(), {}, {}

    def finish(self):
        """Writes what has waited for the end of a chunk; the first problem of it, or None."""
        if self.problem is None:
            try:
                self._check()
                for kind, own in self.kinds.items():
                    if own.boxes:
                        self._write(kind, own, 0, is_last=True)
            except CaptureError as error:
                self.problem = str(error)
            except OSError as error:
                self.problem = f"{self.folder.path} cannot be written: {error.strerror or error}"
        return self.problem

    def _check(self):
        name = type(self.places.model).__name__
        if not self.kinds:
            raise CaptureError(
                f"no attention of {name} goes through transformers' attention interface: it has code of its "
                "own and cannot be captured"
            )
        for kind, own in self.kinds.items():
            wanted = self.options["layers"]
            lacking = self.places.missing(own.container, own.seen, range(own.layers) if wanted is None else wanted)
            if lacking:
                raise CaptureError(
                    f"{name}, {kind} {lacking}: its attention does not go through transformers' attention "
                    "interface; layers=[...] captures the others"
                )
        if self.places.rotates and not self.rotation.turned:
            raise CaptureError(f"{name} turns queries and keys with code of its own: it cannot be captured")

    def described(self):
        """The entries of `attention`, the main kind first."""
        result = []
        for kind in ("decoder", "encoder", "cross"):
            own = self.kinds.get(kind)
            if own is None:
                continue
            entry = {
                "kind": kind,
                "layers": own.layers,
                "heads": own.heads,
                "key_value_heads": own.groups,
                "head_dimension": own.dimension,
                "hidden": self.hidden.get(kind, own.heads * own.dimension),
                "queries": len(self.ids) if kind != "encoder" else own.queries,
                "keys": len(self.key_ids) if kind == "cross" else len(self.ids) if kind == "decoder" else own.keys,
                "pool_block": own.pool,
            }
            layers, heads = self.options["layers"], self.options["heads"]
            if layers is not None and heads is None:
                entry["recorded_layers"] = sorted(layers)
            elif heads is not None:
                entry["recorded_heads"] = [
                    [layer, head]
                    for layer in (sorted(layers) if layers is not None else range(own.layers))
                    for head in range(own.heads)
                    if head in heads or (layer, head) in heads
                ]
            result.append(entry)
        return result
