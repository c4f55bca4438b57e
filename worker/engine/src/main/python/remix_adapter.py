"""Attaches the adapter beside this file to its base model in transformers; needs torch, transformers and safetensors.

    import sys; sys.path.insert(0, directory)
    import remix_adapter

    model = transformers.AutoModelForCausalLM.from_pretrained(base_model)
    remix_adapter.load(model, directory)        # changes the model in place, for inference
    model.generate(**tokenizer(prompts, padding=True, return_tensors="pt"))

Each projection W that adapter_config.json names gets a pool of N LoRAs beside it, A_all [N r, D] and B_all [O, N r]:

    y = W x + B_all (g * (A_all x))             g: a weight for each LoRA, repeated over its r ranks

    LORA        N = 1, g = s                                        with use_dora: y * m / |W + s B A|, row by row
    REMIX       g = s for the K highest router scores, else 0
    MIXLORA     g = s * softmax over the K highest scores, else 0
    SOFTMIX     g = s * softmax over all N scores
    HYDRALORA   as SOFTMIX, with one A [r, D] for all B_i

    s = lora_alpha / n, or lora_alpha / sqrt(n) with use_rslora;    n = K r for REMIX, r for the others

A router scores the input of its block (attention, feed-forward) or of its projection, x [D] -> P x [N]: at each position where
`routing` is "token"; where it is "sequence" once, from the mean over the prompt, and keeps that while an answer is generated.
The prompt is what attention_mask shows of a call without cached keys, or what lies before the first label if labels are given.
So generation with "sequence" needs the cache, filled by one call.
"""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import linear

MIXTURES = ("REMIX", "MIXLORA", "HYDRALORA", "SOFTMIX")
ATTACHED = "remix_adapter"


@dataclass(frozen=True)
class Config:
    kind: str
    rank: int
    scale: float
    targets: tuple
    dora: bool
    loras: int
    active: int
    by_sequence: bool

    @staticmethod
    def read(directory):
        stored = json.loads((directory / "adapter_config.json").read_text())
        kind = stored.get("peft_type")
        if kind not in ("LORA", *MIXTURES):
            raise ValueError(f"adapter_config.json: peft_type is {kind}, not LORA or one of {', '.join(MIXTURES)}")
        for member in ("rank_pattern", "alpha_pattern", "modules_to_save", "layers_to_transform", "lora_bias"):
            if stored.get(member):
                raise ValueError(f"adapter_config.json: {member} is not supported; load the adapter with PEFT")
        loras = 1 if kind == "LORA" else stored["loras"]
        active = stored.get("active", loras)
        ranks = stored["r"] * (active if kind == "REMIX" else 1)
        scale = stored["lora_alpha"] / (math.sqrt(ranks) if stored.get("use_rslora") else ranks)
        return Config(kind, stored["r"], scale, tuple(stored["target_modules"]), bool(stored.get("use_dora")), loras, active,
                      stored.get("routing") == "sequence")


class Prompt:
    """Which positions of the call that is running are its prompt; for routing by sequence."""

    def __init__(self):
        self.rows = 0         # sequences of the last prompt
        self.shares = None    # [B, T]: 1 / length at the prompt's positions, else 0; None while an answer is generated

    def before_call(self, model, args, kwargs):
        tokens = args[0] if args else kwargs.get("input_ids")
        if tokens is None:
            tokens = kwargs["inputs_embeds"]
        rows, positions = tokens.shape[:2]
        cache = kwargs.get("past_key_values")
        if cache is None or cache.get_seq_length() == 0:
            self.rows = rows
            self.shares = self.of_prompt(kwargs.get("attention_mask"), kwargs.get("labels"), tokens)
        elif rows != self.rows or positions != 1:
            raise ValueError("this adapter selects its LoRAs from the whole prompt: give the prompt in one call, without cached"
                             " keys, and then one token a call")
        else:
            self.shares = None

    @staticmethod
    def of_prompt(attention_mask, labels, tokens):
        shape = tokens.shape[:2]
        mask = attention_mask
        if isinstance(mask, dict):      # one for each kind of layer; they agree in what is padding
            mask = next(iter(mask.values()))
        if mask is None:
            mask = torch.ones(shape, device=tokens.device)
        elif mask.dim() == 4:           # made ready for the layers, as generation with a static cache does: no padding sees itself
            seen = mask[:, 0].diagonal(dim1=1, dim2=2)
            mask = seen if seen.dtype == torch.bool else seen == 0
        if mask.shape != shape:
            raise ValueError(f"attention_mask has the shape {list(mask.shape)}; the prompt has {list(shape)}")
        mask = mask.float()
        if labels is not None:
            mask = mask * ((labels != -100).cumsum(1) == 0)
        return mask / mask.sum(1, keepdim=True).clamp(min=1)


