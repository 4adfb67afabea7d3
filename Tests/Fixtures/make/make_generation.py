#!/usr/bin/env python3
"""What transformers continues a few tokens with, greedily, for every model of ../hf that predicts a next token.

    make_generation.py ../greedy.json

One entry a folder: the prompt (of models with an encoder what that reads; their decoder begins with its start token), the
tokens that follow it, and the smallest distance between the two highest logits on the way, so that a test knows where
rounding may choose. Tokens that end a text do not end it here. Nothing is cached where the angles depend on the length:
transformers would leave earlier keys with the angles of the shorter text.
"""
import json, os, sys, warnings

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore")
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(1)
HF = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "hf")
COUNT = 16


def continued(folder):
    config = AutoConfig.from_pretrained(folder)
    text = config.get_text_config()
    seq2seq = bool(config.is_encoder_decoder)
    names = config.architectures or []
    if not any(n.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "ModelWithLMHead")) for n in names):
        return None
    kind = AutoModelForSeq2SeqLM if seq2seq else AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    vocabulary = text.vocab_size
    ids = [(7 + 13 * i) % (vocabulary - 8) + 5 for i in range(9)]
    decoder = [config.decoder_start_token_id] if seq2seq else list(ids)
    found, margin = [], float("inf")
    with torch.no_grad():
        for _ in range(COUNT):
            # Reformer keeps the number of buckets that suited the first text it read.
            if config.model_type == "reformer":
                model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
            inputs = {"input_ids": torch.tensor([ids if seq2seq else decoder]), "use_cache": False}
            if seq2seq:
                inputs["decoder_input_ids"] = torch.tensor([decoder])
            logits = model(**inputs).logits[0, -1].float()
            best = torch.topk(logits, 2)
            margin = min(margin, float(best.values[0] - best.values[1]))
            found.append(int(best.indices[0]))
            decoder.append(found[-1])
    # The library's own loop, which must say the same where it caches what it may.
    options = dict(max_new_tokens=COUNT, do_sample=False, num_beams=1, use_cache=False)
    generation = model.generation_config
    for key in ["eos_token_id", "forced_eos_token_id", "forced_bos_token_id", "bos_token_id"]:
        setattr(generation, key, None)
    try:
        out = model.generate(torch.tensor([ids]), generation_config=generation, **options)[0].tolist()
        if out[-COUNT:] != found:
            print(os.path.basename(folder), "generate differs", out[-COUNT:], found, file=sys.stderr)
    except Exception as error:
        print(os.path.basename(folder), "generate:", repr(error)[:120], file=sys.stderr)
    return {"prompt": ids, "ids": found, "margin": round(margin, 5)}


result = {}
for name in sorted(os.listdir(HF)):
    folder = os.path.join(HF, name)
    if not os.path.exists(os.path.join(folder, "config.json")):
        continue
    try:
        entry = continued(folder)
    except Exception as error:
        print(name, repr(error)[:160], file=sys.stderr)
        continue
    if entry:
        result[name] = entry
with open(sys.argv[1], "w") as file:
    file.write("{\n" + ",\n".join(f" {json.dumps(n)}: {json.dumps(e)}" for n, e in result.items()) + "\n}\n")
