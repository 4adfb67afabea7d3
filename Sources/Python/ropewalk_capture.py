"""Records what a model of transformers reads of a text, where it runs, for the program `ropewalk` to show elsewhere.

    import ropewalk_capture
    ropewalk_capture.capture(model, tokenizer, text, out="book", precision="f16")

or, from a shell, alone or under torchrun:

    python -m ropewalk_capture --model MODEL --text book.txt --out book --precision f16
    torchrun --nproc-per-node 2 -m ropewalk_capture --model MODEL --text book.txt --out book --tensor-parallel

The folder is a recording (docs/RECORDING.md); it needs no weights where it is opened. Kernels stay those of the
model: its attention function computes what goes on, and beside it queries, keys, values, sums, measures of heads and
pooled maps are kept, some queries at a time, never an array of queries x keys. What weights make of values is
compared with what the function gave, in every layer: a model that does something unknown is refused by name, and so
is one whose attention does not go through transformers' attention interface.

Decoders take the text in chunks with a cache; each chunk is complete on disk before the next begins.

- `device_map`, CPU offload, quantised weights: what is kept is computed where the layer is.
- Tensor parallelism of transformers (`tp_plan="auto"`): every process writes the parts of its heads, the first the
  index.
- DeepSpeed inference (`init_inference(model, tensor_parallel={"tp_size": n}, replace_with_kernel_inject=False)`)
  leaves transformers' attention in place: give what it returns (tried with 0.19.8 and two processes). With kernel
  injection no attention reaches the interface: refused.
- vLLM, SGLang, TensorRT-LLM, llama.cpp have attention of their own over paged caches, which gives neither sums nor
  queries before rotation: not captured. Load the same weights with transformers.
- Images: rows and columns of tokens are named in the index (`inputs=`, `images=`); models whose images take places of
  their own in rotation (Qwen2-VL and later) or that let image tokens see later ones are refused where they do so.

Needs PyTorch and transformers 5 (tried with 2.13 and 5.23).
"""

import argparse
import hashlib
import os

import torch

from ropewalk_capture_attention import pool_block
from ropewalk_capture_files import FORMAT, PRECISIONS, VERSION, CaptureError, Folder, write_safetensors
from ropewalk_capture_maps import save_maps
from ropewalk_capture_models import Head, Places, unwrapped
from ropewalk_capture_run import Run
from ropewalk_capture_tokens import images_of, texts_of

__all__ = ["capture", "save_maps", "CaptureError"]


def capture(
    model,
    tokenizer,
    text=None,
    out=None,
    *,
    precision="f16",
    layers=None,
    heads=None,
    block=512,
    chunk=1024,
    maps=True,
    losses=True,
    target=None,
    inputs=None,
    images=None,
    name=None,
    add_special_tokens=True,
    budget=None,
    part_bytes=256 << 20,
):
    """Runs a text through a model and writes a recording to the folder `out`. Returns its index, on every process.

    text: what is read; of a model with encoder and decoder what the encoder reads, and `target` what the decoder does
    (the same text where it is not given). precision: "f32", "f16", "bf16" or "q8", of queries, keys and values.
    layers: numbers of layers; heads: numbers of heads, or pairs (layer, head). block: queries at a time; chunk:
    tokens at a time of a decoder, a multiple of 256, 0 for all together. maps, losses: whether pooled maps and losses
    are kept. inputs: of a model of images what its processor made (with `input_ids`), in place of text; images:
    entries as the index has them, where they do not follow from `inputs`. name: of the model, for people. budget:
    numbers of the largest array. part_bytes: about the size of a part. Raises CaptureError where the model or the
    text cannot be captured. """
    if precision not in PRECISIONS:
        raise CaptureError(f"precision {precision!r} is not known: choose {', '.join(PRECISIONS)}")
    if out is None or text is None and inputs is None:
        raise CaptureError("give a text (or inputs) and the folder out")
    if chunk < 0 or chunk % 256:
        raise CaptureError(f"chunk {chunk} is no multiple of 256")
    if block < 1:
        raise CaptureError(f"block {block}: at least one query at a time")
    model = unwrapped(model)
    places = Places(model)
    rank, world = _processes()
    options = {
        "precision": precision,
        "layers": None if layers is None else set(layers),
        "heads": _heads(heads),
        "block": block,
        "maps": maps,
        "budget": budget,
        "part_bytes": part_bytes,
    }
    texts = texts_of(places, model, tokenizer, text, target, inputs, add_special_tokens)
    images = images if images is not None else images_of(model, texts["ids"], inputs)
    folder, failure = None, None
    try:
        folder = Folder(out, rank, world)
    except (CaptureError, OSError) as error:
        failure = str(error)
    _together([], failure)
    run = Run(places, folder, options, texts["ids"], texts["key_ids"], rank, world)
    was_training = model.training
    model.eval()
    try:
        index = _index(model, name, texts, images, precision)
        _together([], _first_files(folder, model, tokenizer, texts) if rank == 0 else None)
        with torch.no_grad(), run:
            _forward(model, places, run, folder, index, texts, inputs, chunk, losses)
    except BaseException:
        folder.abandon()
        raise
    finally:
        model.train(was_training)
    return {**index, "parts": folder.entries}