class Router(nn.Module):
    """Scores a site's input, x [B, T, D], and holds the weights of the LoRAs there: gate [B, T, N], or [B, 1, N] by sequence."""

    def __init__(self, weight, config, prompt):
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.config = config
        self.prompt = prompt
        self.gate = None

    def select(self, x):
        x = x.float()
        if self.config.by_sequence:
            if self.prompt.shares is None:
                return
            x = torch.einsum("bt,btd->bd", self.prompt.shares.to(x.device), x).unsqueeze(1)
        self.gate = self.weigh(linear(x, self.weight.float()))

    def weigh(self, scores):
        chosen = scores.topk(self.config.active).indices
        if self.config.kind == "REMIX":
            return torch.zeros_like(scores).scatter(-1, chosen, self.config.scale)
        left_out = torch.ones_like(scores).scatter(-1, chosen, 0.0).bool()
        return scores.masked_fill(left_out, -math.inf).softmax(-1) * self.config.scale

    def before_block(self, block, args, kwargs):
        self.select(args[0] if args else kwargs["hidden_states"])


class Loras(nn.Module):
    """What stands beside one projection: y -> y with what the LoRAs add."""

    def __init__(self, projection, a, b, magnitude, router, own_router, config):
        super().__init__()
        self.a = nn.Parameter(a, requires_grad=False)
        self.b = nn.Parameter(b, requires_grad=False)
        self.router = (router,)         # in a tuple, so that a block's router is not a part of each of its projections
        self.own_router = own_router
        self.config = config
        self.length = None
        if magnitude is not None:
            norm = (projection.weight.float() + config.scale * (b @ a)).norm(dim=1)
            self.length = nn.Parameter(magnitude / norm, requires_grad=False)

    def after_projection(self, projection, args, y):
        x = args[0]
        if self.own_router:
            self.router[0].select(x)
        added = linear(self.weighted(linear(x, self.a.to(x.dtype))), self.b.to(x.dtype))
        if self.length is None:
            return y + added
        bias = 0 if projection.bias is None else projection.bias
        return (y - bias + added) * self.length.to(y.dtype) + bias

    def weighted(self, inner):
        if self.router[0] is None:
            return inner * self.config.scale
        if self.config.kind == "HYDRALORA":
            inner = inner.repeat(1, 1, self.config.loras)
        return inner * self.router[0].gate.to(inner.dtype).repeat_interleave(self.config.rank, -1)


def load(model, directory):
    """Attaches the adapter of a directory to its base model, in place; the model has to be on its device already."""
    directory = Path(directory)
    if hasattr(model, ATTACHED):
        raise ValueError("the model carries an adapter already: load the base model anew")
    verify(directory)
    config = Config.read(directory)
    projections, routers = read_tensors(directory)
    require_fitting(model, config, projections, routers)
    prompt = Prompt()
    placed = {path: scoring(path, weight, model, config, prompt) for path, weight in routers.items()}
    # Everything is made, and so held against the model, before anything is attached to it.
    loras = {path: beside(model.get_submodule(path), path, tensors, placed, config) for path, tensors in projections.items()}
    for path, router in placed.items():
        site = model.get_submodule(path)
        site.add_module("remix_router", router)
        if path not in loras:
            site.register_forward_pre_hook(router.before_block, with_kwargs=True)
    for path, lora in loras.items():
        model.get_submodule(path).add_module("remix_loras", lora)
        model.get_submodule(path).register_forward_hook(lora.after_projection)
    if config.by_sequence:
        model.register_forward_pre_hook(prompt.before_call, with_kwargs=True)
    setattr(model, ATTACHED, config)
    return model


