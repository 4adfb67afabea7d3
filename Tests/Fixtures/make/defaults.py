#!/usr/bin/env python3
"""The defaults of transformers' configuration classes, for `tables/defaults.json`: one family a line.

    defaults.py > ../tables/defaults.json

Of each class the fields that it has beyond those of all classes ("PreTrainedConfig"), as they are before anything is
derived from them. `rope_theta` is what the class takes where no file says it: several have another one than 10,000; some
also scale angles where no file says so (`rope_parameters`).
"""
import dataclasses, json, os, sys

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "critical")
import transformers
from transformers import CONFIG_MAPPING, PreTrainedConfig

TYPES = """llama mistral mixtral qwen2 qwen3 gemma2 gemma3_text phi3 gpt_neox gpt2 bloom mpt bert longformer big_bird bart t5
gemma gemma3n_text qwen2_moe qwen3_moe gpt_oss llama4_text deepseek_v2 deepseek_v3 olmo olmo2 olmo3 granite granitemoe smollm3
phi starcoder2 stablelm falcon gptj opt cohere cohere2 glm4 exaone4 nemotron ministral ministral3 roberta xlm-roberta distilbert electra
modernbert mbart pegasus switch_transformers mamba mamba2 bamba rwkv reformer xlnet""".split()


def fields(cls):
    result = {}
    for field in dataclasses.fields(cls):
        if field.default is not dataclasses.MISSING:
            result[field.name] = field.default
        elif field.default_factory is not dataclasses.MISSING:
            result[field.name] = field.default_factory()
    return result


def main():
    base = fields(PreTrainedConfig)
    table = {"PreTrainedConfig": base}
    for name in TYPES:
        cls = CONFIG_MAPPING[name]
        own = {k: v for k, v in fields(cls).items() if k not in base or base[k] != v}
        if "rope_parameters" in own:
            theta = cls.default_theta
            if isinstance(theta, dict):
                names = ("local_rope_theta", "global_rope_theta") if name == "modernbert" else ("rope_local_base_freq", "rope_theta")
                own.update(zip(names, (theta.get("local"), theta.get("global"))))
            else:
                own["rope_theta"] = theta
            derived = cls().rope_parameters or {}
            if derived.get("rope_type", "default") != "default":
                own["rope_parameters"] = derived
        table[name] = own
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, default=str)}" for k, v in table.items())
    sys.stdout.write("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
