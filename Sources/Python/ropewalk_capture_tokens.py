"""Tokens of a text, the bytes they stand for, and the images among them."""

import itertools
import re

import torch

from ropewalk_capture_files import CaptureError

_BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>$")


def _byte_alphabet():
    """The characters that byte-level tokenizers write bytes as: {character: byte}."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {**{chr(byte): byte for byte in shown}, **{chr(256 + i): byte for i, byte in enumerate(hidden)}}


_ALPHABET = _byte_alphabet()


def tokens_of(tokenizer, text, **options):
    """ids and spans of a text: whole numbers, and (first byte, end) of UTF-8. Spans never lie over one another."""
    if not getattr(tokenizer, "is_fast", False):
        raise CaptureError(
            f"{type(tokenizer).__name__} does not say which text its tokens stand for: load a fast tokenizer"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CaptureError(f"the text is no valid Unicode at character {error.start}: read it as UTF-8") from None
    made = tokenizer(text, return_offsets_mapping=True, **options)
    ids, places = list(made["input_ids"]), made["offset_mapping"]
    names = tokenizer.convert_ids_to_tokens(ids)
    starts = [0, *itertools.accumulate(len(character.encode()) for character in text)]
    spans, end, character, i = [], 0, 0, 0
    while i < len(ids):
        # Tokens that are parts of one character all have that character's place.
        j, last = i + 1, places[i][1]
        while j < len(ids) and places[i][0] < places[i][1] and places[j][0] < last and places[j][1] > places[j][0]:
            last = max(last, places[j][1])
            j += 1
        first = places[i][0]
        # A tokenizer may count the space before a word as part of the token, and its place without it.
        if first < last and names[i][:1] in ("Ġ", "▁") and character < first and text[character:first].isspace():
            begin = end
        else:
            begin = max(end, starts[first]) if first < last else end
        until = max(begin, starts[last]) if first < last else begin
        sizes = [_size(name) for name in names[i:j]]
        if j == i + 1:
            spans.append((begin, until))
        elif None not in sizes and sum(sizes) == until - begin:
            for size in sizes:
                spans.append((begin, begin + size))
                begin += size
        else:
            spans += [(begin, until)] + [(until, until)] * (j - i - 1)
        end, character, i = until, max(character, last), j
    return ids, spans


def _size(name):
    if _BYTE.match(name):
        return 1
    return len(name) if all(character in _ALPHABET for character in name) else None


def special_ids(tokenizer):
    """Tokens that stand for no text."""
    added = getattr(tokenizer, "added_tokens_decoder", {})
    return set(getattr(tokenizer, "all_special_ids", [])) | {i for i, token in added.items() if token.special}


def text_of(tokenizer, ids, silent=()):
    """The text of tokens that came from elsewhere (of a processor of images): text, spans. Tokens of `silent` have
    none."""
    data, spans = b"", []
    names = tokenizer.convert_ids_to_tokens(ids)
    byte_level = all(character in _ALPHABET for i, name in zip(ids, names) if i not in silent for character in name)
    for i, name in zip(ids, names):
        if i in silent:
            piece = b""
        elif byte_level:
            piece = bytes(_ALPHABET[character] for character in name)
        elif _BYTE.match(name):
            piece = bytes([int(name[3:5], 16)])
        else:
            piece = tokenizer.decode([i]).encode() if not name.startswith("▁") else name.replace("▁", " ").encode()
        spans.append((len(data), len(data) + len(piece)))
        data += piece
    return data, spans


def texts_of(places, model, tokenizer, text, target, inputs, special):
    """ids, spans and the text; of a model with an encoder its own ids and spans beside them."""
    if inputs is not None:
        ids = [int(i) for i in torch.as_tensor(inputs["input_ids"]).reshape(-1)]
        silent = {_image_token(model)} | special_ids(tokenizer)
        data, spans = text_of(tokenizer, ids, silent)
        found = {"ids": ids, "spans": spans, "data": data, "key_ids": None, "key_spans": None}
    else:
        ids, spans = tokens_of(tokenizer, text, add_special_tokens=special)
        found = {"ids": ids, "spans": spans, "data": text.encode(), "key_ids": None, "key_spans": None}
    if places.is_pair:
        start = getattr(model.config, "decoder_start_token_id", None)
        start = (
            start
            if start is not None
            else getattr(getattr(model, "generation_config", None), "decoder_start_token_id", None)
        )
        if start is None:
            raise CaptureError("config.decoder_start_token_id is not set: the decoder has no first token")
        found["key_ids"], found["key_spans"] = found["ids"], found["spans"]
        shift = 0
        if target is not None and target != text:
            ids, spans = tokens_of(tokenizer, target, add_special_tokens=special)
            shift = len(found["data"]) + 2
            found["data"] += b"\n\n" + target.encode()
        found["ids"] = [start, *found["ids"]] if shift == 0 else [start, *ids]
        found["spans"] = [(shift, shift), *((a + shift, b + shift) for a, b in spans)]
    if len(found["ids"]) < 2:
        raise CaptureError("the text has fewer than two tokens")
    return found


def _image_token(model):
    config = model.config
    return next(
        (
            getattr(config, key)
            for key in ("image_token_id", "image_token_index")
            if getattr(config, key, None) is not None
        ),
        None,
    )


def images_of(model, ids, inputs):
    """Entries of images for the index, of runs of image tokens that have rows and columns."""
    token = _image_token(model)
    if inputs is None or token is None:
        return None
    vision = getattr(model.config, "vision_config", None)
    grids = inputs.get("image_grid_thw")
    merge = getattr(vision, "spatial_merge_size", 1) or 1
    grids = [] if grids is None else [(int(h) // merge, int(w) // merge) for _, h, w in torch.as_tensor(grids).tolist()]
    entries, place = [], 0
    while place < len(ids):
        first = place
        while place < len(ids) and ids[place] == token:
            place += 1
        count = place - first
        if count:
            number = len(entries)
            side = int(count**0.5 + 0.5)
            rows, columns = grids[number] if number < len(grids) else (side, side)
            if rows * columns != count:
                raise CaptureError(
                    f"image {number + 1} has {count} tokens in no square: say its rows and columns with images="
                )
            entries.append({"tokens": [first, place], "rows": rows, "columns": columns, "name": f"image {number + 1}"})
        place += 1
    return entries
