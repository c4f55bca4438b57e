"""Adapters that the engine saved say in Python what the engine says.

    python check_saved_adapters.py DIRECTORY

Each directory in it is one as a job leaves it, with what the engine computed beside it: said.json (the base model's directory,
sequences, prompts, greedy answers) and logits.safetensors, outside of SHA256SUMS. Those of PEFT's kinds are loaded by PEFT, and every
one by the module that it carries.
"""

import importlib.util
import json
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file

from make_adapter_goldens import answers

TOLERANCE = 1e-4


def base(said):
    return transformers.AutoModelForCausalLM.from_pretrained(
        said["model"], dtype=torch.float32, attn_implementation="eager").eval()


def carried(directory):
    spec = importlib.util.spec_from_file_location("carried", directory / "remix_adapter.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["carried"] = module
    spec.loader.exec_module(module)
    return module


def require_same(model, said, logits, who):
    for i, sequence in enumerate(said["sequences"]):
        with torch.no_grad():
            found = model(torch.tensor([sequence])).logits[0]
        wanted = logits[f"sequence.{i}"]
        apart = (found - wanted).abs().max().item()
        assert apart < TOLERANCE, f"{who}: logits of sequence {i} are {apart} apart"
        assert found.argmax(-1).equal(wanted.argmax(-1)), f"{who}: another arg max in sequence {i}"
    found = answers(model, said["prompts"])[0]
    assert found == said["answers"], f"{who}: {found} where the engine answers {said['answers']}"


def check(directory):
    said = json.loads((directory / "said.json").read_text())
    logits = load_file(directory / "logits.safetensors")
    module = carried(directory)
    require_same(module.load(base(said), directory), said, logits, f"{directory.name} by its module")
    kind = json.loads((directory / "adapter_config.json").read_text())["peft_type"]
    if kind == "LORA":
        require_same(peft.PeftModel.from_pretrained(base(said), directory).eval(), said, logits, f"{directory.name} by PEFT")
    print(directory.name, kind)


def main(directory):
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("error")
    adapters = sorted(path for path in directory.iterdir() if path.is_dir())
    assert adapters, f"{directory} holds no adapter"
    for adapter in adapters:
        check(adapter)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