def merge(model):
    """Always raises: says what to do in place of it."""
    config = getattr(model, ATTACHED, None)
    if config is None:
        raise ValueError("the model carries no adapter")
    if config.kind == "LORA":
        raise NotImplementedError("this module only runs adapters; to merge this one, load its directory with"
                                  " peft.PeftModel.from_pretrained and call merge_and_unload()")
    raise NotImplementedError(f"a mixture can't be merged: {config.kind} weighs its LoRAs anew for each"
                              f" {'prompt' if config.by_sequence else 'token'}, which no one matrix does; keep the adapter"
                              " beside the model")


def verify(directory):
    """Holds the files against SHA256SUMS, where there is one."""
    manifest = directory / "SHA256SUMS"
    for line in manifest.read_text().splitlines() if manifest.exists() else ():
        stated, name = line.split(maxsplit=1)
        if hashlib.sha256((directory / name.lstrip("*")).read_bytes()).hexdigest() != stated:
            raise ValueError(f"{name} is damaged: it differs from its line in SHA256SUMS; get the adapter again")


def read_tensors(directory):
    """{path of a projection: {"a", "b", "magnitude"}}, {path of a block or projection: router}; paths as in the base model."""
    endings = {".lora_A.weight": "a", ".lora_B.weight": "b", ".lora_magnitude_vector": "magnitude"}
    projections, routers = {}, {}
    try:
        tensors = load_file(directory / "adapter_model.safetensors")
    except SafetensorError as e:
        raise ValueError(f"adapter_model.safetensors is damaged: {e}; get the adapter again") from e
    for name, tensor in tensors.items():
        path = name.removeprefix("base_model.model.")
        ending = next((ending for ending in endings if path.endswith(ending)), None)
        if ending:
            projections.setdefault(path.removesuffix(ending), {})[endings[ending]] = tensor.float()
        elif path.endswith(".router.weight"):
            routers[path.removesuffix(".router.weight")] = tensor.float()
        else:
            raise ValueError(f"adapter_model.safetensors: {name} is no tensor that this module knows")
    return projections, routers


def require_fitting(model, config, projections, routers):
    wanted = {path for path, _ in model.named_modules() if path.rpartition(".")[2] in config.targets}
    for path in sorted(wanted ^ projections.keys()):
        lacking = "the adapter has no tensors" if path in wanted else "the model has no projection"
        raise ValueError(f"{lacking} for {path}: this is not the adapter's base model, or the adapter is damaged")
    for path in routers.keys() - wanted - {path.rpartition(".")[0] for path in wanted}:
        raise ValueError(f"adapter_model.safetensors has a router for {path}, where there are no LoRAs")


def beside(projection, path, tensors, routers, config):
    pool = config.loras * config.rank
    shapes = {"a": (config.rank if config.kind == "HYDRALORA" else pool, projection.in_features),
              "b": (projection.out_features, pool)}
    if config.dora:
        shapes["magnitude"] = (projection.out_features,)
    found = {role: tuple(tensor.shape) for role, tensor in tensors.items()}
    if found != shapes:
        raise ValueError(f"the adapter's tensors for {path} have the shapes {found}; the model and adapter_config.json need {shapes}")
    block = path.rpartition(".")[0]
    site = routers.get(path, routers.get(block))
    if (site is None) != (config.kind == "LORA"):
        raise ValueError(f"adapter_model.safetensors has {'no' if site is None else 'a'} router for {path}; {config.kind} has"
                         f" {'one' if site is None else 'none'}")
    here = {role: tensor.to(projection.weight.device) for role, tensor in tensors.items()}
    return Loras(projection, here["a"], here["b"], here.get("magnitude"), site, path in routers, config)


def scoring(path, weight, model, config, prompt):
    site = model.get_submodule(path)
    wanted = (config.loras, getattr(site, "in_features", model.config.hidden_size))
    if weight.shape != wanted:
        raise ValueError(f"the adapter's router for {path} has the shape {tuple(weight.shape)}; the model and adapter_config.json"
                         f" need {wanted}")
    return Router(weight.to(next(site.parameters()).device), config, prompt)
