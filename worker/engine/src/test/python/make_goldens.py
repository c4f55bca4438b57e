"""Small random models of every family, and what transformers and PEFT compute with them.

    python make_goldens.py ../resources/goldens/models

Each model is a directory as transformers saves it (config.json, weights in one or several files), with

    golden.json           token sequences, greedy continuations, the mean loss of the padded batch under the adapter, versions
    logits.safetensors    for each sequence [T, V]
    lora/                 an adapter on all seven projections as PEFT saves it, and gradients.safetensors with its loss's gradient

All is computed in float32, with gains and biases drawn at random as well, so that none of them can be left out unnoticed. Where two
tokens are nearly equally likely anywhere, or a continuation says little but one token, the model is drawn again: an arg max must not
hang on rounding, and must be able to be wrong.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import save_file

LENGTHS = (23, 9, 17)
PROMPTS = ((11, 12), (5, 20))
MARGIN = 1e-3
DISTINCT = 4
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def llama(**members):
    return transformers.LlamaConfig(**members)


def mistral(**members):
    return transformers.MistralConfig(**members)


def qwen2(**members):
    return transformers.Qwen2Config(**members)


def qwen3(**members):
    return transformers.Qwen3Config(**members)


def gemma2(**members):
    return transformers.Gemma2Config(**members)


def gemma3(**members):
    return transformers.Gemma3TextConfig(**members)


def shape(hidden, inner, layers, heads, key_heads, vocabulary, **members):
    return dict(hidden_size=hidden, intermediate_size=inner, num_hidden_layers=layers, num_attention_heads=heads,
                num_key_value_heads=key_heads, vocab_size=vocabulary, max_position_embeddings=64, **members)


def scaled(kind, **members):
    return {"rope_scaling": {"rope_type": kind, **members}}


# name: (configuration, number format of the weights, size of a shard)
MODELS = {
    "llama2-odd-heads-tied": (llama(**shape(24, 40, 2, 3, 3, 61, tie_word_embeddings=True)), "float32", None),
    "llama3.1-scaled-sharded": (
        llama(**shape(32, 44, 2, 4, 2, 59, head_dim=6, rope_theta=500.0,
                      **scaled("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                               original_max_position_embeddings=16))), "float32", "30KB"),
    "llama-biases-linear": (
        llama(**shape(20, 36, 2, 5, 1, 53, head_dim=8, attention_bias=True, mlp_bias=True,
                      **scaled("linear", factor=4.0))), "float32", None),
    "llama-yarn": (
        llama(**shape(24, 32, 2, 4, 2, 47, head_dim=16, rope_theta=300.0,
                      **scaled("yarn", factor=4.0, original_max_position_embeddings=16))), "bfloat16", None),
    "mistral-window": (mistral(**shape(24, 36, 3, 3, 1, 61, sliding_window=7)), "bfloat16", None),
    "mistral-wide-heads": (mistral(**shape(18, 30, 2, 3, 1, 43, head_dim=10, sliding_window=None)), "float16", None),
    "qwen2.5-tied": (qwen2(**shape(28, 40, 2, 7, 1, 67, tie_word_embeddings=True)), "float32", None),
    "qwen2-window-above": (
        qwen2(**shape(24, 32, 3, 4, 2, 45, use_sliding_window=True, sliding_window=5, max_window_layers=1)),
        "bfloat16", "40KB"),
    "qwen3": (qwen3(**shape(20, 36, 2, 5, 5, 57, head_dim=12)), "float32", None),
    "qwen3-biases-windows": (
        qwen3(**shape(24, 32, 3, 4, 2, 51, head_dim=8, attention_bias=True, use_sliding_window=True, sliding_window=6,
                      layer_types=["sliding_attention", "full_attention", "sliding_attention"], tie_word_embeddings=True)),
        "bfloat16", None),
    "gemma2": (
        gemma2(**shape(24, 36, 2, 3, 1, 55, head_dim=10, sliding_window=6, query_pre_attn_scalar=13,
                       attn_logit_softcapping=5.0, final_logit_softcapping=8.0)), "float32", None),
    "gemma3": (
        gemma3(**shape(24, 36, 3, 4, 2, 49, head_dim=8, sliding_window=6, query_pre_attn_scalar=13, rope_theta=2000.0,
                       rope_local_base_freq=100.0, layer_types=["sliding_attention", "full_attention", "sliding_attention"],
                       **scaled("linear", factor=8.0))), "bfloat16", None),
}


def randomise(model, generator):
    """Matrices that keep a signal's size, gains around 1 (Gemma's around 0), biases around 0."""
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() == 2:
            # A small embedding: a large one that is the head too would only say each token again.
            values = values * (0.1 if "embed_tokens" in name else 1.5) / parameter.shape[1] ** 0.5
        elif "norm" in name:
            values = 0.3 * values + (0 if model.config.model_type.startswith("gemma") else 1)
            if name == "model.norm.weight" and model.config.tie_word_embeddings:
                values = 12 * values + 12
        else:
            values = 0.3 * values
        parameter.data.copy_(values)


def stored(name, seed, directory):
    """The model with its weights as they were rounded on their way to the disk."""
    config, number_format, shard = MODELS[name]
    config.bos_token_id, config.eos_token_id, config.pad_token_id = 1, 2, 0
    model = transformers.AutoModelForCausalLM.from_config(config)
    randomise(model, torch.Generator().manual_seed(seed))
    model.to(getattr(torch, number_format)).save_pretrained(directory, **({"max_shard_size": shard} if shard else {}))
    (directory / "generation_config.json").unlink()
    return transformers.AutoModelForCausalLM.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager").eval()


def margin(logits):
    best = torch.topk(logits, 2).values
    return (best[..., 0] - best[..., 1]).min().item()


def continuation(model, prompt, count):
    made = model.generate(torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                          max_new_tokens=count, do_sample=False, eos_token_id=-1, pad_token_id=0,
                          return_dict_in_generate=True, output_logits=True)
    return made.sequences[0, len(prompt):].tolist(), margin(torch.stack(made.logits))


def golden(model, generator):
    """Sequences, logits and continuations, and the least margin in any of them."""
    draw = lambda length: torch.randint(3, model.config.vocab_size, (length,), generator=generator).tolist()
    sequences = [draw(length) for length in LENGTHS]
    with torch.no_grad():
        logits = [model(torch.tensor([sequence])).logits[0] for sequence in sequences]
    least = min(margin(row) for row in logits)
    generations = []
    for length, count in PROMPTS:
        prompt = draw(length)
        answer, near = continuation(model, prompt, count)
        least = min(least, near if len(set(answer)) >= DISTINCT else 0)
        generations.append({"prompt": prompt, "answer": answer})
    return sequences, logits, generations, least


def padded(sequences, prompts):
    """Right-padded tokens, mask and labels that leave out padding and prompts."""
    width = max(map(len, sequences))
    tokens = torch.tensor([sequence + [0] * (width - len(sequence)) for sequence in sequences])
    mask = torch.tensor([[1] * len(sequence) + [0] * (width - len(sequence)) for sequence in sequences])
    labels = tokens.masked_fill(mask == 0, -100)
    for row, prompt in enumerate(prompts):
        labels[row, :prompt] = -100
    return tokens, mask, labels


def lora(model, sequences, generator, directory):
    """Loss and gradients of an adapter with alpha / r that is no power of two and with B that is not zero."""
    config = peft.LoraConfig(r=3, lora_alpha=5, target_modules=TARGETS, lora_dropout=0.0, task_type="CAUSAL_LM")
    adapted = peft.get_peft_model(model, config)
    trained = {name: weight for name, weight in adapted.named_parameters() if weight.requires_grad}
    for weight in trained.values():
        weight.data.copy_(torch.randn(weight.shape, generator=generator) / weight.shape[1] ** 0.5)
    prompts = [len(sequence) // 3 for sequence in sequences]
    tokens, mask, labels = padded(sequences, prompts)
    loss = adapted(tokens, attention_mask=mask, labels=labels).loss
    loss.backward()
    adapted.save_pretrained(directory)
    (directory / "README.md").unlink()
    written = json.loads((directory / "adapter_config.json").read_text())
    written.update(base_model_name_or_path=None, target_modules=sorted(TARGETS))
    (directory / "adapter_config.json").write_text(json.dumps(written, indent=2) + "\n")
    save_file({name.replace(".default", ""): weight.grad.contiguous() for name, weight in trained.items()},
              directory / "gradients.safetensors")
    return {"prompts": prompts, "loss": loss.item()}


def make(name, directory):
    for seed in range(1000):
        shutil.rmtree(directory, ignore_errors=True)
        model = stored(name, seed, directory)
        generator = torch.Generator().manual_seed(seed + 1)
        sequences, logits, generations, least = golden(model, generator)
        if least > MARGIN:
            break
    else:
        raise SystemExit(f"{name}: no seed gives a model that tells tokens apart")
    save_file({f"sequence.{i}": row.contiguous() for i, row in enumerate(logits)}, directory / "logits.safetensors")
    content = {"madeBy": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__,
                          "peft": peft.__version__},
               "seed": seed, "sequences": sequences, "generations": generations,
               "lora": lora(model, sequences, generator, directory / "lora")}
    (directory / "golden.json").write_text(json.dumps(content, separators=(",", ":")).replace('],"', '],\n"') + "\n")


def main(directory):
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name in MODELS:
        with tempfile.TemporaryDirectory() as scratch:
            make(name, Path(scratch) / name)
            for file in (Path(scratch) / name).rglob("*.*"):
                file.chmod(0o644)
            shutil.rmtree(directory / name, ignore_errors=True)
            shutil.copytree(Path(scratch) / name, directory / name)
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