def _forward(model, places, run, folder, index, texts, inputs, chunk, losses):
    ids, key_ids = texts["ids"], texts["key_ids"]
    head = Head(model, places.stack)
    extra = {key: value for key, value in (inputs or {}).items() if key not in ("input_ids", "attention_mask")}
    in_chunks = chunk and places.takes_chunks and not extra
    # Parts begin where blocks of the map do.
    block = pool_block(len(ids))
    size = -(-chunk // block) * block if in_chunks else len(ids)
    embeddings = model.get_input_embeddings()
    # Offloaded weights are nowhere until they are needed.
    hook = getattr(embeddings, "_hf_hook", None)
    hooks = [hook, *getattr(hook, "hooks", [])]
    device = next((own.execution_device for own in hooks if getattr(own, "execution_device", None) is not None), None)
    device = embeddings.weight.device if device is None else torch.device(device)
    inner = head.inner if head.inner is not None else model
    slab = max(1, min(1024, (1 << 25) // max(1, getattr(places.text, "vocab_size", None) or 1)))
    cache = None
    for first in range(0, len(ids), size):
        end = min(len(ids), first + size)
        run.begin(first, end)
        some = torch.tensor([ids[first:end]], device=device)
        encoded = None
        if key_ids is not None:
            encoded = places.encoder(input_ids=torch.tensor([key_ids], device=device))
            if inner is places.stack:
                output = inner(input_ids=some, encoder_hidden_states=encoded[0], use_cache=False)
            else:
                output = inner(decoder_input_ids=some, encoder_outputs=encoded, use_cache=False)
        elif in_chunks:
            output = inner(input_ids=some, past_key_values=cache, use_cache=True)
            cache = getattr(output, "past_key_values", None)
            if cache is None and end < len(ids):
                raise CaptureError(f"{type(model).__name__} keeps no cache: capture all tokens together, with chunk=0")
        else:
            moved = {key: value.to(device) if torch.is_tensor(value) else value for key, value in extra.items()}
            output = (
                inner(input_ids=some, use_cache=False, **moved)
                if "decoder" in _kinds(run, places)
                else inner(input_ids=some, **moved)
            )
        _states(run, output, encoded)
        own = run.kinds.get("decoder")
        if losses and own is not None and head.has_head and run.problem is None:
            targets = ids[first + 1 : end + 1]
            with run.unwatched():
                found = head.losses(output, ids[first:end], targets, encoded, slab)
            own.extras["negative_log_likelihood"] = torch.cat(
                [found, torch.full((end - first - len(found),), float("nan"))]
            )
        run.finish()
        entries, errors = _together(run.entries, run.problem, run.error)
        run.entries = []
        index.update(attention=run.described(), error=errors, complete=end == len(ids))
        failure = None
        if run.rank == 0:
            try:
                folder.commit(index, entries)
            except CaptureError as error:
                failure = str(error)
            except OSError as error:
                failure = f"{folder.path} cannot be written: {error.strerror or error}"
        else:
            folder.entries += entries
            folder.is_valid = True
        _together([], failure)


def _kinds(run, places):
    causal = [getattr(module, "is_causal", True) for module in places.modules]
    return {"decoder"} if all(causal) else {"encoder"}


def _states(run, output, encoded):
    """Keeps the last states, and notes their sizes."""
    for kind, states in (("decoder", output), ("encoder", encoded if encoded is not None else output)):
        own = run.kinds.get(kind)
        if own is not None and getattr(states, "last_hidden_state", None) is not None:
            values = states.last_hidden_state
            values = values.full_tensor() if hasattr(values, "full_tensor") else values
            run.hidden[kind] = run.hidden["cross"] = values.shape[-1]
            own.extras["last_hidden"] = values[0].float().cpu()
    if "decoder" in run.kinds and "decoder" in run.hidden:
        run.hidden["cross"] = run.hidden["decoder"]


def _heads(heads):
    return None if heads is None else {tuple(head) if isinstance(head, (list, tuple)) else int(head) for head in heads}


def _index(model, name, texts, images, precision):
    import transformers

    config = model.config
    place = name or getattr(config, "_name_or_path", "") or config.model_type
    commit = getattr(config, "_commit_hash", None)
    index = {
        "format": FORMAT,
        "version": VERSION,
        "writer": f"ropewalk_capture 1.0, transformers {transformers.__version__}, PyTorch {torch.__version__}",
        "model": {
            "name": os.path.basename(place.rstrip("/")) if os.path.isdir(place) else place,
            "family": config.model_type,
            "weights": f"commit {commit}" if commit else None,
        },
        "method": [],
        "text": {"file": "text.txt", "bytes": len(texts["data"]), "sha256": hashlib.sha256(texts["data"]).hexdigest()},
        "tokens": {"file": "tokens.safetensors", "count": len(texts["ids"])},
        "attention": [],
        "precision": precision,
        "error": 0.0,
        "complete": False,
    }
    if images:
        index["images"] = images
    return index


def _first_files(folder, model, tokenizer, texts):
    """All but parts and index; what went wrong, or None."""
    tensors = {
        "ids": torch.tensor(texts["ids"], dtype=torch.int32),
        "spans": torch.tensor(texts["spans"], dtype=torch.int64).reshape(-1, 2),
    }
    if texts["key_ids"] is not None:
        tensors["key_ids"] = torch.tensor(texts["key_ids"], dtype=torch.int32)
        tensors["key_spans"] = torch.tensor(texts["key_spans"], dtype=torch.int64).reshape(-1, 2)
    try:
        folder.text("config.json", model.config.to_json_string())
        if getattr(tokenizer, "is_fast", False):
            folder.text("tokenizer.json", tokenizer.backend_tokenizer.to_str())
        folder.text("text.txt", texts["data"])
        write_safetensors(folder.place("tokens.safetensors"), tensors)
    except OSError as error:
        return f"{folder.path} cannot be written: {error.strerror or error}"
    return None


def _processes():
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


def _together(entries, problem, error=0.0):
    """All processes' parts and the largest error; raises on all where one has a problem."""
    _, world = _processes()
    gathered = [(entries, problem, error)]
    if world > 1:
        gathered = [None] * world
        torch.distributed.all_gather_object(gathered, (entries, problem, error))
    for number, (_, found, _) in enumerate(gathered):
        if found:
            raise CaptureError(found if world == 1 else f"process {number}: {found}")
    return [entry for own, _, _ in gathered for entry in own], max(own for _, _, own in gathered)


def _numbers(text):
    """ "0-3,7" as whole numbers."""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _tensor_parallel():
    """What asks transformers for tensor parallelism: later versions of 5 have a configuration for it."""
    try:
        from transformers.distributed import DistributedConfig

        return {"distributed_config": DistributedConfig(tp_plan="auto")}
    except (ImportError, TypeError):
        return {"tp_plan": "auto"}


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="ropewalk_capture", description="Records what a model reads of a text.")
    parser.add_argument("--model", required=True, help="a folder, or a name on the Hugging Face Hub")
    parser.add_argument("--text", required=True, help="a file in UTF-8")
    parser.add_argument("--target", help="a file: what the decoder of an encoder-decoder reads")
    parser.add_argument("--out", required=True, help="the folder of the recording")
    parser.add_argument("--precision", default="f16", choices=list(PRECISIONS))
    parser.add_argument("--layers", type=_numbers, help="such as 0-3,31; all without it")
    parser.add_argument("--heads", type=_numbers)
    parser.add_argument("--chunk", type=int, default=1024, help="tokens at a time, a multiple of 256; 0: all together")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--attention", help="attn_implementation, such as sdpa or flash_attention_2")
    parser.add_argument("--device-map", help="such as auto")
    parser.add_argument("--tensor-parallel", action="store_true", help="split heads over the processes of torchrun")
    parser.add_argument("--no-maps", action="store_true")
    parser.add_argument("--no-losses", action="store_true")
    choice = parser.parse_args(arguments)
    import transformers

    options = {"dtype": choice.dtype}
    if choice.attention:
        options["attn_implementation"] = choice.attention
    if choice.device_map:
        options["device_map"] = choice.device_map
    if choice.tensor_parallel:
        options.update(_tensor_parallel())
    if int(os.environ.get("WORLD_SIZE", 1)) > 1 and not choice.tensor_parallel:
        raise SystemExit("ropewalk_capture: several processes share one model with --tensor-parallel, else start one")
    rank = 0
    try:
        config = transformers.AutoConfig.from_pretrained(choice.model)
        kind = getattr(transformers, (config.architectures or [""])[0], transformers.AutoModelForCausalLM)
        model = kind.from_pretrained(choice.model, **options)
        tokenizer = transformers.AutoTokenizer.from_pretrained(choice.model)
        texts = []
        for path in (choice.text, choice.target):
            texts.append(None if path is None else open(path, encoding="utf-8", newline="").read())
        index = capture(
            model,
            tokenizer,
            texts[0],
            choice.out,
            target=texts[1],
            precision=choice.precision,
            layers=choice.layers,
            heads=choice.heads,
            chunk=choice.chunk,
            maps=not choice.no_maps,
            losses=not choice.no_losses,
        )
    except (KeyError, OSError, ValueError) as error:
        # Messages of transformers have many lines; the first says what is wrong.
        raise SystemExit(f"ropewalk_capture: {(str(error).strip() or repr(error)).splitlines()[0]}") from None
    finally:
        rank = _processes()[0]
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    if rank == 0:
        size = sum(entry["bytes"] for entry in index["parts"])
        print(f"{choice.out}: {index['tokens']['count']:,} tokens, {len(index['parts'])} parts, {size:,} bytes")


if __name__ == "__main__":
    main()
