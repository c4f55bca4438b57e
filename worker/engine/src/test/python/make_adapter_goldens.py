"""Adapters of every kind on the golden models, and what PEFT and remix_adapter.py compute with them.

    python make_adapter_goldens.py ../resources/goldens/adapters

Each adapter is a directory: lora, rslora and dora as PEFT saves them, the mixtures as docs/adapter-format.md has them, with

    golden.json            its model; sequences; prompts of a left-padded batch with their greedy answers; the mean loss of a padded
                           batch in which only what follows a prompt is learnt; versions
    logits.safetensors     for each sequence [T, V], the whole sequence being the prompt
    gradients.safetensors  of PEFT's kinds: that loss's gradient

All is computed in float32 by PEFT, or for a mixture by remix_adapter.py. Adapters are drawn anew until no arg max hangs on rounding.
"""

import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

from make_goldens import DISTINCT, MARGIN, TARGETS, margin, padded

ENGINE = Path(__file__).resolve().parents[3]
MODELS = ENGINE / "src/test/resources/goldens/models"
sys.path.insert(0, str(ENGINE / "src/main/python"))
import remix_adapter  # noqa: E402

LENGTHS = (19, 10)
PROMPTS = (11, 5, 8)
ANSWER = 12
SOME = ["down_proj", "v_proj", "o_proj"]
RANK, ALPHA, LORAS, ACTIVE = 2, 5, 4, 2


def peft_lora(**members):
    return {"peft_type": "LORA", "r": 3, "lora_alpha": ALPHA, **members}


def mixture(kind, routing, routers="block", **members):
    return {"peft_type": kind, "r": RANK, "lora_alpha": ALPHA, "use_rslora": False, "loras": LORAS, "routing": routing,
            "routers": routers, **members}


def remix(routing, routers="block", **members):
    return mixture("REMIX", routing, routers, active=ACTIVE, draws=2, **members)


# name: (model, adapter_config.json, target modules, number format of its tensors)
ADAPTERS = {
    "lora": ("llama3.1-scaled-sharded", peft_lora(), TARGETS, "float32"),
    "lora-bfloat16": ("mistral-wide-heads", peft_lora(), ["up_proj", "o_proj"], "bfloat16"),
    "lora-float16": ("qwen3-biases-windows", peft_lora(), ["q_proj", "gate_proj"], "float16"),
    "rslora": ("gemma3", peft_lora(use_rslora=True), TARGETS, "float32"),
    "dora": ("llama3.1-scaled-sharded", peft_lora(use_dora=True), TARGETS, "float32"),
    "dora-biases": ("llama-biases-linear", peft_lora(use_dora=True), TARGETS, "float32"),
    "dora-rslora": ("gemma2", peft_lora(use_dora=True, use_rslora=True), SOME, "float32"),
    "remix-sequence": ("llama3.1-scaled-sharded", remix("sequence"), TARGETS, "float32"),
    "remix-sequence-rslora": ("gemma2", remix("sequence", use_rslora=True), SOME, "float32"),
    "remix-sequence-projection": ("qwen2-window-above", remix("sequence", "projection"), SOME, "float32"),
    "remix-token": ("mistral-window", remix("token"), SOME, "float32"),
    "remix-token-projection": ("llama-biases-linear", remix("token", "projection"), TARGETS, "float32"),
    "mixlora-sequence": ("mistral-wide-heads", mixture("MIXLORA", "sequence", active=ACTIVE), SOME, "float32"),
    "mixlora-token": ("llama3.1-scaled-sharded", mixture("MIXLORA", "token", active=ACTIVE), TARGETS, "float32"),
    "hydralora-sequence": ("qwen3", mixture("HYDRALORA", "sequence"), SOME, "float32"),
    "hydralora-token": ("llama3.1-scaled-sharded", mixture("HYDRALORA", "token"), TARGETS, "float32"),
    "softmix-sequence": ("gemma3", mixture("SOFTMIX", "sequence", "projection"), SOME, "float32"),
    "softmix-token": ("llama-yarn", mixture("SOFTMIX", "token"), TARGETS, "float32"),
}


def base(name):
    return transformers.AutoModelForCausalLM.from_pretrained(
        MODELS / name, dtype=torch.float32, attn_implementation="eager").eval()


def write(config, targets, number_format, model, generator, directory):
    if config["peft_type"] == "LORA":
        write_peft(config, targets, model, generator, directory)
    else:
        write_mixture(config, targets, model, generator, directory)
    file = directory / "adapter_model.safetensors"
    save_file({name: tensor.to(getattr(torch, number_format)) for name, tensor in load_file(file).items()}, file,
              metadata={"format": "pt"})


