"""What transformers loses on texts that are read in sliding windows: vectors/perplexity.json.

Usage: make_perplexity.py MODEL_DIR TEXT > ../vectors/perplexity.json

As its guide to the perplexity of models of fixed length has it: windows begin at multiples of the stride, what an earlier one
has read is hidden from the loss by the label -100, and the loss of a window is the model's own.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


@torch.no_grad()
def case(model, ids, size, stride):
    windows, total, count, done = [], 0.0, 0, 0
    for begin in range(0, len(ids), stride):
        end = min(begin + size, len(ids))
        part = torch.tensor([ids[begin:end]])
        labels = part.clone()
        labels[:, :max(0, done - begin)] = -100
        loss = model(part, labels=labels).loss
        predicted = int((labels[:, 1:] != -100).sum())
        windows.append(dict(begin=begin, end=end, scored=end - done, loss=float(loss) if predicted else None))
        total, count, done = total + (float(loss) * predicted if predicted else 0), count + predicted, end
        if end == len(ids):
            break
    return dict(size=size, stride=stride, windows=windows, predicted=count, loss=total / count)


def main():
    folder, text = sys.argv[1:3]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    ids = tokenizer(open(text, encoding="utf-8").read()[:6000])["input_ids"][:1100]
    cases = [case(model, ids, size, stride) for size, stride in [(512, 256), (512, 512), (300, 70), (1100, 1100), (64, 32)]]
    print(json.dumps(dict(text=text.split("/")[-1], characters=6000, tokens=len(ids), cases=cases)))


if __name__ == "__main__":
    main()