def write_peft(config, targets, model, generator, directory):
    members = {name: value for name, value in config.items() if name != "peft_type"}
    adapted = peft.get_peft_model(model, peft.LoraConfig(target_modules=targets, task_type="CAUSAL_LM", **members))
    for name, weight in adapted.named_parameters():
        if "magnitude" in name:
            weight.data.mul_(1 + 0.3 * torch.randn(weight.shape, generator=generator))
        elif weight.requires_grad:
            weight.data.copy_(torch.randn(weight.shape, generator=generator) / weight.shape[1] ** 0.5)
    adapted.save_pretrained(directory)
    (directory / "README.md").unlink()
    written = json.loads((directory / "adapter_config.json").read_text())
    written.update(base_model_name_or_path=None, target_modules=targets)
    (directory / "adapter_config.json").write_text(json.dumps(written, indent=2) + "\n")


def write_mixture(config, targets, model, generator, directory):
    draw = lambda *shape, scale=1.0: torch.randn(shape, generator=generator) * scale / shape[1] ** 0.5
    pool = config["loras"] * config["r"]
    tensors = {}
    for path, module in model.named_modules():
        block, _, name = path.rpartition(".")
        if name in targets:
            down = config["r"] if config["peft_type"] == "HYDRALORA" else pool
            tensors[f"{path}.lora_A.weight"] = draw(down, module.in_features)
            tensors[f"{path}.lora_B.weight"] = draw(module.out_features, pool)
            own = config["routers"] == "projection"
            width = module.in_features if own else model.config.hidden_size
            # A mean over a prompt is smaller than what it is the mean of.
            tensors[f"{path if own else block}.router.weight"] = draw(config["loras"], width, scale=2.0)
    directory.mkdir()
    save_file({f"base_model.model.{name}": tensor for name, tensor in tensors.items()}, directory / "adapter_model.safetensors")
    (directory / "adapter_config.json").write_text(json.dumps({**config, "target_modules": targets}, indent=2) + "\n")


def attach(model, directory, kind):
    if kind == "LORA":
        return peft.PeftModel.from_pretrained(model, directory, is_trainable=True).eval()
    return remix_adapter.load(model, directory)


def left_padded(prompts):
    width = max(map(len, prompts))
    return {"input_ids": torch.tensor([[0] * (width - len(prompt)) + prompt for prompt in prompts]),
            "attention_mask": torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])}


def answers(model, prompts):
    """Of a left-padded batch, and the least margin."""
    made = model.generate(**left_padded(prompts), max_new_tokens=ANSWER, do_sample=False, eos_token_id=-1, pad_token_id=0,
                          return_dict_in_generate=True, output_logits=True)
    found = made.sequences[:, -ANSWER:].tolist()
    return found, margin(torch.stack(made.logits)) if all(len(set(answer)) >= DISTINCT for answer in found) else 0


def golden(model, seed, directory):
    generator = torch.Generator().manual_seed(seed)
    draw = lambda length: torch.randint(3, model.config.vocab_size, (length,), generator=generator).tolist()
    sequences, prompts = [draw(length) for length in LENGTHS], [draw(length) for length in PROMPTS]
    with torch.no_grad():
        logits = [model(torch.tensor([sequence])).logits[0] for sequence in sequences]
    found, least = answers(model, prompts)
    learnt_from = [len(sequence) // 3 for sequence in sequences]
    tokens, mask, labels = padded(sequences, learnt_from)
    loss = model(tokens, attention_mask=mask, labels=labels).loss
    trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad and "lora_" in name}
    if trained:
        loss.backward()
        names = {name: name.replace(".default", "").removesuffix(".weight" if "magnitude" in name else "") for name in trained}
        save_file({names[name]: weight.grad.contiguous() for name, weight in trained.items()}, directory / "gradients.safetensors")
    save_file({f"sequence.{i}": row.contiguous() for i, row in enumerate(logits)}, directory / "logits.safetensors")
    content = {"sequences": sequences, "prompts": prompts, "answers": found, "learntFrom": learnt_from, "loss": loss.item()}
    return content, min(least, *map(margin, logits))


def make(name, directory):
    model, config, targets, number_format = ADAPTERS[name]
    for seed in range(100):
        shutil.rmtree(directory, ignore_errors=True)
        write(config, targets, number_format, base(model), torch.Generator().manual_seed(seed), directory)
        content, least = golden(attach(base(model), directory, config["peft_type"]), seed + 1, directory)
        if least > MARGIN:
            break
    else:
        raise SystemExit(f"{name}: no seed gives an adapter that tells tokens apart")
    versions = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "peft": peft.__version__}
    content = {"madeBy": versions, "model": model, "seed": seed, **content}
    (directory / "golden.json").write_text(json.dumps(content, separators=(",", ":")).replace('],"', '],\n"') + "\n")


def main(directory):
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("error")
    for name in ADAPTERS:
        with tempfile.TemporaryDirectory() as scratch:
            make(name, Path(scratch) / name)
            for file in (Path(scratch) / name).rglob("*.*"):
                file.chmod(0o644)
            shutil.rmtree(directory / name, ignore_errors=True)
            shutil.copytree(Path(scratch) / name, directory / name)
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
